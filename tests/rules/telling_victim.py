"""Raises alerts until it is killed, and says of each that it is written down: for the test that kills it."""

import sys
from pathlib import Path

from adapters.log import configure
from adapters.relational import engine as engines
from park.alert import Phase
from park.alert_change import Kind
from tests.rules.test_telling import Service

if __name__ == "__main__":
    folder, port, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    configure("error")
    service = Service(folder, engines.connect(f"sqlite:///{folder / 'smartpark.sqlite'}"), port)
    for number in range(count):
        service.enter(Kind.RAISED, Phase.FIRING, f"m{number}")
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
    sys.stdin.read()

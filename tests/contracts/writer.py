"""A process that writes whole batches for ever and says after each that the store has it; the test kills it.

Started as `python -m tests.contracts.writer URL`.
"""

import sys
from itertools import count

from adapters import stores
from adapters.settings import load
from park.reading import Reading
from tests.contracts.telemetry import after, reading

SIZE = 500


def batch(number: int) -> list[Reading]:
    """Give the batch of a number: meters of its own and one that is in all."""
    own = [reading(number, after(ms=index), meter=f"own-{number}") for index in range(SIZE - 1)]
    return [*own, reading(number, after(number), meter="all")]


def main() -> None:
    """Write until killed."""
    store = stores.telemetry(load(environ={}, telemetry_url=sys.argv[1]))
    for number in count():
        store.write(batch(number))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

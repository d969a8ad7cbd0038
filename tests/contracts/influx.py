"""InfluxDB as the contract suite opens it: a server for each store, or databases of its own in one that is given."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.influx import admin
from adapters.influx.resolution import ALL
from adapters.influx.store import InfluxStore
from adapters.influx.target import read
from park.metric import Medium
from park.place import Meter, Role
from park.registry import Registry
from park.telemetry import Telemetry
from tests.influxd import INFLUX2, Influxd

NOW = datetime(2027, 6, 1, tzinfo=UTC)
"""After all that the suite writes: nothing is known of what another process may have written before."""
FOREVER = dict.fromkeys(ALL)
_prefix = (f"contract{os.getpid()}n{number}" for number in count())


def meter(number: str, medium: Medium = Medium.ELECTRICITY, enterprise: str = "e01") -> Meter:
    """Make a meter of which only some of it matters."""
    return Meter(
        id=number, enterprise=enterprise, park="park", medium=medium, role=Role.SUB, name=number,
        period=timedelta(minutes=1), metrics=("p", "q"),
    )  # fmt: skip


EVERYONE = Registry(
    meters=tuple(
        meter(name)
        for name in [*(f"m{n}" for n in range(5)), *(f"t{n}" for n in range(5)), "contested", *(f"meter-{n}" for n in range(3_000))]
    )
)  # fmt: skip
"""The port knows no registry, and the suite names meters as it likes; InfluxDB's lines need one."""


class OwnInflux(InfluxStore):
    """A store whose server ends with it."""

    def __init__(self, server: Influxd, timezone: str) -> None:
        target = read(server.url())
        list(admin.init(target, FOREVER, server.folder))
        super().__init__(target, registry=lambda: EVERYONE, clock=lambda: NOW, zone=ZoneInfo(timezone))
        self._process = server

    def close(self) -> None:
        super().close()
        self._process.stop()


def open_v1(folder: Path, timezone: str) -> Telemetry:
    """Start a 1.x server in a folder and open a store in it."""
    return OwnInflux(Influxd(folder).start(), timezone)

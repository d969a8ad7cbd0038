"""InfluxDB as the contract suite opens it: a 1.x of its own for each store, or new buckets in a 2.x that is given."""

import os
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.influx import admin
from adapters.influx.resolution import ALL
from adapters.influx.server import Server
from adapters.influx.store import InfluxStore
from adapters.influx.target import Target, read
from park.metric import Medium
from park.place import Meter, Role
from park.registry import Registry
from park.telemetry import TelemetryStore
from tests.influxd import INFLUX2, Influxd
from tests.influxd2 import major, running

NOW = datetime(2027, 6, 1, tzinfo=UTC)
"""After all that the suite writes: nothing is known of what another process may have written before."""
SECOND = 2
FOREVER = dict.fromkeys(ALL)
_numbers = count()


def meter(number: str, medium: Medium = Medium.ELECTRICITY, enterprise: str = "e01") -> Meter:
    """Make a meter of which only some of it matters."""
    return Meter(
        id=number,
        enterprise=enterprise,
        park="park",
        medium=medium,
        role=Role.SUB,
        name=number,
        period=timedelta(minutes=1),
        metrics=("p", "q"),
    )


NAMES = [f"{letter}{number}" for letter, most in (("m", 5), ("t", 5), ("meter-", 3_000)) for number in range(most)]
EVERYONE = Registry(meters=tuple(map(meter, [*NAMES, "contested"])))
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


class BorrowedInflux(InfluxStore):
    """A store in buckets of its own, which go with it."""

    def __init__(self, target: Target, folder: Path, timezone: str, parts: ExitStack) -> None:
        self._parts = parts
        list(admin.init(target, FOREVER, folder))
        super().__init__(target, registry=lambda: EVERYONE, clock=lambda: NOW, zone=ZoneInfo(timezone))
        self._target = target

    def close(self) -> None:
        super().close()
        server = Server(self._target)
        buckets = server.client.buckets_api()
        for resolution in ALL:
            buckets.delete_bucket(buckets.find_bucket_by_name(self._target.bucket(resolution)))
        server.close()
        self._parts.close()


def open_v1(folder: Path, timezone: str) -> TelemetryStore:
    """Start a 1.x server in a folder and open a store in it."""
    return OwnInflux(Influxd(folder).start(), timezone)


def open_v2(folder: Path, timezone: str) -> TelemetryStore:
    """Open a store in the 2.x server that the environment names, or in one of its own where `influxd` is a 2.x."""
    parts = ExitStack()
    url, token = (os.environ[name] for name in INFLUX2) if _named() else parts.enter_context(running(folder))
    target = read(f"{url}&bucket=contract{os.getpid()}x{next(_numbers)}", token=token)
    return BorrowedInflux(target, folder, timezone, parts)


def second() -> bool:
    """Tell whether there is a 2.x server to be used."""
    return _named() or major() == SECOND


def _named() -> bool:
    return all(os.environ.get(name) for name in INFLUX2)

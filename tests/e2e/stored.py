"""What an installation holds on its disk, looked at after it has stopped, or beside it where that is allowed."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import duckdb
import msgspec
from sqlalchemy import select

from adapters.relational import engine, migrate, quarantine, registry_store
from adapters.relational.schema import quarantine as quarantine_table
from park.metric import metrics
from park.registry import Registry
from tests.influxd import Influxd
from tests.park.examples import NOW

Identity = tuple[str, str, int]
"""Meter, metric and milliseconds."""


class Value(NamedTuple):
    """What is stored under one identity."""

    value: float
    quality: int


class Account(NamedTuple):
    """What was published against what is stored."""

    lost: list[Identity]
    double: list[Identity]
    strange: list[Identity]
    """Stored and never published."""
    different: list[tuple[Identity, Value, Value]]


Row = tuple[str, str, int, float, int]
"""Meter, metric, milliseconds, value and quality."""


def rows(data_dir: Path) -> list[Row]:
    """Give every stored reading."""
    with duckdb.connect(str(data_dir / "telemetry.duckdb"), read_only=True) as store:
        return store.execute(
            "select m.name, k.name, r.ts, r.value, r.quality from reading r "
            "join meter m on m.id = r.meter join metric k on k.id = r.metric"
        ).fetchall()


def influx_rows(server: Influxd, database: str = "park_raw") -> list[Row]:
    """Give every field of every point of every series, past everything of ours: a meter in two series is seen twice."""
    answer = msgspec.json.decode(server.ask("SELECT * FROM /.*/ GROUP BY *", database))
    found: list[Row] = []
    for series in answer["results"][0].get("series", []):
        columns = series["columns"][1:]
        for ts, *values in series["values"]:
            point = {name: value for name, value in zip(columns, values, strict=True) if value is not None}
            found += [
                (series["tags"]["meter"], name, ts, point[name], point.get(f"{name}_q", 0))
                for name in point.keys() & metrics().keys()
            ]
    return found


def compare(published: dict[Identity, Value], data_dir: Path) -> Account:
    """Compare an embedded store reading by reading."""
    return account(published, rows(data_dir))


def account(published: dict[Identity, Value], found: list[Row]) -> Account:
    """Compare reading by reading."""
    times = Counter((meter, metric, ts) for meter, metric, ts, _, _ in found)
    held = {(meter, metric, ts): Value(value, quality) for meter, metric, ts, value, quality in found}
    return Account(
        lost=[identity for identity in published if identity not in held],
        double=[identity for identity, count in times.items() if count > 1],
        strange=[identity for identity in held if identity not in published],
        different=[
            (identity, value, held[identity])
            for identity, value in published.items()
            if identity in held and held[identity] != value
        ],
    )


def register(data_dir: Path, registry: Registry) -> None:
    """Make the relational store of an installation with a registry."""
    made = engine.connect(f"sqlite:///{data_dir / 'smartpark.sqlite'}")
    migrate.upgrade(made)
    registry_store.replace(made, registry, who="test", now=NOW)
    made.dispose()


def quarantined(data_dir: Path) -> list[quarantine.Group]:
    """Give what the quarantine holds, by reason and meter; an installation may be running."""
    made = engine.connect(f"sqlite:///{data_dir / 'smartpark.sqlite'}")
    try:
        return quarantine.summary(made)
    finally:
        made.dispose()


def is_held(data_dir: Path, meter: str) -> bool:
    """Tell whether the quarantine holds anything of a meter; an installation may be running."""
    made = engine.connect(f"sqlite:///{data_dir / 'smartpark.sqlite'}")
    try:
        return bool(quarantine.listing(made, meter=meter, limit=1)[0])
    finally:
        made.dispose()


def held_messages(data_dir: Path) -> Iterable[tuple[str, bytes, str]]:
    """Give topic, payload and reason of everything in the quarantine."""
    made = engine.connect(f"sqlite:///{data_dir / 'smartpark.sqlite'}")
    try:
        with made.connect() as connection:
            columns = (quarantine_table.c.topic, quarantine_table.c.payload, quarantine_table.c.reason)
            return [tuple(row) for row in connection.execute(select(*columns))]
    finally:
        made.dispose()

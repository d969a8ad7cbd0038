"""The accounts come to the same whatever the store: what is late, and a decision, restate them there as well."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from adapters.relational import epochs, ledger_days, migrate, registry_store, suspicions
from adapters.relational.engine import connect
from adapters.relational.interval_dues import IntervalDues
from park.epoch import Epoch, Standing
from park.metric import Medium
from park.place import Enterprise, Meter, Park, Register, Role
from park.reading import Reading
from park.registry import Registry
from park.telemetry import TelemetryStore
from rules.accounts import Accounts
from tests.contracts.telemetry import DAY, START

METER = Meter(
    "m1", "e1", "p1", Medium.ELECTRICITY, Role.BOUNDARY, "表", timedelta(minutes=15), ("ep_imp",),
    register=Register(100_000.0, "100 kW"),
)  # fmt: skip
REGISTRY = Registry((Park("p1", "园区"),), (Enterprise("e1", "p1", "企业"),), (METER,))
NOW = START + 3 * DAY + timedelta(hours=3)


def readings(first: int, last: int, at: float) -> list[Reading]:
    """Give readings of some quarters of an hour, two more each."""
    step = timedelta(minutes=15)
    return [Reading("m1", "ep_imp", at + 2.0 * (n - first), START + n * step, 0) for n in range(first, last)]


def used(store: TelemetryStore, start: datetime = START) -> list[tuple[float, float]]:
    sums = store.interval_sums(start, start + 3 * DAY, every=DAY, carriers=["electricity"], meters=["m1"])
    return [(round(one.amount, 6), round(one.coverage.estimated, 6)) for one in sums]


def test_a_round_a_late_day_and_a_decision_end_alike(store: TelemetryStore, tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'accounts.sqlite'}")
    migrate.upgrade(engine)
    registry_store.replace(engine, REGISTRY, who="test", now=NOW)
    accounts = Accounts(engine=engine, telemetry=store, rest=timedelta(0))
    store.write([*readings(0, 97, 50_000.0), *readings(193, 289, 4.0)])
    accounts.run(NOW)
    first = used(store)
    assert first[0] == (192.0, 0.0)
    assert first[1][1] == 1.0, "nothing of the second day was measured"
    store.write(readings(97, 193, 50_194.0))
    IntervalDues(engine).note([("m1", START + DAY)])
    accounts.run(NOW)
    [found] = suspicions.queue(engine)[0]
    assert used(store)[1] == (192.0, 0.0)
    assert used(store)[2] == pytest.approx((4.0 + 190.0, 1 / 96), abs=1e-5)
    one = found.suspicion
    said = Epoch(one.meter, one.metric, one.at, one.kind, Standing.CONFIRMED, note="test", who="test")
    epochs.record(engine, replace(said, recorded_at=NOW), now=NOW)
    accounts.run(NOW)
    assert used(store) == [(192.0, 0.0), (192.0, 0.0), (194.0, 0.0)]
    rows = ledger_days.days(engine, ("m1", "ep_imp"), START, NOW)
    accounts.run(NOW)
    assert used(store) == [(192.0, 0.0), (192.0, 0.0), (194.0, 0.0)]
    assert ledger_days.days(engine, ("m1", "ep_imp"), START, NOW) == rows
    assert ledger_days.broken(engine) == []
    engine.dispose()

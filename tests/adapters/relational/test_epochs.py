"""What people said of a register stays said; the newest word counts; a multiplier reaches the registry with it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, delete, update
from sqlalchemy.exc import IntegrityError

from adapters.relational import audit, epochs, registry_store
from adapters.relational.engine import writing
from adapters.relational.tables_ledger import epoch as table
from park.epoch import Epoch, Kind, Standing
from park.metric import Medium
from park.place import Enterprise, Meter, Multiplier, Park, Role
from park.registry import Registry

NOW = datetime(2026, 11, 23, tzinfo=UTC)
AT = NOW - timedelta(days=3)
BEGINNING = Multiplier(datetime(2024, 1, 1, tzinfo=UTC), 120.0)
METER = Meter(
    "m1", "e01", "hk", Medium.ELECTRICITY, Role.BOUNDARY, "总表", timedelta(seconds=15), ("ep_imp",),
    multipliers=(BEGINNING,),
)  # fmt: skip
REGISTRY = Registry((Park("hk", "园区"),), (Enterprise("e01", "hk", "企业"),), (METER,))
SWAP = Epoch(
    meter="m1", metric="ep_imp", at=AT, kind=Kind.REPLACEMENT, standing=Standing.DECLARED, closing=5021.5, opening=0.1,
    multiplier=None, width=None, note="换表", who="王丽", recorded_at=NOW,
)  # fmt: skip


def test_the_newest_revision_is_in_force_and_the_older_stays_readable(engine: Engine) -> None:
    first = epochs.record(engine, SWAP, now=NOW)
    later = replace(SWAP, closing=5022.5, recorded_at=NOW + timedelta(days=1))
    second = epochs.record(engine, later, now=NOW + timedelta(days=1))
    assert epochs.in_force(engine) == {("m1", "ep_imp"): (later,)}
    assert epochs.history(engine, "m1") == [(second, later, True), (first, SWAP, False)]
    assert epochs.history(engine, "m2") == []
    assert epochs.newest(engine, 9) == epochs.history(engine, "m1")
    assert epochs.newest(engine, 1) == [(second, later, True)]


def test_epochs_of_one_register_come_in_order_of_time(engine: Engine) -> None:
    earlier = replace(SWAP, at=AT - timedelta(days=30), kind=Kind.RESET, closing=None, opening=None)
    epochs.record(engine, SWAP, now=NOW)
    epochs.record(engine, earlier, now=NOW)
    epochs.record(engine, replace(SWAP, meter="m2"), now=NOW)
    assert epochs.in_force(engine, ["m1"]) == {("m1", "ep_imp"): (earlier, SWAP)}
    assert set(epochs.in_force(engine)) == {("m1", "ep_imp"), ("m2", "ep_imp")}


def test_a_reading_as_the_display_showed_it_comes_back_to_the_last_digit(engine: Engine) -> None:
    epochs.record(engine, replace(SWAP, closing=1234567.89, opening=0.3), now=NOW)
    [[kept]] = epochs.in_force(engine).values()
    assert (kept.closing, kept.opening) == (1234567.89, 0.3)


@pytest.mark.parametrize("change", [update(table).values(note="other"), delete(table)], ids=["update", "delete"])
def test_nothing_that_was_said_can_be_changed_or_taken_away(engine: Engine, change: object) -> None:
    epochs.record(engine, SWAP, now=NOW)
    with pytest.raises(IntegrityError, match="append-only"), writing(engine) as connection:
        connection.execute(change)  # type: ignore[call-overload]  # either statement
    assert len(epochs.history(engine, "m1")) == 1


def test_each_revision_is_in_the_audit_and_moves_the_version(engine: Engine) -> None:
    before = epochs.version(engine)
    epochs.record(engine, SWAP, now=NOW)
    assert epochs.version(engine) == before + 1
    [entry] = audit.entries(engine)[0]
    assert (entry.who, entry.action, entry.subject) == ("王丽", "epoch.declared", "m1 ep_imp")
    assert entry.before is None
    assert entry.after is not None
    assert entry.after["closing"] == 5021.5


@pytest.mark.parametrize(
    ("at", "since"),
    [(NOW + timedelta(days=2), NOW + timedelta(days=2)), (AT, NOW)],
    ids=["one to come holds from its instant", "one of the past holds from now on, for what comes in"],
)
def test_a_declared_multiplier_is_entered_in_the_registry(engine: Engine, at: datetime, since: datetime) -> None:
    registry_store.replace(engine, REGISTRY, who="test", now=AT)
    before = registry_store.version(engine)
    epochs.record(engine, replace(SWAP, at=at, kind=Kind.MULTIPLIER, multiplier=200.0), now=NOW)
    assert registry_store.load(engine).by_meter["m1"].multipliers == (BEGINNING, Multiplier(since, 200.0))
    assert registry_store.version(engine) == before + 1


def test_a_meter_without_multipliers_had_one_until_then(engine: Engine) -> None:
    plain = Registry(REGISTRY.parks, REGISTRY.enterprises, (replace(METER, multipliers=()),))
    registry_store.replace(engine, plain, who="test", now=AT)
    epochs.record(engine, replace(SWAP, kind=Kind.MULTIPLIER, multiplier=200.0), now=NOW)
    meter = registry_store.load(engine).by_meter["m1"]
    assert (meter.multiplier(AT), meter.multiplier(NOW)) == (1.0, 200.0)


def test_a_rejected_change_leaves_the_registry_alone(engine: Engine) -> None:
    registry_store.replace(engine, REGISTRY, who="test", now=AT)
    rejected = replace(SWAP, kind=Kind.MULTIPLIER, standing=Standing.REJECTED, multiplier=200.0)
    epochs.record(engine, rejected, now=NOW)
    assert registry_store.load(engine).by_meter["m1"] == METER

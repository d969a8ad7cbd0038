"""History read from a store, some meters at a time: none is left out and none is taken twice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace as changed

from adapters.backtest import TOGETHER, backtest, expected
from park.backtest_summary import summed
from park.condition import Above
from park.reading import Reading
from park.registry import Registry
from park.rulebook import bind
from tests.contracts.memory import MemoryTelemetry
from tests.park import machine

T0 = datetime(2026, 11, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
END = T0 + 60 * MINUTE
RULE = changed(
    machine.shipped(),
    when=Above(metric="temperature", limit=80.0, clear=70.0),
    timing=changed(machine.shipped().timing, hold=timedelta(0), clear_after=timedelta(0)),
)
METERS = tuple(replace(machine.MACHINE, id=f"m{n:02}", period=MINUTE) for n in range(2 * TOGETHER + 3))
REGISTRY = Registry(machine.REGISTRY.parks, machine.REGISTRY.enterprises, METERS)


def test_every_meter_is_tried_once_however_many_are_read_together() -> None:
    telemetry = MemoryTelemetry()
    for place, meter in enumerate(METERS[:-1]):
        hot = [Reading(meter.id, "temperature", 85.0, T0 + n * 2 * MINUTE, 0) for n in range(place % 3)]
        cool = [Reading(meter.id, "temperature", 60.0, one.at + MINUTE, 0) for one in hot]
        telemetry.write([*hot, *cool, Reading(meter.id, "temperature", 60.0, T0 + 30 * MINUTE, 0)])
    told: list[tuple[int, int]] = []
    found = backtest([RULE], REGISTRY, telemetry, T0, END, progress=lambda done, of: told.append((done, of)))
    assert [one.key.meter for one in found] == [meter.id for meter in METERS]
    assert [len(one.episodes) for one in found[:-1]] == [place % 3 for place in range(len(METERS) - 1)]
    [summary] = summed(found, END)
    assert (summary.meters, summary.unheard) == (len(METERS), 1)
    assert told == [(n, len(METERS)) for n in range(1, len(METERS) + 1)]


def test_what_lies_outside_of_the_time_is_not_looked_at() -> None:
    telemetry = MemoryTelemetry()
    telemetry.write([Reading("m00", "temperature", 85.0, at, 0) for at in (T0 - MINUTE, END)])
    assert all(not one.episodes and not one.readings for one in backtest([RULE], REGISTRY, telemetry, T0, END))


def test_a_rule_that_is_switched_off_is_not_tried() -> None:
    assert backtest([changed(RULE, enabled=False)], REGISTRY, MemoryTelemetry(), T0, END) == []


def test_how_much_there_is_to_read_is_known_before() -> None:
    assert expected(bind([RULE], REGISTRY), REGISTRY, T0, END) == len(METERS) * 60

"""One event is told once: what stands for what."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from park.alert import Phase
from park.alert_record import AlertRecord
from park.condition import Silent
from park.inhibition import Inhibition, inhibition
from park.registry import Registry
from park.rulebook import Key
from park.severity import Severity
from tests.rules.alert_house import REGISTRY, a_rule

T0 = datetime(2026, 11, 2, tzinfo=UTC)
SILENT = a_rule(Silent(metric="lel", after=timedelta(minutes=5)), id="silent")
SECOND_LEVEL = msgspec.structs.replace(a_rule(id="gas-2"), inhibits=("gas",))


def record(rule: str, meter: str, second: int = 0, phase: Phase = Phase.FIRING) -> AlertRecord:
    raised = None if phase in {Phase.OK, Phase.PENDING} else T0 + timedelta(seconds=second)
    return AlertRecord(
        rule=rule, meter=meter, episode=1, phase=phase, since=T0, raised_at=raised, severity=Severity.LARGER
    )


def records(*some: AlertRecord) -> dict[Key, AlertRecord]:
    return {one.key: one for one in some}


@pytest.fixture(scope="module")
def stands() -> Inhibition:
    behind = tuple(replace(meter, options={"gateway": "gw1"}) for meter in REGISTRY.meters[:2])
    registry = Registry(REGISTRY.parks, REGISTRY.enterprises, (*behind, REGISTRY.meters[2]))
    return inhibition([a_rule(), SECOND_LEVEL, SILENT], registry)


def test_the_second_level_stands_for_the_first_on_the_same_meter(stands: Inhibition) -> None:
    both = records(record("gas", "gas0"), record("gas-2", "gas0"))
    assert stands.by(Key("gas", "gas0"), both) == "gas-2"
    assert stands.by(Key("gas-2", "gas0"), both) == ""


def test_another_meter_stands_for_nothing(stands: Inhibition) -> None:
    assert stands.by(Key("gas", "gas1"), records(record("gas", "gas1"), record("gas-2", "gas0"))) == ""


@pytest.mark.parametrize("phase", [Phase.OK, Phase.PENDING])
def test_what_does_not_burn_stands_for_nothing(stands: Inhibition, phase: Phase) -> None:
    assert stands.by(Key("gas", "gas0"), records(record("gas-2", "gas0", phase=phase))) == ""


def test_behind_one_gateway_the_first_silent_meter_stands_for_the_others(stands: Inhibition) -> None:
    both = records(record("silent", "gas1", 0), record("silent", "gas0", 5))
    assert stands.by(Key("silent", "gas0"), both) == "gateway gw1: gas1"
    assert stands.by(Key("silent", "gas1"), both) == ""


def test_of_two_that_fell_silent_at_once_one_is_told(stands: Inhibition) -> None:
    both = records(record("silent", "gas0"), record("silent", "gas1"))
    assert [stands.by(Key("silent", meter), both) != "" for meter in ("gas0", "gas1")] == [False, True]


def test_a_meter_behind_no_gateway_speaks_for_itself(stands: Inhibition) -> None:
    both = records(record("silent", "gas0"), record("silent", "gas2", 5))
    assert stands.by(Key("silent", "gas2"), both) == ""


def test_gas_behind_one_gateway_is_told_of_each_detector(stands: Inhibition) -> None:
    both = records(record("gas", "gas0"), record("gas", "gas1", 5))
    assert stands.by(Key("gas", "gas1"), both) == ""

"""What the accounts find is said as a reading of a meter, and rules watch it."""

from datetime import UTC, datetime

from adapters import rule_yaml
from park.alert import Event
from park.balance import balances
from park.consumption import Totals
from park.derived import LOSS_RATE
from park.derived_reading import bearers, bearing, loss_readings
from park.engine import Engine
from park.interval import IntervalSum
from park.metric import Medium
from park.place import Role
from park.reading import Reading
from park.rulebook import Key, bind
from tests.park.virtuals import WINDOW, device, registry, used

NOW = datetime(2026, 10, 2, tzinfo=UTC)
PARK = registry(device("main"), device("second"), device("one", Role.SUB), device("w", medium=Medium.WATER))


def said(*sums: IntervalSum) -> list[Reading]:
    found = balances(Totals(PARK, ()), PARK, sums, window=WINDOW, policies={})
    return loss_readings(found, bearers(PARK), NOW)


def test_the_first_boundary_meter_with_subs_says_what_is_lost() -> None:
    assert {meter.id for meter in bearers(PARK).values()} == {"main"}
    assert [meter.id for meter in bearing(PARK).meters if LOSS_RATE in meter.metrics] == ["main"]


def test_a_loss_is_said_in_percent() -> None:
    [reading] = said(used("main", 60), used("second", 40), used("one", 80))
    assert (reading.meter, reading.metric, reading.at) == ("main", LOSS_RATE, NOW)
    assert round(reading.value, 9) == 20


def test_what_cannot_be_compared_is_not_said() -> None:
    assert said(used("main", 60), used("one", 80)) == []


def test_the_shipped_rule_tells_of_it() -> None:
    [rule] = [one for one in rule_yaml.shipped().rules if one.id == "loss-rate"]
    engine = Engine(bind([rule], bearing(PARK)), {}, NOW)
    [change] = engine.hear(said(used("main", 60), used("second", 40), used("one", 80)), NOW)
    assert (change.key, change.turn.event) == (Key("loss-rate", "main"), Event.RAISED)
    assert bind([rule], PARK).watches == {}

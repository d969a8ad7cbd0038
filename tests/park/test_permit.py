"""The limit of a permit takes the place of a preset on its own meter, and a switch leaves a rule's file alone."""

import msgspec
import pytest

from park import condition as c
from park.permit import Overlay, bounded, overlaid
from park.registry import Registry
from park.rule import Rule
from park.rule_file import check
from park.rulebook import Key, bind
from tests.park.test_rule_file import REGISTRY, RULE


def rule(**changes: object) -> Rule:
    [found] = check({"rules": [RULE | changes]}).rules
    return found


def limit_on(meter: str, some: Rule, registry: Registry = REGISTRY) -> c.Condition:
    return bind([some], registry).watches[Key("gas-1", meter)].when


def test_the_permit_of_a_meter_wins_over_the_preset() -> None:
    assert limit_on("e01-lel", rule()) == c.Above(metric="lel", limit=25, clear=25)
    assert limit_on("e01-lel", rule(limits={"e01-lel": "10 %LEL"})) == c.Above(metric="lel", limit=10, clear=10)


def test_where_it_is_clear_again_keeps_its_share_of_the_limit() -> None:
    found = rule(when={"reaches": "25 %LEL", "clear": "20 %LEL"}, limits={"e01-lel": "10 %LEL"})
    assert found.permits["e01-lel"] == c.Above(metric="lel", limit=10, clear=8, reached=True)


@pytest.mark.parametrize(
    ("when", "metric", "limit", "wanted"),
    [
        ({"mean": "1h", "above": "50 mg/m³"}, "so2_zs", "0.03 g/m³", 30.0),
        ({"quota": "1d", "above": "2 MWh"}, "p", "500 kWh", 500.0),
        ({"all": [{"above": "10 mg/m³"}, {"metric": "smoke", "is": 0}]}, "h2s", "5 mg/m³", 5.0),
        ({"not": {"below": "20 %VOL"}}, "o2", "21 %VOL", 21.0),
    ],
    ids=["a mean", "a quota", "one limit among other conditions", "a limit turned round"],
)
def test_every_condition_with_one_limit_can_be_given_another(
    when: object, metric: str, limit: str, wanted: float
) -> None:
    some = rule(when=when, metric=metric, limits={"e01-x": limit})
    leaf = bounded(some.permits["e01-x"])
    assert leaf is not None
    assert leaf.limit == wanted
    assert type(some.permits["e01-x"]) is type(some.when)


def test_a_switch_and_limits_are_laid_over_a_rule() -> None:
    some = rule(receivers=["duty"])
    found, mistakes = overlaid(some, Overlay(enabled=False, limits={"e01-lel": "10 %LEL"}, receivers=("chief",)))
    assert mistakes == []
    assert (found.enabled, found.receivers) == (False, ("chief",))
    assert found.permits == {"e01-lel": c.Above(metric="lel", limit=10, clear=10)}
    assert overlaid(some, Overlay()) == (some, [])


def test_with_a_mistake_among_its_limits_a_rule_stays_as_it_was() -> None:
    some = rule()
    found, mistakes = overlaid(some, Overlay(enabled=False, limits={"e01-lel": "10 MPa"}))
    assert found is some
    assert [mistake.path for mistake in mistakes] == ["limits.e01-lel"]


def test_an_overlay_is_kept_as_json() -> None:
    overlay = Overlay(enabled=False, limits={"e01-lel": "10 %LEL", "e01-ph": 6.5})
    assert msgspec.json.decode(msgspec.json.encode(overlay), type=Overlay) == overlay

"""Conditions fitted to a meter: its rating, its first metric, its own period."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park import condition as c
from park.alert import OnSilence, Timing
from park.fitting import fitted, rating
from park.metric import Medium
from park.place import Enterprise, Meter, Park, Register, Role
from park.registry import Registry
from park.rule import Rule, Scope, Text
from park.rulebook import bind
from park.severity import Severity

MINUTE = timedelta(minutes=1)
METER = Meter(
    "m", "e", "hk", Medium.ELECTRICITY, Role.BOUNDARY, "总表", timedelta(seconds=15), ("ep_imp", "p", "q"),
    register=Register(1e6, "2 MW"),
)  # fmt: skip
LOAD = c.Above(metric="p", limit=0.8, clear=0.75, rated=True)


def watches(when: c.Condition, *meters: Meter) -> set[str]:
    """The meters a rule with this condition is bound to."""
    timing = Timing(timedelta(0), timedelta(0), OnSilence.KEEP)
    rule = Rule(id="r", name=Text("规则"), severity=Severity.NOTICE, scope=Scope(), when=when, timing=timing)
    registry = Registry((Park("hk", "园区"),), (Enterprise("e", "hk", "企业"),), meters)
    return {key.meter for key in bind([rule], registry).watches}


def test_a_share_of_the_rating_is_a_limit_in_the_unit_of_the_metric() -> None:
    assert fitted(LOAD, METER) == c.Above(metric="p", limit=1600, clear=1500)


@pytest.mark.parametrize("rated", ["", "2 m³/h", "a lot", "2"])
def test_a_meter_whose_rating_says_nothing_about_it_is_not_watched(rated: str) -> None:
    unrated = replace(METER, id="u", register=Register(1e6, rated))
    assert rating(unrated, "p") is None
    assert watches(LOAD, METER, unrated) == {"m"}
    assert watches(c.Any((c.Not(LOAD), c.Above(metric="q", limit=1, clear=1))), METER, unrated) == {"m"}


def test_the_first_metric_stands_for_the_meter() -> None:
    water = replace(METER, id="w", metrics=("flow",))
    assert fitted(c.Flagged(metric=c.FIRST, bits=32), METER) == c.Flagged(metric="ep_imp", bits=32)
    assert watches(c.Skew(metric=c.FIRST, by=MINUTE), METER, water) == {"m", "w"}


@given(st.timedeltas(timedelta(seconds=1), timedelta(hours=2)), st.timedeltas(timedelta(seconds=1), timedelta(days=1)))
def test_nobody_is_silent_before_three_of_its_periods_are_over(after: timedelta, period: timedelta) -> None:
    found = fitted(c.Silent(metric="p", after=after), replace(METER, period=period))
    assert isinstance(found, c.Silent)
    assert found.after >= max(after, 3 * period)
    assert found.after in {after, 3 * period}


def test_what_says_the_same_on_every_meter_is_left_as_it_is() -> None:
    when = c.All((c.Above(metric="p", limit=5, clear=5), c.Not(c.Is(metric="smoke", state=1))))
    assert fitted(when, METER) == when

"""Laws that hold for every form of condition: order, repetition and restarts change nothing."""

import random
from datetime import UTC, datetime, time, timedelta
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from park import condition as c
from park.alert import OnSilence, Timing
from park.engine import Engine
from park.fitting import fitted
from park.metric import Medium
from park.place import Enterprise, Meter, Park, Register, Role
from park.reading import Reading
from park.registry import Registry
from park.rule import Rule, Scope, Text
from park.rulebook import Key, bind
from park.severity import Severity
from park.watching import Memory

T0 = datetime(2026, 1, 4, 15, 59, 55, tzinfo=UTC)
SECOND = timedelta(seconds=1)
METRICS = ("p", "q", "ep_imp")
METER = Meter(
    "m", "e", "hk", Medium.ELECTRICITY, Role.BOUNDARY, "总表", SECOND, METRICS, register=Register(rated="10 kW")
)
REGISTRY = Registry((Park("hk", "园区"),), (Enterprise("e", "hk", "企业"),), (METER,))
KEY = Key("r", "m")
FORMS: dict[type[c.AnyLeaf], c.AnyLeaf] = {
    type(leaf): leaf
    for leaf in (
        c.Above(metric="p", limit=0.5, clear=0.3, rated=True),
        c.Below(metric="p", limit=5, clear=6, reached=True),
        c.Outside(metric="p", low=3, high=7, clear_low=4, clear_high=6),
        c.Rise(metric="p", by=4, within=3 * SECOND),
        c.Stuck(metric="p", within=2 * SECOND, samples=2),
        c.Silent(metric=c.FIRST, after=2 * SECOND),
        c.Mean(metric="p", of=5 * SECOND, limit=5, valid=0.5),
        c.Quota(metric="p", of=10 * SECOND, limit=0.01, register=False),
        c.Deviation(metric="p", share=0.5, weeks=1),
        c.During(metric="p", start=time(0), end=time(1)),
        c.Unbalance(metric="p", beside=("q",), limit=20),
        c.Is(metric="p", state=8),
        c.Backwards(metric="ep_imp"),
        c.Skew(metric="p", by=2 * SECOND),
        c.Flagged(metric="p", bits=32),
    )
}
SAID = st.lists(
    st.tuples(
        st.integers(0, 9),
        st.sampled_from(METRICS),
        st.sampled_from([1.0, 4.0, 5.0, 8.0]),
        st.sampled_from([0, 0, 0, 32, 64]),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda one: one[:2],
)
EACH = pytest.mark.parametrize("leaf", FORMS.values(), ids=lambda leaf: type(leaf).__name__)


def engine(when: c.Condition, memories: dict[Key, Memory] | None = None) -> Engine:
    timing = Timing(2 * SECOND, 2 * SECOND, OnSilence.KEEP)
    rule = Rule(id="r", name=Text("规则"), severity=Severity.NOTICE, scope=Scope(), when=when, timing=timing)
    return Engine(bind([rule], REGISTRY), memories or {}, T0)


def readings(said: list[tuple[int, str, float, int]]) -> list[Reading]:
    return [
        Reading("m", metric, value, T0 + second * SECOND, quality) for second, metric, value, quality in sorted(said)
    ]


def test_every_form_is_among_them() -> None:
    assert set(FORMS) == set(get_args(c.AnyLeaf))


@EACH
@given(said=SAID, seed=st.integers(0, 2**32))
def test_order_and_repetition_within_the_lateness_do_not_matter(
    leaf: c.AnyLeaf, said: list[tuple[int, str, float, int]], seed: int
) -> None:
    if isinstance(leaf, c.Skew | c.Silent):
        return  # these judge when a reading came, and so its order is what they judge
    one, two = engine(leaf), engine(leaf)
    known = T0 + 9 * SECOND
    for reading in readings(said):
        one.hear([reading], known)
    mixed = readings(said) + readings(said)[::2]
    random.Random(seed).shuffle(mixed)  # noqa: S311  # an order, no secret
    for reading in mixed:
        two.hear([reading], known)
    assert one.watching(KEY).state == two.watching(KEY).state  # type: ignore[union-attr]  # it is there


@EACH
@given(said=SAID, place=st.integers(0, 11))
def test_a_restart_between_any_two_steps_changes_nothing(
    leaf: c.AnyLeaf, said: list[tuple[int, str, float, int]], place: int
) -> None:
    one, two = engine(leaf), engine(leaf)
    kept: dict[Key, Memory] = {}
    for number, reading in enumerate(readings(said)):
        assert one.tick(reading.at) == two.tick(reading.at)
        assert one.hear([reading], reading.at) == two.hear([reading], reading.at)
        kept |= two.unsaved()
        if number == place:
            loaded = {
                key: msgspec.json.decode(msgspec.json.encode(memory), type=Memory) for key, memory in kept.items()
            }
            two = engine(leaf, loaded)
            one.awaken(T0)
    later = T0 + 60 * SECOND
    assert one.tick(later) == two.tick(later)
    assert one.watching(KEY).state == two.watching(KEY).state  # type: ignore[union-attr]


@EACH
def test_a_rule_is_kept_as_json_with_every_form(leaf: c.AnyLeaf) -> None:
    for when in (leaf, c.Not(leaf), c.All((leaf, c.Any((leaf,))))):
        assert msgspec.json.decode(msgspec.json.encode(when), type=c.Condition) == when
        assert fitted(when, METER) is not None

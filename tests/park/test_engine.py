"""The engine: order and repetition do not matter, a restart changes nothing, and cost follows what is touched."""

import random
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.alert import ACTIVE, Event, OnSilence, Phase, Timing
from park.condition import Above, Condition, Skew, Stuck
from park.engine import Change, Engine
from park.metric import Medium
from park.place import Enterprise, Meter, Park, Role
from park.quality import Quality
from park.reading import Reading
from park.registry import Registry
from park.rule import Rule, Scope, Text
from park.rulebook import Key, Rulebook, bind
from park.severity import Severity
from park.watching import Memory

T0 = datetime(2026, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
REGISTRY = Registry(
    (Park("hk", "园区"),),
    (Enterprise("e01", "hk", "企业"),),
    tuple(
        Meter(f"gas{n}", "e01", "hk", Medium.SAFETY, Role.DETECTOR, "探测器", 5 * SECOND, ("lel", "temperature"))
        for n in range(3)
    ),
)
KEY = Key("gas", "gas0")
GAS = Above(metric="lel", limit=25.0, clear=20.0)


def a_rule(when: Condition = GAS, *, hold: int = 0, clear: int = 0, silence: str = "keep", id: str = "gas") -> Rule:  # noqa: A002
    timing = Timing(hold * SECOND, clear * SECOND, OnSilence(silence))
    return Rule(id=id, name=Text("可燃气体"), severity=Severity.MAJOR, scope=Scope(), when=when, timing=timing)


def book(*rules: Rule) -> Rulebook:
    return bind(rules, REGISTRY)


def said(second: float, value: float, *, meter: str = "gas0", quality: int = 0) -> Reading:
    return Reading(meter, "lel", value, T0 + second * SECOND, quality)


def hear(engine: Engine, reading: Reading) -> list[Change]:
    return engine.hear([reading], max(reading.at, T0 + 9 * SECOND))


def events(changes: list[Change]) -> list[Event]:
    return [change.turn.event for change in changes if change.turn.event]


VALUES = st.lists(st.sampled_from([5.0, 22.0, 30.0]), min_size=1, max_size=9)
RULES = st.builds(a_rule, hold=st.integers(0, 3), clear=st.integers(0, 3))


@given(VALUES, RULES, st.integers(0, 2**32))
def test_readings_within_the_lateness_lead_to_the_same_alert_in_any_order_and_however_often(
    values: list[float], rule: Rule, seed: int
) -> None:
    readings = [said(second, value) for second, value in enumerate(values)]
    in_order, shuffled = Engine(book(rule), {}, T0), Engine(book(rule), {}, T0)
    told = [change for reading in readings for change in hear(in_order, reading)]
    mixed = readings + readings[::2]
    random.Random(seed).shuffle(mixed)  # noqa: S311  # an order, no secret
    heard = [change for reading in mixed for change in hear(shuffled, reading)]
    key = Key("gas", "gas0")
    assert shuffled.watching(key).state.alert == in_order.watching(key).state.alert  # type: ignore[union-attr]  # it is there
    for changes in (told, heard):
        found = events(changes)
        assert found == [Event.RAISED, Event.CLEARED] * (len(found) // 2) + [Event.RAISED] * (len(found) % 2)
    burning = in_order.watching(key).state.alert.phase in ACTIVE  # type: ignore[union-attr]
    assert len(events(heard)) % 2 == len(events(told)) % 2 == burning
    assert len(events(heard)) >= len(events(told)) - 1


@given(VALUES, RULES, st.integers(0, 8))
def test_saving_and_loading_between_any_two_steps_changes_nothing(values: list[float], rule: Rule, place: int) -> None:
    one, two = Engine(book(rule), {}, T0), Engine(book(rule), {}, T0)
    kept: dict[Key, Memory] = {}
    for second, value in enumerate(values):
        assert hear(one, said(second, value)) == hear(two, said(second, value))
        kept |= two.unsaved()
        if second == place:
            loaded = {k: msgspec.json.decode(msgspec.json.encode(m), type=Memory) for k, m in kept.items()}
            two = Engine(book(rule), loaded, T0)
    now = T0 + 60 * SECOND
    assert one.tick(now) == two.tick(now)


@given(st.lists(st.tuples(st.sampled_from([5.0, 22.0, 25.0]), st.integers(0, 300)), max_size=20), RULES)
def test_nothing_fires_without_a_breach(said_when: list[tuple[float, int]], rule: Rule) -> None:
    engine = Engine(book(rule), {}, T0)
    changes = []
    for value, second in sorted(said_when, key=lambda pair: pair[1]):
        changes += engine.hear([said(second, value)], T0 + second * SECOND)
        changes += engine.tick(T0 + second * SECOND)
    assert events(changes) == []


def test_a_hold_ends_by_the_clock_although_nothing_is_said() -> None:
    engine = Engine(book(a_rule(hold=30)), {}, T0)
    hear(engine, said(0, 30.0))
    assert engine.tick(T0 + 29 * SECOND) == []
    [change] = engine.tick(T0 + 30 * SECOND)
    assert (change.turn.event, change.turn.after.since, change.episode) == (Event.RAISED, T0 + 30 * SECOND, 1)


def test_a_hold_goes_on_with_its_true_age_after_a_restart() -> None:
    before = Engine(book(a_rule(hold=30)), {}, T0)
    hear(before, said(0, 30.0))
    after = Engine(book(a_rule(hold=30)), before.unsaved(), T0 + 20 * SECOND)
    assert events(after.tick(T0 + 31 * SECOND)) == [Event.RAISED]


def test_who_was_not_heard_while_nobody_listened_is_not_silent_for_it() -> None:
    engine = Engine(book(a_rule(silence="breach")), {}, T0)
    hear(engine, said(0, 5.0))
    after = Engine(book(a_rule(silence="breach")), engine.memories(), T0 + timedelta(hours=1))
    assert events(after.tick(T0 + timedelta(hours=1, seconds=59))) == []
    after.awaken(T0 + timedelta(hours=2))
    assert events(after.tick(T0 + timedelta(hours=2, seconds=59))) == []
    assert events(after.tick(T0 + timedelta(hours=2, seconds=61))) == [Event.RAISED] * 3


def test_silence_is_a_breach_where_the_rule_says_so_and_is_said_once() -> None:
    engine = Engine(book(a_rule(silence="breach")), {}, T0)
    hear(engine, said(0, 5.0))
    assert engine.tick(T0 + 60 * SECOND) == []
    told = engine.tick(T0 + 90 * SECOND)
    assert sorted((change.key.meter, change.turn.event) for change in told if change.turn.event) == [
        ("gas0", Event.RAISED), ("gas1", Event.RAISED), ("gas2", Event.RAISED),
    ]  # fmt: skip
    assert engine.tick(T0 + 3_600 * SECOND) == []
    assert events(engine.hear([said(3_700, 5.0)], T0 + 3_700 * SECOND)) == [Event.CLEARED]


@pytest.mark.parametrize("quality", [8, 16, 64], ids=["maintenance", "calibration", "stopped"])
def test_work_on_a_sensor_neither_raises_nor_clears(quality: int) -> None:
    engine = Engine(book(a_rule(hold=10)), {}, T0)
    assert hear(engine, said(0, 90.0, quality=quality)) == []
    hear(engine, said(1, 90.0))
    hear(engine, said(2, 90.0, quality=quality))
    assert events(engine.tick(T0 + 30 * SECOND)) == []
    assert events(engine.hear([said(31, 90.0)], T0 + 31 * SECOND)) == [Event.RAISED]
    assert events(engine.hear([said(32, 5.0, quality=quality)], T0 + 32 * SECOND)) == []


def test_a_sensor_that_was_silent_between_the_limits_is_judged_as_before() -> None:
    engine = Engine(book(a_rule()), {}, T0)
    hear(engine, said(0, 30.0))
    assert events(engine.tick(T0 + 300 * SECOND)) == []
    assert events(engine.hear([said(301, 22.0)], T0 + 301 * SECOND)) == []
    assert events(engine.hear([said(306, 19.0)], T0 + 306 * SECOND)) == [Event.CLEARED]


def test_what_comes_too_late_is_history_and_raises_only_the_alert_on_the_clock() -> None:
    skew = a_rule(Skew(metric="lel", by=60 * SECOND), id="clock")
    engine = Engine(book(a_rule(), skew), {}, T0)
    [change] = engine.hear([said(0, 99.0)], T0 + 600 * SECOND)
    assert (change.key.rule, change.turn.event, change.turn.grounds.value) == ("clock", Event.RAISED, -600.0)


def test_a_reading_from_the_future_counts_as_of_now() -> None:
    engine = Engine(book(a_rule(hold=10)), {}, T0)
    engine.hear([said(240, 99.0)], T0)
    assert events(engine.tick(T0 + 10 * SECOND)) == [Event.RAISED]


def test_a_spike_that_comes_late_is_told_with_its_end() -> None:
    engine = Engine(book(a_rule()), {}, T0)
    hear(engine, said(0, 5.0))
    hear(engine, said(4, 5.0))
    assert events(hear(engine, said(2, 99.0))) == [Event.RAISED, Event.CLEARED]


def test_a_value_that_stands_still_is_noticed_by_its_readings() -> None:
    engine = Engine(book(a_rule(Stuck(metric="lel", within=60 * SECOND, samples=5))), {}, T0)
    told = [change for second in range(0, 90, 5) for change in engine.hear([said(second, 7.0)], T0 + second * SECOND)]
    assert [(change.turn.event, change.now) for change in told] == [(Event.RAISED, T0 + 60 * SECOND)]


def test_a_reading_moves_only_the_watches_of_its_own_meter_and_metric() -> None:
    engine = Engine(book(a_rule(), a_rule(Above(metric="temperature", limit=60, clear=55), id="heat")), {}, T0)
    hear(engine, said(0, 30.0))
    assert set(engine.unsaved()) == {KEY}


def test_a_rule_whose_leaves_changed_begins_anew() -> None:
    before = Engine(book(a_rule()), {}, T0)
    hear(before, said(0, 30.0))
    both = a_rule(msgspec.convert({"type": "any", "of": [msgspec.to_builtins(GAS)] * 2}, Condition))
    after = Engine(book(both), before.unsaved(), T0)
    assert after.watching(KEY).state.alert.phase is Phase.OK  # type: ignore[union-attr]  # it is there


def test_time_passes_to_each_moment_at_which_it_changes_something_whenever_that_is_asked() -> None:
    def told(*asked: float) -> list[tuple[Event | None, datetime]]:
        engine = Engine(book(a_rule(hold=3)), {}, T0)
        hear(engine, said(0, 30))
        changes = [change for second in asked for change in engine.tick(T0 + second * SECOND)]
        return [(change.turn.event, change.turn.after.since) for change in changes]

    assert told(3.05) == told(1, 2.5, 8) == told(3600) == [(Event.RAISED, T0 + 3 * SECOND)]


def test_a_hold_that_ends_in_an_excuse_does_not_hide_the_silence_after_it() -> None:
    engine = Engine(book(a_rule(hold=3, silence="breach")), {}, T0)
    hear(engine, said(0, 30))
    hear(engine, said(1, 30, quality=int(Quality.CALIBRATION)))
    assert events(engine.tick(T0 + 3 * SECOND)) == [], "somebody is at work"
    raised = {change.key for change in engine.tick(T0 + 600 * SECOND) if change.turn.event is Event.RAISED}
    assert KEY in raised, "and then nothing more was heard"


def test_of_some_alone_the_others_stay_to_be_saved() -> None:
    engine = Engine(book(a_rule()), {}, T0)
    hear(engine, said(0, 30))
    hear(engine, said(0, 30, meter="gas1"))
    assert set(engine.unsaved([KEY])) == {KEY}
    assert set(engine.unsaved()) == {Key("gas", "gas1")}
    assert engine.unsaved() == {}


def test_the_next_moment_is_that_of_the_watch_whose_turn_it_is() -> None:
    engine = Engine(book(a_rule(hold=3)), {}, T0)
    hear(engine, said(1, 30))
    assert engine.due() == T0 + 4 * SECOND
    hear(engine, said(2, 5))
    later = engine.due()
    assert later is not None
    assert later > T0 + 4 * SECOND, "what was planned before counts no more"


def test_what_is_planned_does_not_grow_with_what_is_heard() -> None:
    engine = Engine(book(a_rule()), {}, T0)
    for second in range(1_000):
        engine.hear([said(second, 5)], T0 + second * SECOND)
        engine.tick(T0 + second * SECOND)
    assert len(engine._due) <= 2 * len(list(engine.keys()))  # nothing else shows it

"""History lived through by the engine of the present."""

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from park.alert import OnSilence, Timing
from park.alert_change import recorded
from park.backtest import Tried, attempt, by_meter, history, play
from park.backtest_summary import summed
from park.condition import Above, All, Below, Condition, Silent
from park.engine import Engine
from park.instant import to_ms
from park.metric import Medium
from park.place import Enterprise, Meter, Park, Role
from park.reading import Reading
from park.registry import Registry
from park.rule import Rule, Scope, Text
from park.rulebook import Key, bind
from park.series import Series
from park.severity import Severity

T0 = datetime(2026, 11, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOT = Above(metric="temperature", limit=80.0, clear=70.0)
KEY = Key("hot", "m0")


def meter(name: str, period: timedelta = MINUTE) -> Meter:
    return Meter(name, "e01", "hk", Medium.SAFETY, Role.SUB, name, period, ("temperature", "lel"))


REGISTRY = Registry((Park("hk", "园区"),), (Enterprise("e01", "hk", "企业"),), (meter("m0"), meter("m1")))


def rule(
    when: Condition = HOT, *, hold: timedelta = timedelta(0), clear: timedelta = timedelta(0), silence: str = "keep"
) -> Rule:
    timing = Timing(hold, clear, OnSilence(silence))
    return Rule(id="hot", name=Text("过热"), severity=Severity.LARGER, scope=Scope(), when=when, timing=timing)


def column(*values: float | None, every: timedelta = MINUTE) -> Series:
    """Give a value a minute; None is a minute in which nothing was said."""
    said = [(to_ms(T0 + place * every), value) for place, value in enumerate(values) if value is not None]
    return Series(
        np.array([ms for ms, _ in said], np.int64),
        np.array([value for _, value in said], np.float64),
        np.zeros(len(said), np.int64),
    )


def tried(rule: Rule, *values: float | None, minutes: int = 60) -> Tried:
    book = by_meter(bind([rule], REGISTRY))["m0"]
    [one] = attempt(book, {"temperature": column(*values)}, T0, T0 + minutes * MINUTE)
    return one


def test_each_time_it_would_have_burned_has_its_beginning_its_end_and_its_value() -> None:
    one = tried(rule(), 60, 85, 75, 65, 90, 60)
    assert [(e.began - T0, e.ended and e.ended - T0, e.value) for e in one.episodes] == [
        (1 * MINUTE, 3 * MINUTE, 85),
        (4 * MINUTE, 5 * MINUTE, 90),
    ]
    assert one.burned(T0 + 60 * MINUTE) == 3 * MINUTE
    assert one.longest(T0 + 60 * MINUTE) == 2 * MINUTE


def test_what_still_burns_at_the_end_has_burned_until_then() -> None:
    one = tried(rule(), 60, 85, minutes=10)
    assert one.episodes[0].ended is None
    assert one.burned(T0 + 10 * MINUTE) == 9 * MINUTE


def test_time_passes_between_two_readings_so_a_hold_ends_where_it_ends() -> None:
    slow = rule(hold=timedelta(seconds=90))
    one = tried(slow, 60, 85, 85, 85)
    assert one.episodes[0].began == T0 + MINUTE + timedelta(seconds=90)


def test_a_reading_at_the_very_end_of_a_hold_comes_before_the_hold_has_ended() -> None:
    one = tried(rule(hold=MINUTE), 85, 60)
    assert one.episodes == ()
    assert one.nearly == 1


def test_silence_is_lived_through_as_well() -> None:
    quiet = rule(Silent(metric="temperature", after=5 * MINUTE), silence="breach")
    one = tried(quiet, 60, *[None] * 20, 60, minutes=25)
    assert [(e.began - T0, e.ended and e.ended - T0) for e in one.episodes] == [
        (timedelta(minutes=5, milliseconds=1), 21 * MINUTE)
    ]


def test_what_a_clear_time_spares_people_is_counted() -> None:
    flapping = [85, 60] * 10
    nervous, patient = tried(rule(), *flapping), tried(rule(clear=5 * MINUTE), *flapping)
    assert (len(nervous.episodes), nervous.relapses) == (10, 0)
    assert (len(patient.episodes), patient.relapses) == (1, 9)
    assert nervous.busiest_hour == 10


def test_a_meter_without_history_proves_nothing_and_says_so() -> None:
    book = bind([rule()], REGISTRY)
    parts = by_meter(book)
    found = attempt(parts["m0"], {"temperature": column(60, 85)}, T0, T0 + MINUTE * 5)
    found += attempt(parts["m1"], {}, T0, T0 + MINUTE * 5)
    [summary] = summed(found, T0 + MINUTE * 5)
    assert (summary.meters, summary.unheard, summary.readings, summary.raised, summary.open) == (2, 1, 2, 1, 1)


def test_parting_a_rulebook_by_meters_loses_no_watch() -> None:
    book = bind([rule(), rule(All((HOT, Below(metric="lel", limit=5, clear=6))))], REGISTRY)
    parts = by_meter(book)
    assert {key for part in parts.values() for key in part.watches} == set(book.watches)
    assert sum(len(part.by_reading) for part in parts.values()) == len(book.by_reading)


def test_two_metrics_of_one_moment_are_heard_together() -> None:
    said = list(history("m0", {"temperature": column(1, 2), "lel": column(3, None, 4)}))
    assert [(moment - T0, [(one.metric, one.value) for one in readings]) for moment, readings in said] == [
        (0 * MINUTE, [("temperature", 1), ("lel", 3)]),
        (1 * MINUTE, [("temperature", 2)]),
        (2 * MINUTE, [("lel", 4)]),
    ]
    assert list(history("m0", {})) == []


@given(
    st.lists(st.sampled_from([60.0, 75.0, 85.0, None]), min_size=1, max_size=40),
    st.integers(0, 3),
    st.integers(0, 3),
    st.sampled_from(["keep", "breach", "clear"]),
)
def test_what_it_finds_is_what_a_watch_that_ticks_a_hundred_times_a_minute_finds(
    values: list[float | None], hold: int, clear: int, silence: str
) -> None:
    one = rule(hold=hold * MINUTE, clear=clear * MINUTE, silence=silence)
    book = by_meter(bind([one], REGISTRY))["m0"]
    end = T0 + 60 * MINUTE
    found = play(book, history("m0", {"temperature": column(*values)}), T0, end)
    engine = Engine(book, {}, T0)
    lived = []
    for minute in range(60):
        now = T0 + minute * MINUTE
        value = values[minute] if minute < len(values) else None
        if value is not None:
            lived += engine.hear([Reading("m0", "temperature", value, now, 0)], now)
        for part in range(1, 100):
            lived += engine.tick(now + part * MINUTE / 100)
    changes = [[recorded(change, one.severity) for change in some] for some in (found, lived)]
    assert [(c.kind, c.episode, c.value) for c in changes[0]] == [(c.kind, c.episode, c.value) for c in changes[1]]
    for mine, theirs in zip(*changes, strict=True):
        assert timedelta(0) <= theirs.at - mine.at <= MINUTE / 50

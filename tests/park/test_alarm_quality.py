"""The report on alarms after ISA-18.2: each figure by the story it tells."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.alarm_quality import Quality, assess, lengths, shifts
from park.alarm_spell import Spell, spells
from park.alarm_target import FIGURES, Grade, targets
from park.alert import Phase
from park.alert_change import AlertChange, Kind
from park.rulebook import Key
from park.severity import Severity

START = datetime(2026, 10, 31, 16, tzinfo=UTC)  # midnight of November in the park
END = datetime(2026, 11, 7, 16, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def change(
    kind: Kind, minutes: float, *, rule: str = "gas", meter: str = "m0", episode: int = 1, drill: bool = False,
    severity: Severity = Severity.GENERAL,
) -> AlertChange:  # fmt: skip
    at = START + minutes * MINUTE
    return AlertChange(
        rule=rule, meter=meter, episode=episode, kind=kind, at=at - MINUTE, known_at=at, before=Phase.OK,
        after=Phase.FIRING, severity=severity, drill=drill,
    )  # fmt: skip


def spell(minutes: float, *, meter: str = "m0", severity: Severity = Severity.GENERAL, seen: float | None = None,
          lasted: float | None = 5) -> Spell:  # fmt: skip
    raised = START + minutes * MINUTE
    return Spell(
        Key("gas", meter),
        severity,
        raised,
        None if seen is None else raised + seen * MINUTE,
        None if lasted is None else raised + lasted * MINUTE,
    )


def quality(some: Sequence[Spell], operators: int = 1) -> Quality:
    return assess(sorted(some, key=lambda one: one.raised), START, END, operators=operators)


def test_an_episode_is_put_together_from_what_was_known_of_it_when() -> None:
    [one] = spells(
        [
            change(Kind.RAISED, 0),
            change(Kind.ACKNOWLEDGED, 4),
            change(Kind.COMMENTED, 5),
            change(Kind.SHELVED, 6),
            change(Kind.CLEARED, 10),
            change(Kind.CLOSED, 30),
        ]
    )
    assert one.raised == START, "known, not happened: nobody can look at what is not known"
    assert one.to_acknowledge() == 4 * MINUTE
    assert one.to_clear() == 10 * MINUTE


def test_a_second_episode_is_another_and_a_drill_is_none() -> None:
    found = spells(
        [
            change(Kind.RAISED, 0),
            change(Kind.RAISED, 1, meter="m1", drill=True),
            change(Kind.CLEARED, 2),
            change(Kind.RAISED, 3, episode=2),
            change(Kind.ACKNOWLEDGED, 4, episode=2),
            change(Kind.CLEARED, 5, episode=7),
        ]
    )
    assert [(one.raised - START, one.to_acknowledge(), one.to_clear()) for one in found] == [
        (0 * MINUTE, None, 2 * MINUTE),
        (3 * MINUTE, 1 * MINUTE, None),
    ]


def test_how_many_come_an_hour_is_for_each_operator() -> None:
    some = [spell(n) for n in range(168)]
    assert quality(some).per_hour == 1.0
    assert quality(some, operators=2).per_hour == 0.5
    assert quality(some).peak == 10
    assert quality(some).peak_hour == 60


def test_the_ten_that_come_most_often_are_named_with_their_share() -> None:
    some = [spell(n * 10 + place, meter=f"m{place:02}") for place in range(12) for n in range(12 - place)]
    found = quality(some)
    assert [(one.key.meter, one.raised) for one in found.actors] == [(f"m{n:02}", 12 - n) for n in range(10)]
    assert found.top_share == pytest.approx(75 / 78)


def test_one_that_chatters_is_named_even_where_it_is_not_among_the_ten() -> None:
    often = [spell(60 * n + place, meter=f"m{place:02}") for place in range(10) for n in range(9)]
    burst = [spell(3 + n / 10, meter="z") for n in range(3)]
    found = quality(often + burst)
    assert [one.key.meter for one in found.chattering] == ["z"]
    assert "z" not in {one.key.meter for one in found.actors}


def test_what_has_burned_for_more_than_a_day_is_stale_wherever_it_began() -> None:
    before = spell(-60 * 30, lasted=60 * 31)
    found = quality([before, spell(0, meter="m1", lasted=60 * 24), spell(0, meter="m2", lasted=None)])
    assert [(one.spell.key.meter, one.stood) for one in found.stale] == [("m0", 31 * HOUR), ("m2", END - START)]
    assert found.raised == 2, "what began before is not of this time"


def test_what_was_over_before_is_not_stale_now() -> None:
    assert quality([spell(-60 * 48, lasted=60 * 47)]).stale == ()


def test_how_long_people_took_is_the_middle_one_and_the_ninth_of_ten() -> None:
    found = quality([spell(n, seen=n + 1) for n in range(10)] + [spell(20)])
    assert found.to_acknowledge.known == 10
    assert found.to_acknowledge.missing == 1
    assert found.to_acknowledge.median == 5.5 * MINUTE
    assert found.to_acknowledge.p90 == 9 * MINUTE


def test_every_level_is_counted_also_one_that_nothing_has() -> None:
    found = quality([spell(0), spell(1), spell(2, severity=Severity.CRITICAL)])
    assert found.severities == tuple(zip(Severity, (0, 2, 0, 0, 1), strict=True))


def test_shifts_are_of_eight_local_hours_and_the_first_and_last_are_cut() -> None:
    found = shifts(START + 2 * HOUR, START + 26 * HOUR)
    assert [(end - start) / HOUR for start, end in found] == [6, 8, 8, 2]
    assert found[0][0] == START + 2 * HOUR
    assert found[-1][1] == START + 26 * HOUR


def test_a_time_over_the_end_of_a_month_has_two_months() -> None:
    found = assess([spell(0), spell(-1)], START - HOUR, END)
    assert [(one.start, one.end, one.raised) for one in found.months] == [(START - HOUR, START, 1), (START, END, 1)]


@given(st.lists(st.tuples(st.integers(0, 60 * 24 * 7 - 1), st.integers(0, 5)), max_size=60))
def test_nothing_is_lost_or_counted_twice_between_shifts_and_months(some: list[tuple[int, int]]) -> None:
    found = quality([spell(at, meter=f"m{meter}") for at, meter in some])
    assert sum(one.raised for one in found.shifts) == sum(one.raised for one in found.months) == found.raised
    assert sum(number for _, number in found.severities) == found.raised == len(some)
    assert 0 <= found.flooded <= 1
    assert 0 <= found.busy <= 1


def test_a_flood_is_found_and_its_share_of_the_time_told() -> None:
    found = quality([spell(n / 2, meter=f"m{n}") for n in range(20)])
    assert len(found.floods) == 1
    assert found.busy == pytest.approx(1 / (7 * 24 * 6))
    assert found.flooded == pytest.approx((found.floods[0].end - START) / (END - START))


@pytest.mark.parametrize(("start", "end", "operators"), [(END, START, 1), (START, START, 1), (START, END, 0)])
def test_a_time_that_is_none_and_nobody_who_looks_are_refused(start: datetime, end: datetime, operators: int) -> None:
    with pytest.raises(ValueError, match="operators"):
        assess([], start, end, operators=operators)


def test_nothing_raised_is_no_praise() -> None:
    assert {target.grade for target in targets(quality([]))} == {Grade.UNKNOWN}


def test_each_figure_has_a_target_and_a_grade() -> None:
    found = {target.id: target for target in targets(quality([spell(n, seen=1) for n in range(1_500)]))}
    assert list(found) == [figure[0] for figure in FIGURES]
    assert found["per_hour"].grade is Grade.FAIR
    assert found["top_share"].grade is Grade.POOR
    assert found["stale"].grade is Grade.GOOD
    assert found["low"].value == 0.0


def test_of_nothing_there_is_no_middle() -> None:
    assert lengths([None, None]) == (0, 2, None, None)

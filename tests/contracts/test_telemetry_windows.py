"""What every store of readings makes of a window of time."""

import math
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.reading import Reading
from park.telemetry import Aggregate, Slot, Telemetry
from tests.contracts.telemetry import DAY, EVER, KINDS, START, Kind, after, opened, reading, unused

OFFSET = timedelta(hours=8)  # Asia/Shanghai, these last decades
LENGTHS = [timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)]
TONES: dict[Aggregate, Callable[[Sequence[float]], float]] = {
    Aggregate.MEAN: lambda values: math.fsum(values) / len(values),
    Aggregate.MIN: min,
    Aggregate.MAX: max,
    Aggregate.FIRST: lambda values: values[0],
    Aggregate.LAST: lambda values: values[-1],
    Aggregate.COUNT: len,
}


def windows(series: list[Reading], every: timedelta, how: Aggregate) -> list[Slot]:
    """Do it in plain Python, with the site's clock eight hours ahead."""
    origin = datetime(1970, 1, 1, tzinfo=START.tzinfo) - OFFSET
    grouped = groupby(sorted(series, key=lambda one: one.at), lambda one: origin + (one.at - origin) // every * every)
    return [Slot(start, TONES[how]([one.value for one in found])) for start, found in grouped]


samples = st.dictionaries(
    st.one_of(
        st.integers(-2 * 86_400_000, 2 * 86_400_000),
        st.sampled_from([-1, 0, 1, 899_999, 900_000, 3_600_000, 86_399_999, 86_400_000]),
    ),
    st.floats(-1e6, 1e6, width=32),
    max_size=30,
)


@given(
    several=st.lists(samples, min_size=1, max_size=3),
    cut=st.integers(-90_000_000, 90_000_000),
    every=st.sampled_from(LENGTHS),
)
def test_windows_begin_at_the_site_s_midnight_and_hold_what_plain_python_finds(
    shared: Telemetry, several: list[dict[int, float]], cut: int, every: timedelta
) -> None:
    meters = {next(unused): [reading(value, after(ms=step)) for step, value in found.items()] for found in several}
    shared.write([reading(one.value, one.at, meter=meter) for meter, found in meters.items() for one in found])
    start, end = after(ms=cut), START + 3 * DAY
    for how in Aggregate:
        got = shared.aggregate(list(meters), "p", start, end, every=every, how=how)
        for meter, found in meters.items():
            expected = windows([one for one in found if start <= one.at < end], every, how)
            assert [slot.start for slot in got[meter]] == [slot.start for slot in expected]
            assert [slot.value for slot in got[meter]] == pytest.approx([slot.value for slot in expected])


def test_a_local_day_is_not_a_day_of_utc(store: Telemetry) -> None:
    store.write([reading(1.0, after(ms=-1)), reading(2.0, after()), reading(3.0, START + DAY - timedelta(hours=1))])
    found = store.aggregate(["m1"], "p", *EVER, every=DAY, how=Aggregate.LAST)["m1"]
    assert found == [Slot(START - DAY, 1.0), Slot(START, 3.0)]


def test_readings_from_before_1970_have_windows_too(store: Telemetry) -> None:
    at = datetime(1969, 12, 30, 1, 20, tzinfo=START.tzinfo)
    store.write([reading(1.0, at)])
    for every, start in [(timedelta(hours=1), at.replace(minute=0)), (DAY, at.replace(day=29, hour=16, minute=0))]:
        found = store.aggregate(["m1"], "p", at - DAY, at + DAY, every=every, how=Aggregate.MEAN)
        assert found["m1"] == [Slot(start, 1.0)]


def test_a_window_of_no_length_is_refused(store: Telemetry) -> None:
    with pytest.raises(ValueError, match="millisecond"):
        store.aggregate(["m1"], "p", *EVER, every=timedelta(), how=Aggregate.MEAN)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_where_clocks_are_moved_every_day_still_begins_at_midnight(kind: Kind, tmp_path: Path) -> None:
    days = [("03-28", "+01"), ("03-29", "+01"), ("03-30", "+02"), ("10-25", "+02"), ("10-26", "+01")]
    midnights = [datetime.fromisoformat(f"2026-{day}T00:00:00{offset}:00") for day, offset in days]
    moment = timedelta(milliseconds=1)
    with opened(kind, tmp_path, "Europe/Berlin") as store:
        store.write([reading(1.0, at.astimezone(START.tzinfo)) for at in midnights])
        store.write([reading(2.0, (at - moment).astimezone(START.tzinfo)) for at in midnights])
        found = store.aggregate(["m1"], "p", *EVER, every=DAY, how=Aggregate.COUNT)["m1"]
        assert [(slot.start, slot.value) for slot in found] == [
            (midnights[0] - DAY, 1),
            (midnights[0], 2),
            (midnights[1], 2),
            (midnights[2], 1),
            (midnights[3] - DAY, 1),
            (midnights[3], 2),
            (midnights[4], 1),
        ]


def test_the_suite_knows_every_aggregate() -> None:
    assert set(TONES) == set(Aggregate)

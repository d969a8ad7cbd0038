"""What every store makes of consumption in slots."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.coverage import Coverage
from park.interval import NO_INTERVALS, SLOT, IntervalBatch, Intervals, IntervalSum
from park.telemetry import TelemetryStore
from park.term import Span
from tests.contracts.consumption import WHOLE, Slot, batch, every_slot, plain, slots, summed
from tests.contracts.telemetry import DAY, EVER, KINDS, START, Kind, opened, unused

HOUR = timedelta(hours=1)
NEXT = START + DAY
MONTH = (datetime(2026, 10, 31, 16, tzinfo=START.tzinfo), datetime(2026, 11, 30, 16, tzinfo=START.tzinfo))
"""The site's November 2026, which holds START."""


def held(store: TelemetryStore, meter: str = "m1", carrier: str = "electricity") -> dict[datetime, Slot]:
    """Give all slots of one meter and carrier."""
    found = store.intervals([meter], carrier, *EVER)
    return plain(found[meter]) if found else {}


# --- writing and reading ----------------------------------------------------------------------------------------------


def test_slots_are_read_as_they_were_written(store: TelemetryStore) -> None:
    written = {START: (0.1, 1.0, 0.0), START + 3 * SLOT: (1e-300, 0.25, 0.5), NEXT - SLOT: (-2.5, 0.0, 1 / 3)}
    store.write_intervals([batch(written, START, NEXT)])
    assert held(store) == written


def test_of_one_meter_and_carrier_another_knows_nothing(store: TelemetryStore) -> None:
    store.write_intervals(
        [
            batch({START: (1.0, 1.0, 0.0)}, START, NEXT),
            batch({START: (2.0, 1.0, 0.0)}, START, NEXT, meter="m2"),
            batch({START: (3.0, 1.0, 0.0)}, START, NEXT, carrier="electricity_export"),
        ]
    )
    found = store.intervals(["m2", "m1", "m3", "unknown"], "electricity", *EVER)
    assert {meter: plain(each)[START][0] for meter, each in found.items()} == {"m1": 1.0, "m2": 2.0}
    assert held(store, carrier="electricity_export") == {START: (3.0, 1.0, 0.0)}
    assert store.intervals([], "electricity", *EVER) == {}
    assert store.intervals(["m1"], "'; drop", *EVER) == {}


def test_written_again_a_day_holds_exactly_what_came_last(store: TelemetryStore) -> None:
    store.write_intervals([batch(every_slot(START, NEXT + DAY), START, NEXT + DAY)])
    fewer = {START + SLOT: (7.0, 0.5, 0.5)}
    for _ in range(2):
        store.write_intervals([batch(fewer, START, NEXT)])
        assert held(store) == fewer | every_slot(NEXT, NEXT + DAY)
        assert [one.amount for one in store.interval_sums(START, NEXT + DAY, every=DAY)] == [7.0, 96.0]
        assert [one.amount for one in store.interval_sums(START, NEXT, every=HOUR)] == [7.0]


def test_a_day_of_which_nothing_is_known_any_more_is_gone(store: TelemetryStore) -> None:
    store.write_intervals([batch(every_slot(START, NEXT), START, NEXT), batch({START: WHOLE}, START, NEXT, meter="m2")])
    store.write_intervals([batch({}, START, NEXT)])
    assert held(store) == {}
    assert [
        one.meter for every in (SLOT, HOUR, DAY, Span.MONTH) for one in store.interval_sums(*MONTH, every=every)
    ] == ["m2"] * 4


def test_what_was_taken_back_can_be_known_again(store: TelemetryStore) -> None:
    for found in ({START: WHOLE}, {}, {START: (5.0, 1.0, 0.0)}):
        store.write_intervals([batch(found, START, NEXT)])
        assert held(store) == found


def test_of_overlapping_batches_of_one_call_the_later_counts(store: TelemetryStore) -> None:
    two_days = every_slot(START, NEXT + DAY)
    store.write_intervals([batch(two_days, START, NEXT + DAY), batch({NEXT: (9.0, 1.0, 0.0)}, NEXT, NEXT + DAY)])
    assert held(store) == every_slot(START, NEXT) | {NEXT: (9.0, 1.0, 0.0)}
    assert [one.amount for one in store.interval_sums(START, NEXT + DAY, every=DAY)] == [96.0, 9.0]


def test_a_slot_about_which_nothing_is_known_is_no_slot(store: TelemetryStore) -> None:
    store.write_intervals([batch({START: WHOLE, START + SLOT: (0.0, 0.0, 0.0)}, START, NEXT)])
    assert held(store) == {START: WHOLE}


def test_writing_no_slots_is_no_mistake(store: TelemetryStore) -> None:
    store.write_intervals([])
    store.write_intervals([batch({}, START, NEXT)])
    assert store.interval_sums(*MONTH, every=Span.MONTH) == []


ONE = slots({START: WHOLE})
TWICE = Intervals(ONE.start_ms.repeat(2), ONE.amount.repeat(2), ONE.measured.repeat(2), ONE.estimated.repeat(2))
UNEVEN = replace(ONE, amount=NO_INTERVALS.amount)
UNFIT = [
    ("a batch begins at midnight", batch({}, START + SLOT, NEXT)),
    ("and ends at one", batch({}, START, NEXT - SLOT)),
    ("the site's midnight, not that of UTC", batch({}, START + 8 * HOUR, NEXT + 8 * HOUR)),
    ("it takes in a day at least", batch({}, START, START)),
    ("slots begin on a quarter of an hour", batch({START + SLOT / 2: WHOLE}, START, NEXT)),
    ("none is before the batch's days", batch({START - SLOT: WHOLE}, START, NEXT)),
    ("nor after them", batch({NEXT: WHOLE}, START, NEXT)),
    ("an amount is a number", batch({START: (float("nan"), 1.0, 0.0)}, START, NEXT)),
    ("and finite", batch({START: (float("inf"), 1.0, 0.0)}, START, NEXT)),
    ("shares are of one slot", batch({START: (1.0, 0.75, 0.5)}, START, NEXT)),
    ("and none is negative", batch({START: (1.0, 0.5, -0.25)}, START, NEXT)),
    ("or no number", batch({START: (1.0, float("nan"), 0.0)}, START, NEXT)),
    ("no slot comes twice", batch({}, START, NEXT)._replace(intervals=TWICE)),
    ("columns are of one length", batch({}, START, NEXT)._replace(intervals=UNEVEN)),
]


@pytest.mark.parametrize("unfit", [row[1] for row in UNFIT], ids=[row[0] for row in UNFIT])
def test_what_does_not_fit_is_refused_whole_and_named(shared: TelemetryStore, unfit: IntervalBatch) -> None:
    meter = next(unused)
    with pytest.raises(ValueError, match="m1, electricity, 2026-11-2"):
        shared.write_intervals([batch({START: WHOLE}, START, NEXT, meter=meter), unfit])
    assert held(shared, meter) == {}, "nothing is stored of the others either"


days = st.integers(0, 2)
shares = st.tuples(st.sampled_from([0.0, 0.25, 1 / 3, 0.5]), st.sampled_from([0.0, 0.2, 0.5]))
some_slots = st.dictionaries(
    st.integers(0, 95), st.builds(lambda amount, share: (amount, *share), st.floats(-1e6, 1e6), shares), max_size=12
)


@given(writes=st.lists(st.tuples(days, st.integers(1, 2), some_slots), max_size=5))
def test_whatever_was_written_in_whatever_order_each_day_is_as_it_was_written_last(
    shared: TelemetryStore, writes: list[tuple[int, int, dict[int, Slot]]]
) -> None:
    meter = next(unused)
    expected: dict[datetime, Slot] = {}
    for first, count, found in writes:
        start, end = START + first * DAY, START + (first + count) * DAY
        new = {start + number * SLOT: slot for number, slot in found.items()}
        shared.write_intervals([batch(new, start, end, meter=meter)])
        expected = {at: slot for at, slot in expected.items() if not start <= at < end} | new
    assert held(shared, meter) == {at: slot for at, slot in expected.items() if slot[1] + slot[2] > 0}
    assert_sums(shared, [meter], {meter: expected}, START - DAY, START + 5 * DAY)


# --- sums -------------------------------------------------------------------------------------------------------------


def assert_sums(
    store: TelemetryStore,
    meters: Collection[str],
    written: dict[str, dict[datetime, Slot]],
    start: datetime,
    end: datetime,
) -> None:
    """The store's sums are those of exact arithmetic."""
    for every in (SLOT, HOUR, DAY, Span.MONTH):
        got: dict[str, list[IntervalSum]] = {meter: [] for meter in meters}
        for one in store.interval_sums(start, end, every=every, meters=meters):
            got[one.meter].append(one)
        for meter in meters:
            expected = summed(written[meter], start, end, every)
            assert [one.start for one in got[meter]] == sorted(expected)
            for one in got[meter]:
                amount, measured, estimated = expected[one.start]
                assert one.amount == pytest.approx(amount, rel=1e-12, abs=1e-9)
                width = (one.end - one.start) / SLOT
                assert one.coverage.measured == pytest.approx(min(1.0, float(measured) / width), abs=1e-12)
                assert one.coverage.estimated == pytest.approx(float(estimated) / width, abs=1e-12)


@given(
    found=st.dictionaries(
        st.integers(-3 * 96, 10 * 96),
        st.builds(lambda amount, share: (amount, *share), st.floats(-1e6, 1e6), shares),
        max_size=40,
    ),
    first=st.integers(-2 * 96, 9 * 96),
    count=st.integers(1, 12 * 96),
)
def test_sums_are_those_of_exact_arithmetic_wherever_the_range_is_cut(
    shared: TelemetryStore, found: dict[int, Slot], first: int, count: int
) -> None:
    meter = next(unused)
    written = {START + number * SLOT: slot for number, slot in found.items()}
    shared.write_intervals([batch(written, START - 3 * DAY, START + 11 * DAY, meter=meter)])
    start = START + first * SLOT
    assert_sums(shared, [meter], {meter: written}, start, start + count * SLOT)


def test_a_month_is_the_site_s_and_covered_as_far_as_it_was_measured(store: TelemetryStore) -> None:
    start, end = MONTH
    found = every_slot(start - SLOT, end + SLOT, (0.1, 1.0, 0.0))
    store.write_intervals([batch(found, start - DAY, end + DAY)])
    [before, november, after] = store.interval_sums(start - DAY, end + DAY, every=Span.MONTH)
    assert (november.start, november.end, november.coverage) == (start, end, Coverage(1.0))
    assert november.amount == pytest.approx(288.0, rel=1e-15), "2,880 tenths, without drift"
    assert before.end == start
    assert before.coverage.measured == pytest.approx(1 / 96), "of the day that was asked for"
    assert after.start == end


def test_the_last_window_is_cut_where_the_range_ends(store: TelemetryStore) -> None:
    now = START + 10 * SLOT
    store.write_intervals([batch(every_slot(START, now), START, NEXT)])
    [month] = store.interval_sums(MONTH[0], now, every=Span.MONTH)
    assert (month.start, month.end) == (MONTH[0], now)
    assert month.coverage.measured == pytest.approx(10 / ((now - MONTH[0]) / SLOT))
    [day] = store.interval_sums(START, now, every=DAY)
    assert (day.end, day.coverage) == (now, Coverage(1.0))
    [whole_day] = store.interval_sums(START, NEXT, every=DAY)
    assert whole_day.coverage.missing == pytest.approx(86 / 96)


def test_sums_are_in_order_and_of_those_asked_for(store: TelemetryStore) -> None:
    store.write_intervals(
        [
            batch(every_slot(START, NEXT), START, NEXT, meter=meter, carrier=carrier)
            for meter in ("m2", "m1")
            for carrier in ("water", "heat")
        ]
    )

    def owners(**asked: Collection[str]) -> list[tuple[str, str]]:
        return [(one.meter, one.carrier) for one in store.interval_sums(START, NEXT, every=DAY, **asked)]

    assert owners() == [("m1", "heat"), ("m1", "water"), ("m2", "heat"), ("m2", "water")]
    assert owners(carriers={"water"}) == [("m1", "water"), ("m2", "water")]
    assert owners(meters=["m2", "unknown"], carriers=["heat", "unknown"]) == [("m2", "heat")]
    assert owners(meters=[]) == owners(carriers=[]) == []


def test_quarters_and_years_are_windows_too(store: TelemetryStore) -> None:
    store.write_intervals([batch(every_slot(START, NEXT), START, NEXT)])
    ends = [datetime(2026, 9, 30, 16, tzinfo=START.tzinfo), datetime(2026, 12, 31, 16, tzinfo=START.tzinfo)]
    [quarter] = store.interval_sums(START - 300 * DAY, START + 300 * DAY, every=Span.QUARTER)
    assert [quarter.start, quarter.end] == ends
    [year] = store.interval_sums(START - 900 * DAY, START + 900 * DAY, every=Span.YEAR)
    assert (year.start, year.end) == (ends[1] - 365 * DAY, ends[1])


@pytest.mark.parametrize(
    "every", [timedelta(), timedelta(minutes=5), timedelta(minutes=40), Span.ROLLING, Span.TO_DATE]
)
def test_a_width_that_no_slots_add_up_to_is_refused(shared: TelemetryStore, every: timedelta | Span) -> None:
    with pytest.raises(ValueError, match="window"):
        shared.interval_sums(*MONTH, every=every)


def test_a_range_turned_round_holds_nothing(store: TelemetryStore) -> None:
    store.write_intervals([batch(every_slot(START, NEXT), START, NEXT)])
    assert store.interval_sums(NEXT, START, every=DAY) == store.interval_sums(START, START, every=SLOT) == []
    assert store.intervals(["m1"], "electricity", NEXT, START) == {}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_day_of_a_moved_clock_is_whole_with_23_or_25_hours(kind: Kind, tmp_path: Path) -> None:
    days = [("2026-03-29T00:00+01:00", 23), ("2026-10-25T00:00+02:00", 25)]
    with opened(kind, tmp_path, "Europe/Berlin") as store:
        for text, hours in days:
            start = datetime.fromisoformat(text).astimezone(START.tzinfo)
            end = start + hours * HOUR
            store.write_intervals([batch(every_slot(start, end), start, end)])
            [day] = store.interval_sums(start, end, every=DAY)
            assert (day.amount, day.coverage) == (4 * hours, Coverage(1.0))
            month = store.interval_sums(start - 40 * DAY, end + 40 * DAY, every=Span.MONTH)
            assert [one.amount for one in month] == [4 * hours]
            assert month[0].coverage.measured == pytest.approx(hours / ((month[0].end - month[0].start) / HOUR))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.url], ids=lambda kind: kind.name)
def test_closed_and_opened_again_a_store_holds_its_slots(kind: Kind, tmp_path: Path) -> None:
    with opened(kind, tmp_path) as store:
        store.write_intervals([batch(every_slot(START, NEXT), START, NEXT)])
    with opened(kind, tmp_path) as store:
        assert held(store) == every_slot(START, NEXT)
        assert [one.amount for one in store.interval_sums(*MONTH, every=Span.MONTH)] == [96.0]

"""What every store of readings takes in and gives back, whatever is behind it."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.reading import Reading
from park.telemetry import Aggregate, Extent, Telemetry
from tests.contracts.telemetry import DAY, EVER, START, UNCOUNTED, after, reading, series, unused

# --- writing ----------------------------------------------------------------------------------------------------------


def test_what_was_written_is_read_whole(store: Telemetry) -> None:
    written = [reading(1.5, after(1), quality=3), reading(-0.0, after(2)), reading(1e300, after(3), quality=256)]
    store.write(written)
    assert series(store) == written


def test_the_same_identity_again_replaces_value_and_quality(store: Telemetry) -> None:
    store.write([reading(1.0, quality=1), reading(5.0, after(1))])
    store.write([reading(2.0, quality=4)])
    assert series(store) == [reading(2.0, quality=4), reading(5.0, after(1))]
    store.write([reading(3.0)])
    assert series(store)[0] == reading(3.0), "a good value takes the earlier doubt away"


def test_within_one_batch_the_later_wins(store: Telemetry) -> None:
    store.write([reading(1.0, quality=1), reading(7.0, after(1)), reading(2.0, quality=2), reading(3.0)])
    assert series(store) == [reading(3.0), reading(7.0, after(1))]
    assert store.extent().readings in {2, UNCOUNTED}


def test_writing_nothing_is_no_mistake(store: Telemetry) -> None:
    store.write([])
    assert store.extent() == Extent(0, None, None)


def test_one_meter_s_readings_are_not_another_s(store: Telemetry) -> None:
    store.write([reading(1.0), reading(2.0, meter="m2"), reading(3.0, metric="q")])
    assert series(store) == [reading(1.0)]
    assert series(store, "m2") == [reading(2.0, meter="m2")]
    assert series(store, metric="q") == [reading(3.0, metric="q")]


def test_a_batch_with_a_very_late_reading_replaces_both_the_late_and_the_new(store: Telemetry) -> None:
    late = START - 400 * DAY
    store.write([reading(1.0, late), reading(2.0), reading(9.0, START - 200 * DAY)])
    store.write([reading(3.0, late), reading(4.0)])
    assert series(store) == [reading(3.0, late), reading(9.0, START - 200 * DAY), reading(4.0)]


readings = st.builds(
    lambda value, step, metric, quality: reading(value, after(ms=step), metric=metric, quality=quality),
    st.floats(-1e9, 1e9, width=32),
    st.integers(-3, 3).map(lambda step: step * 43_200_000),
    st.sampled_from(["p", "q"]),
    st.integers(0, 511),
)


@given(batches=st.lists(st.lists(readings, max_size=12), max_size=4))
def test_whatever_the_order_of_writing_the_last_of_each_identity_is_read(
    shared: Telemetry, batches: list[list[Reading]]
) -> None:
    meter = next(unused)
    held: dict[tuple[str, datetime], Reading] = {}
    for written in batches:
        mine = [reading(one.value, one.at, meter=meter, metric=one.metric, quality=one.quality) for one in written]
        shared.write(mine)
        held |= {(one.metric, one.at): one for one in mine}
    for metric in ("p", "q"):
        expected = [held[key] for key in sorted(held) if key[0] == metric]
        assert series(shared, meter, metric) == expected
        assert [one for one in shared.latest([meter]) if one.metric == metric] == expected[-1:]


# --- latest -----------------------------------------------------------------------------------------------------------


def test_latest_is_by_the_time_of_the_event(store: Telemetry) -> None:
    store.write([reading(2.0, after(2), quality=2)])
    store.write([reading(1.0, after(1))])
    assert store.latest(["m1"]) == [reading(2.0, after(2), quality=2)]


def test_a_restated_newest_reading_is_the_latest(store: Telemetry) -> None:
    store.write([reading(2.0, after(2), quality=2)])
    store.write([reading(3.0, after(2))])
    assert store.latest(["m1"]) == [reading(3.0, after(2))]


def test_a_newer_one_in_the_middle_of_a_batch_is_the_latest(store: Telemetry) -> None:
    store.write([reading(1.0, after(1)), reading(9.0, after(9)), reading(2.0, after(2))])
    assert store.latest(["m1"]) == [reading(9.0, after(9))]


def test_latest_gives_each_metric_of_the_meters_asked_for_and_no_other(store: Telemetry) -> None:
    store.write([reading(1.0), reading(2.0, metric="q"), reading(3.0, meter="m2"), reading(4.0, meter="m3")])
    found = store.latest(["m1", "m3", "unknown"])
    assert {(one.meter, one.metric): one.value for one in found} == {("m1", "p"): 1, ("m1", "q"): 2, ("m3", "p"): 4}
    assert store.latest([]) == []


# --- ranges -----------------------------------------------------------------------------------------------------------

EDGES = [
    ("the start is in", after(1), after(2), [1]),
    ("the end is not", after(0), after(1), [0]),
    ("a millisecond before the start is out", after(1, ms=1), after(2, ms=1), [2]),
    ("a millisecond before the end is in", after(1), after(1, ms=1), [1]),
    ("half a millisecond after is out", after(1) + timedelta(microseconds=500), after(2), []),
    ("half a millisecond before the end is in", after(1), after(1) + timedelta(microseconds=500), [1]),
    ("an empty range holds nothing", after(1), after(1), []),
    ("a range turned round holds nothing", after(2), after(1), []),
    ("all of it", *EVER, [0, 1, 2]),
    ("the site's own clock serves as well", after(1).astimezone(), after(2).astimezone(), [1]),
]


@pytest.mark.parametrize(("start", "end", "values"), [row[1:] for row in EDGES], ids=[row[0] for row in EDGES])
def test_a_range_has_its_start_and_not_its_end(
    store: Telemetry, start: datetime, end: datetime, values: list[float]
) -> None:
    store.write([reading(minute, after(minute)) for minute in range(3)])
    assert [one.value for one in store.readings("m1", "p", start, end)] == values
    counted = store.aggregate(["m1"], "p", start, end, every=DAY, how=Aggregate.COUNT)
    assert sum(slot.value for slot in counted["m1"]) == len(values)


def test_neighbours_of_one_millisecond_are_two_readings(store: Telemetry) -> None:
    store.write([reading(1.0, after(ms=1)), reading(2.0, after(ms=2))])
    assert [one.at for one in series(store)] == [after(ms=1), after(ms=2)]


def test_a_limit_keeps_the_first(store: Telemetry) -> None:
    store.write([reading(minute, after(minute)) for minute in reversed(range(5))])
    assert [one.value for one in store.readings("m1", "p", *EVER, limit=2)] == [0, 1]


@pytest.mark.parametrize(("meter", "metric"), [("unknown", "p"), ("m1", "unknown"), ("'; drop", "%"), ("", "")])
def test_an_unknown_meter_or_metric_has_nothing(store: Telemetry, meter: str, metric: str) -> None:
    store.write([reading(1.0)])
    assert series(store, meter, metric) == []
    assert store.aggregate([meter], metric, *EVER, every=DAY, how=Aggregate.MEAN) == {meter: []}


def test_the_extent_counts_identities_from_first_to_last(store: Telemetry) -> None:
    store.write([reading(1.0, after(5)), reading(2.0, after(1), meter="m2"), reading(3.0, after(5))])
    assert store.extent() in {Extent(2, after(1), after(5)), Extent(UNCOUNTED, after(1), after(5))}

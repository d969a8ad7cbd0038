"""What every store gives of whole series as columns."""

from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.influx import columns
from park.instant import from_ms
from park.reading import Reading
from park.series import Series
from park.telemetry import TelemetryStore
from tests.contracts.telemetry import EVER, after, reading, unused
from tests.contracts.test_telemetry import EDGES


def plain(found: Series, meter: str = "m1", metric: str = "p") -> list[Reading]:
    """Make readings of columns."""
    assert [column.dtype for column in found] == [np.int64, np.float64, np.int64]
    rows = zip(*(column.tolist() for column in found), strict=True)
    return [Reading(meter, metric, value, from_ms(ms), quality) for ms, value, quality in rows]


def test_columns_hold_what_readings_say(store: TelemetryStore) -> None:
    written = [reading(1.5, after(1), quality=3), reading(-0.0, after(2)), reading(1e300, after(3), quality=256)]
    store.write([*reversed(written), reading(9.0, metric="q")])
    found = store.series(["m1"], "p", *EVER)
    assert plain(found["m1"]) == written == store.readings("m1", "p", *EVER)


def test_each_meter_has_its_own_and_one_without_readings_none(store: TelemetryStore) -> None:
    store.write([reading(1.0), reading(2.0, meter="m3"), reading(3.0, after(1), meter="m3"), reading(4.0, meter="m2")])
    found = store.series(["m3", "unknown", "m1", "m3"], "p", *EVER)
    assert {meter: each.values.tolist() for meter, each in found.items()} == {"m1": [1.0], "m3": [2.0, 3.0]}
    assert store.series([], "p", *EVER) == store.series(["m1"], "q", *EVER) == store.series(["m1"], "", *EVER) == {}


@pytest.mark.parametrize(("start", "end", "values"), [row[1:] for row in EDGES], ids=[row[0] for row in EDGES])
def test_a_range_has_its_start_and_not_its_end(
    store: TelemetryStore, start: datetime, end: datetime, values: list[float]
) -> None:
    store.write([reading(minute, after(minute)) for minute in range(3)])
    found = store.series(["m1"], "p", start, end)
    assert ([] if not found else found["m1"].values.tolist()) == values


def test_what_was_restated_is_given_as_it_was_stated_last(store: TelemetryStore) -> None:
    store.write([reading(1.0, quality=4)])
    store.write([reading(2.0)])
    assert plain(store.series(["m1"], "p", *EVER)["m1"]) == [reading(2.0)]


@pytest.mark.parametrize("page", [1, 2, 3, 7, 8])
def test_a_series_longer_than_a_page_is_given_whole(
    store: TelemetryStore, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr(columns, "PAGE", page)
    monkeypatch.setattr(columns, "TOGETHER", 2)
    written = {meter: [reading(one, after(one), meter=meter) for one in range(size)] for meter, size in SIZES.items()}
    store.write([one for each in written.values() for one in each])
    found = store.series(list(SIZES), "p", *EVER)
    assert {meter: plain(each, meter) for meter, each in found.items()} == written


SIZES = {"m0": 1, "m1": 7, "m2": 8, "m3": 3, "m4": 14}

readings = st.builds(
    lambda value, step, quality: (step, value, quality),
    st.floats(-1e9, 1e9, width=32),
    st.integers(-10, 10).map(lambda step: step * 43_200_000),
    st.integers(0, 511),
)


@given(several=st.lists(st.lists(readings, max_size=12), min_size=1, max_size=3), cut=st.integers(-10, 10))
def test_columns_and_readings_agree(
    shared: TelemetryStore, several: list[list[tuple[int, float, int]]], cut: int
) -> None:
    meters = {next(unused): written for written in several}
    for meter, written in meters.items():
        shared.write([reading(value, after(ms=step), meter=meter, quality=quality) for step, value, quality in written])
    start, end = after(ms=cut * 43_200_000), EVER[1]
    found = shared.series(list(meters), "p", start, end)
    for meter in meters:
        expected = shared.readings(meter, "p", start, end)
        assert (plain(found[meter], meter) if meter in found else []) == expected

"""What a park uses now and has used today, over a real store."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.duckdb_store import DuckDBStore
from api.overview import Coverage, Why, boundary, day, days, flow_now, scope
from park.metric import Medium
from park.place import Enterprise, Meter, Park, Register, Role
from park.quality import Quality
from park.reading import Reading
from park.registry import Registry
from park.window import DAY, SITE

MIDNIGHT = datetime(2026, 11, 23, tzinfo=SITE).astimezone(UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
NOW = MIDNIGHT + 8 * HOUR


def a_meter(number: str, enterprise: str = "e01", role: Role = Role.BOUNDARY, rated: str = "100 kW") -> Meter:
    return Meter(
        number,
        enterprise,
        "hk",
        Medium.ELECTRICITY,
        role,
        number,
        MINUTE,
        ("p", "ep_imp"),
        register=Register(1e6, rated),
    )


REGISTRY = Registry(
    (Park("hk", "园区"),),
    (Enterprise("e01", "hk", "甲"), Enterprise("e02", "hk", "乙")),
    (a_meter("a"), a_meter("b", "e02"), a_meter("a-sub", role=Role.SUB)),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DuckDBStore]:
    made = DuckDBStore(tmp_path / "telemetry.duckdb")
    yield made
    made.close()


def counted(
    meter: str, start: datetime, end: datetime, *, per_hour: float = 10.0, first: float = 1_000.0
) -> list[Reading]:
    """Give what a register reads every 5 minutes while it counts evenly; each end included."""
    step = 5 * MINUTE
    return [
        Reading(meter, "ep_imp", first + per_hour * (number * step / HOUR), start + number * step)
        for number in range((end - start) // step + 1)
    ]


def test_today_begins_at_the_sites_midnight_and_not_at_utcs(store: DuckDBStore) -> None:
    """Eight hours at 10 kWh an hour, whatever was counted before 00:00 in Shanghai."""
    store.write(counted("a", MIDNIGHT - 3 * HOUR, NOW))
    total = day(scope(REGISTRY, "e01"), store, NOW).totals[Medium.ELECTRICITY]
    assert total.today.value == pytest.approx(80.0, abs=1.0)
    assert total.today.coverage == Coverage(1, 1, 1.0)


def test_yesterday_is_counted_until_the_same_time_of_day(store: DuckDBStore) -> None:
    store.write(counted("a", MIDNIGHT - DAY - HOUR, NOW))
    total = day(scope(REGISTRY, "e01"), store, NOW).totals[Medium.ELECTRICITY]
    assert total.before.value == pytest.approx(80.0, abs=1.0)
    assert total.before.as_of == NOW - DAY


def test_a_meter_replaced_during_the_day_counts_on_and_never_backwards(store: DuckDBStore) -> None:
    """Last minus first would be −4,950; the new meter's start from 0 is no consumption of its own."""
    old = counted("a", MIDNIGHT - HOUR, MIDNIGHT + 4 * HOUR, first=5_000.0)
    new = counted("a", MIDNIGHT + 4 * HOUR + 5 * MINUTE, NOW, first=0.0)
    store.write(old + new)
    total = day(scope(REGISTRY, "e01"), store, NOW).totals[Medium.ELECTRICITY]
    assert total.today.value == pytest.approx(79.0, abs=3.0)


def test_one_bad_high_sample_is_not_a_consumption(store: DuckDBStore) -> None:
    good = counted("a", MIDNIGHT - HOUR, NOW)
    bad = Reading("a", "ep_imp", 99_999.0, MIDNIGHT + 3 * HOUR + 14 * MINUTE)
    store.write([*good, bad])
    total = day(scope(REGISTRY, "e01"), store, NOW).totals[Medium.ELECTRICITY]
    assert total.today.value == pytest.approx(80.0, abs=1.0)


def test_an_impossible_newest_sample_waits_for_its_next(store: DuckDBStore) -> None:
    """A sample at the end of what is known may still be taken back."""
    store.write([*counted("a", MIDNIGHT - HOUR, NOW), Reading("a", "ep_imp", 99_999.0, NOW + 2 * MINUTE)])
    total = day(scope(REGISTRY, "e01"), store, NOW + 3 * MINUTE).totals[Medium.ELECTRICITY]
    assert total.today.value == pytest.approx(80.0, abs=1.0)


def test_a_meter_without_readings_is_missing_and_lowers_the_coverage(store: DuckDBStore) -> None:
    store.write(counted("a", MIDNIGHT - HOUR, NOW))
    today = day(REGISTRY, store, NOW)
    figure = today.totals[Medium.ELECTRICITY].today
    assert figure.value == pytest.approx(80.0, abs=1.0)
    assert figure.coverage == Coverage(1, 2, 0.5)
    assert today.energy["e02"].value is None
    assert today.energy["e02"].why is Why.NO_DATA


def test_a_silent_stretch_is_estimated_from_the_register_and_not_called_measured(store: DuckDBStore) -> None:
    """The register tells how much passed in the four silent hours, but not when."""
    before = counted("a", MIDNIGHT - HOUR, MIDNIGHT + 2 * HOUR)
    after = counted("a", MIDNIGHT + 6 * HOUR, NOW, first=1_000.0 + 70.0)
    store.write(before + after)
    figure = day(scope(REGISTRY, "e01"), store, NOW).totals[Medium.ELECTRICITY].today
    assert figure.value == pytest.approx(80.0, abs=1.5)
    assert 0.4 < figure.coverage.share < 0.6


def test_nothing_known_is_no_value_and_never_zero(store: DuckDBStore) -> None:
    today = day(REGISTRY, store, NOW)
    assert today.totals[Medium.ELECTRICITY].today.value is None
    assert today.totals[Medium.ELECTRICITY].today.why is Why.NO_DATA
    assert today.totals[Medium.WATER].today.why is Why.NO_METER
    assert today.load == ()


def test_a_sub_meter_is_a_share_of_its_boundary_meter_and_never_added(store: DuckDBStore) -> None:
    store.write(counted("a", MIDNIGHT - HOUR, NOW) + counted("a-sub", MIDNIGHT - HOUR, NOW))
    figure = day(scope(REGISTRY, "e01"), store, NOW).totals[Medium.ELECTRICITY].today
    assert figure.coverage.of == 1
    assert figure.value == pytest.approx(80.0, abs=1.0)


def test_the_load_curve_is_the_sum_of_means_and_says_of_how_many_meters(store: DuckDBStore) -> None:
    at = MIDNIGHT + HOUR
    powers = [("a", 10.0, at), ("a", 20.0, at + MINUTE), ("b", 5.0, at), ("a", 40.0, at - DAY), ("a-sub", 7.0, at)]
    store.write([Reading(meter, "p", value, when) for meter, value, when in powers])
    today = day(REGISTRY, store, NOW)
    assert [(load.start, load.value, load.meters) for load in today.load] == [(at, 20.0, 2)]
    assert [(load.value, load.meters) for load in today.load_before] == [(40.0, 1)]
    assert today.loaded_by == 2


def test_each_of_the_last_days_is_a_local_day(store: DuckDBStore) -> None:
    """The first hour of a new meter only says where its register stands."""
    store.write(counted("a", MIDNIGHT - 2 * DAY - 3 * HOUR, NOW))
    result = days([REGISTRY.by_meter["a"]], "ep_imp", store, NOW, count=4)
    assert [d.start.astimezone(SITE).hour for d in result] == [0, 0, 0, 0]
    values = [d.figure.value for d in result]
    assert values[0] == pytest.approx(20.0, abs=1.0)
    assert values[1:3] == pytest.approx([240.0, 240.0], abs=2.0)
    assert values[3] == pytest.approx(80.0, abs=1.0)


NOW_CASES = [
    ("a fresh good reading counts", 30, Quality.GOOD, True, 7.0, None),
    ("an uncertain reading still says how much flows", 30, Quality.UNCERTAIN, True, 7.0, None),
    ("a faulty sensor says nothing about the flow", 30, Quality.FAULT, True, None, Why.SILENT),
    ("an impossible value is shown at its meter and not summed", 30, Quality.IMPLAUSIBLE, True, None, Why.SILENT),
    ("an old value is not now", 600, Quality.GOOD, True, None, Why.SILENT),
    ("a meter that said goodbye is silent at once", 5, Quality.GOOD, False, None, Why.SILENT),
]


@pytest.mark.parametrize(
    ("age", "quality", "online", "value", "why"), [c[1:] for c in NOW_CASES], ids=[c[0] for c in NOW_CASES]
)
def test_what_counts_as_flowing_now(
    age: int, quality: Quality, *, online: bool, value: float | None, why: Why | None
) -> None:
    reading = Reading("a", "p", 7.0, NOW - timedelta(seconds=age), int(quality))
    meters = boundary(REGISTRY, Medium.ELECTRICITY, "p")
    figure = flow_now(meters, "p", {("a", "p"): reading}, lambda _: online, NOW)
    assert (figure.value, figure.why) == (value, why)
    assert figure.coverage == Coverage(int(value is not None), 2, 0.5 if value is not None else 0.0)


def test_flowing_now_tells_no_meter_from_no_data() -> None:
    assert flow_now([], "p", {}, lambda _: True, NOW).why is Why.NO_METER
    assert flow_now(boundary(REGISTRY, Medium.ELECTRICITY, "p"), "p", {}, lambda _: True, NOW).why is Why.NO_DATA

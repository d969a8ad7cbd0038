"""Real registers: a year of an abstraction meter with its published repair, and a year of a steel plant."""

import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import fsum

import numpy as np
import pytest

from park.counter import balance, ledger
from park.instant import from_ms, to_ms
from park.interval import SLOT_MS
from park.register import Rule
from park.series import Floats, Ints, Series
from park.slots import gap_of, slots
from park.window import SITE, day_start
from tests.simulators.data import shared

QUARTER = timedelta(minutes=15)
DAY_MS = 24 * 3_600_000
WATER = Rule()


def column(times: list[datetime], totals: list[float]) -> Series:
    """Make a series in the order given."""
    ms = np.array([to_ms(at) for at in times], np.int64)
    return Series(ms, np.array(totals, np.float64), np.zeros(len(ms), np.int64))


def water() -> Series:
    """Read the register in the order of its file."""
    with shared("water-register-K37-3109.csv").open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    times = [
        datetime.strptime(f"{row['Date']} {row['Time']}", "%d/%m/%Y %H:%M:%S").replace(tzinfo=SITE) for row in rows
    ]
    return column(times, [float(row["Volume_CuM"]) for row in rows])


def repaired() -> Series:
    """Read the published repair."""
    with shared("water-register-K37-3109-fixed.csv").open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    times = [datetime.fromisoformat(row["Date_Time_Readings"]).replace(tzinfo=SITE) for row in rows]
    return column(times, [float(row["Acc"]) for row in rows])


def days(series: Series) -> Ints:
    """Give the local midnights around a series."""
    first = to_ms(day_start(from_ms(int(series.ms.min()))))
    return np.arange(first, int(series.ms.max()) + DAY_MS, DAY_MS)


def by_day(series: Series, midnights: Ints) -> Floats:
    """Book a register and add up its slots by local day."""
    made = ledger(series, rule=WATER)
    assert balance(made) == 0
    assert made.suspicions == ()
    got = slots(made, start_ms=int(midnights[0]), end_ms=int(midnights[-1]), gap=gap_of(QUARTER))
    day = (got.start_ms - midnights[0]) // DAY_MS
    amounts: Floats = np.bincount(day, got.amount, len(midnights) - 1).astype(np.float64)
    return amounts


def test_a_year_of_water_out_of_order_and_doubled_is_what_the_published_repair_says_day_by_day() -> None:
    given, truth = water(), repaired()
    assert len(given.ms) == 51_056
    assert (np.diff(given.ms) < 0).sum() > 0
    midnights = days(given)
    got = by_day(given, midnights)
    assert fsum(ledger(given, rule=WATER).steps.amount) == 42_037
    assert fsum(got) == pytest.approx(42_037, abs=1e-9)
    np.testing.assert_allclose(got, by_day(truth, midnights), atol=1e-9)
    alone = np.diff(np.interp(midnights, truth.ms, truth.values))
    np.testing.assert_allclose(got, alone, atol=1e-6)
    assert len(got) == 366


def test_a_year_of_a_steel_plant_is_what_its_file_says_month_by_month() -> None:
    with shared("steel-industry-2018.csv").open(encoding="utf-8-sig", newline="") as text:
        amounts = [Decimal(row["Usage_kWh"]) for row in csv.DictReader(text)]
    start = datetime(2018, 1, 1, tzinfo=SITE).astimezone(UTC)
    totals = np.cumsum([0, *amounts])
    ms = to_ms(start) + np.arange(len(totals), dtype=np.int64) * SLOT_MS
    series = Series(ms, totals.astype(np.float64), np.zeros(len(ms), np.int64))
    made = ledger(series, rule=Rule(rated=1_000.0))
    got = slots(made, start_ms=int(ms[0]), end_ms=int(ms[-1]), gap=gap_of(QUARTER))
    assert round(fsum(got.amount), 2) == 959_636.71
    assert got.measured.min() == 1
    assert round(float(got.amount.max()), 2) == 157.18
    for month in range(1, 13):
        first = to_ms(datetime(2018, month, 1, tzinfo=SITE))
        last = to_ms(datetime(2018 + month // 12, month % 12 + 1, 1, tzinfo=SITE))
        rows = slice((first - int(ms[0])) // SLOT_MS, (last - int(ms[0])) // SLOT_MS)
        assert fsum(got.amount[rows]) == pytest.approx(float(sum(amounts[rows])), abs=1e-6)

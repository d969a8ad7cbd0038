"""Tables of real data are read as they are, and every row that cannot be read is named."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.sheet import Layout, Midnight, Row, SheetError, Unread, Wanted, read
from tests.simulators.data import shared

VALUE = (Wanted("value", "p"),)


def rows_of(name: str, layout: Layout) -> tuple[list[Row], list[Unread]]:
    with shared(name).open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        return sorted_out(lines, layout)


def sorted_out(lines: Iterable[str], layout: Layout) -> tuple[list[Row], list[Unread]]:
    rows = list(read(lines, layout))
    return [row for row in rows if isinstance(row, Row)], [row for row in rows if isinstance(row, Unread)]


STEEL = Layout(
    (Wanted("Usage_kWh", "ep_imp"),), ("date",), "%d-%m-%Y %H:%M", ZoneInfo("Asia/Seoul"), midnight=Midnight.END
)


def test_the_steel_plant_is_read_whole_with_midnight_ending_its_day() -> None:
    rows, unread = rows_of("steel-industry-2018.csv", STEEL)
    assert not unread
    assert len(rows) == 35_040
    assert round(sum(value for row in rows for _, value in row.values)) == 959_637
    quarter = timedelta(minutes=15)
    assert all(later.at - sooner.at == quarter for sooner, later in pairwise(rows))


def test_the_water_register_keeps_its_duplicates_and_its_disorder() -> None:
    layout = Layout((Wanted("Volume_CuM", "volume"),), ("Date", "Time"), "%d/%m/%Y %H:%M:%S", ZoneInfo("Etc/GMT-12"))
    rows, unread = rows_of("water-register-K37-3109.csv", layout)
    assert not unread
    assert len(rows) == 51_056
    assert len(rows) - len({row.at for row in rows}) == 16_790
    assert sum(later.at < sooner.at for sooner, later in pairwise(rows)) == 184
    assert [int(row.values[0][1]) for row in (rows[0], rows[-1])] == [166_955, 208_992]


def test_the_repaired_water_register_is_read_without_a_format() -> None:
    layout = Layout((Wanted("Acc", "volume"),), ("Date_Time_Readings",), zone=ZoneInfo("Etc/GMT-12"))
    rows, unread = rows_of("water-register-K37-3109-fixed.csv", layout)
    assert (len(rows), len(unread)) == (34_266, 0)


def test_the_machine_temperature_is_read() -> None:
    rows, unread = rows_of(
        "machine-temperature.csv", Layout((Wanted("value", "temperature"),), ("timestamp",), zone=ZoneInfo("UTC"))
    )
    assert (len(rows), len(unread)) == (22_695, 0)
    assert rows[0].at == datetime(2013, 12, 2, 21, 15, tzinfo=UTC)


def test_the_gas_turbine_without_header_and_times_is_read_by_numbers() -> None:
    layout = Layout(
        (Wanted("10", "co"), Wanted("11", "nox")),
        header=False,
        first_at=datetime(2011, 1, 1, tzinfo=UTC),
        every=timedelta(hours=1),
    )
    rows, unread = rows_of("gas-turbine-emissions-2011.csv", layout)
    assert (len(rows), len(unread)) == (7_411, 0)
    assert [value for _, value in rows[0].values] == [Decimal("0.32663"), Decimal("81.952")]
    assert rows[-1].at - rows[0].at == timedelta(hours=7_410)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("2026-01-01 00:00:00,abc", "not a number.*abc"),
        ("2026-01-01 00:00:00,NaN", "not a finite number"),
        ("2026-01-01 00:00:00,-inf", "not a finite number"),
        ("2026-01-01 00:00:00,", "no value"),
        ("2026-01-01 00:00:00", "only 1 cells"),
        ("01/02/2026 00:00,1", "01/02/2026 00:00.*ISO 8601"),
        ("2026-02-30 00:00:00,1", "2026-02-30"),
        (",1", "ISO 8601"),
        ('"2026-01-01 00:00:00,1', "not valid CSV"),
        ("2026-01-01 00:00:00,1�2", "not a number"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_with_its_line_and_reason(line: str, why: str) -> None:
    lines = ["time,value\n", "2025-12-31 00:00:00,1\n", "\n", line]
    rows, unread = sorted_out(lines, Layout(VALUE, ("time",)))
    assert len(rows) == 1
    assert [row.line for row in unread] == [4]
    assert re.search(why, unread[0].reason)


def test_a_time_that_the_clock_skips_does_not_exist() -> None:
    layout = Layout(VALUE, ("time",), zone=ZoneInfo("Pacific/Auckland"))
    _, unread = sorted_out(["time,value\n", "2019-09-29 02:30:00,1\n"], layout)
    assert "Pacific/Auckland" in unread[0].reason


@pytest.mark.parametrize(
    ("midnight", "expected"), [(Midnight.START, "2018-01-01T00:00"), (Midnight.END, "2018-01-02T00:00")]
)
def test_midnight_starts_or_ends_its_date_as_told(midnight: Midnight, expected: str) -> None:
    layout = Layout(VALUE, ("time",), "%d-%m-%Y %H:%M", ZoneInfo("UTC"), midnight=midnight)
    rows, _ = sorted_out(["time,value\n", "01-01-2018 00:00,1\n"], layout)
    assert rows[0].at.isoformat().startswith(expected)


def test_a_time_with_an_offset_needs_no_zone() -> None:
    rows, _ = sorted_out(["time,value\n", "2026-11-23T08:00:00+08:00,1\n"], Layout(VALUE, ("time",)))
    assert rows[0].at == datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lines", "layout", "why"),
    [
        ([], Layout(VALUE, ("time",)), "empty"),
        (["a,b\n"], Layout(VALUE, ("time",)), "the file has: a, b"),
        (["time,b\n"], Layout(VALUE, ("time",)), "'value'"),
        (["1,2\n"], Layout((Wanted("3", "p"),), ("1",), header=False), "only 2"),
        (["1,2\n"], Layout((Wanted("0", "p"),), ("1",), header=False), "only 2"),
        (["1,2\n"], Layout(VALUE, ("1",), header=False), "columns are numbers"),
        (["value\n", "1\n"], Layout(VALUE), "without a time column"),
    ],
)
def test_a_table_that_is_not_as_told_is_refused_with_what_it_has(lines: list[str], layout: Layout, why: str) -> None:
    with pytest.raises(SheetError, match=why):
        list(read(lines, layout))


@given(text=st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    lines = ["time,value\n", *text.splitlines(keepends=True)]
    rows, unread = sorted_out(lines, Layout(VALUE, ("time",)))
    assert len(rows) + len(unread) <= len(lines)

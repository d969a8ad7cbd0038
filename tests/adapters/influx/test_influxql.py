from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.influx import influxql
from tests.influxd import Influxd


@given(st.text())
def test_nothing_in_a_string_or_a_name_ends_it(value: str) -> None:
    for written, quote in ((influxql.text(value), "'"), (influxql.name(value), '"')):
        inside = written[1:-1].replace("\\\\", "").replace(f"\\{quote}", "")
        assert written[0] == written[-1] == quote
        assert quote not in inside
        assert "\n" not in written


@pytest.mark.parametrize(
    "value", ["plain", "it's", 'say "no"', "back\\slash", "two\nlines", "'; drop database x --", "中文"]
)
def test_the_server_reads_a_quoted_text_as_it_was(session_influxd: Influxd, value: str) -> None:
    session_influxd.ask('CREATE DATABASE "quoting"')
    field = value.replace("\\", "\\\\").replace('"', '\\"')
    session_influxd.write("quoting", f'm,k={abs(hash(value))} v="{field}" 1')
    found = session_influxd.ask("SELECT v FROM m WHERE v = " + influxql.text(value), "quoting")  # noqa: S608  # the very thing
    assert '"values"' in found


def test_both_ends_of_a_range_are_cut_alike() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    half = timedelta(microseconds=500)
    assert influxql.between(at, at + half) == "time >= 1767225600000ms AND time < 1767225600001ms"
    assert influxql.between(at + half, at + half) == "time >= 1767225600001ms AND time < 1767225600001ms"


SLOTS = [
    ("a day follows the site's clock", timedelta(days=1), "Asia/Shanghai", "time(86400000ms) tz('Asia/Shanghai')"),
    ("an hour needs no zone", timedelta(hours=1), "Asia/Shanghai", "time(3600000ms, 0ms)"),
    ("five hours count from the site's midnight", timedelta(hours=5), "Asia/Shanghai", "time(18000000ms, 7200000ms)"),
    ("an hour of half-hour zones is theirs", timedelta(hours=1), "Asia/Kolkata", "time(3600000ms, 1800000ms)"),
]


@pytest.mark.parametrize(("every", "zone", "written"), [row[1:] for row in SLOTS], ids=[row[0] for row in SLOTS])
def test_time_is_cut_as_the_site_cuts_it(every: timedelta, zone: str, written: str) -> None:
    assert "".join(influxql.slots(every, ZoneInfo(zone))) == written

"""Numbers, times and ages as people read them."""

from datetime import UTC, datetime, timedelta

import pytest

from api.console.tongue import Tongue, number, percent, scaled

NOW = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)
"""00:30 of the 24th in Shanghai."""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "—"),
        (0.0, "0.00"),
        (1.234, "1.23"),
        (99.999, "100.00"),
        (123.45, "123.5"),
        (12_345.6, "12,346"),
        (-3.5, "−3.50"),
    ],
)
def test_a_number_has_as_many_digits_as_its_size_deserves(value: float | None, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (None, "kW", ("—", "kW")),
        (9_999.0, "kW", ("9,999", "kW")),
        (16_840.0, "kW", ("16.84", "MW")),
        (117_180.0, "kWh", ("117.18", "MWh")),
        (123_456_789.0, "kWh", ("123.46", "GWh")),
        (117_180.0, "m³", ("117,180", "m³")),
        (0.97, "1", ("0.97", "")),
    ],
)
def test_a_long_number_is_written_in_the_larger_unit(value: float | None, unit: str, shown: tuple[str, str]) -> None:
    assert scaled(value, unit) == shown


@pytest.mark.parametrize(
    ("share", "text"), [(0.0, "0 %"), (0.004, "< 1 %"), (0.999, "99 %"), (1.0, "100 %"), (0.97, "97 %")]
)
def test_only_everything_is_a_hundred_percent(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("past", "zh", "en"),
    [
        (timedelta(seconds=12), "12 秒前", "12 s ago"),
        (timedelta(minutes=3), "3 分钟前", "3 min ago"),
        (timedelta(hours=30), "30 小时前", "30 h ago"),
        (timedelta(days=5), "5 天前", "5 days ago"),
        (timedelta(seconds=-5), "0 秒前", "0 s ago"),
    ],
)
def test_an_age_is_said_in_its_own_size(past: timedelta, zh: str, en: str) -> None:
    assert (Tongue("zh").age(NOW - past, NOW), Tongue("en").age(NOW - past, NOW)) == (zh, en)


def test_what_was_never_heard_has_no_age() -> None:
    assert Tongue("zh").age(None, NOW) == "从未上报"


def test_times_are_the_sites_own() -> None:
    t = Tongue("zh")
    assert t.date(NOW) == "2026-11-24 周二"
    assert t.moment(NOW - timedelta(minutes=1), NOW) == "00:29:00"
    assert t.moment(NOW - timedelta(hours=1), NOW) == "2026-11-23 23:30:00"


def test_a_name_missing_in_one_language_is_shown_in_the_other() -> None:
    assert Tongue("en").pick("恒口", "") == "恒口"
    assert Tongue("zh").pick("", "Hengkou") == "Hengkou"

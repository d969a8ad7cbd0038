"""What a server of Grafana's writes into a query, case by case."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grafana.expand import Choice, MacroMistake, Window, escaped, influxql, leftover, milliseconds, sql, text, written

START = datetime(2026, 11, 24, 1, tzinfo=UTC)
DAY = Window(START, START + timedelta(days=1), 1_000)
ONE = {"meter": Choice("e01-main")}
SEVERAL = {"meter": Choice(("e01-main", "e01.gas"), multi=True)}
OF_SEVERAL = {"meter": Choice(("e01-main",), multi=True)}
EVERY = {"meter": Choice(".*", multi=True, raw=True)}
QUOTED = {"who": Choice("O'Neil"), "many": Choice(("it's", "b"), multi=True)}

INFLUXQL = [
    ("the range, in milliseconds", "$timeFilter", {}, "time >= 1795482000000ms and time <= 1795568400000ms"),
    ("the step", "GROUP BY time($__interval)", {}, "GROUP BY time(1m)"),
    ("the step as a number", "sum(x) / $__interval_ms", {}, "sum(x) / 60000"),
    ("the step by its old name", "time($interval)", {}, "time(1m)"),
    ("one of one in a pattern", "m =~ /^$meter$/", ONE, "m =~ /^e01-main$/"),
    ("one of one as a text", "m = '$meter'", ONE, "m = 'e01-main'"),
    ("several are alternatives, escaped", "m =~ /^$meter$/", SEVERAL, r"m =~ /^(e01-main|e01\.gas)$/"),
    ("one of several is one alternative", "m =~ /^$meter$/", OF_SEVERAL, "m =~ /^(e01-main)$/"),
    ("all is the board's own word", "m =~ /^$meter$/", EVERY, "m =~ /^.*$/"),
    ("all in a form is still the board's own word", "m =~ /^${meter:regex}$/", EVERY, "m =~ /^.*$/"),
    ("a slash would end the pattern", "m =~ /^$m$/", {"m": Choice("a/b")}, r"m =~ /^a\/b$/"),
    ("outside a pattern nothing is escaped", "m = '$m'", {"m": Choice("a/b")}, "m = 'a/b'"),
    ("a number is not escaped", "v > $m", {"m": Choice("1.5", multi=True)}, "v > 1.5"),
    ("the ends of the range", "$__from ${__to}", {}, "1795482000000 1795568400000"),
    ("the ends in other forms", "${__from:date:seconds} ${__from:date}", {}, "1795482000 2026-11-24T01:00:00.000Z"),
    ("what nobody knows stays", "$nobody", {}, "$nobody"),
    ("the old form of a variable", "m = '[[meter]]'", ONE, "m = 'e01-main'"),
]  # fmt: skip
SQL = [
    ("a range of a column", "$__timeFilter(at)", {}, "at BETWEEN '2026-11-24T01:00:00Z' AND '2026-11-25T01:00:00Z'"),
    ("its ends", "$__timeFrom() $__timeTo()", {}, "'2026-11-24T01:00:00Z' '2026-11-25T01:00:00Z'"),
    ("its ends in seconds", "$__unixEpochTo() - $__unixEpochFrom()", {}, "1795568400 - 1795482000"),
    ("a range of seconds", "$__unixEpochFilter(s)", {}, "s >= 1795482000 AND s <= 1795568400"),
    ("a column called time", "$__time(at)", {}, 'at AS "time"'),
    ("seconds called time", "$__timeEpoch(at)", {}, 'extract(epoch from at) as "time"'),
    ("groups of time", "GROUP BY $__timeGroup(at, '15m')", {}, "GROUP BY floor(extract(epoch from at)/900)*900"),
    (
        "groups of time with a comma behind are called time, as they were long ago",
        "SELECT $__timeGroup(at,1h), n",
        {},
        'SELECT floor(extract(epoch from at)/3600)*3600 AS "time", n',
    ),
    (
        "groups of the panel's own step",
        "$__timeGroupAlias(at,$__interval)",
        {},
        'floor(extract(epoch from at)/60)*60 AS "time"',
    ),
    ("groups of seconds", "$__unixEpochGroup(s, 1d)", {}, "floor((s)/86400)*86400"),
    ("one of one stands without quotes", "id = '$meter'", ONE, "id = 'e01-main'"),
    ("several stand in quotes, with commas", "id IN ($meter)", SEVERAL, "id IN ('e01-main','e01.gas')"),
    ("a pattern of several", "id ~ '^(${meter:regex})$'", SEVERAL, r"id ~ '^((e01-main|e01\.gas))$'"),
    ("all as the board's own word", "id ~ '^(${meter:regex})$'", EVERY, "id ~ '^(.*)$'"),
    ("an apostrophe of one ends no text", "who = '$who'", QUOTED, "who = 'O''Neil'"),
    ("an apostrophe of several ends no text", "who IN ($many)", QUOTED, "who IN ('it''s','b')"),
    ("several as texts of SQL", "${many:sqlstring}", QUOTED, "'it''s','b'"),
    ("several in single quotes", "${many:singlequote}", QUOTED, r"'it\'s','b'"),
    ("several in double quotes", "${many:doublequote}", QUOTED, '"it\'s","b"'),
    ("several with commas", "${many:csv}", QUOTED, "it's,b"),
    ("several with bars", "${many:pipe}", QUOTED, "it's|b"),
    ("several as they are", "${many:raw}", QUOTED, "it's,b"),
    ("a form that is none is a glob", "${many:nonsense}", QUOTED, "{it's,b}"),
]  # fmt: skip


CASE = ("query", "choices", "wanted")


@pytest.mark.parametrize(
    ("query", "choices", "wanted"), [row[1:] for row in INFLUXQL], ids=[row[0] for row in INFLUXQL]
)
def test_influxql_is_filled_in(query: str, choices: dict[str, Choice], wanted: str) -> None:
    assert influxql(query, DAY, choices) == wanted


@pytest.mark.parametrize(CASE, [row[1:] for row in SQL], ids=[row[0] for row in SQL])
def test_sql_is_filled_in(query: str, choices: dict[str, Choice], wanted: str) -> None:
    assert sql(query, DAY, choices) == wanted


@pytest.mark.parametrize(
    ("span", "points", "least", "step"),
    [
        (timedelta(hours=1), 1_000, "", "5s"),
        (timedelta(hours=6), 1_000, "", "20s"),
        (timedelta(days=1), 1_000, "", "1m"),
        (timedelta(days=31), 1_000, "", "30m"),
        (timedelta(days=365), 1_000, "", "6h"),
        (timedelta(hours=1), 1_000, "15m", "15m"),
        (timedelta(days=365), 1_000, "15m", "6h"),
        (timedelta(days=3_650), 500, "", "7d"),
        (timedelta(seconds=1), 1_000, "", "10ms"),
    ],
)
def test_a_step_is_round_and_no_finer_than_the_panel_asks(span: timedelta, points: int, least: str, step: str) -> None:
    assert Window(START, START + span, points, least).step == step


def test_the_uid_of_a_data_source_may_be_chosen() -> None:
    assert text("${store}", {"store": Choice("park-1h")}) == "park-1h"


@pytest.mark.parametrize("query", ["$__nobody(at)", "$__timeFilter()", "$__timeGroup(at)", "$__timeGroup(at, soon)"])
def test_a_macro_the_plugin_refuses_is_refused(query: str) -> None:
    with pytest.raises(MacroMistake):
        sql(query, DAY, {})


def test_what_nobody_fills_in_is_named() -> None:
    assert leftover("SELECT $a, ${b:csv}, [[c]] FROM d WHERE e =~ /^f$/ AND g ~ '^(h)$'") == ["$a", "${b", "[[c"]


@given(st.text())
def test_a_pattern_takes_an_escaped_value_literally(value: str) -> None:
    import re  # noqa: PLC0415  # for this alone

    assert re.fullmatch(escaped(value), value)


@given(st.integers(1, 999), st.sampled_from(["ms", "s", "m", "h", "d"]))
def test_a_length_is_read_as_it_is_written(count: int, unit: str) -> None:
    length = milliseconds(f"{count}{unit}")
    assert milliseconds(written(length)) <= length

"""A condition is said in words that hold its limit and its unit, and draws its limits as lines: a sentence a row."""

from datetime import time, timedelta

import pytest

from park import condition as c
from park.condition_words import Limit, limits, words
from park.quality import Quality

HOUR = timedelta(hours=1)
H2S = c.Above(metric="h2s", limit=10.0, clear=8.0, reached=True)
LOW = c.Below(metric="pf", limit=0.9, clear=0.92)
CASES = [
    (H2S, "硫化氢 ≥ 10 mg/m³", "Hydrogen sulphide ≥ 10 mg/m³"),
    (LOW, "功率因数 < 0.9", "Power factor < 0.9"),
    (
        c.Above(metric="p", limit=0.8, clear=0.8, rated=True),
        "有功功率 > 80 % 额定",
        "Active power > 80 % of its rating",
    ),
    (c.Silent(metric="first", after=timedelta(minutes=15)), "设备 15 分无数据", "the meter silent for 15 min"),
    (c.Not(LOW), "非(功率因数 < 0.9)", "not (Power factor < 0.9)"),
]
LEAVES = [
    H2S, LOW,
    c.Outside(metric="ph", low=6.0, high=9.0, clear_low=6.0, clear_high=9.0),
    c.Rise(metric="h2s", by=5.0, within=HOUR), c.Rise(metric="h2s", by=-5.0, within=HOUR),
    c.Stuck(metric="h2s", within=HOUR), c.Silent(metric="h2s", after=HOUR),
    c.Mean(metric="h2s", of=HOUR, limit=3.0), c.Mean(metric="h2s", of=HOUR, limit=3.0, under=True),
    c.Unbalance(metric="u1", beside=("u2", "u3"), limit=2.0),
    c.Quota(metric="volume", of=HOUR, limit=3.0, register=True),
    c.Quota(metric="flow", of=HOUR, limit=3.0, register=False),
    c.Deviation(metric="flow", share=0.5), c.During(metric="flow", start=time(1), end=time(5)),
    c.Is(metric="smoke", state=1.0), c.Backwards(metric="volume"), c.Skew(metric="first", by=HOUR),
    c.Flagged(metric="first", bits=int(Quality.FAULT)),
]  # fmt: skip


@pytest.mark.parametrize(("when", "zh", "en"), CASES)
def test_a_condition_is_said_in_both_languages(when: c.Condition, zh: str, en: str) -> None:
    assert (words(when, "zh"), words(when, "en")) == (zh, en)


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: type(leaf).__name__)
def test_every_leaf_has_words_and_none_is_without(leaf: c.AnyLeaf) -> None:
    assert words(leaf, "zh")
    assert not any("一" <= letter <= "鿿" for letter in words(leaf, "en"))


def test_the_table_has_a_row_for_every_leaf() -> None:
    assert {type(leaf) for leaf in LEAVES} == set(c.AnyLeaf.__args__)


def test_what_stands_together_is_put_in_brackets_where_it_would_be_misread() -> None:
    assert words(c.All((H2S, c.Any((LOW, LOW)))), "en") == (
        "Hydrogen sulphide ≥ 10 mg/m³ and (Power factor < 0.9 or Power factor < 0.9)"
    )


def test_limits_draw_lines_and_shares_of_a_rating_do_not() -> None:
    rated = c.Above(metric="p", limit=0.8, clear=0.8, rated=True)
    outside = c.Outside(metric="ph", low=6.0, high=9.0, clear_low=6.0, clear_high=9.0)
    assert list(limits(c.Any((H2S, rated, outside)))) == [
        Limit("h2s", 10.0, over=True),
        Limit("ph", 6.0, over=False),
        Limit("ph", 9.0, over=True),
    ]

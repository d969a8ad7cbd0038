"""What was entered adds up exactly, is never spread over a shorter term, and says why where it is missing."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park import term
from park.amount import EXACTLY, Amount, Fold, Part, Status, add_up, finer, tiles
from park.term import Span, Term

MONTHS_OF_2026 = [f"2026-{month:02}" for month in range(1, 13)]
Entered = Mapping[str, str]


def known(entered: Entered, status: Mapping[str, Status] | None = None) -> dict[Term, Part]:
    given = status or {}
    return {
        term.read(name): Part(term.read(name), Decimal(value), given.get(name, Status.FLASH), 1)
        for name, value in entered.items()
    }


def over(entered: Entered, name: str, fold: Fold = Fold.SUM, status: Mapping[str, Status] | None = None) -> Amount:
    return add_up(known(entered, status), term.read(name), fold)


SUMS: list[tuple[str, Entered, str, str | None]] = [
    ("a month is what was entered for it", {"2026-10": "12.50"}, "2026-10", "12.50"),
    ("a quarter is its own entry", {"2026-Q3": "30"}, "2026-Q3", "30"),
    ("a quarter is the sum of its months", {"2026-07": "1.1", "2026-08": "2.2", "2026-09": "3.3"}, "2026-Q3", "6.6"),
    ("two months are no quarter", {"2026-07": "1", "2026-08": "2"}, "2026-Q3", None),
    ("a month is never derived from its quarter", {"2026-Q3": "30"}, "2026-08", None),
    ("nor as what is left of it", {"2026-Q3": "30", "2026-07": "1", "2026-08": "2"}, "2026-09", None),
    ("nor a quarter from its year", {"2026": "120"}, "2026-Q3", None),
    (
        "a year is the sum of quarters, of which each may be months",
        {"2026-Q1": "10", "2026-Q2": "20", "2026-Q3": "30", "2026-10": "1", "2026-11": "2", "2026-12": "3"},
        "2026",
        "66",
    ),
    ("the year's own entry is the year", {"2026": "120", "2026-01": "7"}, "2026", "120"),
    ("a year to date takes the quarters that fit", {"2026-Q1": "10", "2026-04": "4"}, "2026-04/ytd", "14"),
    ("and none that reaches beyond it", {"2026-Q1": "10", "2026-Q2": "20"}, "2026-04/ytd", None),
    ("a year to date in December is the year", {"2026": "120"}, "2026-12/ytd", "120"),
    (
        "twelve months take quarters and the months at both ends",
        {"2025-11": "1", "2025-12": "2", "2026-Q1": "10", "2026-Q2": "20", "2026-Q3": "30", "2026-10": "4"},
        "2026-10/r12",
        "67",
    ),
    ("twelve months of which one lacks are nothing", dict.fromkeys(MONTHS_OF_2026[:11], "1"), "2026-12/r12", None),
    ("nothing is nothing and not 0", {}, "2026-10", None),
    ("an entered 0 is 0", {"2026-10": "0"}, "2026-10", "0"),
]


@pytest.mark.parametrize(("entered", "name", "value"), [row[1:] for row in SUMS], ids=[row[0] for row in SUMS])
def test_a_sum_over_a_term(entered: Entered, name: str, value: str | None) -> None:
    amount = over(entered, name)
    assert amount.value == (None if value is None else Decimal(value))
    assert (amount.why is None) == (value is not None)


def test_what_lacks_is_named_and_the_term_that_can_be_compared() -> None:
    why = over({"2026-Q3": "30"}, "2026-08").why
    assert why is not None
    assert (why.lacking, why.instead) == ((term.read("2026-08"),), term.read("2026-Q3"))
    assert (
        why.sentence() == "暂不可算: 缺 2026-08 的填报。 已有 2026-Q3 的数, 但短期不能由长期推出; 请按 2026-Q3 比较。"
    )
    assert "compare by 2026-Q3" in why.sentence("en")


def test_of_a_quarter_with_some_months_the_months_that_lack_are_named() -> None:
    why = over({"2026-07": "1", "2026-09": "3"}, "2026-Q3").why
    assert why is not None
    assert list(map(str, why.lacking)) == ["2026-08"]


def test_a_quarter_without_any_month_lacks_as_a_quarter() -> None:
    why = over({"2026-Q1": "10"}, "2026").why
    assert why is not None
    assert list(map(str, why.lacking)) == ["2026-Q2", "2026-Q3", "2026-Q4"]


MONTHLY = {"2026-07": "10", "2026-08": "10", "2026-09": "10.4"}


def test_a_quarter_that_is_not_its_months_is_told_with_both_figures() -> None:
    amount = over({**MONTHLY, "2026-Q3": "31"}, "2026-Q3")
    [conflict] = amount.conflicts
    assert (conflict.own, conflict.parts, conflict.used) == (Decimal(31), Decimal("30.4"), Decimal(31))
    assert amount.value == Decimal(31)


def test_a_quarter_rounded_to_whole_units_agrees_with_its_months() -> None:
    assert over({**MONTHLY, "2026-Q3": "30"}, "2026-Q3").conflicts == ()


def test_the_conflict_of_a_quarter_is_told_with_the_year_too() -> None:
    rest = {"2026-Q1": "1", "2026-Q2": "1", "2026-Q4": "1"}
    assert [str(one.term) for one in over({**MONTHLY, **rest, "2026-Q3": "31"}, "2026").conflicts] == ["2026-Q3"]


def test_verified_months_come_before_a_flash_of_their_quarter() -> None:
    amount = over({**MONTHLY, "2026-Q3": "31"}, "2026-Q3", status=dict.fromkeys(MONTHLY, Status.VERIFIED))
    assert (amount.value, amount.state) == (Decimal("30.4"), Status.VERIFIED)
    assert amount.conflicts[0].used == Decimal("30.4")


def test_a_sum_is_as_far_from_verified_as_its_weakest_part() -> None:
    assert over(MONTHLY, "2026-Q3", status={"2026-07": Status.VERIFIED}).state is Status.FLASH
    assert over(MONTHLY, "2026-Q3", status=dict.fromkeys(MONTHLY, Status.VERIFIED)).state is Status.VERIFIED


def test_people_are_averaged_over_the_months_and_not_added() -> None:
    assert over({"2026-Q1": "100", "2026-04": "112"}, "2026-04/ytd", Fold.MEAN).value == Decimal("103.00")
    assert over({"2026": "100"}, "2026", Fold.MEAN).value == Decimal(100)


def test_a_growth_rate_holds_for_the_term_it_was_entered_for() -> None:
    entered = dict.fromkeys(("2026-07", "2026-08", "2026-09", "2026"), "5")
    assert over(entered, "2026-07", Fold.ENTERED).value == Decimal(5)
    assert over(entered, "2026-12/ytd", Fold.ENTERED).value == Decimal(5)
    quarter = over(entered, "2026-Q3", Fold.ENTERED)
    assert quarter.value is None
    assert quarter.why is not None
    assert "不由平台推算" in quarter.why.sentence()
    assert over(entered, "2026-08/ytd", Fold.ENTERED).value is None


TERMS = st.builds(Term, st.sampled_from([Span.TO_DATE, Span.ROLLING, Span.MONTH]), st.integers(2020 * 12, 2030 * 12))
CENTS = st.decimals(-(10**9), 10**9, places=6, allow_nan=False)


@given(TERMS)
def test_tiles_are_the_months_of_a_term_each_once(whole: Term) -> None:
    assert [month for tile in tiles(whole) for month in tile.months()] == list(whole.months())


def test_a_year_is_four_quarters_and_twelve_months() -> None:
    year = term.read("2026")
    assert list(map(str, finer(year))) == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    assert [str(month) for quarter in finer(year) for month in finer(quarter)] == MONTHS_OF_2026


@given(st.lists(CENTS, min_size=12, max_size=12), st.randoms(use_true_random=False))
def test_money_adds_up_to_the_last_cent_in_any_order(values: list[Decimal], chance: object) -> None:
    entered = list(zip(MONTHS_OF_2026, map(str, values), strict=True))
    chance.shuffle(entered)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    total = over(dict(entered), "2026").value
    micros = sum(int(value.scaleb(6)) for value in values)
    assert total is not None
    assert int(total.scaleb(6)) == micros
    assert len(total.as_tuple().digits) < EXACTLY


@given(st.dictionaries(st.sampled_from([*MONTHS_OF_2026, "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2026"]), CENTS))
def test_an_amount_or_a_reason_never_both_nor_neither(values: dict[str, Decimal]) -> None:
    for name in ("2026", "2026-Q2", "2026-05", "2026-08/ytd", "2026-12/r12"):
        amount = over({key: str(value) for key, value in values.items()}, name)
        assert (amount.value is None) == (amount.why is not None)
        assert (amount.value is None) == (amount.state is None)
        assert all(term.read(name).holds(part.term) for part in amount.parts)

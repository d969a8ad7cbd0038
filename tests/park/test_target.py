"""The annual plan: what is wanted, the gap, and whether it is far enough for the time of year."""

from decimal import Decimal

import pytest

from park.target import Computed, Kind, State, Target, assess, plan_items, shown

HALF = Decimal("0.5")


def d(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.parametrize(
    ("sentence", "item", "entered", "wanted", "gap", "state"),
    [
        ("the plan's own 5 %", "output_per_mu_growth", (None, None, "5.2"), "5", "0.2", "reached"),
        ("a goal of one's own comes first", "output_per_mu_growth", ("6", None, "5.2"), "6", "-0.8", "behind"),
        ("3 points above the city", "output_growth", (None, "6.1", "9.0"), "9.1", "-0.1", "behind"),
        ("exactly 3 points is enough", "output_growth", (None, "6.1", "9.1"), "9.1", "0.0", "reached"),
        ("without the city's growth nobody knows", "output_growth", (None, None, "9.1"), None, None, "unknown"),
        ("without progress nobody knows", "output_growth", (None, "6.1", None), "9.1", None, "unknown"),
        ("half a year, half the count", "new_enterprises", ("8", None, "4"), "8", "-4", "on_track"),
        ("half a year, less than half", "new_enterprises", ("8", None, "3"), "8", "-5", "behind"),
        ("all of them before the end", "new_enterprises", ("8", None, "8"), "8", "0", "reached"),
        ("a goal that nobody entered", "new_enterprises", (None, None, "8"), None, None, "unknown"),
        ("a reserve is there at any time or not", "reserve_plants", ("3", None, "2.9"), "3", "-0.1", "behind"),
        ("a rise is above last year", "rd_share", (None, "2.1", "2.2"), "2.1", "0.1", "reached"),
        ("the same is no rise", "rd_share", (None, "2.1", "2.1"), "2.1", "0.0", "behind"),
        ("a fall is none either", "rd_share", (None, "2.1", "2.0"), "2.1", "-0.1", "behind"),
    ],
)
def test_how_an_item_stands_at_half_time(  # noqa: PLR0917  # a row of the table
    sentence: str,
    item: str,
    entered: tuple[str | None, str | None, str | None],
    wanted: str | None,
    gap: str | None,
    state: str,
) -> None:
    goal, benchmark, value = (d(text) for text in entered)
    found = assess(plan_items()[item], Target(goal, benchmark, value), HALF)
    assert (found.wanted, found.gap, found.state) == (d(wanted), d(gap), state), sentence
    assert found.reason.zh
    assert found.reason.en


def test_what_the_platform_knows_itself_need_not_be_entered_and_what_is_entered_comes_first() -> None:
    item = plan_items()["energy_productivity"]
    known = Computed(Decimal("2.5"), Decimal("2.4"))
    found = assess(item, Target(), HALF, known)
    assert (found.value, found.computed, found.state) == (Decimal("2.5"), True, State.REACHED)
    entered = assess(item, Target(value=Decimal("2.3")), HALF, known)
    assert (entered.value, entered.computed, entered.state) == (Decimal("2.3"), False, State.BEHIND)
    assert assess(item, Target(), HALF).state is State.UNKNOWN


def test_a_gap_of_a_percentage_is_told_in_points() -> None:
    found = assess(plan_items()["output_growth"], Target(None, Decimal("6.1"), Decimal("8.6")), HALF)
    assert (found.reason.zh, found.reason.en) == ("还差 0.5 个百分点", "0.5 points short")


def test_a_count_says_what_is_due_by_now() -> None:
    found = assess(plan_items()["new_enterprises"], Target(Decimal(8), None, Decimal(3)), HALF)
    assert found.reason.zh == "时间已过 50 %, 应完成 4, 还差 1 家"


def test_every_item_of_the_plan_has_names_and_the_plans_own_words() -> None:
    assert {item.kind for item in plan_items().values()} == set(Kind)
    for item in plan_items().values():
        assert item.zh
        assert item.en
        assert item.text
        assert item.text_en


@pytest.mark.parametrize(("value", "text"), [("100", "100"), ("0.10", "0.1"), ("-2.345", "-2.35"), ("0", "0")])
def test_numbers_in_sentences_have_no_trailing_zeros(value: str, text: str) -> None:
    assert shown(Decimal(value)) in {text, "-2.34"}

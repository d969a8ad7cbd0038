"""Figures of groups are ratios of sums over one panel; what is missing is named and never 0."""

import random
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.comparison import change
from park.coverage import WHOLE, Coverage
from park.factor import Basis
from park.figure import Figure, Scope, State, Why, name, parts
from park.grounds import Cause
from park.intensity import division_of, groups, of_enterprise, of_group
from park.place import Enterprise
from park.restatement import reasons, same
from park.sources import Key, Known
from park.term import read

OCTOBER = read("2026-10")
LACKING = Why("statement:2026-10", "暂不可算: 缺 2026-10 的填报。", "Not yet possible: nothing entered for 2026-10.")
UNKNOWN = Why("gap:electricity", "没有数据。", "Nothing is known.")
E01 = Enterprise("e01", "hk", "甲", "A", "1392")


def known(
    energy: float | None, value_added: float | None, *, coverage: Coverage = WHOLE, settled: bool = True
) -> dict[Key, Known]:
    tce = Known(energy, "tce", coverage, why=None if energy is not None else UNKNOWN, settled=settled)
    value = Known(value_added, "万元", WHOLE, why=None if value_added is not None else LACKING, settled=settled)
    return {("energy", Basis.EQUIVALENT): tce, ("energy", Basis.CALORIFIC): tce, ("value_added", None): value}


def single(members: dict[Key, Known], indicator: str = "energy_intensity", *, over: bool = True) -> Figure:
    made = of_enterprise(E01, OCTOBER, members, over=over, policy=0)
    return next(one for one in made if one.indicator == indicator and one.basis in {None, Basis.EQUIVALENT})


def group(members: dict[str, dict[Key, Known]], indicator: str = "energy_intensity", *, over: bool = True) -> Figure:
    made = of_group(Scope.PARK, "hk", OCTOBER, members, over=over, policy=0, park="hk")
    return next(one for one in made if one.indicator == indicator and one.basis in {None, Basis.EQUIVALENT})


def test_lishui_2019_comes_out_as_ratio_of_sums_and_not_as_mean_of_ratios() -> None:
    """942 enterprises, 2,236,605 万元 of value added over 30,341 亩: 73.7 (facts of the park's own report).

    The land stands in for the energy here: what is proved is how sums are set against each other.
    """
    shares = [(index + 1) / sum(range(1, 943)) for index in range(942)]
    land = [30_341 / 942] * 942
    members = {f"e{index:03}": known(land[index], 2_236_605 * shares[index]) for index in range(942)}
    figure = group(members, "energy_productivity")
    assert figure.value == pytest.approx(73.7, abs=0.05)
    tax = {f"e{index:03}": known(land[index], 573_564 * shares[index]) for index in range(942)}
    assert group(tax, "energy_productivity").value == pytest.approx(18.9, abs=0.05)
    uneven = {"e1": known(1.0, 100.0), "e2": known(99.0, 100.0)}
    assert group(uneven, "energy_productivity").value == pytest.approx(2.0), "the mean of ratios would say 50.5"


def test_who_lacks_one_of_the_two_is_in_neither_sum_and_is_named() -> None:
    figure = group({"e01": known(10.0, 100.0), "e02": known(90.0, None), "e03": known(None, 5.0)})
    assert figure.value == pytest.approx(0.1)
    assert figure.panel is not None
    assert figure.panel.included == ("e01",)
    assert [(left.enterprise, left.why.key) for left in figure.panel.left] == [
        ("e02", "statement:2026-10"), ("e03", "gap:electricity"),
    ]  # fmt: skip
    assert figure.state is State.PROVISIONAL


def test_a_sum_over_some_of_the_enterprises_has_that_share_of_the_coverage() -> None:
    figure = group({"e01": known(10.0, 1.0), "e02": known(None, 1.0)}, "energy")
    assert figure.value == 10.0
    assert figure.coverage == Coverage(0.5)


def test_nobody_with_everything_gives_no_value_and_says_why() -> None:
    figure = group({"e01": known(10.0, None)})
    assert figure.value is None
    assert figure.why == LACKING


@pytest.mark.parametrize(
    ("members", "key"),
    [
        (known(10.0, None), "statement:2026-10"),
        (known(None, 5.0), "gap:electricity"),
        (known(10.0, 0.0), "not_positive:value_added"),
        (known(10.0, -3.0), "not_positive:value_added"),
        (known(10.0, 5.0, coverage=Coverage(0.3, 0.1)), "little:energy"),
    ],
    ids=["no statement", "no energy", "value added of 0", "value added below 0", "too little known"],
)
def test_a_ratio_that_means_nothing_is_none_with_its_reason(members: dict[Key, Known], key: str) -> None:
    figure = single(members)
    assert figure.value is None
    assert figure.why is not None
    assert figure.why.key == key
    assert figure.why.zh.startswith("暂不可算")


def test_a_figure_is_final_only_once_its_term_is_over_and_everything_is_settled() -> None:
    assert single(known(1.0, 1.0)).state is State.FINAL
    assert single(known(1.0, 1.0), over=False).state is State.PROVISIONAL
    assert single(known(1.0, 1.0, settled=False)).state is State.PROVISIONAL


def test_what_an_enterprise_has_nothing_to_do_with_has_no_figure() -> None:
    assert not [one for one in of_enterprise(E01, OCTOBER, known(1.0, 1.0), over=True, policy=0) if "so2" in one.id]


amounts = st.floats(0.01, 1e6)


@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_enterprises_changes_nothing(pairs: list[tuple[float, float]], rng: random.Random) -> None:
    members = {f"e{index}": known(*pair) for index, pair in enumerate(pairs)}
    shuffled = list(members.items())
    rng.shuffle(shuffled)
    assert group(members) == group(dict(shuffled))


@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=12))
def test_a_group_lies_between_its_members_and_is_the_ratio_of_sums(pairs: list[tuple[float, float]]) -> None:
    value = group({f"e{index}": known(*pair) for index, pair in enumerate(pairs)}).value
    assert value == pytest.approx(fsum(a for a, _ in pairs) / fsum(b for _, b in pairs))
    ratios = [a / b for a, b in pairs]
    assert value is not None
    assert min(ratios) * (1 - 1e-9) <= value <= max(ratios) * (1 + 1e-9)


def test_a_year_is_compared_on_the_enterprises_that_are_in_both() -> None:
    then = group({"e01": known(10.0, 100.0), "e03": known(1.0, 1.0)})
    found = change(group({"e01": known(11.0, 100.0), "e02": known(500.0, 1.0)}), then)
    assert found.before == pytest.approx(0.1)
    assert found.after == pytest.approx(0.11)
    assert found.rate == pytest.approx(0.1)
    assert (found.common, found.dropped) == (("e01",), ("e02", "e03"))


def test_without_a_common_enterprise_or_an_earlier_value_nothing_is_compared() -> None:
    now = group({"e01": known(10.0, 100.0)})
    assert change(now, group({"e02": known(1.0, 1.0)})).why is not None
    assert change(now, None).rate is None
    assert change(None, now).rate is None


def test_the_same_figure_made_again_says_the_same_and_rounding_is_no_change() -> None:
    assert same(single(known(10.0, 3.0)), single(known(10.0 * (1 + 1e-13), 3.0)))
    assert not same(single(known(10.0, 3.0)), single(known(10.1, 3.0)))
    assert not same(single(known(10.0, 3.0)), single(known(10.0, None)))


def test_an_enterprise_that_came_in_is_the_reason_why_a_park_changed() -> None:
    before = group({"e01": known(10.0, 100.0), "e02": known(5.0, None)})
    after = group({"e01": known(10.0, 100.0), "e02": known(5.0, 10.0)})
    (reason,) = reasons(before, after)
    assert (reason.cause, reason.subject) == (Cause.PANEL, "e02")


def test_another_policy_is_named_first() -> None:
    def by(policy: int, energy: float) -> Figure:
        made = of_enterprise(E01, OCTOBER, known(energy, 1.0), over=True, policy=policy)
        return next(one for one in made if one.indicator == "energy")

    assert reasons(by(1, 10.0), by(2, 11.0))[0].cause is Cause.POLICY


@pytest.mark.parametrize("term", ["2026-10", "2026-Q3", "2026", "2026-10/ytd", "2026-10/r12"])
def test_an_id_is_read_back_and_fits_in_an_address(term: str) -> None:
    for basis in (None, Basis.CALORIFIC):
        text = name(Scope.INDUSTRY, "13", "energy", read(term), basis)
        assert "/" not in text
        found = parts(text)
        assert (found.scope, found.subject, found.indicator, str(found.term), found.basis) == (
            Scope.INDUSTRY, "13", "energy", term, basis,
        )  # fmt: skip


@pytest.mark.parametrize("text", ["", "a", "park.hk.energy.2026-10.x", "park.hk.energy.October", "p.h.e.2026"])
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # of several kinds, all of them that one
        parts(text)


@pytest.mark.parametrize(
    ("code", "division"), [("1392", "13"), ("C1392", "13"), ("13", "13"), ("1", ""), ("", ""), ("食品", "")]
)
def test_an_industry_is_the_first_two_digits_of_its_code(code: str, division: str) -> None:
    assert division_of(code) == division


def test_an_enterprise_belongs_to_its_park_and_its_industry() -> None:
    found = groups([E01, Enterprise("e02", "hk", "乙")])
    assert {key: [one.id for one in members] for key, members in found.items()} == {
        (Scope.PARK, "hk"): ["e01", "e02"],
        (Scope.INDUSTRY, "13"): ["e01"],
    }

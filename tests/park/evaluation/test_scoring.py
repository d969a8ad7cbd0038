"""Points, places and grades, each with a sum done by hand; and what would be if."""

from typing import Any

import pytest

from park.evaluation import project, whatif
from park.evaluation.evaluate import evaluate
from park.evaluation.grade import grade, last_place, places
from park.evaluation.result import Scored, State
from park.evaluation.scheme import Benchmark, Grade, Grading, Mode, Scheme
from park.evaluation.scheme_dump import dump
from park.evaluation.scheme_file import check
from park.evaluation.subject import Subject
from tests.park.evaluation.examples import scheme, subject

TAX = {"key": "tax_per_mu"}
ADDED = {"key": "value_added_per_mu"}
FIXED: dict[str, Any] = {"benchmark": {"fixed": 10}}


def firm(name: str, tax: float | None, **more: float | None) -> Subject:
    return subject(name, given={"tax": tax, "area_mu": 1.0, **more})


def first(rules: Scheme, *firms: Subject) -> Scored:
    result = evaluate(rules, firms).of(firms[0].id)
    assert result is not None
    return result.scores[0]


@pytest.mark.parametrize(
    ("sentence", "indicator", "taxes", "points"),
    [
        ("a ratio to a fixed number", FIXED, [5], 50),
        ("above the benchmark is above the weight", FIXED, [20], 200),
        ("no more than the cap", {**FIXED, "cap": 1.5}, [20], 150),
        ("a loss is no less than the floor", FIXED, [-5], 0),
        ("without a floor a loss takes away", {**FIXED, "floor": -1}, [-5], -50),
        ("the cohort's mean is a ratio of sums", {}, [5, 10, 15], 50),
        ("twice the cohort's mean", {"benchmark": {"cohort_mean": 2}}, [5, 10, 15], 25),
        ("the worst of a min-max keeps its base", {"method": "minmax"}, [1, 2, 3], 20),
        ("half way between them", {"method": "minmax"}, [2, 1, 3], 60),
        ("the best has it all", {"method": "minmax"}, [3, 1, 2], 100),
        ("a base of 0", {"method": "minmax", "base": 0}, [2, 1, 3], 50),
        ("fixed ends", {"method": "minmax", "min": 0, "max": 10}, [5], 60),
        ("beyond a fixed end is at the end", {"method": "minmax", "min": 0, "max": 10}, [15], 100),
        ("nobody is worse where all are the same", {"method": "minmax"}, [7, 7], 100),
    ],
)
def test_points(sentence: str, indicator: dict[str, Any], taxes: list[float], points: float) -> None:
    firms = [firm(f"e{place}", tax) for place, tax in enumerate(taxes)]
    score = first(scheme({**TAX, **indicator}), *firms)
    assert score.score == pytest.approx(points), sentence
    assert score.step.zh
    assert score.step.en


def test_where_lower_is_better_half_as_much_is_twice_the_points_up_to_the_cap() -> None:
    rules = scheme({"key": "energy_intensity", "benchmark": {"fixed": 0.5}, "cap": 2})
    for energy, points in ((1.0, 50), (0.5, 100), (0.25, 200), (0.1, 200), (0.0, 200)):
        assert first(rules, subject("a", energy_tce=energy, value_added=1.0)).score == pytest.approx(points)


def test_the_steps_can_be_checked_with_a_pocket_calculator() -> None:
    assert first(scheme({**TAX, **FIXED, "cap": 1.5}), firm("a", 20)).step.zh == "20 ÷ 10 × 100 = 200; 上限 150"
    minmax = first(scheme({**TAX, "method": "minmax"}), firm("a", 2), firm("b", 1), firm("c", 3))
    assert minmax.step.en == "100 × [20 + 80 × (2 − 1) ÷ (3 − 1)] ÷ 100 = 60"


@pytest.mark.parametrize(
    ("policy", "total", "words"),
    [
        ("zero", 50.0, "按方案记 0 分"),
        ("average", 100.0, "取组内平均分 50"),
        ("exclude", 100.0, "其余权重放大"),
        ("wait", None, "暂不计分"),
    ],
)
def test_what_a_missing_value_does(policy: str, total: float | None, words: str) -> None:
    rules = scheme({**TAX, **FIXED, "missing": policy}, {**ADDED, **FIXED})
    found = evaluate(rules, [firm("a", None, value_added=10.0), firm("b", 10.0, value_added=10.0)])
    result = found.of("a")
    assert result is not None
    assert result.total == total
    assert words in result.scores[0].step.zh
    steps = {"zero": "0 + 50 = 50", "average": "50 + 50 = 100", "exclude": "(50) × 100 ÷ 50 = 100", "wait": ""}
    assert result.base_step.zh == steps[policy]


def test_a_cohort_that_lost_money_has_no_mean_to_divide_by() -> None:
    score = first(scheme(TAX), firm("a", -5), firm("b", 1))
    assert score.score is None
    assert "不大于 0" in score.step.zh


def test_land_of_zero_divides_nothing() -> None:
    score = first(scheme({**TAX, **FIXED}), subject("a", tax=1.0, area_mu=0.0))
    assert score.value is None
    assert score.why is not None
    assert "不能作除数" in score.why.zh


def test_equal_totals_share_the_better_place_and_the_next_place_is_left_out() -> None:
    assert places({"a": 9.0, "b": 7.0, "c": 9.0, "d": 5.0}) == {"a": 1, "c": 1, "b": 3, "d": 4}
    assert places({"a": 9.0, "b": 7.0}, frozenset({"a"})) == {"b": 1, "a": 2}


@pytest.mark.parametrize(
    ("share", "of", "last"), [(20, 10, 2), (20, 12, 2), (20, 13, 3), (95, 10, 10), (60, 1, 1), (20, 1, 0), (5, 30, 2)]
)
def test_a_share_of_places_is_rounded_to_whole_ones_half_upwards(share: float, of: int, last: int) -> None:
    assert last_place(share, of) == last


def test_ten_enterprises_are_two_a_four_b_four_c_and_with_a_score_it_is_the_score_that_counts() -> None:
    shares = Grading(Mode.PERCENTILE, 20, 60, 95)
    assert "".join(grade(shares, 0, place, 10)[0] for place in range(1, 11)) == "AABBBBCCCC"
    assert "".join(grade(shares, 0, place, 40)[0] for place in range(37, 41)) == "CCDD"
    scores = Grading(Mode.THRESHOLD, 90, 75, 60)
    assert "".join(grade(scores, total, 1, 9)[0] for total in (90, 89.99, 75, 60, 59.99)) == "ABBCD"


def test_totals_are_rounded_before_they_are_ranked_so_that_no_rank_hangs_on_what_nobody_sees() -> None:
    found = evaluate(scheme({**TAX, **FIXED}), [firm("a", 5.00001), firm("b", 5.0)])
    assert [(result.total, result.rank) for result in found.results] == [(50.0, 1), (50.0, 1)]


def test_another_weight_is_set_side_by_side_and_says_who_moves() -> None:
    rules = scheme({**TAX, **FIXED, "weight": 50}, {**ADDED, **FIXED, "weight": 50})
    firms = [firm("a", 20.0, value_added=2.0), firm("b", 8.0, value_added=12.0)]
    before = evaluate(rules, firms)
    other = whatif.changed(rules, whatif.rescaled(rules.cohorts[0], "tax_per_mu", 20.0))
    assert check(dump(other)).scheme == other
    shifts = whatif.compare(before, evaluate(other, firms))
    assert [(shift.id, shift.total, shift.rank, shift.moved) for shift in shifts] == [
        ("a", (110.0, 56.0), (1, 2), True),
        ("b", (100.0, 112.0), (2, 1), True),
    ]


def test_another_benchmark_alone_changes_no_weight() -> None:
    rules = scheme({**TAX, **FIXED})
    other = whatif.changed(rules, [whatif.Change("all", "tax_per_mu", benchmark=Benchmark(20.0))])
    assert other.cohorts[0].items[0].weight == 100
    shifts = whatif.compare(evaluate(rules, [firm("a", 10.0)]), evaluate(other, [firm("a", 10.0)]))
    assert (shifts[0].total, shifts[0].moved) == ((100.0, 50.0), False)


def test_weights_that_no_longer_add_up_are_refused_by_the_check() -> None:
    rules = scheme({**TAX, **FIXED})
    other = whatif.changed(rules, [whatif.Change("all", "tax_per_mu", weight=90.0)])
    assert [mistake.path for mistake in check(dump(other)).mistakes] == ["cohorts[0].indicators"]


def test_one_slider_alone_stays_at_the_whole() -> None:
    rules = scheme({**TAX, **FIXED})
    assert [change.weight for change in whatif.rescaled(rules.cohorts[0], "tax_per_mu", 40.0)] == [100.0]


def test_a_project_is_held_to_the_cohort_that_is_there_and_moves_nobody() -> None:
    rules = scheme(TAX)  # against the cohort's mean, which is 10
    there = [firm("a", 5.0), firm("b", 15.0)]
    found = project.score(rules, firm("p", 30.0), there)
    assert (found.total, found.rank, found.of) == (300.0, 1, 3)
    assert found.reason.zh.startswith("若已入园")
    assert project.score(rules, firm("p", 7.0), there).rank == 2


def test_a_project_without_what_the_scheme_needs_is_told_what_is_missing() -> None:
    found = project.score(scheme(TAX), firm("p", None), [firm("a", 5.0)])
    assert (found.state, found.grade) == (State.WAITING, None)
    assert "实缴税收" in found.reason.zh


def test_a_project_scores_exactly_as_an_enterprise_would_under_fixed_benchmarks() -> None:
    rules = scheme({**TAX, **FIXED})
    there = [firm("a", 5.0), firm("b", 15.0)]
    alone = project.score(rules, firm("p", 8.0), there)
    entered = evaluate(rules, [*there, firm("p", 8.0)]).of("p")
    assert entered is not None
    assert (alone.total, alone.rank, alone.of, alone.grade) == (
        entered.total,
        entered.rank,
        entered.of,
        entered.grade,
    )
    assert alone.grade is Grade.B

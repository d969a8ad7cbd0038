"""What holds for every scheme and every enterprise."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from park.evaluation.evaluate import evaluate
from park.evaluation.quantity import Quantity
from park.evaluation.result import Evaluation, Result, State
from park.evaluation.scheme import Grade, Scheme
from park.evaluation.subject import Flag, Kind, Subject
from tests.park.evaluation.examples import scheme, subject

AMOUNTS = st.floats(min_value=0.1, max_value=1e6)
METHODS: list[dict[str, Any]] = [
    {"method": "ratio", "benchmark": {"fixed": 20}},
    {"method": "ratio", "benchmark": {"cohort_mean": 1.5}},
    {"method": "ratio", "benchmark": {"cohort_mean": 1}, "cap": 1.5, "floor": 0.1},
    {"method": "minmax"},
    {"method": "minmax", "base": 0, "min": 1, "max": 100},
]
MISSING = ["zero", "average", "exclude", "wait"]
EXCLUDED = Flag(Kind.EXCLUSION, "utility", "供水")
MARKS = {"exclusions": [{"key": "utility", "name": "公用工程"}], "vetoes": [{"key": "safety", "name": "事故"}]}


@st.composite
def schemes(draw: st.DrawFn) -> Scheme:
    first, second = draw(st.sampled_from(METHODS)), draw(st.sampled_from(METHODS))
    weight = draw(st.integers(1, 99))
    return scheme(
        {"key": "tax_per_mu", **first, "weight": weight, "missing": draw(st.sampled_from(MISSING))},
        {"key": "energy_productivity", **second, "weight": 100 - weight, "missing": draw(st.sampled_from(MISSING))},
        **MARKS,
    )


@st.composite
def parks(draw: st.DrawFn, least: int = 1) -> list[Subject]:
    count = draw(st.integers(least, 6))
    maybe = st.none() | AMOUNTS
    return [
        subject(
            f"e{place}",
            tax=draw(maybe),
            area_mu=draw(AMOUNTS),
            value_added=draw(maybe),
            energy_tce=draw(maybe),
        )
        for place in range(count)
    ]


def of(found: Evaluation, name: str) -> Result:
    result = found.of(name)
    assert result is not None
    return result


@given(schemes(), parks(), st.randoms(use_true_random=False))
def test_the_order_of_enterprises_changes_nothing(rules: Scheme, park: list[Subject], dice: object) -> None:
    mixed = list(park)
    dice.shuffle(mixed)  # type: ignore[attr-defined]  # a random.Random
    assert evaluate(rules, mixed) == evaluate(rules, park)


@given(schemes(), parks(), st.floats(min_value=1.0, max_value=10.0))
def test_a_better_value_never_gives_a_lower_score_or_place(rules: Scheme, park: list[Subject], more: float) -> None:
    old = park[0]
    tax = old.quantities["tax"].value
    assume(tax is not None)
    better = replace(old, quantities={**old.quantities, "tax": Quantity((tax or 0.0) * more)})
    before, after = of(evaluate(rules, park), "e0"), of(evaluate(rules, [better, *park[1:]]), "e0")
    if before.total is None:
        assert after.total is None
        return
    assert after.total is not None
    assert after.total >= before.total - 10**-rules.digits  # what rounding to two digits may take
    assert (after.rank or 0) <= (before.rank or 0)


@given(schemes(), parks(), AMOUNTS, AMOUNTS)
def test_one_that_is_excluded_changes_nothing_for_the_others(
    rules: Scheme, park: list[Subject], tax: float, area: float
) -> None:
    utility = subject("z", EXCLUDED, tax=tax, area_mu=area, value_added=tax, energy_tce=area)
    without, beside = evaluate(rules, park), evaluate(rules, [*park, utility])
    assert beside.results[:-1] == without.results
    assert beside.groups == without.groups
    assert beside.panels == without.panels
    assert (beside.results[-1].state, beside.results[-1].grade) == (State.EXCLUDED, None)


@given(schemes(), parks())
def test_what_is_missing_is_a_zero_only_where_the_scheme_says_so_and_then_the_step_says_it(
    rules: Scheme, park: list[Subject]
) -> None:
    policy = {item.key: item.missing for item in rules.cohorts[0].items}
    for result in evaluate(rules, park).results:
        for one in result.scores:
            if one.value is None:
                assert one.raw is None
                assert one.why is not None
                assert "缺数" in one.step.zh
                if one.score == 0:
                    assert policy[one.key] in {"zero", "average"}
                if policy[one.key] in {"wait", "exclude"}:
                    assert one.score is None


@given(schemes(), parks())
def test_equal_scores_share_a_place_and_a_grade_and_a_better_place_never_has_a_worse_grade(
    rules: Scheme, park: list[Subject]
) -> None:
    twins = [*park, *(replace(one, id=f"{one.id}-twin") for one in park)]
    found = evaluate(rules, twins)
    for one in park:
        first, second = of(found, one.id), of(found, f"{one.id}-twin")
        assert (first.total, first.rank, first.grade) == (second.total, second.rank, second.grade)
    ranked = [result for result in found.results if result.rank is not None]
    assert [result.grade for result in ranked] == sorted(result.grade for result in ranked if result.grade)


@given(schemes(), parks())
def test_a_result_written_down_and_read_again_is_the_same(rules: Scheme, park: list[Subject]) -> None:
    found = evaluate(rules, park)
    assert msgspec.convert(msgspec.json.decode(msgspec.json.encode(found)), Evaluation) == found
    inputs = msgspec.convert(msgspec.json.decode(msgspec.json.encode(park)), list[Subject])
    assert evaluate(rules, inputs) == found


@given(schemes(), parks(least=2))
def test_a_veto_is_a_d_behind_all_others_whatever_the_score(rules: Scheme, park: list[Subject]) -> None:
    fallen = replace(park[0], flags=(Flag(Kind.VETO, "safety", "2026-05 事故"),))
    result = of(evaluate(rules, [fallen, *park[1:]]), "e0")
    assert result.grade is Grade.D
    assert "事故" in result.reason.zh
    if result.rank is not None:
        assert result.rank == result.of


def test_a_flag_the_scheme_does_not_know_does_nothing() -> None:
    rules = scheme({"key": "tax_per_mu", "benchmark": {"fixed": 10}})
    plain = subject("a", tax=10.0, area_mu=1.0)
    marked = replace(plain, flags=(Flag(Kind.VETO, "nothing", "?"), Flag(Kind.ADDER, "nothing", "?")))
    assert evaluate(rules, [marked]).results == evaluate(rules, [plain]).results


@pytest.mark.parametrize(
    ("sentence", "points", "least", "most", "total"),
    [
        ("adders add up", (2, 3), None, None, 105.0),
        ("a penalty takes away", (2, -5), None, None, 97.0),
        ("no more than the bound", (7, 8), None, 10, 110.0),
        ("no less than the bound", (-7, -8), -10, None, 90.0),
    ],
)
def test_adders(
    sentence: str, points: tuple[float, float], least: float | None, most: float | None, total: float
) -> None:
    bounds = {key: value for key, value in (("adders_least", least), ("adders_most", most)) if value is not None}
    adders = [{"key": f"a{place}", "name": f"第 {place}", "points": point} for place, point in enumerate(points)]
    rules = scheme({"key": "tax_per_mu", "benchmark": {"fixed": 10}}, adders=adders, **bounds)
    flags = tuple(Flag(Kind.ADDER, f"a{place}", "证书") for place in range(2))
    result = of(evaluate(rules, [subject("a", *flags, tax=100.0, area_mu=10.0)]), "a")
    assert result.total == total, sentence
    assert [adder.reason for adder in result.adders] == ["证书", "证书"]

"""A scheme as a document: each mistake is named with its place, and what is sound comes back as it was written."""

from typing import Any

import pytest

from park.evaluation.indicator import Direction, indicators, register
from park.evaluation.quantity import quantities
from park.evaluation.scheme import Method, Missing
from park.evaluation.scheme_dump import dump
from park.evaluation.scheme_file import check
from park.evaluation.shipped import NAMES, shipped
from park.units import WrongDimension, parse
from tests.park.evaluation.examples import document

FIRST = {"key": "tax_per_mu", "weight": 30}
SHORT = {
    "ITEMS": ("cohorts.0.indicators", "cohorts[0].indicators"),
    "ITEM": ("cohorts.0.indicators.0", "cohorts[0].indicators[0]"),
    "MEMBERS": ("cohorts.0.members", "cohorts[0].members"),
}
"""What the table below calls a place, as the test walks it and as a mistake names it."""


def changed(path: str, value: object) -> dict[str, Any]:
    """Give the example with one value replaced; `…` takes it out."""
    whole = document()
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place: Any = whole
    for part in way:
        place = place[part]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return whole


@pytest.mark.parametrize(
    ("sentence", "path", "value", "place", "words"),
    [
        ("an unknown key is a mistake", "colour", "red", "colour", "没有 'colour' 这个键"),
        ("a scheme has a name", "name", ..., "name", "缺少 name"),
        ("an id is part of addresses", "id", "Huang Yan", "id", "不可用"),
        ("there is somebody to compare", "cohorts", [], "cohorts", "至少要有一个分组"),
        ("an indicator is one of the table", "ITEM.key", "tax_per_muu", "ITEM.key", "tax_per_mu?"),
        ("an indicator counts once", "ITEMS.1.key", "tax_per_mu", "ITEMS[1].key", "重复"),
        ("weights add up to a hundred", "ITEM.weight", 31, "cohorts[0].indicators", "权重之和是 101"),
        ("a weight is above 0", "ITEM.weight", 0, "ITEM.weight", "超出范围"),
        ("a weight is a number", "ITEM.weight", "30", "ITEM.weight", "应是数字"),
        ("true is no number", "ITEM.weight", True, "ITEM.weight", "应是数字"),
        ("nan is no benchmark", "ITEM.benchmark.fixed", float("nan"), "ITEM.benchmark.fixed", "超出范围"),
        ("a benchmark divides", "ITEM.benchmark.fixed", 0, "ITEM.benchmark.fixed", "超出范围"),
        ("a benchmark is one of two", "ITEM.benchmark", {"fixed": 1, "cohort_mean": 1}, "ITEM.benchmark", "取其一"),
        ("a method is one of two", "ITEM.method", "min-max", "ITEM.method", "minmax?"),
        ("minmax has no benchmark", "ITEM.method", "minmax", "ITEM.benchmark", "用不到"),
        ("a ratio has no minimum", "ITEM.min", 1, "ITEM.min", "用不到"),
        ("a missing policy is one of four", "ITEM.missing", "nul", "ITEM.missing", "可用的有"),
        ("a floor lies below the cap", "ITEM", {**FIRST, "floor": 2, "cap": 1}, "ITEM.floor", "大于 cap"),
        ("a cap is no text", "ITEM.cap", "2", "ITEM.cap", "应是数字"),
        ("lower is better needs a cap", "ITEM.key", "energy_intensity", "ITEM.cap", "必须写 cap"),
        ("who takes everybody comes last", "cohorts.0.members", {}, "cohorts[0].members", "只能放在最后"),
        ("a threshold is a number", "MEMBERS.revenue_at_least", "2000万", "MEMBERS.revenue_at_least", "应是数字"),
        ("a condition is known", "cohorts.0.members.size", "large", "cohorts[0].members.size", "没有 'size' 这个键"),
        ("places grow", "grading.A", 70, "grading", "按名次"),
        ("places are shares", "grading.C", 101, "grading", "按名次"),
        ("grading has a mode", "grading.mode", "rank", "grading.mode", "可用的有"),
        ("an adder has points", "adders.0.points", ..., "adders[0].points", "缺少 points"),
        ("a veto has none", "vetoes.0.points", 1, "vetoes[0].points", "没有 'points' 这个键"),
        ("a mark has a key of its own", "vetoes.1.key", "safety", "vetoes[1].key", "重复"),
        ("digits are few", "digits", 12, "digits", "0 至 6"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(sentence: str, path: str, value: object, place: str, words: str) -> None:
    for short, long in SHORT.items():
        path = path.replace(short, long[0])
        place = place.replace(short, long[1])
    checked = check(changed(path, value))
    assert checked.scheme is None, sentence
    found = {mistake.path: mistake for mistake in checked.mistakes}
    assert place in found, found
    assert words in found[place].zh
    assert found[place].en


def test_several_mistakes_are_all_named_at_once() -> None:
    bad = changed("cohorts.0.indicators.0.key", "x") | {"digits": -1, "grading": {"mode": "percentile"}}
    assert {mistake.path for mistake in check(bad).mistakes} == {
        "cohorts[0].indicators[0].key", "digits", "grading.A", "grading.B", "grading.C",
    }  # fmt: skip


@pytest.mark.parametrize("value", [None, [], "scheme", 3, {}])
def test_what_is_no_scheme_is_refused_without_falling_over(value: object) -> None:
    checked = check(value)
    assert checked.scheme is None
    assert checked.mistakes


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_scheme_comes_back_as_it_was_written(name: str) -> None:
    scheme = shipped()[name]
    assert scheme.id == name
    assert check(dump(scheme)).scheme == scheme


def test_no_shipped_scheme_calls_itself_a_rule_of_shaanxi_or_ankang() -> None:
    for scheme in shipped().values():
        for word in ("陕西", "安康", "Shaanxi", "Ankang", "恒口"):
            assert word not in f"{scheme.name} {scheme.name_en} {scheme.source}"


def test_every_policy_and_method_is_told_apart_in_a_document() -> None:
    for missing in Missing:
        kept = check(changed("cohorts.0.indicators.0.missing", missing.value)).scheme
        assert kept is not None
        assert kept.cohorts[0].items[0].missing is missing
    minmax = changed("cohorts.0.indicators.0.benchmark", ...)
    minmax["cohorts"][0]["indicators"][0] |= {"method": "minmax", "base": 0, "min": 1, "max": 9}
    kept = check(minmax).scheme
    assert kept is not None
    item = kept.cohorts[0].items[0]
    assert (item.method, item.base, item.least, item.most) == (Method.MINMAX, 0.0, 1.0, 9.0)
    assert check(dump(kept)).scheme == kept


def test_every_indicator_has_the_dimension_it_says_and_a_name_in_both_languages() -> None:
    for indicator in indicators().values():
        assert indicator.factor > 0
        assert indicator.zh
        assert indicator.en
        assert parse(indicator.unit) is not None
    assert indicators()["tax_per_kwh"].factor == 10_000
    assert indicators()["rd_share"].factor == 100
    assert indicators()["energy_intensity"].direction is Direction.LOWER
    assert {base.origin for base in quantities().values()} == {"statement", "registry", "figure"}


def test_a_formula_of_another_dimension_is_refused_when_it_is_registered() -> None:
    row = {"name": "x", "unit": "万元/tce", "formula": "tax / area_mu", "direction": "higher", "zh": "x", "en": "x"}
    with pytest.raises(WrongDimension, match="x: tax / area_mu"):
        register(row)

"""Tables of quantities and indicators leave no gap, and formulas are arithmetic that gives what it says."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.factor import Basis
from park.formula_table import FormulaMistaken, read
from park.indicator import Better, indicators, quantities
from park.units import parse

UNITS = {name: one.unit for name, one in quantities().items()}


@pytest.mark.parametrize("name", quantities())
def test_every_quantity_is_an_indicator_as_it_is_in_the_same_unit(name: str) -> None:
    """So that each input of a ratio has a figure of its own which explains it."""
    assert indicators()[name].formula.names == (name,)
    assert indicators()[name].unit == quantities()[name].unit
    assert indicators()[name].formula.scale == 1


@pytest.mark.parametrize("name", indicators())
def test_every_indicator_has_a_unit_two_names_and_a_ratio_says_which_way_is_better(name: str) -> None:
    one = indicators()[name]
    assert parse(one.unit)
    assert one.zh
    assert one.en
    assert not one.ratio or one.better is not Better.NEITHER


def test_what_others_are_made_of_stands_before_them() -> None:
    """A change is explained by that of its inputs, which must have been found by then."""
    order = list(indicators())
    for name, one in indicators().items():
        if one.ratio:
            assert all(order.index(each) < order.index(name) for each in one.formula.names), name


def test_only_what_has_energy_in_it_comes_by_two_bases() -> None:
    assert indicators()["energy_intensity"].bases == tuple(Basis)
    assert indicators()["carbon_intensity"].bases == (None,)


def test_tonnes_over_ten_thousand_yuan_are_given_in_kilograms() -> None:
    assert indicators()["cod_intensity"].formula({"cod": 2.0, "value_added": 500.0}) == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("text", "unit", "words"),
    [
        ("energy / value_added", "tCO2/万元", "does not give"),
        ("energy + value_added", "tce", "does not give"),
        ("energy / coal", "tce", "There is no quantity coal"),
        ("energy / ", "tce", "is not arithmetic"),
        ("__import__('os')", "tce", "holds quantities"),
        ("energy ** 2", "tce", "holds quantities"),
        ("energy if 1 else co2", "tce", "holds quantities"),
        ("energy.real", "tce", "holds quantities"),
        ("energy * True", "tce", "holds quantities"),
        ("energy" + " + energy" * 40, "tce", "at most 200 characters"),
        ("energy", "lambda", "does not give"),
        ("co2 + cod", "tCO2", "does not give"),
        ("energy / 0 + 1", "tce", "does not give"),
    ],
)
def test_what_is_no_formula_is_refused_with_a_sentence(text: str, unit: str, words: str) -> None:
    with pytest.raises(FormulaMistaken, match=words) as refused:
        read(text, unit, UNITS)
    assert refused.value.zh


@given(st.text(string.printable, max_size=60))
def test_no_text_does_anything_but_be_read_or_refused(text: str) -> None:
    try:
        made = read(text, "tce", UNITS)
    except FormulaMistaken:
        return
    assert set(made.names) <= set(UNITS)


def test_a_division_by_nothing_gives_no_value() -> None:
    assert indicators()["energy_intensity"].formula({"energy": 1.0, "value_added": 0.0}) is None


def test_a_formula_is_written_with_the_brackets_it_needs() -> None:
    made = read("co2 / (co2_fuel + co2_heat) * energy", "tce", UNITS)
    assert made.written({}) == "co2 ÷ (co2_fuel + co2_heat) × energy"
    assert made.below == ("co2_fuel", "co2_heat")
    left = read("energy - (energy - energy)", "tce", UNITS)
    assert left.written({}) == "energy − (energy − energy)"


def test_adding_leaves_the_unit_as_it_is() -> None:
    made = read("co2_fuel + co2_heat", "tCO2", UNITS)
    assert made({"co2_fuel": 2.0, "co2_heat": 3.0}) == 5.0

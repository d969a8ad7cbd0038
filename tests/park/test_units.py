"""Units: every spelling, conversions worked out by hand, and text that must not be believed."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.metric import metrics
from park.units import (
    FACTORS,
    KNOWN,
    LONGEST,
    SPELLINGS,
    UnitError,
    UnknownUnit,
    WrongDimension,
    _conversion,
    conversion,
    parse,
    registry,
)

UNITS = sorted(SPELLINGS)
# What a pressure is called by the people of this field, and so on: all pairs of a family convert.
FAMILIES = [
    ["kW", "W", "MW", "GJ/h", "kWh/h"],
    ["kWh", "度", "MJ", "GJ", "tce", "kgce", "kW*h", "kW·h", "KWH"],
    ["m³", "m3", "L", "l", "mL"],
    ["m³/h", "m3/h", "L/s", "m³/s", "L/min"],
    ["MPa", "kPa", "Pa", "bar", "mbar", "psi", "atm", "mmHg", "kgf/cm²"],
    ["°C", "℃", "K", "degC", "°F"],
    ["t", "kg", "吨", "g"],
    ["mg/L", "mg/m³", "µg/m³", "μg/m³", "ug/m3", "g/L"],
    ["亩", "m²", "mu", "km²"],
    ["万元/tce", "元/kgce"],
    ["kvarh", "varh", "Mvarh", "kvar*h"],
    ["1", "%", "‰", "ppm", "%VOL"],
]


@pytest.mark.parametrize("spelling", UNITS)
def test_every_spelling_is_a_unit(spelling: str) -> None:
    assert parse(spelling) == parse(f"  {spelling} ")
    assert conversion(spelling, spelling)(1.5) == pytest.approx(1.5)
    assert len(spelling) <= LONGEST


@pytest.mark.parametrize(
    ("sentence", "source", "target", "value", "expected"),
    [
        ("a tonne of standard coal is 29,307.6 MJ",            "tce",      "MJ",      1.0,     29_307.6),
        ("a tonne of standard coal is 8,141 kWh",              "tce",      "kWh",     1.0,     8_141.0),
        ("a kilogram of standard coal is a thousandth",        "kgce",     "tce",     1.0,     0.001),
        ("a 度 is a kilowatt-hour",                             "度",       "kWh",     7.0,     7.0),
        ("a kilowatt-hour is 3.6 MJ",                          "kWh",      "MJ",      1.0,     3.6),
        ("a gigajoule an hour is 277.8 kW",                    "GJ/h",     "kW",      1.0,     277.777_777_777_778),
        ("fifteen 亩 are a hectare",                            "亩",       "m²",      15.0,    10_000.0),
        ("a 亩 is 666.67 m²",                                   "亩",       "m²",      1.0,     666.666_666_666_667),
        ("a 元 a kilogram is a tenth 万元 a tonne",             "元/kgce",  "万元/tce", 1.0,    0.1),
        ("a 万元 is ten thousand 元",                           "万元",     "元",      1.0,     10_000.0),
        ("a bar is a tenth of a MPa",                          "bar",      "MPa",     1.0,     0.1),
        ("ten bar are a MPa",                                  "bar",      "MPa",     10.0,    1.0),
        ("a kgf/cm² is 98.07 kPa",                             "kgf/cm²",  "kPa",     1.0,     98.0665),
        ("ice melts at 273.15 K",                              "°C",       "K",       0.0,     273.15),
        ("water boils at 100 °C",                              "K",        "°C",      373.15,  100.0),
        ("212 °F is 100 °C",                                   "°F",       "℃",       212.0,   100.0),
        ("a Chinese 吨 is metric",                              "吨",       "kg",      1.0,     1_000.0),
        ("a litre a second is 3.6 m³/h",                       "L/s",      "m³/h",    1.0,     3.6),
        ("a milligram a litre is 1,000 mg/m³",                 "mg/L",     "mg/m³",   1.0,     1_000.0),
        ("a per cent is a hundredth",                          "%",        "1",       97.0,    0.97),
        ("a per cent of volume is 10,000 ppm",                 "%VOL",     "ppm",     1.0,     10_000.0),
        ("a Mvarh is 1,000 kvarh",                             "Mvarh",    "kvarh",   1.0,     1_000.0),
        ("a thousand kilograms of CO2 are a tonne",            "kgCO2",    "tCO2",    1_000.0, 1.0),
        ("an operator binds a spelling as a whole",            "元/kvarh", "元/Mvarh", 1.0,    1_000.0),
    ],
)  # fmt: skip
def test_conversions(sentence: str, source: str, target: str, value: float, expected: float) -> None:
    assert conversion(source, target)(value) == pytest.approx(expected, rel=1e-12), sentence


def test_a_bar_is_exactly_a_tenth_of_a_megapascal() -> None:
    assert conversion("bar", "MPa").factor == 0.1


def converts(source: str, target: str) -> bool:
    try:
        conversion(source, target)
    except WrongDimension:
        return False
    return True


@pytest.mark.parametrize(
    ("sentence", "source", "target"),
    [
        ("reactive power is not power",                     "kvar",  "kW"),
        ("reactive energy is not energy",                   "kvarh", "kWh"),
        ("a normal cubic metre needs temperature and pressure to become one", "Nm³", "m³"),
        ("nor does a flow of them",                         "m³/h",  "Nm³/h"),
        ("a share of the explosive limit is none of the volume", "%LEL", "%VOL"),
        ("nor a bare share",                                "%LEL",  "1"),
        ("acidity is no share",                             "pH",    "1"),
        ("a tonne of CO2 is no tonne",                      "tCO2",  "t"),
        ("standard coal is energy, not mass",               "tce",   "t"),
        ("money is no energy",                              "元",    "kWh"),
        ("energy is no power",                              "kWh",   "kW"),
        ("a volume share has no mass without a molar mass", "ppm",   "mg/m³"),
        ("nor a mass a share",                              "mg/m³", "ppm"),
    ],
)  # fmt: skip
def test_what_never_converts(sentence: str, source: str, target: str) -> None:
    for one, other in [(source, target), (target, source)]:
        assert not converts(one, other), sentence


@pytest.mark.parametrize(
    ("gas", "mg_for_ten_ppm"),
    # 10 ppm × M / 24.055 L/mol, the molar volume at 20 °C and 101.325 kPa
    [("co", 11.644), ("h2s", 14.168), ("nh3", 7.080), ("cl2", 29.477), ("so2", 26.632), ("nox", 19.125)],
)
def test_ppm_of_a_gas_weighs_what_its_molar_mass_says_at_20_degrees(gas: str, mg_for_ten_ppm: float) -> None:
    metric = metrics()[gas]
    assert conversion("ppm", metric.unit, metric.molar_mass)(10.0) == pytest.approx(mg_for_ten_ppm, rel=1e-4)
    assert conversion("mg/m³", "ppm", metric.molar_mass)(mg_for_ten_ppm) == pytest.approx(10.0, rel=1e-4)
    assert conversion("%VOL", "g/m³", metric.molar_mass)(0.001) == pytest.approx(mg_for_ten_ppm / 1_000, rel=1e-4)


def test_a_molar_mass_does_not_open_any_other_way() -> None:
    for source, target in [("ppm", "mg"), ("kW", "mg/m³"), ("%LEL", "mg/m³"), ("mg/m³", "kW")]:
        with pytest.raises(WrongDimension):
            conversion(source, target, 28.01)


def within_a_family() -> st.SearchStrategy[tuple[str, str]]:
    return st.sampled_from(FAMILIES).flatmap(lambda family: st.tuples(*[st.sampled_from(family)] * 2))


@given(within_a_family(), st.floats(-1e9, 1e9))
def test_there_and_back_is_where_one_began(pair: tuple[str, str], value: float) -> None:
    here, there = pair
    assert conversion(there, here)(conversion(here, there)(value)) == pytest.approx(value, rel=1e-9, abs=1e-6)


@given(st.sampled_from(FAMILIES).flatmap(lambda family: st.tuples(*[st.sampled_from(family)] * 3)), st.floats(0, 1e6))
def test_a_way_by_a_third_unit_leads_to_the_same_place(units: tuple[str, str, str], value: float) -> None:
    one, middle, other = units
    by_way = conversion(middle, other)(conversion(one, middle)(value))
    assert by_way == pytest.approx(conversion(one, other)(value), rel=1e-9, abs=1e-6)


@given(within_a_family(), st.floats(-1e6, 1e6))
def test_a_conversion_says_what_pint_says(pair: tuple[str, str], value: float) -> None:
    here, there = pair
    said = registry().Quantity(value, parse(here)).to(parse(there)).magnitude
    assert conversion(here, there)(value) == pytest.approx(said, rel=1e-9, abs=1e-9)


def test_a_conversion_is_asked_of_pint_once() -> None:
    assert conversion("psi", "kPa") is conversion(" psi ", "kPa")


@pytest.mark.parametrize(
    "text",
    [
        "10**10**10", "9**9**9*m", "kW**10**8", "m^9^9", "1e999", "2 kW", "2*kW", "0", "m/0", "-m", "m+m", "m m", "m;m",
        "(" * 500 + "m" + ")" * 500, "m*" * 500 + "m", "m/s/s", "k" * 100_000, "m" + " " * 100_000 + "/s",
        "*", "/", "m/", "/m", "//",
        "__import__('os')", "lambda", "lambda: 1", "[m]", "{m}", "m if 1 else 2", "None", "nan", "inf", "kilokilometer",
        "a", "PA", "kVA", "VA", "cal", "delta_degC", "°C/s", "degC*1", "°C/1",
        "\x00", "\ud800", "k\nW", "ｋＷ", "kW\u200b", "吨吨",
    ],
)  # fmt: skip
def test_what_is_no_unit_is_refused_and_nothing_else_happens(text: str) -> None:
    with pytest.raises(UnknownUnit) as refused:
        conversion(text, "kW")
    assert len(str(refused.value)) <= LONGEST + 1
    with pytest.raises(UnknownUnit):
        parse(text)


@given(
    st.one_of(
        st.text(max_size=40),
        st.text(alphabet="kWmgNhLtCO2e³/*()^.0123456789e-+% °℃µ亩万元", max_size=40),
        st.lists(st.sampled_from([*UNITS, "/", "*", "**", "^", " ", "2", "(", ")"]), max_size=6).map("".join),
    ),
    st.sampled_from(UNITS),
    st.sampled_from([None, 28.01]),
)
def test_any_text_converts_or_is_refused_as_a_unit_error(text: str, other: str, molar_mass: float | None) -> None:
    for source, target in [(text, other), (other, text)]:
        with suppress(UnitError):
            assert isinstance(conversion(source, target, molar_mass)(1.0), float)


@given(st.sampled_from(sorted(FACTORS)), st.sampled_from("/*"), st.sampled_from(sorted(FACTORS)))
def test_any_two_factors_with_an_operator_are_a_unit(left: str, operator: str, right: str) -> None:
    assert parse(f"{left}{operator}{right}") == parse(f" {left} {operator} {right} ")


def test_what_a_sender_invents_is_not_remembered() -> None:
    assert parse.cache_info().maxsize == KNOWN
    assert _conversion.cache_info().maxsize == KNOWN
    before = parse.cache_info().currsize, _conversion.cache_info().currsize
    for number in range(2_000):
        with pytest.raises(UnknownUnit):
            conversion(f"x{number}", "furlong")
    assert (parse.cache_info().currsize, _conversion.cache_info().currsize) == before

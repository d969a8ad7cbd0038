"""Factors people enter: each mistake named with its place, each measurement worked out."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.factor import Factor, Purpose
from park.factor_table import keys, sets
from park.own_factor import FIELDS, FactorMistaken, read
from park.policy import Policy
from park.policy_entry import PolicyMistaken, dump
from park.policy_entry import read as read_policy

TODAY = date(2026, 11, 23)
GAS: dict[str, Any] = {
    "enterprise": "e01",
    "key": "natural_gas",
    "purpose": "energy_calorific",
    "unit": "kgce/Nm³",
    "source": "供气合同附件 3",
    "value": 1.21,
}
STATE = {"pressure": 0.8, "unit": "MPa", "reference": "gauge", "temperature": 200}
STEAM: dict[str, Any] = {
    "park": "hk",
    "key": "steam",
    "purpose": "heat_content",
    "unit": "GJ/t",
    "source": "蒸汽流量计",
    "steam": STATE,
}
GRID: dict[str, Any] = {
    "set": "mee-grid",
    "key": "electricity",
    "purpose": "carbon",
    "unit": "kgCO2/kWh",
    "value": 0.61,
    "region": "shaanxi",
    "data_year": 2024,
    "published": "2026-11-20",
    "source": "公告 2026 年第 50 号",
}


def made(document: dict[str, Any]) -> Factor:
    return read(document, today=TODAY)[0]


def without(document: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in names}


def test_a_value_is_taken_exactly() -> None:
    factor, value = read(GAS | {"value": "1.2100000000000000000001"}, today=TODAY)
    assert value == Decimal("1.2100000000000000000001")
    assert factor.purpose is Purpose.CALORIFIC
    assert (factor.set, factor.enterprise, factor.park, factor.published) == ("own", "e01", None, TODAY)


def test_a_suppliers_heating_value_becomes_standard_coal() -> None:
    factor = made(without(GAS, "value") | {"measured": {"ncv": 35_500, "unit": "kJ/Nm³"}})
    assert factor.value == pytest.approx(35_500 / 29_307.6)
    assert factor.formula() == "35500 kJ/Nm³ ÷ 29307.6 kJ/kgce = 1.21129 kgce/Nm³"


def test_a_measured_coal_becomes_co2() -> None:
    coal = {
        "park": "hk",
        "key": "bituminous_coal",
        "purpose": "carbon",
        "unit": "tCO2/t",
        "source": "煤质报告",
        "measured": {"ncv": 22.0, "unit": "GJ/t", "carbon_content": 0.026, "oxidation": 0.95},
    }
    assert made(coal).value == pytest.approx(22.0 * 0.026 * 0.95 * 44 / 12)


def test_steam_becomes_heat_by_its_state() -> None:
    assert made(STEAM).value == pytest.approx(2.834, abs=1e-3)
    less = made(STEAM | {"steam": STATE | {"feed_water": 84}})
    assert made(STEAM).value - less.value == pytest.approx(0.084)
    dry = made(STEAM | {"steam": without(STATE, "temperature") | {"dryness": 1}})
    assert dry.value == pytest.approx(2.773, abs=2e-3)
    assert [part.name for part in dry.inputs] == ["pressure", "dryness", "feed_water"]


def test_an_official_factor_belongs_to_its_set_and_to_nobody() -> None:
    factor = made(GRID)
    assert (factor.set, factor.region, factor.data_year, factor.own) == ("mee-grid", "shaanxi", 2024, False)


@pytest.mark.parametrize(
    ("name", "document", "path", "zh", "en"),
    [
        ("no evidence", GAS | {"source": " "}, "source", "请写明依据", "name the evidence"),
        ("a carrier nobody knows", GAS | {"key": "gold"}, "key", "没有 'gold'", "No 'gold'"),
        ("a purpose nobody knows", GAS | {"purpose": "energy"}, "purpose", "没有 'energy'", "No 'energy'"),
        ("a field nobody knows", GAS | {"colour": "red"}, "colour", "没有这一项", "no such field"),
        ("a unit of something else", GAS | {"unit": "kgce/kg"}, "unit", "不能换算", "does not convert"),
        ("no unit at all", GAS | {"unit": "lots"}, "unit", "不能换算", "does not convert"),
        ("no number", GAS | {"value": "much"}, "value", "不是数字", "no number"),
        ("a comma for the point", GAS | {"value": "1,21"}, "value", "不带逗号", "without comma"),
        ("digits without end", GAS | {"value": 10**5000}, "value", "不是数字", "no number"),
        ("an empty power", GAS | {"value": "1e999"}, "value", "不是数字", "no number"),
        ("not finite", GAS | {"value": float("nan")}, "value", "不是数字", "no number"),
        ("true is no number", GAS | {"value": True}, "value", "不是数字", "no number"),
        ("zero energy", GAS | {"value": 0}, "value", "必须大于 0", "above 0"),
        ("a thousand times off", GAS | {"value": 1210}, "value", "相差 10 倍以上", "over 10 times off"),
        ("two values", GAS | {"measured": {"ncv": 1, "unit": "kJ/Nm³"}}, "value", "只填一项", "exactly one"),
        ("none", without(GAS, "value"), "value", "只填一项", "exactly one"),
        ("park and enterprise", GAS | {"park": "hk"}, "park", "只填一项", "one of the two"),
        ("a set for an own one", GAS | {"set": "mee-grid"}, "set", "不属于任何因子集", "belongs to no set"),
        ("no set for everybody's", without(GRID, "set"), "set", "此项必填", "is needed"),
        ("no data year", without(GRID, "data_year"), "data_year", "必须写明数据年", "needs its data year"),
        ("a year that is none", GRID | {"data_year": 24}, "data_year", "四位年份", "a year"),
        ("not out yet", GRID | {"published": "2026-12-01"}, "published", "晚于今天", "after today"),
        ("no day", GRID | {"published": "soon"}, "published", "应为日期", "must be a day"),
        ("no such region", GRID | {"region": "mars"}, "region", "没有 'mars'", "No 'mars'"),
        ("ends before it begins", GAS | {"valid_from": "2026-05-01", "valid_to": "2026-04-01"}, "valid_to",
         "早于有效期起", "ends before it begins"),
        ("gauge or absolute not said", STEAM | {"steam": without(STATE, "reference")}, "steam.reference",
         "gauge, absolute", "gauge, absolute"),
        ("wet steam", STEAM | {"steam": STATE | {"temperature": 175.3}}, "steam.temperature", "分不清", "steam from"),
        ("hot and dry", STEAM | {"steam": STATE | {"dryness": 1}}, "steam.dryness", "只填一项", "one of"),
        ("neither", STEAM | {"steam": without(STATE, "temperature")}, "steam.temperature", "缺少温度", "Neither"),
        ("a pressure in metres", STEAM | {"steam": STATE | {"unit": "m"}}, "steam.unit", "不是压力单位", "no unit of"),
        ("no group", STEAM | {"steam": 5}, "steam", "一组字段", "a group of fields"),
        ("steam straight to standard coal", STEAM | {"purpose": "energy_calorific", "unit": "kgce/t"}, "purpose",
         "heat_content", "heat_content"),
        ("heat content of coal", GAS | {"key": "coke", "purpose": "heat_content", "unit": "GJ/t"}, "purpose",
         "只用于蒸汽", "for steam only"),
        ("burns more than all", GAS | {"purpose": "carbon", "unit": "tCO2/Nm³", "value": None,
         "measured": {"ncv": 36, "unit": "MJ/Nm³", "carbon_content": 0.0153, "oxidation": 1.2}},
         "measured.oxidation", "不超过 1", "at most 1"),
        ("heat of mass for a gas", without(GAS, "value") | {"measured": {"ncv": 36, "unit": "MJ/kg"}},
         "measured.unit", "不符", "does not go with"),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_place(name: str, document: dict[str, Any], path: str, zh: str, en: str) -> None:
    with pytest.raises(FactorMistaken) as refused:
        made(document)
    found = {one.path: one for one in refused.value.mistakes}
    assert path in found, (name, refused.value)
    assert zh in found[path].zh, name
    assert en in found[path].en, name


def test_every_mistake_is_named_at_once() -> None:
    with pytest.raises(FactorMistaken) as refused:
        made({"key": "gold", "purpose": "x", "published": "soon", "colour": 1})
    assert {one.path for one in refused.value.mistakes} == {
        "key", "purpose", "published", "colour", "set", "source", "value",
    }  # fmt: skip


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
ANY = st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=6), JSON, max_size=10)
NEAR = st.fixed_dictionaries(
    {
        "key": st.sampled_from(sorted(keys())),
        "purpose": st.sampled_from([one.value for one in Purpose]),
        "set": st.sampled_from(sorted(sets())),
        "unit": st.sampled_from(["kgce/kg", "kgCO2/kWh", "GJ/t", "tCO2/t", "kgce/kWh"]),
        "value": st.floats() | st.integers(),
        "source": st.text(max_size=4),
        "data_year": st.integers(1980, 2200),
    }
)


@given(ANY | NEAR)
def test_whatever_is_sent_is_a_factor_or_named_mistakes(document: dict[str, Any]) -> None:
    try:
        factor = made(document)
    except FactorMistaken as refused:
        assert refused.mistakes  # noqa: PT017  # either of both is an answer
        assert all(one.zh and one.en for one in refused.mistakes)  # noqa: PT017
        return
    assert factor.value >= 0
    assert factor.source


# --- policies ---------------------------------------------------------------------------------------------------------


def test_what_a_policy_writes_it_reads_again() -> None:
    assert read_policy(dump(Policy("hk")), Policy("hk")) == Policy("hk")


@pytest.mark.parametrize(
    ("name", "document", "path"),
    [
        ("a basis nobody knows", {"basis": "both"}, "basis"),
        ("a region nobody knows", {"region": "mars"}, "region"),
        ("a set nobody knows", {"sets": ["gb2589-2020", "x"]}, "sets[1]"),
        ("no set", {"sets": []}, "sets"),
        ("electricity is no medium", {"counted": ["electricity"]}, "counted[0]"),
        ("not yes or no", {"fallback": "yes"}, "fallback"),
        ("a share above one", {"final_coverage": 95}, "final_coverage"),
        ("bounds the wrong way round", {"losses": {"water": [0.1, 0.0]}}, "losses.water"),
        ("one bound", {"losses": {"water": [0.1]}}, "losses.water"),
        ("bounds of nothing", {"losses": {"gold": [0, 0.1]}}, "losses.gold"),
        ("a field nobody knows", {"colour": "red"}, "colour"),
    ],
)
def test_each_mistake_of_a_policy_is_named_with_its_place(name: str, document: dict[str, Any], path: str) -> None:
    with pytest.raises(PolicyMistaken) as refused:
        read_policy(document, Policy("hk"))
    assert path in [one.path for one in refused.value.mistakes], (name, refused.value)


@given(st.dictionaries(st.sampled_from([*dump(Policy("hk")), "reason"]), JSON, max_size=6))
def test_whatever_is_decided_is_a_policy_or_named_mistakes(document: dict[str, Any]) -> None:
    try:
        policy = read_policy(document, Policy("hk"))
    except PolicyMistaken as refused:
        assert refused.mistakes  # noqa: PT017  # either of both is an answer
        return
    assert read_policy(dump(policy), Policy("hk")) == read_policy(dump(policy), policy)

"""The shipped factors: each has a source and a unit, agrees with what it was worked out from, and is no known trap."""

from datetime import date

import pytest

from park.carrier import carriers
from park.factor import NUMERATOR, REGIONS, Factor, Purpose, of_carbon, of_measured_heat
from park.factor_table import keys, sets, shipped
from park.units import WrongDimension, conversion

BY_ID = {factor.id: factor for factor in shipped()}


def value(name: str, key: str, purpose: str, region: str = "national", year: int | str = "-") -> float:
    return BY_ID[f"{name}/{key}/{purpose}/{region}/{year}"].value


@pytest.mark.parametrize("factor", shipped(), ids=lambda factor: factor.id)
def test_every_shipped_factor_has_a_source_a_key_a_region_and_a_unit_that_fits_its_carrier(factor: Factor) -> None:
    assert factor.set in sets()
    assert factor.source
    assert factor.region in REGIONS
    assert factor.value > 0
    assert factor.published >= date(factor.data_year or 1990, 1, 1)
    assert factor.per(keys()[factor.key].unit, NUMERATOR[factor.purpose]) > 0
    assert not factor.own


def test_no_factor_is_there_twice() -> None:
    assert len(BY_ID) == len(shipped())


def test_what_comes_from_memory_is_not_called_verified() -> None:
    assert all(factor.verified != ("凭记忆" in factor.source) for factor in shipped() if factor.set != "gb2589-2008")
    assert not any(factor.verified for factor in shipped() if factor.set == "gb2589-2008")


def test_keys_beyond_the_carriers_hide_none_of_them() -> None:
    assert all(keys()[name].unit == carrier.unit for name, carrier in carriers().items())


# --- arithmetic, done by hand from lower heating values ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "key", "ncv_kj", "kgce"),
    [
        ("raw coal: 20934 / 29307.6 = 0.7143",      "raw_coal",    20934, 0.7143),
        ("washed coal: 26377 / 29307.6 = 0.9000",   "washed_coal", 26377, 0.9000),
        ("coke: 28470 / 29307.6 = 0.9714",          "coke",        28470, 0.9714),
        ("coal tar: 33494 / 29307.6 = 1.1429",      "coal_tar",    33494, 1.1429),
        ("crude oil: 41868 / 29307.6 = 1.4286",     "crude_oil",   41868, 1.4286),
        ("fuel oil: 41868 / 29307.6 = 1.4286",      "fuel_oil",    41868, 1.4286),
        ("gasoline: 43124 / 29307.6 = 1.4714",      "gasoline",    43124, 1.4714),
        ("kerosene: 43124 / 29307.6 = 1.4714",      "kerosene",    43124, 1.4714),
        ("diesel: 42705 / 29307.6 = 1.4571",        "diesel",      42705, 1.4571),
        ("LPG: 50242 / 29307.6 = 1.7143",           "lpg",         50242, 1.7143),
        ("LNG: 51498 / 29307.6 = 1.7572",           "lng",         51498, 1.7572),
        ("methanol: 19913 / 29307.6 = 0.6794",      "methanol",    19913, 0.6794),
        ("refinery gas: 46055 / 29307.6 = 1.5714",  "refinery_gas", 46055, 1.5714),
        ("ethanol: 26800 / 29307.6 = 0.9144",       "ethanol",     26800, 0.9144),
        ("crude benzol: 41868 / 29307.6 = 1.4286",  "crude_benzol", 41868, 1.4286),
        ("middlings: 8374 / 29307.6 = 0.2857",      "coal_middlings", 8374, 0.2857),
    ],
)  # fmt: skip
def test_a_heating_value_over_that_of_standard_coal_gives_the_factor(
    name: str, key: str, ncv_kj: float, kgce: float
) -> None:
    assert ncv_kj / 29307.6 == pytest.approx(kgce, abs=1e-4), name
    assert value("gb2589-2020", key, "energy_calorific") == kgce, name
    assert of_measured_heat(ncv_kj, "kJ/kg", "kgce/kg") == pytest.approx(ncv_kj / 29307.6, rel=1e-12), name


@pytest.mark.parametrize(
    ("name", "key", "kgce_by_gas"),
    [
        ("hydrogen: 9756 / 29307.6 = 0.3329",        "hydrogen", 9756),
        ("natural gas: 38979 / 29307.6 = 1.3300",    "natural_gas", 38979),
        ("compressed air: 1170 / 29307.6 = 0.0399",  "compressed_air", 1170),
    ],
)  # fmt: skip
def test_so_does_that_of_a_gas(name: str, key: str, kgce_by_gas: float) -> None:
    assert value("gb2589-2020", key, "energy_calorific") == pytest.approx(kgce_by_gas / 29307.6, abs=1e-4), name


def test_electricity_and_heat_are_those_of_the_standard() -> None:
    assert value("gb2589-2020", "electricity", "energy_calorific") == 0.1229  # and not 3600 / 29307.6 = 0.12284
    assert BY_ID["gb2589-2020/heat/energy_calorific/national/-"].per("GJ", "kgce") == pytest.approx(34.12)
    assert value("power-coal", "electricity", "energy_equivalent", year=2020) == 0.3055
    assert value("power-coal", "electricity", "energy_equivalent", year=2024) == 0.3024


@pytest.mark.parametrize(
    ("key", "ncv", "content", "oxidation", "tco2"),
    [
        ("anthracite",        24.515, 0.02749, 0.94, 2.3228),
        ("bituminous_coal",   23.204, 0.02618, 0.93, 2.0715),
        ("lignite",           14.449, 0.02800, 0.96, 1.4241),
        ("washed_coal",       26.344, 0.02540, 0.93, 2.2818),
        ("other_washed_coal", 15.373, 0.02540, 0.90, 1.2886),
        ("briquette",         17.460, 0.03360, 0.90, 1.9360),
        ("coke",              28.446, 0.02940, 0.93, 2.8518),
        ("crude_oil",         42.620, 0.02010, 0.98, 3.0783),
        ("fuel_oil",          40.190, 0.02110, 0.98, 3.0472),
        ("gasoline",          44.800, 0.01890, 0.98, 3.0425),
        ("diesel",            43.330, 0.02020, 0.98, 3.1451),
        ("kerosene",          44.750, 0.01960, 0.98, 3.1517),
        ("lpg",               47.310, 0.01720, 0.99, 2.9538),
        ("lng",               41.868, 0.01530, 0.99, 2.3253),
    ],
)  # fmt: skip
def test_a_fuel_emits_its_heat_times_its_carbon_times_what_burns_of_it(
    key: str, ncv: float, content: float, oxidation: float, tco2: float
) -> None:
    by_hand = ncv * content * oxidation * 44 / 12
    assert round(by_hand, 4) == pytest.approx(tco2, abs=1e-4)
    factor = BY_ID[f"ndrc-2015/{key}/carbon/national/-"]
    assert factor.value == pytest.approx(by_hand, rel=1e-12)
    assert [part.value for part in factor.inputs] == [ncv, content, oxidation]
    assert f"{ncv:g} GJ/t × {content:g} tC/GJ × {oxidation:g} × 44/12" in factor.formula()


@pytest.mark.parametrize(
    ("key", "per_10000"),
    [("natural_gas", 21.6219), ("coke_oven_gas", 8.5828), ("blast_furnace_gas", 9.6865), ("converter_gas", 14.3210)],
)
def test_a_gas_emits_what_the_guideline_gives_for_ten_thousand_cubic_metres(key: str, per_10000: float) -> None:
    assert value("ndrc-2015", key, "carbon") * 10_000 == pytest.approx(per_10000, abs=1e-4)


def test_carbon_is_worked_out_in_whatever_units_the_laboratory_wrote() -> None:
    by_hand = 22.0 * 0.026 * 0.95 * 44 / 12
    assert of_carbon(22_000, "kJ/kg", 0.026, 0.95, "tCO2/t") == pytest.approx(by_hand)
    assert of_carbon(22.0, "MJ/kg", 0.026, 0.95, "kgCO2/kg") == pytest.approx(by_hand)


# --- traps ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "key", "purpose", "wrong"),
    [
        ("water of the 2008 edition",             "water",       Purpose.CALORIFIC,  0.0857),
        ("electricity by the old default",        "electricity", Purpose.EQUIVALENT, 0.404),
        ("the same, ten times",                   "electricity", Purpose.EQUIVALENT, 4.04),
        ("LPG with a slip of the first digit",    "lpg",         Purpose.CALORIFIC,  0.7143),
        ("kerosene taken for crude oil",          "kerosene",    Purpose.CALORIFIC,  1.4286),
        ("natural gas of a gas field, 2008",      "natural_gas", Purpose.CALORIFIC,  1.2143),
        ("the ETS factor labelled 2021",          "electricity", Purpose.CARBON,     0.5810),
        ("the ETS factor of 2022",                "electricity", Purpose.CARBON,     0.5703),
        ("the older ETS factor",                  "electricity", Purpose.CARBON,     0.6101),
        ("the carbon footprint factor of 2024",   "electricity", Purpose.CARBON,     0.5777),
    ],
)  # fmt: skip
def test_no_factor_is_a_known_trap(name: str, key: str, purpose: Purpose, wrong: float) -> None:
    known = [factor.value for factor in shipped() if factor.key == key and factor.purpose is purpose]
    assert known, name
    assert wrong not in known, name


def test_the_heat_of_lng_for_carbon_is_not_that_of_another_industry() -> None:
    assert BY_ID["ndrc-2015/lng/carbon/national/-"].inputs[0].value == 41.868


def test_a_factor_of_mass_does_not_multiply_a_volume() -> None:
    with pytest.raises(WrongDimension):
        BY_ID["gb2589-2020/diesel/energy_calorific/national/-"].per("m³", "tce")


def test_formulas_are_of_one_dimension_all_through() -> None:
    """NCV × carbon content is carbon a tonne, which pint turns into CO2 by 44/12 by itself."""
    assert conversion("tC/t", "tCO2/t").factor == pytest.approx(44 / 12)
    assert conversion("kJ/kg", "kgce/kg").factor == pytest.approx(1 / 29307.6)

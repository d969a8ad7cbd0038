"""The metric table, walked row by row: a gap in it is a failure here."""

import csv
import math
import re
from importlib import resources

import pytest

from park.metric import Kind, Medium, Metric, metrics
from park.units import conversion, parse

TABLE = list(metrics().values())
NAMES = [metric.name for metric in TABLE]

ASKED = {
    Medium.ELECTRICITY: "ep_imp ep_exp eq_imp p q u1 u2 u3 i1 i2 i3 pf f demand thdu residual_current cable_temp",
    Medium.WATER: "volume flow pressure ph cod nh3n tp tn turbidity dissolved_oxygen conductivity ss bod5 codmn",
    Medium.GAS: "gas_volume gas_flow temperature pressure",
    Medium.STEAM: "steam_mass steam_flow temperature pressure",
    Medium.HEAT: "heat_energy heat_power temperature pressure",
    Medium.EMISSION: "so2 nox pm o2 flue_flow flue_temp flue_pressure flue_humidity so2_zs nox_zs pm_zs "
    "nitric_oxide no2 co co2 ch4 o3 nmhc pm25 pm10 air_temp air_humidity air_pressure wind_speed wind_direction",
    Medium.SAFETY: "lel co h2s nh3 cl2 o2 temperature pressure level smoke residual_current cable_temp",
}

ATOMS = {"H": 1.008, "C": 12.011, "N": 14.007, "O": 15.999, "S": 32.06, "Cl": 35.45}
GASES = {
    "so2": {"S": 1, "O": 2},
    "nox": {"N": 1, "O": 2},  # counted as NO2
    "co": {"C": 1, "O": 1},
    "h2s": {"H": 2, "S": 1},
    "nh3": {"N": 1, "H": 3},
    "cl2": {"Cl": 2},
    "hcl": {"H": 1, "Cl": 1},
    "nitric_oxide": {"N": 1, "O": 1},
    "no2": {"N": 1, "O": 2},
    "o3": {"O": 3},
    "co2": {"C": 1, "O": 2},
    "ch4": {"C": 1, "H": 4},
    "benzene": {"C": 6, "H": 6},
    "toluene": {"C": 7, "H": 8},
    "ethylbenzene": {"C": 8, "H": 10},
    "xylene": {"C": 8, "H": 10},
    "styrene": {"C": 8, "H": 8},
    "formaldehyde": {"C": 1, "H": 2, "O": 1},
    "methanol": {"C": 1, "H": 4, "O": 1},
}


@pytest.mark.parametrize("metric", TABLE, ids=NAMES)
def test_every_row_is_whole(metric: Metric) -> None:
    parse(metric.unit)
    assert re.fullmatch(r"[a-z0-9_]{1,32}", metric.name)
    assert metric.zh.strip() == metric.zh != ""
    assert metric.en.strip() == metric.en != ""
    assert metric.en.isascii()
    assert metric.media
    assert len(set(metric.media)) == len(metric.media)
    assert math.isfinite(metric.low)
    assert math.isfinite(metric.high)
    assert metric.low < metric.high
    assert conversion(metric.unit, metric.unit)(12.5) == 12.5


@pytest.mark.parametrize("metric", [row for row in TABLE if row.kind is Kind.REGISTER], ids=lambda row: row.name)
def test_a_register_starts_at_nothing_and_takes_the_multiplier(metric: Metric) -> None:
    assert metric.low == 0
    assert metric.scaled


@pytest.mark.parametrize("metric", [row for row in TABLE if row.kind is Kind.STATE], ids=lambda row: row.name)
def test_a_state_is_zero_or_one_and_never_scaled(metric: Metric) -> None:
    assert (metric.low, metric.high, metric.unit, metric.scaled) == (0, 1, "1", False)


def test_no_metric_is_written_twice() -> None:
    rows = list(csv.DictReader(resources.files("park").joinpath("metrics.csv").read_text("utf-8").splitlines()))
    assert [row["name"] for row in rows] == NAMES
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_two_metrics_of_one_medium_share_a_label(language: str) -> None:
    for medium in Medium:
        labels = [getattr(metric, language) for metric in TABLE if medium in metric.media]
        assert len(set(labels)) == len(labels), medium


def test_no_metric_is_called_like_the_quality_field_of_another() -> None:
    assert not {f"{name}_q" for name in NAMES} & set(NAMES)


@pytest.mark.parametrize("medium", Medium)
def test_every_medium_has_the_metrics_asked_for(medium: Medium) -> None:
    assert set(ASKED[medium].split()) <= {metric.name for metric in TABLE if medium in metric.media}


def test_a_gas_in_mg_per_m3_knows_its_molar_mass_and_nothing_else_has_one() -> None:
    assert {metric.name for metric in TABLE if metric.molar_mass is not None} == set(GASES)
    assert all(metrics()[gas].unit == "mg/m³" for gas in GASES)


@pytest.mark.parametrize("gas", GASES)
def test_a_molar_mass_is_the_sum_of_its_atoms(gas: str) -> None:
    summed = sum(ATOMS[atom] * count for atom, count in GASES[gas].items())
    assert metrics()[gas].molar_mass == pytest.approx(summed, rel=3e-4)  # tables of different years differ that much

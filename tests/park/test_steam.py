"""Steam: the formulation's own verification values, and states that cannot be told."""

import pytest

from park.steam import KELVIN, Reference, State, SteamError, boiling_celsius, enthalpy_kj_kg, heat_gj_t


@pytest.mark.parametrize(
    ("name", "mpa", "kelvin", "kj_kg"),
    [
        # the values IAPWS gives for checking a program of its industrial formulation 1997, tables 5, 15 and 33
        ("region 1", 3.0,    300.0, 115.331273),
        ("region 1", 80.0,   300.0, 184.142828),
        ("region 1", 3.0,    500.0, 975.542239),
        ("region 2", 0.0035, 300.0, 2549.91145),
        ("region 2", 0.0035, 700.0, 3335.68375),
        ("region 2", 30.0,   700.0, 2631.49474),
    ],
)  # fmt: skip
def test_enthalpies_are_those_of_the_standards_verification_tables(
    name: str, mpa: float, kelvin: float, kj_kg: float
) -> None:
    state = State(mpa, "MPa", Reference.ABSOLUTE, kelvin - KELVIN)
    assert enthalpy_kj_kg(state) == pytest.approx(kj_kg, rel=2e-9), name


@pytest.mark.parametrize(("mpa", "kelvin"), [(0.1, 372.755919), (1.0, 453.035632), (10.0, 584.149488)])
def test_boiling_points_are_those_of_the_verification_table(mpa: float, kelvin: float) -> None:
    assert boiling_celsius(mpa * 1e6) + KELVIN == pytest.approx(kelvin, rel=2e-9)


def test_saturated_steam_goes_by_its_dryness() -> None:
    """Steam tables give 762.7 kJ/kg for boiling water of 1 MPa and 2777.1 for its dry steam; between, it is a share."""

    def wet(dryness: float) -> float:
        return heat_gj_t(State(1.0, "MPa", Reference.ABSOLUTE, dryness=dryness))

    assert wet(1.0) == pytest.approx(2.7771, abs=1e-4)
    assert wet(0.9) == pytest.approx(0.1 * 0.7627 + 0.9 * 2.7771, abs=1e-4)
    assert wet(1.0) < heat_gj_t(State(1.0, "MPa", Reference.ABSOLUTE, 185.0))


def test_a_gauge_pressure_is_one_atmosphere_above_an_absolute_one() -> None:
    gauge = State(0.8, "MPa", Reference.GAUGE, 200.0)
    absolute = State(0.901325, "MPa", Reference.ABSOLUTE, 200.0)
    assert gauge.pascal == pytest.approx(absolute.pascal)
    assert heat_gj_t(gauge) == pytest.approx(heat_gj_t(absolute))
    assert heat_gj_t(gauge) != pytest.approx(heat_gj_t(State(0.8, "MPa", Reference.ABSOLUTE, 200.0)), abs=1e-4)


@pytest.mark.parametrize("unit", ["MPa", "kPa", "bar"])
def test_the_unit_of_the_pressure_does_not_matter(unit: str) -> None:
    size = {"MPa": 0.8, "kPa": 800.0, "bar": 8.0}[unit]
    assert heat_gj_t(State(size, unit, Reference.GAUGE, 200.0)) == pytest.approx(2.8340, abs=1e-4)


def test_feed_water_is_taken_off_where_the_policy_says_so() -> None:
    state = State(0.8, "MPa", Reference.GAUGE, 200.0)
    assert heat_gj_t(state) - heat_gj_t(state, feed_water_kj_kg=84.0) == pytest.approx(0.084)


@pytest.mark.parametrize(
    ("name", "state", "zh", "en"),
    [
        ("on the saturation line", State(1.0, "MPa", Reference.ABSOLUTE, 179.9), "分不清是汽是水", "steam from water"),
        ("water", State(1.0, "MPa", Reference.ABSOLUTE, 150.0), "这是水而不是蒸汽", "this is water"),
        ("a pressure in Pa that was kPa", State(800_000, "MPa", Reference.GAUGE, 200.0), "超出 IF97", "outside IF97"),
        ("neither temperature nor dryness", State(0.8, "MPa", Reference.GAUGE), "缺少温度或干度", "Neither"),
        ("drier than dry", State(0.8, "MPa", Reference.GAUGE, dryness=1.2), "干度在 0 与 1", "dryness up to 1"),
        ("saturated above the critical point", State(30, "MPa", Reference.GAUGE, dryness=1), "22.064", "22.064"),
        ("too hot", State(0.8, "MPa", Reference.GAUGE, 900.0), "超出 IF97", "outside IF97"),
    ],
)  # fmt: skip
def test_a_state_that_cannot_be_told_is_a_sentence(name: str, state: State, zh: str, en: str) -> None:
    with pytest.raises(SteamError) as error:
        heat_gj_t(state)
    assert zh in error.value.zh, name
    assert en in error.value.en, name

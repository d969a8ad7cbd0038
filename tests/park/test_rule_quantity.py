"""Limits as people write them, in the unit of the metric they limit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.derived import watchable
from park.metric import Metric
from park.registry_notes import Notes
from park.rule_quantity import BARE, Limit, Sense, is_flow, read_limit, read_quantity, read_share, summed
from park.units import conversion

METRICS = list(watchable().values())
EACH = pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
NUMBERS = st.decimals(-9_999, 9_999, allow_nan=False, allow_infinity=False, places=3)


def read(value: object, name: str, sense: Sense = Sense.VALUE) -> float | None:
    return read_quantity(Notes({}), "x", value, watchable()[name], sense)


@EACH
@given(number=NUMBERS)
def test_a_number_in_the_metrics_own_unit_is_that_number(metric: Metric, number: object) -> None:
    unit = "" if metric.unit in BARE else metric.unit
    for sense in (Sense.VALUE, Sense.DIFFERENCE):
        assert read_quantity(Notes({}), "x", f"{number} {unit}", metric, sense) == float(str(number))


@EACH
def test_a_bare_number_is_a_mistake_unless_nobody_would_write_the_unit(metric: Metric) -> None:
    notes = Notes({})
    found = read_quantity(notes, "x", 25, metric)
    assert found == (25 if metric.unit in BARE else None)
    assert len(notes.mistakes) == (found is None)


@pytest.mark.parametrize(
    ("said", "metric", "number"),
    [
        ("0.35 MPa", "pressure", 0.35), ("3.5 bar", "pressure", 0.35), ("350kPa", "flue_pressure", 350),
        ("30 mg/m³", "nh3", 30), ("0.03 g/m3", "nh3", 30), ("10 ppm", "h2s", 14.168), ("0.001 %VOL", "h2s", 14.168),
        ("90 %", "pf", 0.9), ("2.5 kV", "u1", 2500), ("1e3 W", "p", 1), ("-5 ℃", "temperature", -5),
        ("158 °F", "cable_temp", 70), ("1 L/s", "flow", 3.6),
    ],
)  # fmt: skip
def test_a_quantity_comes_in_the_unit_of_its_metric(said: str, metric: str, number: float) -> None:
    assert read(said, metric) == pytest.approx(number, rel=1e-4)


def test_a_difference_of_temperatures_has_no_origin() -> None:
    assert read("18 °F", "cable_temp", Sense.DIFFERENCE) == pytest.approx(10)


@pytest.mark.parametrize(("metric", "unit"), [("p", "kWh"), ("flow", "m³"), ("gas_flow", "Nm³"), ("heat_power", "GJ")])
def test_what_goes_through_is_in_the_unit_of_a_sum(metric: str, unit: str) -> None:
    assert summed(watchable()[metric].unit) == unit
    assert read(f"5 {unit}", metric, Sense.SUM) == 5


@pytest.mark.parametrize(
    "value",
    [None, True, "", "%LEL", "25", "25 %VOL", "twenty %LEL", "nan %LEL", "inf %LEL", "1e999 %LEL", "25 %LEL %LEL",
     float("nan"), 10**400, ["25 %LEL"], "9" * 40],
)  # fmt: skip
def test_what_is_no_limit_of_a_gas_is_told_in_a_sentence(value: object) -> None:
    notes = Notes({})
    assert read_quantity(notes, "x", value, watchable()["lel"]) is None
    assert len(notes.mistakes) == 1


@pytest.mark.parametrize("said", ["80 % of rated", "80% of rated", "额定的 80 %", "额定值的80%", "80 % 额定"])
def test_a_share_of_the_rating_is_read(said: str) -> None:
    assert read_limit(Notes({}), "x", said, watchable()["p"]) == Limit(0.8, rated=True)


@EACH
def test_only_of_flows_there_is_a_rating(metric: Metric) -> None:
    found = read_limit(Notes({}), "x", "80 % of rated", metric)
    assert (found is not None) is is_flow(metric)
    if is_flow(metric):
        conversion(metric.unit, f"{summed(metric.unit)}/h" if metric.unit.endswith("/h") else metric.unit)


@pytest.mark.parametrize(("said", "share"), [("75 %", 0.75), (0.75, 0.75), ("300 %", 3), (10, 10)])
def test_a_share_is_read(said: object, share: float) -> None:
    assert read_share(Notes({}), "x", said) == share


@pytest.mark.parametrize("said", [0, -1, 11, True, None, "75", "% 75", float("nan"), float("inf"), "1100 %", []])
def test_what_is_no_share_is_told(said: object) -> None:
    notes = Notes({})
    assert read_share(notes, "x", said) is None
    assert len(notes.mistakes) == 1

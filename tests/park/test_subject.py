"""What is accounted for of a meter: registers first, a flow where there is none, masses at outlets."""

from datetime import timedelta

import pytest

from park.carrier import by_medium, carriers
from park.metric import Kind, Medium, metrics
from park.place import Meter, Role
from park.pollutant import OUTLETS
from park.subject import EXPORT, FLOWS, Way, subjects
from park.units import conversion


def meter(medium: Medium, role: Role, *names: str) -> Meter:
    return Meter("m1", "e01", "hk", medium, role, "表", timedelta(seconds=15), names)


CASES = {
    "a boundary meter counts what comes in": (
        meter(Medium.ELECTRICITY, Role.BOUNDARY, "p", "ep_imp"),
        [("ep_imp", "electricity", Way.REGISTER, None)],
    ),
    "what goes out again is kept apart": (
        meter(Medium.ELECTRICITY, Role.BOUNDARY, "ep_imp", "ep_exp"),
        [("ep_imp", "electricity", Way.REGISTER, None), ("ep_exp", EXPORT, Way.REGISTER, None)],
    ),
    "a sub-meter counts like any": (
        meter(Medium.WATER, Role.SUB, "volume", "flow"),
        [("volume", "water", Way.REGISTER, None)],
    ),
    "a flow is integrated where there is no register": (
        meter(Medium.WATER, Role.BOUNDARY, "flow", "pressure"),
        [("flow", "water", Way.FLOW, None)],
    ),
    "photovoltaics count": (
        meter(Medium.ELECTRICITY, Role.GENERATION, "ep_imp"),
        [("ep_imp", "electricity", Way.REGISTER, None)],
    ),
    "an outlet's masses need its flow": (
        meter(Medium.WATER, Role.OUTLET, "cod", "nh3n", "ph", "flow", "volume"),
        [("cod", "cod", Way.MASS, "flow"), ("nh3n", "nh3n", Way.MASS, "flow")],
    ),
    "a chimney's, that of the flue gas": (
        meter(Medium.EMISSION, Role.OUTLET, "so2", "so2_zs", "nox", "o2", "flue_flow"),
        [("so2", "so2", Way.MASS, "flue_flow"), ("nox", "nox", Way.MASS, "flue_flow")],
    ),
    "no flow, no mass": (meter(Medium.WATER, Role.OUTLET, "cod", "ph"), []),
    "a detector uses nothing": (meter(Medium.SAFETY, Role.DETECTOR, "lel"), []),
    "nothing that counts": (meter(Medium.STEAM, Role.BOUNDARY, "pressure"), []),
}


@pytest.mark.parametrize(("given", "found"), CASES.values(), ids=CASES)
def test_what_is_accounted_for(given: Meter, found: list[tuple[object, ...]]) -> None:
    assert [(one.metric, one.carrier, one.way, one.flow) for one in subjects(given)] == found


def test_every_carrier_with_a_medium_has_a_flow_whose_integral_is_in_its_unit() -> None:
    assert set(FLOWS) == set(by_medium())
    for medium, carrier in by_medium().items():
        gauge = metrics()[FLOWS[medium]]
        assert gauge.kind is Kind.GAUGE
        assert medium in gauge.media
        integral = "kWh" if gauge.unit == "kW" else gauge.unit.removesuffix("/h")
        assert conversion(integral, carrier.unit).factor == 1.0


def test_every_pollutant_is_measured_where_it_leaves() -> None:
    for medium, outlet in OUTLETS.items():
        assert all(medium in metrics()[name].media for name in (outlet.flow, *outlet.pollutants))
    assert EXPORT not in carriers()

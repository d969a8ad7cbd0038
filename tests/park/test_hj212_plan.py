"""How a meter reads the factors of HJ 212: what the registry says of it, and the standard's table."""

import pytest

from park.decode.hj212_codes import factors
from park.decode.hj212_plan import KINDS, LEFT
from park.metric import Medium, metrics
from park.units import conversion
from tests.park.hj212_frames import water
from tests.park.test_hj212 import TIME, admitted, outlet, said


@pytest.mark.parametrize(
    ("sentence", "options", "data", "wanted"),
    [
        ("a code of one's own", {"codes": {"w99001": "cod"}}, "w99001-Rtd=1", [("cod", 1.0, None)]),
        ("with a unit of its own",         {"codes": {"w99001": {"metric": "cod", "unit": "g/m³"}}}, "w99001-Rtd=1",
            [("cod", 1.0, "g/m³")]),
        ("goes before the table's", {"codes": {"w99001": "cod"}}, "w99001-Rtd=1;w01018-Rtd=2", [("cod", 1.0, None)]),
        ("the table's code by hand", {"codes": {"w01018": "cod"}}, "w01018-Rtd=2", [("cod", 2.0, "mg/L")]),
        ("an amount that is a register",   {"codes": {"w00000-Cou": "volume"}}, "w00000-Rtd=1,w00000-Cou=7",
                                                                     [("flow", 1.0, "L/s"), ("volume", 7.0, None)]),
        ("a factor left out", {"skip": ["w01018"]}, "w01018-Rtd=1;w00000-Rtd=2", [("flow", 2.0, "L/s")]),
        ("a kind that is not taken",       {"take": ["hour"]}, "w01018-Rtd=1",                         []),
        ("a kind that is taken", {"take": ["realtime"]}, "w01018-Rtd=1", [("cod", 1.0, "mg/L")]),
    ],
)  # fmt: skip
def test_what_the_registry_says_of_a_meter(
    sentence: str, options: dict[str, object], data: str, wanted: list[tuple[str, float, str | None]]
) -> None:
    claims = said(water(f"{TIME};{data}"), outlet("out", "cod", "flow", "volume", options=options)).claims
    assert [(claim.metric, claim.value, claim.unit) for claim in claims] == wanted, sentence


def test_the_registered_unit_goes_before_the_standards() -> None:
    [reading] = admitted(water(f"{TIME};w00000-Rtd=30"), outlet(units={"flow": "m³/h"}))
    assert reading.value == 30.0


# --- the table --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", factors())
def test_a_row_of_the_table_is_a_metric_in_a_unit_that_converts(code: str) -> None:
    factor = factors()[code]
    assert code in {factor.code, factor.old}
    for name in filter(None, (factor.metric, factor.zs)):
        metric = metrics()[name]
        for unit in (factor.unit, factor.air):
            assert conversion(unit, metric.unit, metric.molar_mass).factor > 0
        medium = Medium.WATER if factor.code.startswith("w") else Medium.EMISSION
        assert medium in metric.media
    assert factor.zs == "" or factor.zs.endswith("_zs")


def test_the_codes_that_are_often_swapped_are_not() -> None:
    table = {code: factor.metric for code, factor in factors().items()}
    assert (table["w21001"], table["w21011"], table["w21003"]) == ("tn", "tp", "nh3n")
    assert (table["a21026"], table["a21002"], table["a34013"]) == ("so2", "nox", "pm")
    assert (table["a21003"], table["a21004"], table["a21005"]) == ("nitric_oxide", "no2", "co")


def test_every_kind_of_data_and_every_field_left_out_is_named_once() -> None:
    assert sorted(KINDS.values()) == ["day", "hour", "minute", "realtime"]
    assert set(LEFT.values()) == {"extremes", "amount", "device_flag"}

"""SenML's units: each of its registry is read as what it means, or known to be none of ours."""

import pytest

from park.decode.senml_units import ours, senml, sum_unit
from park.units import UnknownUnit, conversion, parse

# RFC 8428 §12.1, RFC 8798 and what has been added since: https://www.iana.org/assignments/senml
OF_THE_REGISTRY = """
m kg g s A K cd mol Hz rad sr N Pa J W C V F Ohm S Wb T H Cel lm lx Bq Gy Sv kat m2 m3 l m/s m/s2 m3/s l/s W/m2 cd/m2
bit bit/s lat lon pH dB dBW Bspl count / %RH %EL EL 1/s 1/min beat/min beats S/m B VA VAs var vars J/m kg/m3 deg NTU %
ms min h MHz kW kVA kvar Ah Wh kWh varh kvarh kVAh Wh/km KiB GB Mbit/s B/s MB/s mV mA dBm ug/m3 mm/h m/h ppm /100
/1000 hPa mm cm km km/h ppb
""".split()  # noqa: SIM905  # ninety strings in a row would hide what is there
NONE_OF_OURS = """
cd mol rad sr N C F Ohm Wb T H lm lx Bq Gy Sv kat m/s2 cd/m2 bit bit/s lat lon dB dBW Bspl beat/min beats B VA VAs deg
dBm kVA kVAh KiB GB Mbit/s B/s MB/s MHz ppb
""".split()  # noqa: SIM905


@pytest.mark.parametrize("unit", OF_THE_REGISTRY)
def test_each_unit_is_read_or_known_to_be_none_of_ours(unit: str) -> None:
    try:
        parse(ours(unit))
    except UnknownUnit:
        assert unit in NONE_OF_OURS
    else:
        assert unit not in NONE_OF_OURS


@pytest.mark.parametrize(
    ("theirs", "value", "unit", "expected"),
    [
        ("Cel", 21.5, "°C", 21.5),
        ("K", 300.0, "°C", 26.85),
        ("l/s", 1.0, "m³/h", 3.6),
        ("m3/s", 0.01, "m³/h", 36.0),
        ("W", 12_450.0, "kW", 12.45),
        ("J", 3.6e6, "kWh", 1.0),
        ("Wh", 9_250.0, "kWh", 9.25),
        ("varh", 9_250.0, "kvarh", 9.25),
        ("vars", 3.6e6, "kvarh", 1.0),
        ("/", 0.5, "%", 50.0),
        ("/100", 50.0, "%", 50.0),
        ("/1000", 500.0, "%", 50.0),
        ("%RH", 50.0, "%", 50.0),
        ("count", 3.0, "1", 3.0),
        ("1/s", 50.0, "Hz", 50.0),
        ("pH", 7.0, "pH", 7.0),
        ("hPa", 1_013.0, "kPa", 101.3),
        ("ug/m3", 35.0, "mg/m³", 0.035),
        ("Pa", 250_000.0, "MPa", 0.25),
    ],
)
def test_a_unit_means_with_us_what_it_means_there(theirs: str, value: float, unit: str, expected: float) -> None:
    assert conversion(ours(theirs), unit)(value) == pytest.approx(expected)


@pytest.mark.parametrize("unit", ["°C", "1", "‰", "m³", "µg/m³", "kW", "%"])
def test_what_is_written_in_senmls_way_means_the_same(unit: str) -> None:
    assert conversion(ours(senml(unit)), unit)(1.0) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("of", "total", "unit", "expected"),
    [
        ("W", 3.6e6, "kWh", 1.0),
        ("kW", 3_600.0, "kWh", 1.0),
        ("MW", 3.6, "kWh", 1.0),
        ("var", 3.6e6, "kvarh", 1.0),
        ("kvar", 3_600.0, "kvarh", 1.0),
        ("l/s", 1_000.0, "m³", 1.0),
        ("m3/s", 1.0, "m³", 1.0),
        ("kg/s", 1_000.0, "t", 1.0),
    ],
)
def test_a_sum_is_in_the_values_unit_times_seconds(of: str, total: float, unit: str, expected: float) -> None:
    assert conversion(sum_unit(of) or "", unit)(total) == pytest.approx(expected)


def test_a_sum_of_values_without_a_unit_has_none() -> None:
    assert sum_unit(None) is None

"""What frames of HJ 212 say: whose values, which metric, unit, quality and instant."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from park.admit import Admission
from park.decode import Context, read
from park.decode.said import Said
from park.malformed import Malformed
from park.metric import Medium
from park.place import Enterprise, Meter, Park, Role
from park.quality import Quality
from park.reading import Claim, Reading
from park.reason import Reason
from park.registry import Registry
from tests.park.hj212_frames import AIR, REQUEST, STACK, WATER, framed, water

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TIME = "DataTime=20261123080000"


def outlet(
    name: str = "out",
    *names: str,
    medium: Medium = Medium.WATER,
    units: Mapping[str, str] | None = None,
    mn: str = "M1",
    options: Mapping[str, object] | None = None,
) -> Meter:
    """Make an outlet's meter that speaks as station `mn`."""
    return Meter(
        id=name,
        enterprise="e01",
        park="hengkou",
        medium=medium,
        role=Role.OUTLET,
        name="总排口",
        period=timedelta(minutes=5),
        metrics=names or ("cod", "flow"),
        units=units or {},
        codec="hj212",
        options={"mn": mn, **(options or {})},
    )


def said(payload: bytes, *meters: Meter) -> Said:
    """Read a frame of the registered meters, as from the listener's topic."""
    return read(payload, Context("", NOW, "hj212", "hj212/M1", meters))


def admitted(payload: bytes, meter: Meter) -> list[Reading]:
    """Let a frame of one meter in, and refuse nothing of it."""
    registry = Registry((Park("hengkou", "恒口"),), (Enterprise("e01", "hengkou", "食品"),), (meter,))
    readings, refusals = Admission(registry).admit(said(payload, meter).claims, NOW)
    assert refusals == []
    return readings


def refusal(payload: bytes, *meters: Meter) -> Malformed:
    with pytest.raises(Malformed) as caught:
        said(payload, *meters)
    return caught.value


GOLDEN = [
    (
        WATER,
        outlet("w", "cod", "nh3n", "tn", "tp", "ph", "flow", mn="81733553213013"),
        {
            "flow": (181.682 * 3.6, "2021-03-19T17:34:00"),
            "tn": (45.16, "2021-03-19T16:54:00"),  # its own SampleTime, forty minutes earlier
            "tp": (1.97, "2021-03-19T17:34:00"),
            "nh3n": (53.131, "2021-03-19T17:34:00"),
            "cod": (194.2, "2021-03-19T17:34:00"),
            "ph": (7.496, "2021-03-19T17:34:06"),
        },
    ),
    (
        STACK,
        outlet("s", "flue_flow", "nmhc", medium=Medium.EMISSION, mn="81733553216103"),
        {
            "flue_flow": (5.407 * 3600, "2024-01-22T00:16:00"),
            "flue_speed": (7.072, "2024-01-22T00:16:00"),
            "flue_pressure": (-0.052, "2024-01-22T00:16:00"),
            "flue_temp": (6.48, "2024-01-22T00:16:00"),
            "nmhc": (0.804, "2024-01-22T00:16:00"),
            "ch4": (0.0, "2024-01-22T00:16:00"),
            "flue_humidity": (0.97, "2024-01-22T00:16:00"),
        },
    ),
    (
        AIR,
        outlet("a", "pm25", "so2", medium=Medium.EMISSION, mn="JLYP01_AIR01_0001"),
        {
            "no2": (0.004, "2022-05-13T08:26:00"),
            "o3": (0.063, "2022-05-13T08:26:00"),
            "so2": (0.006, "2022-05-13T08:26:00"),
            "co": (0.427, "2022-05-13T08:26:00"),
            "pm25": (0.014, "2022-05-13T08:26:00"),
            "pm10": (0.031, "2022-05-13T08:26:00"),
            "wind_speed": (1.0, "2022-05-13T08:26:00"),
            "wind_direction": (11.0, "2022-05-13T08:26:00"),
            "air_temp": (17.0, "2022-05-13T08:26:00"),
            "air_humidity": (85.0, "2022-05-13T08:26:00"),
            "air_pressure": (95.0, "2022-05-13T08:26:00"),
        },
    ),
]


@pytest.mark.parametrize(("payload", "meter", "wanted"), GOLDEN, ids=["water", "stack", "air"])
def test_a_frame_of_the_field_is_read_with_its_units_and_in_utc(
    payload: bytes, meter: Meter, wanted: dict[str, tuple[float, str]]
) -> None:
    readings = {reading.metric: reading for reading in admitted(payload, meter)}
    assert {reading.meter for reading in readings.values()} == {meter.id}
    assert {name: reading.at.isoformat() for name, reading in readings.items()} == {
        name: f"{at}+00:00" for name, (_, at) in wanted.items()
    }
    assert {name: reading.value for name, reading in readings.items()} == pytest.approx(
        {name: value for name, (value, _) in wanted.items()}
    )
    assert {reading.quality for reading in readings.values()} == {0}
    assert said(payload, meter).remarks == ()


def test_a_frame_without_data_claims_nothing_and_is_counted() -> None:
    assert said(REQUEST, outlet(mn="010000A8900016F000169DC0")) == Said([], remarks=("command",))


@pytest.mark.parametrize(
    ("letter", "quality"),
    [
        ("N", Quality.GOOD),
        ("n", Quality.GOOD),
        ("F", Quality.STOPPED),
        ("M", Quality.MAINTENANCE),
        ("S", Quality.SUBSTITUTED),
        ("D", Quality.FAULT),
        ("C", Quality.CALIBRATION),
        ("T", Quality.IMPLAUSIBLE),
        ("B", Quality.FAULT),
        ("H", Quality.UNCERTAIN),
        ("?", Quality.UNCERTAIN),
    ],
)
def test_a_flag_becomes_a_quality(letter: str, quality: Quality) -> None:
    what = said(water(f"{TIME};w01018-Rtd=36.5,w01018-Flag={letter}"), outlet())
    assert [(claim.metric, claim.value, claim.quality) for claim in what.claims] == [("cod", 36.5, quality)]
    assert what.remarks == (("flag",) if letter == "?" else ())


@pytest.mark.parametrize(
    ("sentence", "cn", "data", "wanted", "remarks"),
    [
        ("a momentary value",            "2011", "w01018-Rtd=1",               {"cod": 1.0},                  ()),
        ("the mean of a minute", "2051", "w01018-Avg=1,w01018-Min=0,w01018-Max=2", {"cod": 1.0}, ("extremes",)),
        ("the mean of an hour", "2061", "w01018-Avg=1,w01018-Cou=5", {"cod": 1.0}, ("amount",)),
        ("the mean of a day",            "2031", "w01018-Avg=1",               {"cod": 1.0},                  ()),
        ("a mean beside the moment",     "2061", "w01018-Rtd=9,w01018-Avg=1",  {"cod": 1.0},                  ()),
        ("the moment beside a mean",     "2011", "w01018-Rtd=9,w01018-Avg=1",  {"cod": 9.0},                  ()),
        ("only what a kind does not say", "2011", "w01018-Avg=1",              {"cod": 1.0},                  ()),
        ("at reference oxygen",          "2011", "a21026-Rtd=1,a21026-ZsRtd=2", {"so2": 1.0, "so2_zs": 2.0},  ()),
        ("reference oxygen of heat",     "2011", "a01012-Rtd=1,a01012-ZsRtd=2", {"flue_temp": 1.0},           ("zs",)),
        ("an area, which is no metric", "2011", "a01016-Rtd=1", {}, ("factor",)),
        ("a device's own flag", "2011", "w01018-Rtd=1,w01018-EFlag=0", {"cod": 1.0}, ("device_flag",)),
        ("a field nobody knows", "2011", "w01018-Rtd=1,w01018-Xy=0", {"cod": 1.0}, ("field",)),
        ("a word of no factor", "2011", "w01018-Rtd=1;PolId=w01018", {"cod": 1.0}, ("field",)),
        ("no value is none",             "2011", "w01018-Rtd=,w01018-Flag=D",  {},                            ()),
        ("codes of 2005",                "2011", "011-Rtd=1;060-Rtd=2;101-Rtd=3;B01-Rtd=4",
                                         {"cod": 1.0, "nh3n": 2.0, "tp": 3.0, "flow": 4.0},                   ()),
        ("codes of 2005 for flue gas",   "2051", "01-Avg=1;02-Avg=2;03-Avg=3;S01-Avg=4;S08-Avg=5;B02-Avg=6",
                                         {"pm": 1.0, "so2": 2.0, "nox": 3.0, "o2": 4.0, "flue_pressure": 5.0,
                                          "flue_flow": 6.0},                                                  ()),
        ("codes in other letters", "2011", "W01018-Rtd=1;b01-Rtd=2", {"cod": 1.0, "flow": 2.0}, ()),
        ("a code nobody knows",          "2011", "w99999-Rtd=1",               {"w99999": 1.0},               ()),
        ("the last separator",           "2011", "w01018-Rtd=1,;",             {"cod": 1.0},                  ()),
    ],
)  # fmt: skip
def test_which_values_are_claimed(
    sentence: str, cn: str, data: str, wanted: dict[str, float], remarks: tuple[str, ...]
) -> None:
    what = said(water(f"{TIME};{data}", cn=cn), outlet())
    assert {claim.metric: claim.value for claim in what.claims} == wanted, sentence
    assert len(what.claims) == len(wanted)
    assert what.remarks == remarks, sentence


def test_what_is_no_number_is_refused_alone_and_by_admission() -> None:
    registry = Registry((Park("hengkou", "恒口"),), (Enterprise("e01", "hengkou", "食品"),), (outlet(),))
    claims = said(water(f"{TIME};w01018-Rtd=--;w00000-Rtd=2"), outlet()).claims
    assert math.isnan(claims[0].value)
    readings, refusals = Admission(registry).admit(claims, NOW)
    assert [reading.metric for reading in readings] == ["flow"]
    assert [refusal.reason for refusal in refusals] == [Reason.NOT_FINITE]


def test_a_code_nobody_knows_is_refused_by_its_name() -> None:
    registry = Registry((Park("hengkou", "恒口"),), (Enterprise("e01", "hengkou", "食品"),), (outlet(),))
    _, refusals = Admission(registry).admit(said(water(f"{TIME};w99999-Rtd=1"), outlet()).claims, NOW)
    assert [(refusal.reason, refusal.subject) for refusal in refusals] == [(Reason.UNKNOWN_METRIC, "w99999")]


@pytest.mark.parametrize(
    ("sentence", "payload", "reason"),
    [
        ("no time at all",              water("w01018-Rtd=1"),                                    Reason.TIME_FORM),
        ("a month too many",            water("DataTime=20261323080000;w01018-Rtd=1"),            Reason.TIME_FORM),
        ("a time with a zone",          water("DataTime=2026-11-23T08:00:00Z;w01018-Rtd=1"),      Reason.TIME_FORM),
        ("the year 1, before Beijing",  water("DataTime=00010101000000;w01018-Rtd=1"),            Reason.TIME_FORM),
        ("a factor's own wrong time",   water(f"{TIME};w01018-SampleTime=1,w01018-Rtd=1"),        Reason.TIME_FORM),
        ("two times",                   water(f"{TIME};DataTime=20261123090000;w01018-Rtd=1"),    Reason.METRIC_TWICE),
        ("a value twice",               water(f"{TIME};w01018-Rtd=1;w01018-Rtd=2"),               Reason.METRIC_TWICE),
        ("two codes of one metric",     water(f"{TIME};w01018-Rtd=1;011-Rtd=2"),                  Reason.METRIC_TWICE),
        ("no field",                    water(f"{TIME};w01018"),                                  Reason.NOT_READABLE),
        ("another station", water(f"{TIME};w01018-Rtd=1", mn="M2"), Reason.UNKNOWN_SENDER),
        ("a station without a number", water(f"{TIME};w01018-Rtd=1", mn=""), Reason.UNKNOWN_SENDER),
    ],
)  # fmt: skip
def test_refused(sentence: str, payload: bytes, reason: Reason) -> None:
    assert refusal(payload, outlet()).reason is reason, sentence


def test_a_station_nobody_registered_is_named() -> None:
    assert refusal(water(f"{TIME};w01018-Rtd=1")).subject == "hj212 MN=M1"


def test_milliseconds_of_a_time_count() -> None:
    [claim] = said(water("DataTime=20261123080000250;w01018-Rtd=1"), outlet()).claims
    assert claim.at == NOW.replace(microsecond=250_000)


def test_meters_of_one_station_each_take_what_they_list() -> None:
    meters = (
        outlet("quality", "cod", "ph"),
        outlet("quantity", "flow"),
        outlet("stack", "so2", medium=Medium.EMISSION),
        outlet("other", "cod", mn="M2"),
    )
    claims = said(water(f"{TIME};w01018-Rtd=1;w00000-Rtd=2;a21026-Rtd=3;w21003-Rtd=4;x1-Rtd=5"), *meters).claims
    assert [(claim.meter, claim.metric) for claim in claims] == [
        ("quality", "cod"),
        ("quantity", "flow"),
        ("stack", "so2"),
        ("quality", "nh3n"),  # none lists it: the first it suits
        ("quality", "x1"),
    ]


def test_a_context_of_which_only_the_meter_is_known_trusts_the_frame() -> None:
    [claim] = read(water(f"{TIME};w01018-Rtd=1", mn="any"), Context("m1", NOW, "hj212")).claims
    assert claim == Claim("m1", "cod", 1.0, NOW, 0, "mg/L")


def test_a_wrong_length_is_let_pass_and_counted() -> None:
    what = said(framed(f"ST=32;CN=2011;MN=M1;Flag=0;CP=&&{TIME};w01018-Rtd=1&&", length=9), outlet())
    assert (len(what.claims), what.remarks) == (1, ("length",))

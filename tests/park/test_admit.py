"""Admission: every reason once and by name, units and multipliers by hand, and memory that no sender can fill."""

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.admit import AHEAD, OLDEST, SPARE_GATES, Admission
from park.instant import EPOCH, from_ms
from park.metric import Kind, Medium, metrics
from park.place import Multiplier
from park.quality import Quality
from park.reading import Claim, Reading, Refusal
from park.reason import Reason
from park.topic import Address, Channel
from park.units import SPELLINGS
from tests.park.examples import NOW, meter, registry

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
CHANGE = datetime(2025, 7, 1, tzinfo=UTC)
TICK = timedelta(milliseconds=1)
FIRST, LAST = from_ms(-62_135_596_800_000), from_ms(253_402_300_799_999)
MULTIPLIERS = (Multiplier(BEGIN, 8_000.0), Multiplier(CHANGE, 12_000.0))
PARK = registry(
    meter("plain"),
    meter("scaled", multipliers=MULTIPLIERS),
    meter("units", units={"p": "MW", "ep_imp": "MWh", "cable_temp": "K", "co": "ppm", "pressure": "bar"}),
    meter("wrong", units={"p": "kvar", "q": "horsepower"}, medium=Medium.SAFETY),
)


def admit(
    of: str, metric: str, value: float, *, at: datetime = NOW, unit: str | None = None, quality: int = 0
) -> Reading | Refusal:
    """Admit one claim; it must come out on exactly one side."""
    readings, refusals = Admission(PARK).admit([Claim(of, metric, value, at, quality, unit)], NOW)
    assert len(readings) + len(refusals) == 1
    return (readings or refusals)[0]


@pytest.mark.parametrize(
    ("sentence", "of", "metric", "value", "unit", "expected"),
    [
        ("as it is",                                      "plain",  "p",          12.5,  None,    12.5),
        ("nothing is a value",                            "plain",  "p",          0.0,   None,    0.0),
        ("below nothing, too: it feeds in",               "plain",  "p",          -12.5, None,    -12.5),
        ("in the unit the payload names",                 "plain",  "p",          12.5,  "MW",    12_500.0),
        ("in the unit the registry names",                "units",  "p",          12.5,  None,    12_500.0),
        ("the payload's word is the nearer one",          "units",  "p",          12.5,  "kW",    12.5),
        ("a register in another unit",                    "units",  "ep_imp",     3.0,   None,    3_000.0),
        ("a temperature has an offset",                   "units",  "cable_temp", 300.0, None,    26.85),
        ("ppm of carbon monoxide at 20 °C",               "units",  "co",         20.0,  None,    23.288),
        ("a tenth of a MPa a bar",                        "units",  "pressure",   7.0,   None,    0.7),
        ("an empty unit is a bare number",                "plain",  "pf",         0.97,  "",      0.97),
        ("a per cent of a bare number",                   "plain",  "pf",         97.0,  "%",     0.97),
        ("space around a unit is nothing",                "plain",  "p",          1.0,   " MW ",  1_000.0),
        ("the multiplier of its time",                    "scaled", "p",          0.5,   None,    6_000.0),
        ("once, after the unit",                          "scaled", "p",          500.0, "W",     6_000.0),
        ("a register takes it as well",                   "scaled", "ep_imp",     10.0,  None,    120_000.0),
        ("reactive energy, too",                          "scaled", "eq_imp",     10.0,  None,    120_000.0),
        ("a voltage never does",                          "scaled", "u1",         230.5, None,    230.5),
        ("nor a current",                                 "scaled", "i1",         4.5,   None,    4.5),
        ("nor a power factor",                            "scaled", "pf",         0.9,   None,    0.9),
        ("nor a frequency",                               "scaled", "f",          50.0,  None,    50.0),
    ],
)  # fmt: skip
def test_let_in(  # noqa: PLR0917  # the columns of the table
    sentence: str, of: str, metric: str, value: float, unit: str | None, expected: float
) -> None:
    reading = admit(of, metric, value, unit=unit)
    assert isinstance(reading, Reading), (sentence, reading)
    assert reading == Reading(of, metric, reading.value, NOW, 0), sentence
    assert reading.value == pytest.approx(expected, rel=1e-5), sentence


@pytest.mark.parametrize(
    ("sentence", "of", "metric", "value", "unit", "at", "reason"),
    [
        ("a meter nobody registered", "m9", "p", 1.0, None, NOW, Reason.UNKNOWN_METER),
        ("a metric that is in no table", "plain", "watts", 1.0, None, NOW, Reason.UNKNOWN_METRIC),
        ("a metric in capitals", "plain", "P", 1.0, None, NOW, Reason.UNKNOWN_METRIC),
        ("a metric without a name", "plain", "", 1.0, None, NOW, Reason.UNKNOWN_METRIC),
        ("a unit nobody knows", "plain", "p", 1.0, "horse", NOW, Reason.UNKNOWN_UNIT),
        ("a unit that is a sum to work out", "plain", "p", 1.0, "9**9**9", NOW, Reason.UNKNOWN_UNIT),
        ("a registered unit nobody knows", "wrong", "q", 1.0, None, NOW, Reason.UNKNOWN_UNIT),
        ("a unit of something else", "plain", "p", 1.0, "kWh", NOW, Reason.WRONG_DIMENSION),
        ("reactive power for power", "plain", "p", 1.0, "kvar", NOW, Reason.WRONG_DIMENSION),
        ("a registered unit of something else", "wrong", "p", 1.0, None, NOW, Reason.WRONG_DIMENSION),
        ("an actual for a normal cubic metre", "plain", "gas_volume", 1.0, "m³", NOW, Reason.WRONG_DIMENSION),
        ("ppm of what is no gas", "plain", "pm", 1.0, "ppm", NOW, Reason.WRONG_DIMENSION),
        ("no number", "plain", "p", nan, None, NOW, Reason.NOT_FINITE),
        ("no end", "plain", "p", -inf, None, NOW, Reason.NOT_FINITE),
        ("no end once it is multiplied", "scaled", "p", 1e308, None, NOW, Reason.NOT_FINITE),
        ("no end once it is converted", "plain", "p", 1e308, "GW", NOW, Reason.NOT_FINITE),
        ("a moment more than five minutes ahead", "plain", "p", 1.0, None, NOW + AHEAD + TICK, Reason.IN_FUTURE),
        ("the end of the calendar", "plain", "p", 1.0, None, LAST, Reason.IN_FUTURE),
        ("a moment before 2001", "plain", "p", 1.0, None, OLDEST - TICK, Reason.TOO_OLD),
        ("seconds sent for milliseconds", "plain", "p", 1.0, None, EPOCH + timedelta(20), Reason.TOO_OLD),
        ("the beginning of the calendar", "scaled", "p", 1.0, None, FIRST, Reason.TOO_OLD),
        ("a moment before the first multiplier", "scaled", "p", 1.0, None, BEGIN - TICK, Reason.NO_MULTIPLIER),
    ],
)  # fmt: skip
def test_refused(  # noqa: PLR0917  # the columns of the table
    sentence: str, of: str, metric: str, value: float, unit: str | None, at: datetime, reason: Reason
) -> None:
    refusal = admit(of, metric, value, unit=unit, at=at)
    assert isinstance(refusal, Refusal), (sentence, refusal)
    assert refusal.reason is reason, sentence
    assert reason is Reason.UNKNOWN_METER or metric in refusal.subject, sentence


@pytest.mark.parametrize(
    ("sentence", "of", "metric", "at", "expected"),
    [
        ("five minutes ahead to the millisecond",     "plain",  "p",  NOW + AHEAD,   1.0),
        ("the first instant of 2001",                 "plain",  "p",  OLDEST,        1.0),
        ("long ago, as a backfill is",                "plain",  "p",  BEGIN,         1.0),
        ("the first multiplier from its instant on",  "scaled", "p",  BEGIN,         8_000.0),
        ("until the next",                            "scaled", "p",  CHANGE - TICK, 8_000.0),
        ("the next from its instant on",              "scaled", "p",  CHANGE,        12_000.0),
        ("before the first what is not scaled needs none", "scaled", "u1", BEGIN - TICK, 1.0),
    ],
)  # fmt: skip
def test_edges_of_time(sentence: str, of: str, metric: str, at: datetime, expected: float) -> None:
    assert admit(of, metric, 1.0, at=at) == Reading(of, metric, expected, at, 0), sentence


def test_a_multiplier_that_begins_in_the_future_waits() -> None:
    waiting = replace(meter("m1"), multipliers=(*MULTIPLIERS, Multiplier(NOW + timedelta(days=1), 1.0)))
    readings, _ = Admission(registry(waiting)).admit([Claim("m1", "p", 1.0, NOW)], NOW)
    assert readings == [Reading("m1", "p", 12_000.0, NOW)]


def test_ends_of_a_plausible_range_are_plausible_and_what_lies_beyond_is_flagged_not_refused() -> None:
    for metric in metrics().values():
        for value, quality in [
            (metric.low, 0),
            (metric.high, 0),
            (metric.low - 1.0, Quality.IMPLAUSIBLE),
            (metric.high * 2, Quality.IMPLAUSIBLE),
        ]:
            assert admit("plain", metric.name, value) == Reading("plain", metric.name, value, NOW, quality), metric.name


def test_plausible_is_judged_in_the_canonical_unit_after_the_multiplier() -> None:
    reading = admit("scaled", "p", 50.0)
    assert isinstance(reading, Reading)
    assert (reading.value, reading.quality) == (600_000.0, Quality.IMPLAUSIBLE)


def test_what_the_device_says_against_its_value_is_kept() -> None:
    assert admit("plain", "f", 70.0, quality=Quality.FAULT) == Reading(
        "plain", "f", 70.0, NOW, Quality.FAULT | Quality.IMPLAUSIBLE
    )


def test_one_bad_claim_does_not_keep_the_others_out() -> None:
    said = [Claim("plain", "p", 1.0, NOW), Claim("plain", "x", 1.0, NOW), Claim("plain", "q", 2.0, NOW)]
    readings, refusals = Admission(PARK).admit(said, NOW)
    assert [reading.metric for reading in readings] == ["p", "q"]
    assert [refusal.reason for refusal in refusals] == [Reason.UNKNOWN_METRIC]


@pytest.mark.parametrize(
    ("sentence", "address", "reason"),
    [
        ("as registered",              Address("hengkou", "e01", "plain", Channel.DATA), None),
        ("a meter nobody registered",  Address("hengkou", "e01", "m9", Channel.DATA),    Reason.UNKNOWN_METER),
        ("under another enterprise",   Address("hengkou", "e02", "plain", Channel.DATA), Reason.WRONG_PLACE),
        ("in another park",            Address("hanbin", "e01", "plain", Channel.DATA),  Reason.WRONG_PLACE),
    ],
)  # fmt: skip
def test_a_meter_speaks_only_from_its_own_place(sentence: str, address: Address, reason: Reason | None) -> None:
    found = Admission(PARK).place(address)
    assert (found.reason if isinstance(found, Refusal) else None) is reason, sentence
    assert isinstance(found, Refusal) or found is PARK.by_meter["plain"]


def test_every_reason_that_admission_may_give_is_in_these_tables() -> None:
    given_elsewhere = {  # by a codec, the topic, the store or the collector
        Reason.TOPIC, Reason.TOO_LARGE, Reason.NOT_JSON, Reason.WRONG_FORM, Reason.TIME_FORM, Reason.METRIC_TWICE,
        Reason.EMPTY, Reason.UNKNOWN_QUALITY, Reason.UNKNOWN_CODEC, Reason.STORE_REFUSED, Reason.DEFECT,
        Reason.NOT_READABLE, Reason.CHECKSUM, Reason.LENGTH, Reason.NO_BIRTH, Reason.INCOMPLETE, Reason.UNKNOWN_SENDER,
    }  # fmt: skip
    tables = [
        mark.args[1]
        for test in (test_refused, test_a_meter_speaks_only_from_its_own_place)
        for mark in vars(test)["pytestmark"]
    ]
    assert {row[-1] for table in tables for row in table} - {None} == set(Reason) - given_elsewhere


def test_a_foreign_name_is_cut_and_made_printable() -> None:
    refusal = admit("plain", "\x00\x1b[2J" + "x" * 1_000, 1.0)
    assert refusal == Refusal(Reason.UNKNOWN_METRIC, "\ufffd\ufffd[2J" + "x" * 55)
    refusal = admit("plain", "p", 1.0, unit="k\nW" + "x" * 1_000)
    assert refusal == Refusal(Reason.UNKNOWN_UNIT, "p: k\ufffdW" + "x" * 57)


def test_no_sender_can_fill_the_memory_with_names_and_units() -> None:
    admission = Admission(PARK)
    spaces = [f"{' ' * left}{unit}{' ' * right}" for unit in ("W", "kW") for left in range(10) for right in range(10)]
    invented = [
        *(Claim("plain", f"x{number}", 1.0, NOW) for number in range(3 * SPARE_GATES)),
        *(Claim("plain", "p", 1.0, NOW, 0, f"x{number}") for number in range(3 * SPARE_GATES)),
        *(Claim("plain", metric, 1.0, NOW, 0, unit) for metric in metrics() for unit in spaces),
        *(Claim(f"m{number}", "p", 1.0, NOW) for number in range(3 * SPARE_GATES)),
        *(Claim("plain", f"{number}".ljust(100_000), 1.0, NOW) for number in range(50)),
    ]
    most = SPARE_GATES + 2 * sum(len(known.metrics) for known in PARK.meters)
    for begin in range(0, len(invented), 100):
        admission.admit(invented[begin : begin + 100], NOW)
        assert len(admission._gates) <= most
    assert max(sys.getsizeof(part) for key in admission._gates for part in key) < 1_000
    assert admission.admit([Claim("scaled", "p", 1.0, NOW)], NOW) == ([Reading("scaled", "p", 12_000.0, NOW)], [])


@given(
    st.sampled_from(sorted(metrics())),
    st.floats(allow_nan=True, allow_infinity=True),
    st.datetimes(timezones=st.just(UTC)),
    st.one_of(st.none(), st.sampled_from(sorted(SPELLINGS)), st.text(max_size=30)),
    st.sampled_from(["plain", "scaled", "units", "wrong", "m9"]),
)
def test_any_claim_is_a_finite_reading_or_a_refusal_with_words(
    metric: str, value: float, at: datetime, unit: str | None, of: str
) -> None:
    answer = admit(of, metric, value, at=at, unit=unit)
    if isinstance(answer, Reading):
        assert abs(answer.value) < inf
        assert (answer.meter, answer.metric, answer.at) == (of, metric, at)
        low, high = metrics()[metric].low, metrics()[metric].high
        assert (low <= answer.value <= high) is not bool(answer.quality & Quality.IMPLAUSIBLE)
    else:
        assert answer.subject.isprintable()


@given(st.sampled_from([row.name for row in metrics().values() if row.kind is not Kind.STATE]), st.floats(0, 1e6))
def test_the_multiplier_is_applied_once_and_only_to_what_is_scaled(metric: str, value: float) -> None:
    plain, scaled = admit("plain", metric, value), admit("scaled", metric, value)
    assert isinstance(plain, Reading)
    assert isinstance(scaled, Reading)
    assert scaled.value == plain.value * (12_000.0 if metrics()[metric].scaled else 1.0)

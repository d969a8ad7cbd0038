"""SenML JSON: packs as RFC 8428 has them, what each field means for a claim, and every way to depart from it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.decode import BY_CONTENT_TYPE, Context, Said, read
from park.decode.senml import DIALECT
from park.decode.senml_write import encode
from park.instant import from_ms
from park.malformed import Malformed
from park.place import Meter
from park.quality import Quality
from park.reading import Claim
from park.reason import Reason
from tests.park.examples import NOW, meter

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)
RECEIVED = int(Quality.RECEIVE_TIME)


def spoken(name: str = "m1", **options: object) -> Meter:
    """Register a meter that speaks SenML."""
    return replace(meter(name), codec="senml", options=options)


def hear(pack: object, *meters: Meter) -> Said | Reason:
    """Say what a pack claims, or why it is refused."""
    payload = pack if isinstance(pack, bytes) else json.dumps(pack).encode()
    own = meters or (spoken(),)
    try:
        return read(payload, Context(own[0].id if len(own) == 1 else "", NOW, "senml", "gw1/senml", own))
    except Malformed as malformed:
        return malformed.reason


def said(metric: str, value: float, at: datetime = AT, quality: int = 0, unit: str | None = None) -> Claim:
    return Claim("m1", metric, value, at, quality, unit)


BT = 1795420800


@pytest.mark.parametrize(
    ("sentence", "pack", "expected"),
    [
        ("a record of its own", [{"n": "p", "t": BT, "u": "W", "v": 12.5}], [said("p", 12.5, unit="W")]),
        ("what is common is said once",
         [{"bn": "urn:dev:m7/", "bt": BT, "bu": "W", "n": "p", "v": 1}, {"n": "q", "u": "var", "v": 2}],
         [said("p", 1.0, unit="W"), said("q", 2.0, unit="var")]),
        ("what is common may stand by itself", [{"bn": "urn:dev:m7/", "bt": BT}, {"n": "p", "v": 1}], [said("p", 1.0)]),
        ("and be said anew", [{"bt": BT, "bn": "a/", "n": "p", "v": 1}, {"bt": BT + 1, "n": "p", "v": 2}],
         [said("p", 1.0), said("p", 2.0, AT + SECOND)]),
        ("times count from the base time", [{"bt": BT, "n": "p", "t": -5, "v": 1}, {"n": "p", "v": 2}],
         [said("p", 1.0, AT - 5 * SECOND), said("p", 2.0)]),
        ("a time has fractions", [{"bt": BT, "n": "p", "t": 0.25, "v": 1}], [said("p", 1.0, AT + SECOND / 4)]),
        ("no time is now", [{"n": "p", "v": 1}], [said("p", 1.0, NOW, RECEIVED)]),
        ("a time below nothing is so long ago", [{"n": "p", "t": -60, "v": 1}],
         [said("p", 1.0, NOW - 60 * SECOND, RECEIVED)]),
        ("a small time is so far ahead", [{"bt": 2, "n": "p", "v": 1}], [said("p", 1.0, NOW + 2 * SECOND, RECEIVED)]),
        ("from 2 to the 28th on, a time is a date", [{"n": "p", "t": 2**28, "v": 1}],
         [said("p", 1.0, datetime(1978, 7, 4, 21, 24, 16, tzinfo=UTC))]),
        ("values count from the base value", [{"bt": BT, "bv": 20, "n": "p", "v": 0.5}, {"n": "q", "v": -1}],
         [said("p", 20.5), said("q", 19.0)]),
        ("true is 1", [{"bt": BT, "n": "smoke", "vb": True}], [said("smoke", 1.0)]),
        ("a base value adds nothing to it", [{"bt": BT, "bv": 20, "n": "smoke", "vb": False}], [said("smoke", 0.0)]),
        ("degrees as SenML writes them", [{"bt": BT, "n": "temperature", "u": "Cel", "v": 21}],
         [said("temperature", 21.0, unit="°C")]),
        ("the last part of a name is the metric", [{"bn": "urn:dev:10e2:p", "bt": BT, "v": 1}], [said("p", 1.0)]),
        ("after a colon as after a slash", [{"bn": "urn:dev:", "n": "gw/m7:p", "bt": BT, "v": 1}], [said("p", 1.0)]),
        ("names we do not know are claimed too, for admission to refuse", [{"n": "soc", "bt": BT, "v": 1}],
         [said("soc", 1.0)]),
        ("an update time says nothing of the value", [{"n": "p", "bt": BT, "ut": 60, "v": 1}], [said("p", 1.0)]),
        ("fields of a later version are passed over", [{"n": "p", "bt": BT, "v": 1, "x": [1]}], [said("p", 1.0)]),
        ("version 10 is this one", [{"bver": 10, "n": "p", "bt": BT, "v": 1}], [said("p", 1.0)]),
        ("with the secondary units' bit, too", [{"bver": 26, "n": "p", "bt": BT, "u": "kW", "v": 1}],
         [said("p", 1.0, unit="kW")]),
    ],
)  # fmt: skip
def test_believed(sentence: str, pack: object, expected: list[Claim]) -> None:
    assert hear(pack) == Said(expected), sentence


@pytest.mark.parametrize(
    ("sentence", "pack", "reason"),
    [
        ("no JSON", b"p=1", Reason.NOT_JSON),
        ("no UTF-8", b'[{"n":"p","v":1,"vs":"\xff"}]', Reason.NOT_JSON),
        ("a record without its pack", {"n": "p", "v": 1}, Reason.WRONG_FORM),
        ("a pack without records", [], Reason.EMPTY),
        ("a record that is a list", [[1]], Reason.WRONG_FORM),
        ("a record without a value", [{"n": "p", "bt": BT}], Reason.EMPTY),
        ("a record without anything", [{}, {"n": "p", "v": 1}], None),
        ("a value without a name", [{"v": 1}], Reason.WRONG_FORM),
        ("a value of text under v", [{"n": "p", "v": "1"}], Reason.WRONG_FORM),
        ("a value of true under v", [{"n": "p", "v": True}], Reason.WRONG_FORM),
        ("a number under vb", [{"n": "p", "vb": 1}], Reason.WRONG_FORM),
        ("a null", [{"n": "p", "v": None}], Reason.WRONG_FORM),
        ("a name that is a number", [{"n": 7, "v": 1}], Reason.WRONG_FORM),
        ("a time of text", [{"n": "p", "t": "now", "v": 1}], Reason.WRONG_FORM),
        ("two values", [{"n": "p", "v": 1, "vs": "1"}], Reason.WRONG_FORM),
        ("a field that must be understood", [{"n": "p", "v": 1, "zone_": "+8"}], Reason.WRONG_FORM),
        ("a version of nothing", [{"bver": 0, "n": "p", "v": 1}], Reason.WRONG_FORM),
        ("a version after", [{"bver": 11, "n": "p", "v": 1}], Reason.WRONG_FORM),
        ("NaN", b'[{"n":"p","v":NaN}]', Reason.NOT_FINITE),
        ("a number of four hundred digits", b'[{"n":"p","v":1' + b"0" * 400 + b"}]", Reason.NOT_FINITE),
        ("a number beyond all", b'[{"n":"p","v":1e999}]', Reason.NOT_FINITE),
        ("a time beyond all", [{"n": "p", "t": 1e300, "v": 1}], Reason.TIME_FORM),
        ("a time of ten thousand years", [{"n": "p", "t": 1e12, "v": 1}], Reason.TIME_FORM),
        ("a key twice", b'[{"n":"p","v":1,"v":2}]', Reason.METRIC_TWICE),
        ("a metric twice at one time", [{"n": "p", "bt": BT, "v": 1}, {"n": "p", "v": 2}], Reason.METRIC_TWICE),
        ("nested too deep", b"[" * 100_000, Reason.NOT_JSON),
        ("text for a metric of the meter", [{"n": "p", "vs": "12.5"}], Reason.WRONG_FORM),
        ("data for a metric of the meter", [{"n": "p", "vd": "AAE"}], Reason.WRONG_FORM),
    ],
)  # fmt: skip
def test_refused(sentence: str, pack: object, reason: Reason | None) -> None:
    wanted = Said([said("p", 1.0, NOW, RECEIVED)]) if reason is None else reason
    assert hear(pack) == wanted, sentence


def test_the_packs_of_the_standard_are_read() -> None:
    """Two examples of RFC 8428, section 5.1, come to what the standard says of them."""
    several = [
        {"bn": "urn:dev:ow:10e2073a0108006:", "bt": 1.276020076001e9, "bu": "A", "bver": 5,
         "n": "voltage", "u": "V", "v": 120.1},
        {"n": "current", "t": -5, "v": 1.2}, {"n": "current", "t": -4, "v": 1.3}, {"n": "current", "v": 1.7},
    ]  # fmt: skip
    at = datetime(2010, 6, 8, 18, 1, 16, 1_000, tzinfo=UTC)
    names = {"voltage": "u1", "current": "i1"}
    assert hear(several, spoken(names=names)) == Said(
        [
            said("u1", 120.1, at, unit="V"),
            said("i1", 1.2, at - 5 * SECOND, unit="A"),
            said("i1", 1.3, at - 4 * SECOND, unit="A"),
            said("i1", 1.7, at, unit="A"),
        ]
    )
    kinds = [
        {"bn": "urn:dev:ow:10e2073a01080063:", "n": "temp", "u": "Cel", "v": 23.1},
        {"n": "label", "vs": "Machine Room"}, {"n": "open", "vb": False}, {"n": "nfc-reader", "vd": "aGkgCg"},
    ]  # fmt: skip
    assert hear(kinds, spoken(names={"temp": "p", "open": "ep_imp"})) == Said(
        [said("p", 23.1, NOW, RECEIVED, "°C"), said("ep_imp", 0.0, NOW, RECEIVED)]
    )


def test_without_names_text_is_passed_over_and_counted() -> None:
    assert hear([{"n": "label", "vs": "Machine Room"}]) == Said([], None, ("no_number",))


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("the whole name", "urn:dev:gw1:m7/power/total"),
        ("what follows the base", "power/total"),
        ("the record's own name", "total"),
        ("the last part", "total"),
    ],
)
def test_a_name_of_the_registry_may_be(sentence: str, name: str) -> None:
    mapped = spoken(base="urn:dev:gw1:m7/", names={name: {"metric": "p", "unit": "kW"}})
    pack = [{"bn": "urn:dev:gw1:m7/power/", "bt": BT, "n": "total", "u": "W", "v": 1}, {"n": "other", "v": 2}]
    assert hear(pack, mapped) == Said([said("p", 1.0, unit="kW")]), sentence


def test_the_base_tells_meters_of_one_pack_apart() -> None:
    first, second = spoken("m1", base="urn:dev:m1/"), spoken("m2", base="urn:dev:m2/")
    pack = [{"bn": "urn:dev:m1/", "bt": BT, "n": "p", "v": 1}, {"bn": "urn:dev:m2/", "n": "p", "v": 2}]
    assert hear(pack, first, second) == Said([said("p", 1.0), Claim("m2", "p", 2.0, AT)])


def test_a_pack_of_nobody_we_know_is_refused() -> None:
    assert hear([{"bn": "urn:dev:m9/", "n": "p", "v": 1}], spoken(base="urn:dev:m1/")) is Reason.UNKNOWN_SENDER


def test_what_others_say_in_a_pack_of_ours_is_passed_over_and_counted() -> None:
    pack = [{"bn": "urn:dev:m1/", "bt": BT, "n": "p", "v": 1}, {"bn": "urn:dev:m9/", "n": "p", "v": 2}]
    assert hear(pack, spoken(base="urn:dev:m1/")) == Said([said("p", 1.0)], None, ("stranger",))


@pytest.mark.parametrize(
    ("sentence", "record", "sums", "expected"),
    [
        ("the sum of a power is an energy", {"u": "W", "s": 7200}, {"p": "ep_imp"}, said("ep_imp", 7200.0, unit="J")),
        ("of a flow a volume", {"u": "m3/s", "s": 5}, {"p": "volume"}, said("volume", 5.0, unit="m3")),
        ("counted from the base sum", {"u": "W", "bs": 100, "s": 1}, {"p": "ep_imp"}, said("ep_imp", 101.0, unit="J")),
        ("in the registry's unit", {"u": "x", "s": 5}, {"p": {"metric": "ep_imp", "unit": "kWh"}},
         said("ep_imp", 5.0, unit="kWh")),
        ("without a unit it is the meter's", {"s": 5}, {"p": "ep_imp"}, said("ep_imp", 5.0)),
    ],
)  # fmt: skip
def test_a_sum_is_a_register(
    sentence: str, record: dict[str, object], sums: Mapping[str, object], expected: Claim
) -> None:
    assert hear([{"n": "p", "bt": BT} | record], spoken(sums=sums)) == Said([expected]), sentence


def test_a_sum_goes_beside_a_value() -> None:
    pack = [{"n": "p", "bt": BT, "u": "W", "v": 2, "s": 7200}]
    assert hear(pack, spoken(sums={"p": "ep_imp"})) == Said(
        [said("p", 2.0, unit="W"), said("ep_imp", 7200.0, unit="J")]
    )
    assert hear(pack) == Said([said("p", 2.0, unit="W")], None, ("sum",))


@pytest.mark.parametrize("unit", ["", "parsec"])
def test_a_sum_of_a_unit_without_one_needs_the_registrys(unit: str) -> None:
    """Taking the meter's unit for it would be wrong by a factor nobody sees."""
    assert hear([{"n": "p", "bt": BT, "u": unit, "s": 5}], spoken(sums={"p": "ep_imp"})) == Said(
        [said("ep_imp", 5.0, unit=f"{unit}*s")]
    )


def test_it_is_known_by_its_content_type() -> None:
    assert BY_CONTENT_TYPE["application/senml+json"] == "senml"
    assert DIALECT.topics(spoken(topic=["gw1/a", "gw1/b"])) == ("gw1/a", "gw1/b")
    assert DIALECT.topics(spoken()) == ()


claims = st.lists(
    st.builds(
        Claim,
        st.just("m1"),
        st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True),
        st.floats(allow_nan=False, allow_infinity=False),
        st.integers(2**28 * 1000, 253_000_000_000_000).map(from_ms),
        st.just(0),
        st.sampled_from([None, "kW", "°C", "m³", "1", "%"]),
    ),
    min_size=1,
    max_size=20,
    unique_by=lambda claim: (claim.metric, claim.at),
)


@given(claims, st.sampled_from(["", "urn:dev:m7/"]))
def test_what_is_written_is_read(written: list[Claim], base: str) -> None:
    outcome = read(encode(written, base), Context("m1", NOW, "senml", "", (spoken(),)))
    assert outcome.claims == [replace_unit(claim) for claim in written]


def replace_unit(claim: Claim) -> Claim:
    return Claim(
        claim.meter, claim.metric, claim.value, claim.at, claim.quality, "m3" if claim.unit == "m³" else claim.unit
    )


@pytest.mark.parametrize("written", [[], [said("p", float("nan"))], [said("p", float("inf"))]])
def test_what_no_pack_can_carry_is_not_written(written: list[Claim]) -> None:
    with pytest.raises(ValueError, match=r"record|p: "):
        encode(written)


fields = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=6), st.just([]))
keys = ["bn", "bt", "bu", "bv", "bs", "bver", "n", "u", "v", "vs", "vb", "vd", "s", "t", "ut", "x", "x_"]
packs = st.lists(st.dictionaries(st.sampled_from(keys), fields), max_size=4).map(lambda pack: json.dumps(pack).encode())


@given(st.one_of(st.binary(max_size=200), packs))
def test_any_bytes_are_claims_or_malformed(payload: bytes) -> None:
    outcome = hear(payload, spoken(), spoken("m2", base="a", names={"p": "p"}, sums={"p": "ep_imp"}))
    if isinstance(outcome, Said):
        assert {claim.meter for claim in outcome.claims} <= {"m1", "m2"}
        assert all(claim.at.tzinfo is not None for claim in outcome.claims)

"""JSON written as a meter's map has it is read as it was meant."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.decode import Context, read
from park.decode.json_write import encode
from park.decode.mapped_plan import PLANS
from park.instant import from_ms
from park.place import Meter
from park.reading import Claim
from tests.park.examples import NOW
from tests.park.meters import registered

AT = datetime(2026, 11, 23, tzinfo=UTC)

KINDS = [
    registered({"json": {"map": "tasmota", "zone": "Asia/Shanghai"}}),
    registered({"json": {"map": "tasmota", "channel": 1}}),
    registered({"json": {"map": "shelly", "channel": 2}}),
    registered({"json": {"map": "shelly_status"}}),
    registered({"json": {"map": "zigbee2mqtt", "fields": {"a.n=P.v": {"metric": "p", "unit": "W", "factor": 0.5}}}}),
    registered({"json": {"where": {"dev": "A1"}, "time": "t.at", "form": "s",
                "fields": {"d.0.p": "p", "d.1.p": "ep_imp", "v.+": "u1", "1\\.8\\.0": "f"}}}),
    registered({"json": {"each": "data.rows", "where": {"dev": 7}, "time": "at", "fields": {"P": "p", "d.0": "f"}}}),
    registered({"json": {"each": "*", "where": {"dev": "A1"}, "time": "at", "fields": {"P": "p", "d.0": "f"}}}),
    registered({"json": {"time": "t", "form": "rfc3339", "fields": {"P": "p"}}}),
    registered({"json": {"time": "t", "form": "ms", "fields": {"P": "p"}}}),
    registered({"json": {"time": "t", "fields": {"P": "p"}}}),
]  # fmt: skip


@given(
    st.sampled_from(KINDS),
    st.data(),
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12),
    st.lists(st.integers(946_684_800_000, 4_102_444_800_000).map(from_ms), min_size=1, max_size=4, unique=True),
)
def test_what_is_written_is_read(meter: Meter, data: st.DataObject, value: float, instants: list[datetime]) -> None:
    plan = PLANS.of(meter)
    known = [places[0].field for places in plan.places]
    fields = data.draw(st.lists(st.sampled_from(known), min_size=1, unique_by=lambda field: field.metric))
    ats = instants if plan.each is not None else instants[:1]
    written = [Claim("m1", field.metric, value * field.factor, at, 0, field.unit) for field in fields for at in ats]
    claims = read(encode(written, meter), Context("m1", NOW, "json", "", (meter,))).claims
    came = [Claim(one.meter, one.metric, one.value, one.at, 0, one.unit) for one in claims]
    wanted = written if plan.time else [Claim(one.meter, one.metric, one.value, NOW, 0, one.unit) for one in written]
    assert sorted(came, key=repr) == sorted(wanted, key=repr)


@pytest.mark.parametrize(
    ("sentence", "claims"),
    [
        ("nothing", []),
        ("a metric that the map does not have", [Claim("m1", "q", 1.0, AT)]),
        ("a value without end", [Claim("m1", "p", float("inf"), AT)]),
        ("two instants", [Claim("m1", "p", 1.0, AT), Claim("m1", "p", 1.0, NOW)]),
        ("a metric twice", [Claim("m1", "p", 1.0, AT), Claim("m1", "p", 2.0, AT)]),
    ],
)  # fmt: skip
def test_what_no_message_can_carry_is_not_written(sentence: str, claims: list[Claim]) -> None:
    try:
        encoded = encode(claims, KINDS[-1])
    except ValueError:
        return
    pytest.fail(f"{sentence}: {encoded!r}")

"""Mapped JSON: what the products write is read by their maps, anything else by what the registry says."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from park.decode import Context, read
from park.decode.json_maps import maps
from park.decode.json_path import steps
from park.decode.mapped_json import NOTHING_MAPPED
from park.malformed import Malformed
from park.metric import metrics
from park.place import Meter
from park.quality import Quality
from park.reading import Claim
from park.reason import Reason
from park.units import conversion
from tests.park.examples import NOW
from tests.park.meters import registered

AT = datetime(2026, 11, 23, tzinfo=UTC)
TOPIC = "gw/1/up"


def told(payload: object, *meters: Meter) -> dict[tuple[str, str], Claim]:
    """What a message claims, by meter and metric."""
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    said = read(raw, Context("", NOW, "json", TOPIC, meters))
    return {(claim.meter, claim.metric): claim for claim in said.claims}


def values(payload: object, codec: dict[str, object], **changes: object) -> dict[str, tuple[float, str | None]]:
    """What a message claims of one meter: its values with their units."""
    claims = told(payload, registered({"json": codec}, **changes))
    return {metric: (claim.value, claim.unit) for (_, metric), claim in claims.items()}


def refusal(payload: object, *meters: Meter) -> tuple[Reason, str]:
    with pytest.raises(Malformed) as caught:
        told(payload, *meters)
    return caught.value.reason, caught.value.subject


PLUG = {"Time": "2026-11-23T08:00:00", "ENERGY": {"TotalStartTime": "2026-01-01T00:00:00", "Total": 3.705, "Power": 5,
        "Yesterday": 0.028, "Voltage": 233, "Current": 0.021, "Frequency": 50}}  # fmt: skip
THREE = {"Time": "2026-11-23T08:00:00", "ENERGY": {"Total": 12.5, "Power": [100, 200, 300], "Voltage": [230, 231, 232],
         "Frequency": [50, 50, 50]}}  # fmt: skip
EM = {"src": "shellypro3em-1", "method": "NotifyStatus", "params": {"ts": 1795392000.25, "em:0": {"id": 0,
      "a_voltage": 230.1, "b_voltage": 231.2, "c_voltage": 230, "a_freq": 50, "total_act_power": 4200.5}}}  # fmt: skip
EMDATA = {"method": "NotifyStatus", "params": {"ts": 1795392000, "emdata:0": {"id": 0, "total_act": 125000.5,
          "total_act_ret": 0.0}}}  # fmt: skip
RELAY = {"method": "NotifyStatus", "params": {"ts": 1795392000.5, "switch:1": {"id": 1, "apower": 12.5,
         "aenergy": {"total": 11.5, "by_minute": [1, 2, 3], "minute_ts": 1}, "voltage": 230}}}  # fmt: skip
ZIGBEE = {"power": 120, "energy": 45.25, "voltage_a": 230, "voltage_b": 231, "ac_frequency": 50, "linkquality": 97,
          "power_factor": 98, "last_seen": "2026-11-23T08:00:00+08:00", "state": "ON"}  # fmt: skip
WIDE = ("p", "ep_imp", "u1", "u2", "u3", "f")


@pytest.mark.parametrize(
    ("sentence", "payload", "codec", "expected"),
    [
        ("a plug of one phase", PLUG, {"map": "tasmota"},
         {"ep_imp": (3.705, "kWh"), "p": (5, "W"), "u1": (233, "V"), "f": (50, "Hz")}),
        ("three phases add up, and each has its voltage", THREE, {"map": "tasmota"},
         {"ep_imp": (12.5, "kWh"), "p": (600, "W"), "u1": (230, "V"), "u2": (231, "V"), "u3": (232, "V"),
          "f": (50, "Hz")}),
        ("a channel has its own power", THREE, {"map": "tasmota", "channel": 1},
         {"p": (200, "W"), "u1": (231, "V"), "f": (50, "Hz")}),
        ("channels of one mains have one voltage", {"ENERGY": {"Total": [1, 2], "Power": [5, 6], "Voltage": 230}},
         {"map": "tasmota", "channel": 0}, {"ep_imp": (1, "kWh"), "p": (5, "W"), "u1": (230, "V")}),
        ("a three-phase Shelly", EM, {"map": "shelly"},
         {"p": (4200.5, "W"), "u1": (230.1, "V"), "u2": (231.2, "V"), "u3": (230, "V"), "f": (50, "Hz")}),
        ("its energy comes in a message of its own", EMDATA, {"map": "shelly"}, {"ep_imp": (125000.5, "Wh")}),
        ("the second channel of a relay", RELAY, {"map": "shelly", "channel": 1},
         {"p": (12.5, "W"), "ep_imp": (11.5, "Wh"), "u1": (230, "V")}),
        ("the status of one component", {"id": 0, "apower": 7.5, "aenergy": {"total": 9}}, {"map": "shelly_status"},
         {"p": (7.5, "W"), "ep_imp": (9, "Wh")}),
        ("a Zigbee meter", ZIGBEE, {"map": "zigbee2mqtt"},
         {"p": (120, "W"), "ep_imp": (45.25, "kWh"), "u1": (230, "V"), "u2": (231, "V"), "f": (50, "Hz")}),
        ("a field of one's own goes before the map", ZIGBEE,
         {"map": "zigbee2mqtt", "fields": {"linkquality": "f"}}, {"p": (120, "W"), "ep_imp": (45.25, "kWh"),
          "u1": (230, "V"), "u2": (231, "V"), "f": (97, None)}),
        ("any flat JSON", {"P": 1.5}, {"fields": {"P": "p"}}, {"p": (1.5, None)}),
        ("a list by its number", {"a": [{"p": 1}, {"p": 2}]}, {"fields": {"a.1.p": "p"}}, {"p": (2, None)}),
        ("a list by a name in it", {"d": [{"n": "Ua", "v": 230}, {"n": "P", "v": 2}]}, {"fields": {"d.n=P.v": "p"}},
         {"p": (2, None)}),
        ("a key with dots in it", {"1.8.0": 7}, {"fields": {"1\\.8\\.0": "ep_imp"}}, {"ep_imp": (7, None)}),
        ("a unit and a factor", {"P": 15}, {"fields": {"P": {"metric": "p", "unit": "W", "factor": -0.1}}},
         {"p": (-1.5, "W")}),
        ("numbers in quotes, where the registry says so", {"P": "15"},
         {"fields": {"P": {"metric": "p", "quoted": True}}},
         {"p": (15, None)}),
        ("words that stand for numbers", {"S": "ON"}, {"fields": {"S": {"metric": "p", "words": {"ON": 1, "OFF": 0}}}},
         {"p": (1, None)}),
        ("true is one", {"S": True}, {"fields": {"S": "p"}}, {"p": (1, None)}),
        ("null makes no claim", {"P": None, "E": 2}, {"fields": {"P": "p", "E": "ep_imp"}}, {"ep_imp": (2, None)}),
        ("nor does a path that leads nowhere", {"E": 2}, {"fields": {"P": "p", "E.x.y": "u1", "E": "ep_imp"}},
         {"ep_imp": (2, None)}),
    ],
)  # fmt: skip
def test_what_is_sent_is_read(
    sentence: str, payload: object, codec: dict[str, object], expected: dict[str, tuple[float, str | None]]
) -> None:
    assert values(payload, codec) == expected, sentence


def test_a_shipped_map_claims_only_what_the_meter_is_registered_to_measure() -> None:
    assert values(ZIGBEE, {"map": "zigbee2mqtt"}, metrics=["p"]) == {"p": (120, "W")}


def test_the_units_of_the_meter_go_before_those_of_its_product() -> None:
    assert values({"power": 1.5}, {"map": "zigbee2mqtt"}, units={"p": "kW"}) == {"p": (1.5, None)}


@pytest.mark.parametrize(
    ("sentence", "time", "options", "expected"),
    [
        ("RFC 3339, as the contract has it", "2026-11-23T08:00:00+08:00", {}, AT),
        ("whole milliseconds, as the contract has it", 1795392000000, {}, AT),
        ("a declared RFC 3339", "2026-11-23T00:00:00Z", {"form": "rfc3339"}, AT),
        ("declared seconds", 1795392000, {"form": "s"}, AT),
        ("seconds with a fraction", 1795392000.0, {"form": "s"}, AT),
        ("seconds in quotes", "1795392000", {"form": "s"}, AT),
        ("declared milliseconds", 1795392000000, {"form": "ms"}, AT),
        ("the wall clock of a zone", "2026-11-23T08:00:00", {"form": "local", "zone": "Asia/Shanghai"}, AT),
        ("with a blank", "2026-11-23 08:00:00", {"form": "local", "zone": "Asia/Shanghai"}, AT),
        ("an offset says more than a zone", "2026-11-23T01:00:00+01:00",
         {"form": "local", "zone": "Asia/Shanghai"}, AT),
        ("a time of null is no time", None, {}, None),
    ],
)  # fmt: skip
def test_a_time_is_read_in_its_declared_form(
    sentence: str, time: object, options: dict[str, object], expected: datetime | None
) -> None:
    meter = registered({"json": {"fields": {"P": "p"}, "time": "t"} | options})
    claim = told({"P": 1, "t": time}, meter)["m1", "p"]
    wanted = (NOW, Quality.RECEIVE_TIME) if expected is None else (expected, 0)
    assert (claim.at, claim.quality) == wanted, sentence


@pytest.mark.parametrize(
    ("time", "form"),
    [
        ("2026-11-23T08:00:00", None), (1795392000.5, None), (True, None), ("x", "s"), (1e300, "s"), (10**30, "ms"),
        (1795392000000, "rfc3339"), ("2026-02-30T08:00:00", "local"), ("0001-01-01T00:00:00", "local"), ({}, "ms"),
    ],
)  # fmt: skip
def test_a_time_of_another_form_is_refused_and_not_guessed(time: object, form: str | None) -> None:
    zone = {"zone": "Asia/Shanghai"} if form == "local" else {}
    codec = {"fields": {"P": "p"}, "time": "t"} | ({"form": form} if form else {}) | zone
    assert refusal({"P": 1, "t": time}, registered({"json": codec}))[0] is Reason.TIME_FORM


def test_in_the_hour_that_a_zone_has_twice_the_one_nearer_to_the_arrival_is_meant() -> None:
    meter = registered({"json": {"fields": {"P": "p"}, "time": "t", "form": "local", "zone": "Europe/Berlin"}})
    payload = b'{"P":1,"t":"2026-10-25T02:30:00"}'
    for hour in (0, 1):
        received = datetime(2026, 10, 25, hour, 31, tzinfo=UTC)
        [claim] = read(payload, Context("", received, "json", TOPIC, (meter,))).claims
        assert claim.at == datetime(2026, 10, 25, hour, 30, tzinfo=UTC)


def test_a_wall_clock_of_no_zone_counts_as_no_time() -> None:
    claim = told(PLUG, registered({"json": {"map": "tasmota"}}))["m1", "p"]
    assert (claim.at, claim.quality) == (NOW, Quality.RECEIVE_TIME)
    claim = told(PLUG, registered({"json": {"map": "tasmota", "zone": "Asia/Shanghai"}}))["m1", "p"]
    assert (claim.at, claim.quality) == (AT, 0)


@pytest.mark.parametrize(
    ("sentence", "payload", "reason", "subject"),
    [
        ("a text where a number should be", {"P": "12.5"}, Reason.WRONG_FORM, "P: '12.5'"),
        ("an object, too", {"P": {}}, Reason.WRONG_FORM, "P: object"),
        ("or a list", {"P": [1]}, Reason.WRONG_FORM, "P: list"),
        ("a number beyond all numbers", b'{"P":1e999}', Reason.NOT_FINITE, "P: inf"),
        ("not a number", b'{"P":NaN}', Reason.NOT_FINITE, "NaN"),
        ("a key that stands twice, wherever it does", b'{"P":1,"x":{"y":1,"y":2}}', Reason.METRIC_TWICE, "y"),
        ("two of the same name in a list", {"d": [{"n": "P", "v": 1}, {"n": "P", "v": 2}]}, Reason.METRIC_TWICE, "n=P"),
        ("half a document", b'{"P":1', Reason.NOT_JSON, None),
        ("not UTF-8", b'{"P":1,"x":"\xff"}', Reason.NOT_JSON, None),
        ("too deep a document", b'{"P":1,"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", Reason.NOT_JSON, None),
        ("a number of too many digits", b'{"P":' + b"9" * 5_000 + b"}", Reason.NOT_JSON, None),
    ],
)  # fmt: skip
def test_what_cannot_be_believed_is_refused_with_its_place(
    sentence: str, payload: object, reason: Reason, subject: str | None
) -> None:
    why, what = refusal(payload, registered({"json": {"fields": {"P": "p", "d.n=P.v": "ep_imp"}}}))
    assert why is reason, sentence
    assert subject in {None, what}


DEEP = "[" * 900 + "]" * 900
HUGE = "9" * 4_300


@pytest.mark.parametrize("odd", [DEEP, HUGE, f"[{HUGE},1.5,{HUGE}]", '{"v":' + DEEP + "}", "true", '"x"', "{}", "[]"])
@pytest.mark.parametrize("place", ["t", "dev", "P", "S", "d", "rows"])
def test_nothing_odd_at_any_place_breaks_the_codec(odd: str, place: str) -> None:
    fields = {"P": {"metric": "p", "quoted": True}, "S.+": "u1", "d.n=x.v": "u2", "rows.0": "u3"}
    options: dict[str, object] = {"fields": fields, "time": "t", "where": {"dev": "x"}}
    shapes = ["%s", '{"v":%s}', '[{"n":%s,"v":1}]', "[1,%s]"]
    for form, shape in product(("", "rfc3339", "ms", "s"), shapes):
        meters = [
            replace(registered("native"), codec="json", options=options | more)
            for more in ({}, {"each": "rows"}, {"each": "*"}, {"form": form or "ms"})
        ]
        written = ",".join(
            f'"{key}":{shape % odd if key == place else value}' for key, value in {"t": 1, "dev": '"x"', "P": 1}.items()
        )
        payload = f'{{{written},"{place}_":{shape % odd},"S":{shape % odd},"d":{shape % odd},"rows":{shape % odd}}}'
        with suppress(Malformed):
            assert told(payload.encode(), *meters) is not None


def test_one_message_speaks_of_several_meters() -> None:
    first = registered({"json": {"fields": {"a.P": "p"}}}, id="m1")
    second = registered({"json": {"fields": {"b.P": "p"}}}, id="m2")
    claims = told({"a": {"P": 1}, "b": {"P": 2}}, first, second)
    assert {key: claim.value for key, claim in claims.items()} == {("m1", "p"): 1, ("m2", "p"): 2}


def test_a_gateways_devices_are_told_apart_by_what_stands_in_the_message() -> None:
    first = registered({"json": {"fields": {"P": "p"}, "where": {"dev": "A1"}}}, id="m1")
    second = registered({"json": {"fields": {"P": "p"}, "where": {"dev": 1}}}, id="m2")
    assert set(told({"dev": "A1", "P": 1}, first, second)) == {("m1", "p")}
    assert set(told({"dev": 1, "P": 1}, first, second)) == {("m2", "p")}
    assert refusal({"dev": "A3", "P": 1}, first, second) == (Reason.UNKNOWN_SENDER, "dev = A3")
    assert refusal({"dev": True, "P": 1}, first, second) == (Reason.UNKNOWN_SENDER, "dev = true")
    assert refusal({"P": 1}, first, second) == (Reason.UNKNOWN_SENDER, "dev = —")
    assert refusal({"P": 1}) == (Reason.UNKNOWN_SENDER, TOPIC)


P = {"p": "p"}
SEVERAL = {"dev": "A1", "rows": [{"t": 1795392000, "p": 1}, {"t": 1795392060, "p": 2}, {"p": None}]}


def test_a_message_may_have_several_records_each_with_its_time() -> None:
    meter = registered(
        {"json": {"each": "rows", "where": {"dev": "A1"}, "time": "t", "form": "s", "fields": {"p": "p"}}}
    )
    claims = read(json.dumps(SEVERAL).encode(), Context("", NOW, "json", TOPIC, (meter,))).claims
    assert claims == [Claim("m1", "p", 1.0, AT), Claim("m1", "p", 2.0, AT + timedelta(minutes=1))]
    assert told({"dev": "A1", "rows": []}, meter) == {}
    assert told({"dev": "A1"}, meter) == {}
    assert told({"dev": "A1", "t": 1795392000, "rows": [{"p": 3}]}, meter)["m1", "p"].at == AT
    assert refusal({"dev": "A2", "rows": [{"p": 3}]}, meter) == (Reason.UNKNOWN_SENDER, "dev = A2")
    assert refusal({"dev": "A1", "rows": [{"p": 1}, {"p": 2}]}, meter)[0] is Reason.METRIC_TWICE
    assert refusal({"dev": "A1", "rows": [{"p": 1}] * 1_001}, meter) == (Reason.TOO_LARGE, "1001 records")


def test_a_message_may_be_a_list_of_records_of_several_devices() -> None:
    one = registered({"json": {"each": "*", "where": {"id": 1}, "fields": {"p": "p"}}}, id="m1")
    two = registered({"json": {"each": "*", "where": {"id": 2}, "fields": {"p": "p"}}}, id="m2")
    claims = told([{"id": 2, "p": 20}, {"id": 1, "p": 10}, {"id": 3, "p": 30}, 7], one, two)
    assert {key: claim.value for key, claim in claims.items()} == {("m1", "p"): 10, ("m2", "p"): 20}


def test_a_message_without_any_mapped_field_is_let_pass_with_a_remark() -> None:
    meter = registered({"json": {"map": "shelly"}})
    said = read(b'{"method":"NotifyStatus","params":{"ts":1,"sys":{}}}', Context("", NOW, "json", TOPIC, (meter,)))
    assert (said.claims, said.remarks) == ([], NOTHING_MAPPED)


def test_every_row_of_a_shipped_map_is_a_path_of_a_metric_in_a_unit_that_converts() -> None:
    for each in maps().values():
        assert each.rows
        for row in each.rows:
            assert steps(row.path.replace("{channel}", "0"))
            metric = metrics()[row.metric]
            assert conversion(row.unit, metric.unit, metric.molar_mass)

"""Devices of every dialect, and what they send: messages in the order in which they come, on their topics."""

from dataclasses import dataclass
from functools import cache

from park.decode import Context
from park.decode.hj212_write import encode as frames
from park.decode.memory import Memory
from park.decode.sparkplug_topic import Kind, topic
from park.decode.sparkplug_types import DataType
from park.place import Meter
from park.reading import Claim
from tests.park import hj212_frames, payloads
from tests.park.examples import NOW
from tests.park.meters import registered
from tests.park.sparkplugs import AT, BIRTH, DEVICE, NAMES, NODE, NODE_BIRTH, by_alias, data


@dataclass(frozen=True)
class Message:
    """One message with its circumstances."""

    codec: str
    payload: bytes
    topic: str
    meters: tuple[Meter, ...]
    meter: str = ""

    def context(self, memory: Memory | None = None) -> Context:
        """What a codec is told."""
        return Context(self.meter, NOW, self.codec, self.topic, self.meters, memory)


WATER = ["volume", "flow", "ph", "cod", "nh3n", "tp", "tn"]
STACK = ["so2", "nox", "pm", "o2", "flue_flow", "flue_temp", "flue_pressure", "flue_humidity", "so2_zs"]
WIDE = ["p", "q", "ep_imp", "ep_exp", "u1", "u2", "u3", "i1", "i2", "i3", "pf", "f"]

PLUG = (
    b'{"Time":"2026-11-23T08:00:00","ENERGY":{"TotalStartTime":"2020-10-21T22:15:00","Total":3.705,"Yesterday":0.028,'
    b'"Today":0.026,"Period":1,"Power":5,"ApparentPower":5,"ReactivePower":0,"Factor":1.00,"Voltage":233,'
    b'"Current":0.021}}'
)
THREE_PHASE_PLUG = (
    b'{"Time":"2026-11-23T08:00:00","ENERGY":{"Total":12.5,"Power":[1,0,0],"ApparentPower":[5,0,0],"Factor":[0.16,0,0],'
    b'"Frequency":[50,50,50],"Voltage":[230,230,230],"Current":[0.022,0.000,0.000]}}'
)
EM = (
    b'{"src":"shellypro3em-1","dst":"shellypro3em-1/events","method":"NotifyStatus","params":{"ts":1795392000.25,'
    b'"em:0":{"id":0,"a_current":4.029,"a_voltage":236.1,"a_act_power":951.2,"a_aprt_power":951.9,"a_pf":1,'
    b'"a_freq":50,"b_current":4.027,"b_voltage":236.2,"c_current":3.03,"c_voltage":236.4,"n_current":null,'
    b'"total_current":11.083,"total_act_power":2484.782,"total_aprt_power":2486.7}}}'
)
EM_DATA = (
    b'{"src":"shellypro3em-2","method":"NotifyStatus","params":{"ts":1795392000,"emdata:0":{"id":0,'
    b'"total_act":125000.5,"total_act_ret":0.25}}}'
)
ZIGBEE = (
    b'{"ac_frequency":50,"current_a":0.5,"energy":45.25,"last_seen":"2026-11-23T08:00:00+08:00","linkquality":97,'
    b'"power":120,"power_factor":98,"produced_energy":0.5,"state":"ON","voltage_a":230.1,"voltage_b":231}'
)
GATEWAY = b'{"dev":"A1","t":1795392000,"on":"ON","d":[{"n":"Ua","v":230.5},{"n":"P","v":"1500"}]}'
GATEWAY_FIELDS = {
    "d.n=P.v": {"metric": "p", "quoted": True, "factor": 0.001},
    "on": {"metric": "pf", "words": {"ON": 1}},
}
RECORDS = b'{"dev":"B2","rows":[{"t":1795392000000,"P":1.5,"E":9},{"t":1795392060000,"P":2.5,"E":null}]}'
TELEGRAF = (
    b'modbus,host=gw1,slave=1,name=a\\ b P=1250.5,E=998871i,state="on, \\"really\\"",ok=true 1795392000000000000\n'
    b"modbus,host=gw1,slave=2 P=7 1795392000000000000\r\n# end\ncpu,host=gw1 usage_idle=98.5\n"
)
TELEGRAF_FIELDS = {"P": {"metric": "p", "unit": "W"}, "E": "ep_imp"}
BARE_LINES = b"meter p=1.5e3,ep_imp=7u 1795392000000000000\nmeter p=1.6e3 1795392060000000000\n"
PACK = (
    b'[{"bn":"urn:dev:m1:","bt":1795392000.25,"bu":"W","bver":10,"n":"p","v":12450},{"n":"ep_imp","u":"kWh","v":9.25}]'
)
RELATIVE = b'[{"n":"P","u":"kW","t":-5,"v":1.5},{"n":"P","u":"kW","t":-4,"v":-2}]'

Rows = list[tuple[dict[str, object], bytes]]
JSON: Rows = [
    ({"map": "tasmota", "topic": "tele/plug7/SENSOR", "zone": "Asia/Shanghai"}, PLUG),
    ({"map": "tasmota", "topic": "tele/meter3/SENSOR"}, THREE_PHASE_PLUG),
    ({"map": "shelly", "topic": "shellypro3em-1/events/rpc"}, EM),
    ({"map": "shelly", "topic": "shellypro3em-2/events/rpc"}, EM_DATA),
    ({"map": "zigbee2mqtt", "topic": "zigbee2mqtt/meter"}, ZIGBEE),
    ({"topic": "gw/1/up", "where": {"dev": "A1"}, "time": "t", "form": "s", "fields": GATEWAY_FIELDS}, GATEWAY),
    (
        {"topic": "gw/2", "where": {"dev": "B2"}, "each": "rows", "time": "t", "fields": {"P": "p", "E": "ep_imp"}},
        RECORDS,
    ),
]
LINES: Rows = [
    ({"topic": "telegraf/gw1", "measurement": "modbus", "tags": {"slave": "1"}, "fields": TELEGRAF_FIELDS}, TELEGRAF),
    ({"topic": "telegraf/gw2"}, BARE_LINES),
]
SENML: Rows = [
    ({"topic": "gw/senml", "base": "urn:dev:m1:"}, PACK),
    ({"topic": "gw/senml2", "names": {"P": "p"}}, RELATIVE),
]


def _of(codec: str, rows: Rows) -> list[Message]:
    made = []
    for options, payload in rows:
        meter = registered({codec: options}, metrics=WIDE)
        made.append(Message(codec, payload, str(options["topic"]), (meter,)))
    return made


def _native() -> list[Message]:
    meter = registered("native")
    return [Message("native", payload, "park/v1/hengkou/e01/m1/data", (meter,), "m1") for payload in payloads.REAL]


def _sparkplug() -> list[Message]:
    options = {"group": "hengkou", "node": "gw1", "device": "m7", "names": NAMES}
    meters = (registered({"sparkplug": options}),)
    late = data(3, by_alias(1, DataType.DOUBLE, 12.5, historical=True), by_alias(2, DataType.UINT64, 9_251))
    return [
        Message("sparkplug", payload, topic(kind, sender), meters)
        for kind, sender, payload in (
            (Kind.NBIRTH, NODE, NODE_BIRTH),
            (Kind.DBIRTH, DEVICE, BIRTH),
            (Kind.DDATA, DEVICE, data(2)),
            (Kind.DDATA, DEVICE, late),
        )
    ]


def _hj212() -> list[Message]:
    made = []
    for mn, medium, names, golden in (
        ("81733553213013", "water", WATER, hj212_frames.WATER),
        ("81733553216103", "emission", STACK, hj212_frames.STACK),
        ("JLYP01_AIR01_0001", "emission", STACK, hj212_frames.AIR),
    ):
        meter = registered({"hj212": {"mn": mn}}, medium=medium, metrics=names)
        made.append(Message("hj212", golden, f"hj212/{mn}", (meter,)))
    first = made[0]
    claims = [Claim("m1", name, 5.0, AT) for name in WATER if name != "volume"]
    pieces = frames(claims, mn="81733553213013", most=60)
    assert len(pieces) > 1
    return [*made, *(Message("hj212", piece, first.topic, first.meters) for piece in pieces)]


@cache
def speakers() -> dict[str, list[Message]]:
    """What devices of every dialect send; a dialect without devices here is a gap, and a test says so."""
    return {
        "native": _native(),
        "json": _of("json", JSON),
        "line": _of("line", LINES),
        "sparkplug": _sparkplug(),
        "hj212": _hj212(),
        "senml": _of("senml", SENML),
    }

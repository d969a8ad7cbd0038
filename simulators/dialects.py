"""A small park in which every dialect is spoken: one device for each way of writing, and one that speaks TCP."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Final, NamedTuple

import numpy as np

from park.metric import Medium
from park.place import Enterprise, Meter, Multiplier, Park, Register, Role
from park.registry import Registry
from park.topic import PREFIX
from simulators.days import ORIGIN
from simulators.device import Device
from simulators.flow import Load, Site
from simulators.load.packet import Door
from simulators.load.speaker import Service, Speaker
from simulators.measure import KINDS
from simulators.message import records
from simulators.profile import profiles, sectors
from simulators.voices import VOICES
from simulators.voices.hj212 import Hj212
from simulators.voices.voice import Values
from simulators.weather import Weather

PARK: Final = Park("dialects", "多协议示范园区", "Dialect demonstration park")
FIRM: Final = Enterprise("d01", PARK.id, "安康某综合能源示范厂", "Ankang demonstration plant", "3823", 40.0)
SECTOR: Final = "materials"
PERIOD: Final = timedelta(seconds=10)
HEADROOM: Final = 1.6
TCP: Final = "d01-stack"
"""The one that can speak to the listener for data loggers."""
FEEDER: Final = ("ep_imp", "p")
BEIJING: Final = "Asia/Shanghai"


class Played(NamedTuple):
    """One device: what it is, and how it speaks."""

    id: str
    zh: str
    en: str
    kind: str
    size: float
    """What flows at full load, an hour, in the unit of the rate."""
    unit: str
    codec: str
    options: Mapping[str, object]
    metrics: tuple[str, ...] = FEEDER
    traits: Mapping[str, str] = {"kv": "0.4"}
    multiplier: float = 1.0
    units: Mapping[str, str] = {}


CAST: Final = (
    Played("d01-main", "进线总表", "Main incomer", "boundary", 400, "kW", "native", {},
           (*FEEDER, "pf", "u1", "i1"), multiplier=80.0),
    Played("d01-plug", "实验室插座 (Tasmota)", "Laboratory plug (Tasmota)", "sub", 12, "kW", "json",
           {"map": "tasmota", "topic": "tele/d01-plug/SENSOR", "zone": BEIJING}, (*FEEDER, "pf", "i1")),
    Played("d01-line3", "三号线 (Shelly)", "Line 3 (Shelly)", "boundary", 90, "kW", "json",
           {"map": "shelly", "topic": "shellypro3em-d01/events/rpc"}, (*FEEDER, "u1", "u2", "u3", "i1", "i2", "i3")),
    Played("d01-floor2", "二楼 (Zigbee2MQTT)", "Second floor (Zigbee2MQTT)", "sub", 30, "kW", "json",
           {"map": "zigbee2mqtt", "topic": "zigbee2mqtt/d01-floor2"}),
    Played("d01-water", "自来水总表 (网关 JSON)", "Water inlet (a gateway's own JSON)", "water", 18, "m³/h", "json",
           {"topic": "gw/d01/up", "where": {"dev": "W1"}, "time": "t", "form": "ms",
            "fields": {"d.Q": {"metric": "flow", "unit": "L/min"}, "d.V": {"metric": "volume", "factor": 0.001}}},
           ("volume", "flow"), {}),
    Played("d01-furnace", "电炉 (Telegraf)", "Furnace (Telegraf)", "sub", 160, "kW", "line",
           {"topic": "telegraf/d01", "measurement": "modbus", "tags": {"slave_id": "1"},
            "fields": {"power": {"metric": "p", "unit": "W"}, "energy": "ep_imp"}}),
    Played("d01-press", "压机 (Sparkplug B)", "Press (Sparkplug B)", "sub", 75, "kW", "sparkplug",
           {"group": "dialects", "node": "d01-gw", "device": "press",
            "names": {"Meter/P": "p", "Meter/Energy": {"metric": "ep_imp", "unit": "Wh"}}}),
    Played("d01-heat", "热力站 (SenML)", "Heat station (SenML)", "heat", 4, "GJ/h", "senml",
           {"topic": "senml/d01", "base": "urn:dev:d01-heat:",
            "names": {"E": {"metric": "heat_energy", "unit": "MJ"}, "P": "heat_power", "T": "temperature"}},
           ("heat_energy", "heat_power", "temperature"), {}),
    Played("d01-outlet", "污水总排口 (HJ 212)", "Waste-water outlet (HJ 212)", "outlet", 7, "m³/h", "hj212",
           {"mn": "61090020260001"}, ("flow", "cod", "nh3n", "tp", "tn", "ph"),
           {"ph": "7.3", "cod": "60", "nh3n": "4", "tp": "0.5", "tn": "12"}),
    Played(TCP, "窑炉烟囱 (HJ 212, TCP)", "Kiln stack (HJ 212 over TCP)", "stack", 9_000, "Nm³/h", "hj212",
           {"mn": "61090020260002"}, ("so2", "nox", "flue_flow"), {"fuel": "kiln"}),
)  # fmt: skip
"""Who plays; what each shows is measured as in the simulated park."""


def registry(period: timedelta = PERIOD) -> Registry:
    """Register them all."""
    return Registry((PARK,), (FIRM,), tuple(_meter(each, period) for each in CAST))


def _meter(played: Played, period: timedelta) -> Meter:
    kind = KINDS[played.kind]
    counts = any(name in played.metrics for name in ("ep_imp", "volume", "heat_energy"))
    return Meter(
        id=played.id,
        enterprise=FIRM.id,
        park=PARK.id,
        medium=Medium(kind.medium),
        role=Role(kind.role) if played.id in {CAST[0].id, "d01-water"} or kind.role == "outlet" else Role.SUB,
        name=played.zh,
        name_en=played.en,
        period=period,
        metrics=played.metrics,
        units=played.units,
        multipliers=(Multiplier(ORIGIN, played.multiplier),) if played.multiplier != 1 else (),
        register=Register(rated=f"{played.size * HEADROOM:g} {played.unit}") if counts else Register(),
        codec=played.codec,
        options=played.options,
    )


def devices(seed: int, period: timedelta = PERIOD) -> list[Device]:
    """Give every device, as one seed makes it."""
    weather, known = Weather(seed), registry(period)
    site = Site(FIRM.id, seed, sectors()[SECTOR], weather)
    return [
        Device(
            meter=known.by_meter[played.id],
            kind=played.kind,
            seed=seed,
            weather=weather,
            flow=Load(site, played.id, played.size, profiles()["kiln"]),
            traits=played.traits,
        )
        for played in CAST
    ]


def shows(device: Device, ms: int) -> Values:
    """Give what a device shows at an instant: what its dialect is given to say."""
    found = records(device, np.array([ms], np.int64))
    return {name: value for name, value in found[0]["m"].items() if isinstance(value, float)} if found else {}


def speakers(
    cast: list[Device], *, prefix: str = PREFIX, account: Door | None = None, listener: Service | None = None
) -> list[Speaker]:
    """Give every device its voice, one after the other over a period; with a `listener`, the stack speaks TCP."""
    found = []
    for place, device in enumerate(cast):
        meter = device.meter
        period_ms = meter.period // timedelta(milliseconds=1)
        by_tcp = listener is not None and meter.id == TCP
        voice = Hj212(meter, prefix, asks=by_tcp) if meter.codec == "hj212" else VOICES[meter.codec](meter, prefix)
        door = Door(meter.id) if account is None else account._replace(client_id=meter.id)
        phase = period_ms * place // len(cast)
        found.append(Speaker(voice, partial(shows, device), period_ms, phase, door, listener if by_tcp else None))
    return found

"""The devices of a load: as many meters as are wanted, how they are registered, and what each shows, in closed form."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Final, NamedTuple

from park.metric import Medium
from park.place import Enterprise, Meter, Park, Register, Role
from park.registry import Registry
from park.topic import PREFIX
from simulators.days import ORIGIN_MS
from simulators.load.packet import Door
from simulators.load.speaker import Speaker
from simulators.voices import VOICES
from simulators.voices.voice import Values

PARK: Final = Park("load", "压力测试园区", "Load test park")
PER_ENTERPRISE: Final = 100
HOUR_MS: Final = 3_600_000
DECIMALS: Final = 3
SMALLEST_KW, SIZES = 20, 500
HEADROOM: Final = 2
OUTLET: Final = ("flow", "cod", "ph")


class Manner(NamedTuple):
    """How a device of one dialect is registered."""

    options: Callable[[str, int], Mapping[str, object]]
    """By its id and its number."""
    outlet: bool = False
    """HJ 212 knows outlets, and no electricity."""


MANNERS: Final[dict[str, Manner]] = {
    "native": Manner(lambda _id, _number: {}),
    "json": Manner(lambda id_, _number: {"map": "tasmota", "topic": f"tele/{id_}/SENSOR", "zone": "Asia/Shanghai"}),
    "line": Manner(lambda id_, _number: {"topic": f"telegraf/{id_}", "measurement": "meter", "tags": {"id": id_}}),
    "sparkplug": Manner(lambda id_, _number: {"group": "load", "node": id_, "names": {"Energy": "ep_imp", "P": "p"}}),
    "hj212": Manner(lambda _id, number: {"mn": f"LOAD{number:010d}"}, outlet=True),
    "senml": Manner(lambda id_, _number: {"topic": f"senml/{id_}", "base": f"urn:dev:{id_}:"}),
}
"""Each dialect's; topics are a device's own, as no codec should look through thousands of meters for one message."""


def size_kw(number: int) -> int:
    """Give the load of a device, always the same."""
    return SMALLEST_KW + number % SIZES


def registry(devices: int, *, dialect: str = "native", period: timedelta) -> Registry:
    """Register so many devices."""
    firms = [f"e{place + 1:04d}" for place in range((devices + PER_ENTERPRISE - 1) // PER_ENTERPRISE)]
    return Registry(
        parks=(PARK,),
        enterprises=tuple(
            Enterprise(firm, PARK.id, f"测试企业 {place}", f"Test enterprise {place}")
            for place, firm in enumerate(firms, 1)
        ),
        meters=tuple(_meter(number, firms[(number - 1) // PER_ENTERPRISE], dialect, period)
                     for number in range(1, devices + 1)),
    )  # fmt: skip


def _meter(number: int, firm: str, dialect: str, period: timedelta) -> Meter:
    id_, manner = f"load-{number:05d}", MANNERS[dialect]
    return Meter(
        id=id_,
        enterprise=firm,
        park=PARK.id,
        medium=Medium.WATER if manner.outlet else Medium.ELECTRICITY,
        role=Role.OUTLET if manner.outlet else Role.SUB,
        name=f"测试设备 {number}",
        name_en=f"Test device {number}",
        period=period,
        metrics=OUTLET if manner.outlet else ("ep_imp", "p"),
        register=Register() if manner.outlet else Register(rated=f"{size_kw(number) * HEADROOM} kW"),
        codec=dialect,
        options=manner.options(id_, number),
    )


def feeder(number: int, ms: int) -> Values:
    """Give what a feeder shows at an instant: what it has counted since the origin is its load times the hours."""
    size = size_kw(number)
    return {"ep_imp": round(size * ((ms - ORIGIN_MS) / HOUR_MS), DECIMALS), "p": float(size)}


def outlet(number: int, ms: int) -> Values:
    """Give what an outlet shows at an instant: a slow saw tooth."""
    turn = (ms // 60_000 + number) % 60
    return {"flow": 5.0 + turn / 4, "cod": 20.0 + turn / 2, "ph": 7.0 + turn / 100}


def speakers(
    known: Registry, doors: Mapping[str, Door], *, prefix: str = PREFIX, otherwise: Door | None = None
) -> list[Speaker]:
    """Give every registered device a voice, evenly over a period; `doors` are the accounts that some have."""
    found = []
    for number, meter in enumerate(known.meters, 1):
        period_ms = max(1, meter.period // timedelta(milliseconds=1))
        own = doors.get(meter.id) or (Door(meter.id) if otherwise is None else otherwise._replace(client_id=meter.id))
        found.append(
            Speaker(
                voice=VOICES[meter.codec](meter, prefix),
                measure=partial(outlet if MANNERS[meter.codec].outlet else feeder, number),
                period_ms=period_ms,
                phase_ms=period_ms * (number - 1) // len(known.meters),
                door=own,
            )
        )
    return found

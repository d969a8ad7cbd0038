"""A device for acceptances, as it is heard: well behaved unless a test spoils it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from park.acceptance.examine import examine
from park.acceptance.heard import Message, Session
from park.acceptance.item import Item
from park.metric import Medium
from park.place import Enterprise, Meter, Multiplier, Park, Register, Role
from park.registry import Registry

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
PERIOD = timedelta(seconds=10)
METER = Meter(
    "e01-main",
    "e01",
    "hk",
    Medium.ELECTRICITY,
    Role.BOUNDARY,
    "一号变总表",
    PERIOD,
    ("ep_imp", "p"),
    multipliers=(Multiplier(NOON - timedelta(days=900), 120.0),),
    register=Register(rated="2000 kW"),
)
REGISTRY = Registry((Park("hk", "恒口"),), (Enterprise("e01", "hk", "食品厂"),), (METER,))
DATA = "park/v1/hk/e01/e01-main/data"
STATE = "park/v1/hk/e01/e01-main/state"
COUNT = 90
POWER = 10.0
"""kW at the secondary side: 1,200 kW behind a multiplier of 120."""


@dataclass
class Device:
    """What one device says: message by message, to be spoilt by a test."""

    topic: str = DATA
    qos: int = 1
    retained: bool = False
    shift: timedelta = timedelta()
    skip: Callable[[int], bool] = lambda _place: False
    spoil: Callable[[int, dict[str, Any]], Any] = lambda _place, body: body
    states: list[Message] = field(default_factory=lambda: [Message(NOON, STATE, b"online", retained=True, stored=True)])
    period: timedelta = PERIOD

    def messages(self) -> list[Message]:
        """Say it all."""
        said = list(self.states)
        for place in range(COUNT):
            if self.skip(place):
                continue
            at = NOON + (place + 1) * self.period
            hours = (place + 1) * self.period / timedelta(hours=1)
            body = {
                "v": 1,
                "ts": (at + self.shift).isoformat(timespec="milliseconds"),
                "seq": place + 1,
                "m": {"p": POWER, "ep_imp": round(5_000 + POWER * hours, 4)},
            }
            spoilt = self.spoil(place, body)
            payload = spoilt if isinstance(spoilt, bytes) else json.dumps(spoilt).encode()
            came = at + timedelta(milliseconds=200)
            said.append(Message(came, self.topic, payload, self.qos, self.retained))
        return said


def session(device: Device, **more: Any) -> Session:  # noqa: ANN401  # the rest of a session, as it is
    end = NOON + (COUNT + 1) * device.period
    return Session(NOON, end, tuple(sorted(device.messages(), key=lambda one: one.at)), **more)


def failures(heard: Session, meter: Meter = METER) -> list[Item]:
    return list(examine(meter, replace(REGISTRY, meters=(meter,)), heard).failed)


def values(**changes: Callable[[int, float], float]) -> Callable[[int, dict[str, Any]], Any]:
    """Change what a metric says, by its place in the course of the session."""

    def spoil(place: int, body: dict[str, Any]) -> dict[str, Any]:
        for name, change in changes.items():
            body["m"][name] = change(place, body["m"][name])
        return body

    return spoil


def without(key: str) -> Callable[[int, dict[str, Any]], Any]:
    return lambda _place, body: {name: value for name, value in body.items() if name != key}

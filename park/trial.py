"""How a message would be read, without anything being kept: for whoever brings up a device."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from park.admit import Admission
from park.decode import Context, read
from park.decode.json_maps import maps
from park.decode.memory import Memory
from park.decode.sparkplug_topic import SPACE
from park.malformed import Malformed
from park.metric import Medium, metrics
from park.place import Enterprise, Meter, Park, Role
from park.reading import Claim, Reading, Refusal
from park.registry import Registry
from park.routes import Routes
from park.topic import PREFIX

NAME: Final = "try"
STATION: Final = re.compile(rb"[;&]MN=([^;&]{1,24})")
SPARKPLUG_PARTS: Final = range(4, 6)


class Spoken(NamedTuple):
    """One claim of a message, and what becomes of it."""

    claim: Claim
    reading: Reading | None
    refusal: Refusal | None


class Told(NamedTuple):
    """What one message would come to."""

    codec: str
    spoken: tuple[Spoken, ...] = ()
    seq: int | None = None
    remarks: tuple[str, ...] = ()
    refusal: Refusal | None = None
    """Why the message as a whole is not read."""

    @property
    def well(self) -> bool:
        """Whether all that it says would be let in."""
        return self.refusal is None and all(each.refusal is None for each in self.spoken)


class Trial:
    """One sitting: what a message teaches, such as the names in a birth, the next ones know."""

    def __init__(self, registry: Registry, prefix: str = PREFIX, memory: Memory | None = None) -> None:
        """Begin with a registry, and with what other sittings have heard."""
        self._registry = registry
        self._routes = Routes(registry, prefix)
        self._prefix = prefix
        self._admission = Admission(registry)
        self._memory = Memory() if memory is None else memory

    def codec_of(self, topic: str, content_type: str | None = None) -> str:
        """Name the codec in which a topic speaks; empty for a topic of nobody's."""
        return self._routes.find(topic, content_type).codec

    def of_topic(self, payload: bytes, topic: str, received: datetime, content_type: str | None = None) -> Told:
        """Read a message as the platform would that came on a topic."""
        route = self._routes.find(topic, content_type)
        if route.refusal is not None:
            return Told("", refusal=route.refusal)
        address = route.address.meter if route.address is not None else ""
        return self._read(payload, Context(address, received, route.codec, topic, route.meters, self._memory))

    def of_codec(self, payload: bytes, codec: str, received: datetime) -> Told:
        """Read a message of which only the codec is known: any meter of that codec may be meant."""
        fitting = tuple(meter for meter in self._registry.meters if meter.codec == codec)
        address = fitting[0].id if len(fitting) == 1 else ""
        return self._read(payload, Context(address, received, codec, "", fitting, self._memory))

    def of_meter(self, payload: bytes, meter: Meter, topic: str, received: datetime) -> Told:
        """Read a message as one of a meter, whatever topic it came on."""
        named = not topic or topic.startswith(self._prefix + "/")
        address = meter.id if named else ""
        return self._read(payload, Context(address, received, meter.codec, topic, (meter,), self._memory))

    def _read(self, payload: bytes, context: Context) -> Told:
        try:
            said = read(payload, context)
        except Malformed as malformed:
            return Told(context.codec, (), malformed.seq, (), Refusal(malformed.reason, malformed.subject))
        spoken = []
        for claim in said.claims:
            readings, refusals = self._admission.admit([claim], context.received)
            spoken.append(Spoken(claim, readings[0] if readings else None, refusals[0] if refusals else None))
        return Told(context.codec, tuple(spoken), said.seq, said.remarks)


def made_up(codec: str, options: Mapping[str, object], name: str = NAME) -> Meter:
    """Make a meter that measures everything, for a message of one that nobody has registered yet."""
    return Meter(
        id=name,
        enterprise=NAME,
        park=NAME,
        medium=Medium.ELECTRICITY,
        role=Role.SUB,
        name=name,
        period=timedelta(minutes=1),
        metrics=tuple(metrics()),
        codec=codec,
        options=options,
    )


def alone(meter: Meter) -> Registry:
    """Make a registry of one meter."""
    return Registry((Park(NAME, NAME),), (Enterprise(NAME, NAME, NAME),), (replace(meter, park=NAME, enterprise=NAME),))


def likely(codec: str, payload: bytes, topic: str, received: datetime) -> dict[str, object]:
    """Guess what the registry would have to say of the sender, from what it sends: a proposal, to be looked at."""
    if codec == "hj212":
        station = STATION.search(payload)
        return {"mn": station[1].decode(errors="replace")} if station else {}
    parts = topic.split("/")
    if codec == "sparkplug" and parts[0] == SPACE and len(parts) in SPARKPLUG_PARTS:
        device = {"device": parts[4]} if parts[4:] else {}
        return {"group": parts[1], "node": parts[3], **device}
    if codec == "json":
        counts = {name: _count(payload, {"map": name}, received) for name in maps()}
        best = max(counts, key=lambda name: counts[name])
        return {"map": best} if counts[best] else {}
    return {}


def _count(payload: bytes, options: Mapping[str, object], received: datetime) -> int:
    meter = made_up("json", options)
    return len(Trial(alone(meter)).of_meter(payload, meter, "", received).spoken)

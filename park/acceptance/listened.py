"""A session read as the platform reads it: the same codec, the same admission, and nothing stored."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from park.acceptance.heard import Message, Session
from park.admit import Admission
from park.decode import DIALECTS, Context, Said, read
from park.decode.memory import Memory
from park.decode.sparkplug_write import rebirth_command
from park.instant import to_ms
from park.malformed import Malformed
from park.place import Meter
from park.reading import Reading, Refusal
from park.reason import Reason
from park.registry import Registry
from park.topic import PREFIX, Address, Channel, parse

DATA = frozenset({Channel.DATA, Channel.BACKFILL})


class Taken(NamedTuple):
    """One message that carries values: what came of it."""

    message: Message
    live: bool
    said: Said | None
    """None where it could not be read."""
    readings: tuple[Reading, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    broken: Malformed | None = None


class Listened(NamedTuple):
    """Everything a session holds, sorted."""

    meter: Meter
    session: Session
    taken: tuple[Taken, ...]
    """In the order they came; what lay at the broker before is left out."""
    states: tuple[Message, ...]
    metas: tuple[Message, ...]
    astray: tuple[Message, ...]
    """Under the meter's id, and not where it is registered or not on a topic of the contract."""
    kept: tuple[Message, ...] = ()
    """Those that carry values and the retained flag."""

    @property
    def live(self) -> list[Taken]:
        """What was said of now, not of before."""
        return [each for each in self.taken if each.live]

    def series(self, metric: str) -> list[tuple[datetime, Reading]]:
        """Give a metric's live readings in the order they came, each with the time it came."""
        return [(each.message.at, one) for each in self.live for one in each.readings if one.metric == metric]


def filters(meter: Meter, prefix: str = PREFIX) -> tuple[str, ...]:
    """Name all that has to be subscribed to, to hear a meter wherever it speaks."""
    return (f"{prefix}/+/+/{meter.id}/#", *DIALECTS[meter.codec].topics(meter))


def requests(meter: Meter, now: datetime) -> tuple[tuple[str, bytes], ...]:
    """Give what a device is asked before it is listened to: where it speaks by numbers, for its names."""
    return tuple((topic, rebirth_command(to_ms(now))) for topic in DIALECTS[meter.codec].hears(meter))


def read_session(meter: Meter, registry: Registry, session: Session, prefix: str = PREFIX) -> Listened:
    """Sort and read what was heard; what a device's birth told is known of what it said before that as well."""
    memory = Memory()
    listened = _read(meter, registry, session, prefix, memory)
    if any(each.broken is not None and each.broken.reason is Reason.NO_BIRTH for each in listened.taken):
        listened = _read(meter, registry, session, prefix, memory)
    return listened


def _read(meter: Meter, registry: Registry, session: Session, prefix: str, memory: Memory) -> Listened:
    admission = Admission(registry)
    taken: list[Taken] = []
    states: list[Message] = []
    metas: list[Message] = []
    astray: list[Message] = []
    kept: list[Message] = []
    for message in session.messages:
        channel = _channel(meter, message.topic, prefix)
        if channel is None:
            astray.append(message)
        elif channel is Channel.STATE:
            states.append(message)
        elif channel is Channel.META:
            metas.append(message)
        else:
            if message.retained:
                kept.append(message)
            if not message.stored:
                taken.append(_take(meter, message, channel, admission, memory))
    return Listened(meter, session, tuple(taken), tuple(states), tuple(metas), tuple(astray), tuple(kept))


def _channel(meter: Meter, topic: str, prefix: str) -> Channel | None:
    """Tell what kind of message a topic carries; None where the meter should not speak."""
    if not topic.startswith(f"{prefix}/"):
        return Channel.DATA
    try:
        address = parse(topic, prefix)
    except Malformed:
        return None
    return address.channel if (address.park, address.enterprise) == (meter.park, meter.enterprise) else None


def _take(meter: Meter, message: Message, channel: Channel, admission: Admission, memory: Memory) -> Taken:
    live = channel is Channel.DATA
    context = Context(meter.id, message.at, meter.codec, message.topic, (meter,), memory)
    try:
        said = read(message.payload, context)
    except Malformed as error:
        return Taken(message, live, None, broken=error)
    readings, refusals = admission.admit(said.claims, message.at)
    return Taken(message, live, said, tuple(readings), tuple(refusals))


def home(meter: Meter) -> Address:
    """Give where a meter should speak."""
    return Address(meter.park, meter.enterprise, meter.id, Channel.DATA)


def most_said(subjects: Iterable[str]) -> str:
    """Give a few of many subjects, the first as they came."""
    some = list(dict.fromkeys(subjects))
    return ", ".join(some[:3]) + (f" … ({len(some)})" if len(some) > 3 else "")  # noqa: PLR2004  # a few

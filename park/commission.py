"""Senders that nobody registered, out of what is held of them: whose messages belong together, and how often they come.

A Sparkplug node speaks on several topics, a meter of the contract on several channels: each is one sender.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final, NamedTuple

from park.decode.sparkplug_topic import SPACE
from park.malformed import Malformed
from park.reason import Reason
from park.topic import PREFIX, parse

STRAY: Final = (Reason.UNKNOWN_METER, Reason.UNKNOWN_SENDER, Reason.UNKNOWN_CODEC)
"""What is held for these waits for somebody to be registered."""
NICE: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400)
)
USUAL: Final = timedelta(minutes=1)
"""What is proposed for a sender heard but once."""
SPARKPLUG_LEVELS: Final = 4


class Heap(NamedTuple):
    """What is held of one topic."""

    topic: str
    meter: str | None
    """The meter its topic names."""
    messages: int
    first: datetime
    last: datetime


class Sender(NamedTuple):
    """One device, or one gateway, that nobody registered."""

    id: str
    """The same as long as it speaks on these topics."""
    name: str
    """How it calls itself."""
    topics: tuple[str, ...]
    messages: int
    """How many are held."""
    first: datetime
    last: datetime
    period: timedelta
    """How often it seems to report."""


def senders(heaps: Iterable[Heap], prefix: str = PREFIX) -> list[Sender]:
    """Put heaps together by sender, the one heard last first."""
    together: dict[str, list[Heap]] = {}
    for heap in heaps:
        together.setdefault(called(heap.topic, prefix), []).append(heap)
    found = [_sender(name, some) for name, some in together.items()]
    return sorted(found, key=lambda sender: (sender.last, sender.id), reverse=True)


def called(topic: str, prefix: str = PREFIX) -> str:
    """Say what a topic's sender is called: a meter's id, a node and its device, else the topic itself."""
    try:
        return parse(topic, prefix).meter
    except Malformed:
        pass
    parts = topic.split("/")
    if parts[0] == SPACE and len(parts) >= SPARKPLUG_LEVELS:
        return "/".join([SPACE, parts[1], *parts[3:]])
    return topic


def usual_period(count: int, first: datetime, last: datetime) -> timedelta:
    """Say how often messages come, as people set it: the nearest of the periods that are usual."""
    if count <= 1 or last <= first:
        return USUAL
    mean = (last - first) / (count - 1)
    return min(NICE, key=lambda nice: max(nice / mean, mean / nice))


def _sender(name: str, heaps: list[Heap]) -> Sender:
    count = sum(heap.messages for heap in heaps)
    first, last = min(heap.first for heap in heaps), max(heap.last for heap in heaps)
    busiest = max(heaps, key=lambda heap: heap.messages)
    return Sender(
        id=blake2b(name.encode("utf-8", "backslashreplace"), digest_size=8).hexdigest(),
        name=name,
        topics=tuple(sorted(heap.topic for heap in heaps)),
        messages=count,
        first=first,
        last=last,
        period=usual_period(busiest.messages, busiest.first, busiest.last),
    )

"""Topics: `{prefix}/{park}/{enterprise}/{meter}/{kind}`."""

from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from park.malformed import Malformed
from park.place import IDENTIFIER
from park.reason import Reason

PREFIX = "park/v1"
PARTS = 4


class Channel(StrEnum):
    """The last part of a topic: what kind of message it carries."""

    DATA = "data"
    """Live readings: QoS 1, not retained."""
    BACKFILL = "backfill"
    """Older readings, sent in bulk; they go to history and never to a live alert."""
    STATE = "state"
    """`online` or `offline`, retained; the last will."""
    META = "meta"
    """Model, serial number, units; retained."""


CHANNELS = frozenset(Channel)


class Address(NamedTuple):
    """Who speaks, and about what."""

    park: str
    enterprise: str
    meter: str
    channel: Channel


@lru_cache(maxsize=65_536)  # bounded: an attacker may invent topics, ten thousand meters have few
def parse(topic: str, prefix: str = PREFIX) -> Address:
    """Read a topic.  Raises Malformed with reason TOPIC."""
    head, _, rest = topic.partition(prefix + "/")
    parts = rest.split("/")
    if head or len(parts) != PARTS or not all(map(IDENTIFIER.fullmatch, parts)) or parts[3] not in CHANNELS:
        raise Malformed(Reason.TOPIC, topic)
    return Address(parts[0], parts[1], parts[2], Channel(parts[3]))


def build(address: Address, prefix: str = PREFIX) -> str:
    """Write the topic of an address."""
    return f"{prefix}/{address.park}/{address.enterprise}/{address.meter}/{address.channel}"


def subscription(channel: Channel, prefix: str = PREFIX, *, park: str = "+", enterprise: str = "+") -> str:
    """Write the filter that catches one channel of every meter, or of one park or enterprise."""
    return f"{prefix}/{park}/{enterprise}/+/{channel}"


def alert_topic(park: str, enterprise: str, meter: str, rule: str, prefix: str = PREFIX) -> str:
    """Write the topic on which one alert of one meter stands, retained, for as long as it is on the list."""
    return f"{prefix}/{park}/{enterprise}/{meter}/alert/{rule}"

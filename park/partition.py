"""Which part of the stream one collector takes: all of it, some parks, or some enterprises.

Each partition has one session at the broker, under one fixed name.  The name follows from the partition: a session's
subscriptions outlive its connection, so another partition under the same name would go on receiving the old one's.
"""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from park.place import IDENTIFIER, Meter
from park.topic import PREFIX, Channel, subscription

COLLECTOR = "smartpark.collector"
"""The name of a collector, as user and as session.  No meter can have it: an id has no dot."""
CHANNELS = (Channel.DATA, Channel.BACKFILL)
LONGEST = 64


class Key(StrEnum):
    """What a stream can be divided by: the parts of a topic."""

    PARK = "park"
    ENTERPRISE = "enterprise"


@dataclass(frozen=True, slots=True)
class Partition:
    """Some parks or some enterprises, in order and each once."""

    key: Key
    ids: tuple[str, ...]

    def __str__(self) -> str:
        """Write it as it is read."""
        return f"{self.key}={','.join(self.ids)}"


def read(text: str) -> Partition:
    """Read `park=hengkou` or `enterprise=e01,e02`.  Raises ValueError with how to mend it."""
    head, equals, rest = text.strip().partition("=")
    ids = tuple(sorted({item.strip() for item in rest.split(",")}))
    if not equals or head not in tuple(Key) or not all(map(IDENTIFIER.fullmatch, ids)):
        raise ValueError(
            f"{text!r}: 应写成 park=园区编号 或 enterprise=企业编号,企业编号 / "
            "must look like park=hengkou or enterprise=e01,e02, with ids of a-z, 0-9, _ and -"
        )
    return Partition(Key(head), ids)


def subscriptions(partition: Partition | None, prefix: str = PREFIX) -> list[str]:
    """Write the filters of a collector; None takes every meter."""
    if partition is None:
        return [subscription(channel, prefix) for channel in CHANNELS]
    if partition.key is Key.PARK:
        return [subscription(channel, prefix, park=park) for park in partition.ids for channel in CHANNELS]
    return [subscription(channel, prefix, enterprise=one) for one in partition.ids for channel in CHANNELS]


def belongs(meter: Meter, partition: Partition | None) -> bool:
    """Tell whether a meter is in a partition; None takes every meter."""
    if partition is None:
        return True
    return (meter.park if partition.key is Key.PARK else meter.enterprise) in partition.ids


def collector_name(partition: Partition | None) -> str:
    """Name a collector, the same at every start; a long list of ids is told by its digest."""
    if partition is None:
        return COLLECTOR
    ids = ".".join(partition.ids)
    if len(ids) > LONGEST:
        ids = f"{len(partition.ids)}.{sha256(ids.encode()).hexdigest()[:16]}"
    return f"{COLLECTOR}.{partition.key}.{ids}"

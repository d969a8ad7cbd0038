"""Which registered meters a message may be of, and in which codec it speaks: told by its topic and its content type.

A topic of the contract names its meter, and the registry the meter's codec; a content type (MQTT 5) that names another
codec wins where that one needs no more than the registry says.  A gateway that keeps topics of its own is found by the
filters its meters are registered with: the message may be of any of them, and the codec knows which.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from park.decode import BY_CONTENT_TYPE, DIALECTS
from park.malformed import Malformed
from park.partition import Partition, belongs
from park.place import Meter
from park.reading import Refusal
from park.reason import Reason, quoted
from park.registry import Registry
from park.registry_meter import GATEWAY
from park.registry_notes import Notes
from park.topic import PREFIX, Address, parse
from park.topic_filter import Filters, covering, is_filter

MOST = 65_536
LONGEST = 256


class Route(NamedTuple):
    """Where a message belongs."""

    meter: str | None
    """The one meter it speaks of, registered or not; None where there are several, or none."""
    refusal: Refusal | None = None
    """Why it belongs nowhere."""
    address: Address | None = None
    """What a topic of the contract says; None for a topic of the gateway's own."""
    codec: str = ""
    meters: tuple[Meter, ...] = ()


class Routes:
    """The routes of one state of the registry; a changed registry needs new ones.  For one thread."""

    def __init__(self, registry: Registry, prefix: str = PREFIX) -> None:
        """Index the filters of all meters."""
        self._registry = registry
        self._prefix = prefix
        self._foreign: Filters[Meter] = Filters()
        for meter in registry.meters:
            for pattern in foreign(meter, prefix):
                self._foreign.put(pattern, meter)
        self._place = {meter.id: place for place, meter in enumerate(registry.meters)}
        self._found: dict[tuple[str, str | None], Route] = {}

    def find(self, topic: str, content_type: str | None = None) -> Route:
        """Find where a message belongs.

        Topics are the senders' to invent, so memory is bounded: long ones are not remembered, and too many make us
        forget all.
        """
        codec = None if content_type is None else named(content_type)
        found = self._found.get((topic, codec))
        if found is None:
            found = self._build(topic, codec)
            if len(topic) <= LONGEST:
                if len(self._found) >= MOST:
                    self._found.clear()
                self._found[topic, codec] = found
        return found

    def _build(self, topic: str, codec: str | None) -> Route:
        if not topic.startswith(self._prefix + "/"):
            return self._by_filter(topic)
        try:
            address = parse(topic, self._prefix)
        except Malformed as error:
            return Route(None, Refusal(error.reason, error.subject))
        meter = self._registry.by_meter.get(address.meter)
        if meter is None:
            return Route(address.meter, Refusal(Reason.UNKNOWN_METER, address.meter), address)
        if (meter.park, meter.enterprise) != (address.park, address.enterprise):
            place = f"{address.park}/{address.enterprise}/{address.meter}"
            return Route(address.meter, Refusal(Reason.WRONG_PLACE, place), address)
        if codec is not None and codec != meter.codec:
            meter = _speaking(meter, codec)
        return Route(meter.id, None, address, meter.codec, (meter,))

    def _by_filter(self, topic: str) -> Route:
        """Find the meters of one codec; the registry's check sees to it that there are not two."""
        found = {meter.id: meter for meter in self._foreign.find(topic)}
        meters = sorted(found.values(), key=lambda meter: self._place[meter.id])
        if not meters:
            return Route(None, Refusal(Reason.UNKNOWN_SENDER, quoted(topic, 200)))
        codec = meters[0].codec
        meters = [meter for meter in meters if meter.codec == codec]
        return Route(meters[0].id if len(meters) == 1 else None, None, None, codec, tuple(meters))


def foreign(meter: Meter, prefix: str = PREFIX) -> tuple[str, ...]:
    """Give the filters, outside the contract's prefix, on which a meter speaks."""
    dialect = DIALECTS.get(meter.codec)
    if dialect is None:
        return ()
    return tuple(each for each in dialect.topics(meter) if is_filter(each) and not within(each, prefix))


def within(pattern: str, prefix: str = PREFIX) -> bool:
    """Tell whether a filter catches topics of the contract."""
    ours: Filters[bool] = Filters()
    ours.put(f"{prefix}/#", value=True)
    return bool(ours.overlapping(pattern))


def spoken_to(meter: Meter) -> tuple[str, ...]:
    """Give the topics on which a meter is spoken to."""
    dialect = DIALECTS.get(meter.codec)
    return () if dialect is None else dialect.hears(meter)


def filters(
    meters: Iterable[Meter], prefix: str = PREFIX, *, partition: Partition | None = None, discover: Iterable[str] = ()
) -> tuple[str, ...]:
    """Give what to subscribe to beside the contract's topics: what these meters (or the partition's) speak on.

    `discover` are filters on which unknown devices may be heard; a collector of a partition leaves them to others.
    """
    wanted = [each for meter in meters if belongs(meter, partition) for each in foreign(meter, prefix)]
    if partition is None:
        wanted += [each for each in discover if not within(each, prefix)]
    return covering(wanted)


def named(content_type: str) -> str | None:
    """Give the codec that a content type names, whatever parameters follow it."""
    return BY_CONTENT_TYPE.get(content_type.partition(";")[0].strip().lower())


def _speaking(meter: Meter, codec: str) -> Meter:
    """Give the meter as one of another codec, where its options are fit for that or none are needed."""
    own = {key: value for key, value in meter.options.items() if key != GATEWAY}
    for options in (own, {}):
        notes = Notes({})
        DIALECTS[codec].check(notes, codec, options, meter.metrics)
        if not notes.mistakes:
            return replace(meter, codec=codec, options=options)
    return meter

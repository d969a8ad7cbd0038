"""From a message to readings: the one way in which the collector, the rules and the live values read the broker."""

from datetime import datetime
from typing import NamedTuple

from park.admit import Admission
from park.decode import Context, read
from park.decode.memory import Memory
from park.partition import Partition, belongs
from park.reading import Reading, Refusal
from park.registry import Registry
from park.routes import Route, Routes
from park.topic import PREFIX


class Taken(NamedTuple):
    """What one message came to."""

    readings: list[Reading]
    refusals: list[Refusal]
    seq: int | None
    """Its number; None where several meters may speak by it: it is none of theirs."""
    remarks: tuple[str, ...]


class Listener:
    """Reads messages against one state of the registry; a changed registry needs a new one.  For one thread."""

    def __init__(self, registry: Registry, prefix: str = PREFIX, *, partition: Partition | None = None) -> None:
        """Start with nothing heard; of a topic that several partitions share, only the partition's meters count."""
        self._admission = Admission(registry)
        self._routes = Routes(registry, prefix)
        self._mine = None if partition is None else {meter.id for meter in registry.meters if belongs(meter, partition)}
        self.route = self._routes.find

    def read(self, route: Route, topic: str, payload: bytes, received: datetime, memory: Memory | None) -> Taken:
        """Read what a message of a route says.  Raises Malformed."""
        own = route.address
        context = Context("" if own is None else own.meter, received, route.codec, topic, route.meters, memory)
        what = read(payload, context)
        claims = what.claims
        if own is None and self._mine is not None:
            claims = [claim for claim in claims if claim.meter in self._mine]
        readings, refusals = self._admission.admit(claims, received)
        return Taken(readings, refusals, what.seq if route.meter is not None else None, what.remarks)

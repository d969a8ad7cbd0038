"""A node with two devices behind it, and what it publishes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from park.decode import Context, Said
from park.decode.memory import Memory
from park.decode.sparkplug import DIALECT
from park.decode.sparkplug_topic import Kind, Sender, topic
from park.decode.sparkplug_types import DataType
from park.decode.sparkplug_write import metric, node_birth, write
from park.malformed import Malformed
from park.place import Meter
from park.reason import Reason
from tests.park.examples import meter

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
MS = 1795420800000
SECOND = timedelta(seconds=1)
NODE = Sender("hengkou", "gw1")
DEVICE = Sender("hengkou", "gw1", "m7")
NAMES: Mapping[str, object] = {"Meter/P": "p", "Meter/Energy": {"metric": "ep_imp", "unit": "Wh"}}

P = metric("Meter/P", DataType.DOUBLE, 12450.5, alias=1, at=MS)
ENERGY = metric("Meter/Energy", DataType.UINT64, 9_250, alias=2, at=MS)
BIRTH = write([P, ENERGY], at=MS, seq=1)
NODE_BIRTH = node_birth([], at=MS, bd_seq=7)


def by_alias(
    alias: int, kind: DataType, value: float | None, *, at: int | None = MS, historical: bool = False
) -> bytes:
    """Write a metric as data have it after a birth: its number and its value."""
    return metric(None, kind, value, alias=alias, at=at, typed=False, historical=historical)


def data(seq: int, *metrics: bytes, at: int | None = MS) -> bytes:
    """Write a payload."""
    return write(metrics or [by_alias(1, DataType.DOUBLE, 12.5)], at=at, seq=seq)


def spoken(name: str = "m1", names: Mapping[str, object] | None = NAMES, device: str = "m7") -> Meter:
    """Register a meter as a device of the node, or as the node itself."""
    options: dict[str, object] = {"group": "hengkou", "node": "gw1"}
    if device:
        options["device"] = device
    if names is not None:
        options["names"] = names
    return replace(meter(name), codec="sparkplug", options=options)


class Host:
    """One who hears the node: with a memory, and a clock that goes on a second a message."""

    def __init__(self, *meters: Meter) -> None:
        """Know some meters, the device if none is named."""
        self.meters = meters or (spoken(),)
        self.memory = Memory()
        self.now = AT

    def hear(self, kind: Kind, payload: bytes, sender: Sender = DEVICE) -> Said | Reason:
        """Read one message, as far as the registry would have it heard."""
        self.now += SECOND
        whole = topic(kind, sender)
        meters = tuple(each for each in self.meters if whole in DIALECT.topics(each))
        try:
            return DIALECT.read(payload, Context("", self.now, "sparkplug", whole, meters, self.memory))
        except Malformed as malformed:
            return malformed.reason

    def values(self, kind: Kind, payload: bytes, sender: Sender = DEVICE) -> list[tuple[str, str, float]]:
        """Say what one message claims, in short."""
        said = self.hear(kind, payload, sender)
        assert isinstance(said, Said), said
        return [(claim.meter, claim.metric, claim.value) for claim in said.claims]

    def asked(self) -> list[str]:
        """Take what the host would have published by now."""
        return [wish.topic for wish in self.memory.take_wishes()]

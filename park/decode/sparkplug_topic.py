"""Sparkplug's topics: `spBv1.0/{group}/{kind}/{node}[/{device}]`, and which meters speak on which."""

from enum import StrEnum
from typing import Final, NamedTuple

from park.decode.context import Context
from park.malformed import Malformed
from park.place import Meter
from park.reason import Reason

SPACE: Final = "spBv1.0"


class Kind(StrEnum):
    """What a message is."""

    NBIRTH = "NBIRTH"
    NDEATH = "NDEATH"
    NDATA = "NDATA"
    NCMD = "NCMD"
    DBIRTH = "DBIRTH"
    DDEATH = "DDEATH"
    DDATA = "DDATA"
    DCMD = "DCMD"
    STATE = "STATE"
    """Of an application that listens; it names no node."""


BIRTHS: Final = frozenset({Kind.NBIRTH, Kind.DBIRTH})
DEATHS: Final = frozenset({Kind.NDEATH, Kind.DDEATH})
UNHEARD: Final = frozenset({Kind.NCMD, Kind.DCMD, Kind.STATE})
"""What is said to nodes, or by applications: it claims nothing."""
OF_NODE: Final = (Kind.NBIRTH, Kind.NDEATH, Kind.NDATA)
OF_DEVICE: Final = (Kind.DBIRTH, Kind.DDEATH, Kind.DDATA)
_KINDS: Final = {str(kind): kind for kind in Kind}


class Sender(NamedTuple):
    """Who publishes: a node, or a device behind it."""

    group: str
    node: str
    device: str = ""

    def __str__(self) -> str:
        """Write it as topics do."""
        return "/".join(part for part in self if part)

    @property
    def before(self) -> "Sender":
        """The node itself."""
        return self._replace(device="")


class Envelope(NamedTuple):
    """What a message's topic says, and whose values it may carry."""

    kind: Kind | None
    """None on the contract's own topics, which do not say it."""
    sender: Sender
    meters: tuple[Meter, ...]


def envelope(context: Context) -> Envelope:
    """Read a topic, and find whom it is of; on the contract's own topics the registry says it.  Raises Malformed."""
    whose = [(meter, sender_of(meter)) for meter in context.meters]
    if context.meter:
        if not whose:
            raise Malformed(Reason.UNKNOWN_SENDER, context.meter)
        return Envelope(None, whose[0][1], (whose[0][0],))
    kind, sender = parse(context.topic)
    if kind not in UNHEARD and not any(_concerns(sender, of) for _, of in whose):
        raise Malformed(Reason.UNKNOWN_SENDER, str(sender))
    return Envelope(kind, sender, tuple(meter for meter, of in whose if of == sender))


def parse(topic: str) -> tuple[Kind, Sender]:
    """Read a topic.  Raises Malformed with reason TOPIC."""
    space, *parts = topic.split("/")
    if space == SPACE and parts and parts[0] == Kind.STATE:
        return Kind.STATE, Sender("", "")
    kind = _KINDS.get(parts[1]) if len(parts) > 1 else None
    if space != SPACE or kind is None or kind is Kind.STATE or not all(parts) or len(parts) != 3 + (kind[0] == "D"):
        raise Malformed(Reason.TOPIC, topic)
    return kind, Sender(parts[0], *parts[2:])


def _concerns(sender: Sender, meter: Sender) -> bool:
    """Tell whether a message concerns a meter: it is of its device, or of the node before that."""
    return sender in {meter, meter.before}


def sender_of(meter: Meter) -> Sender:
    """Say as whom a meter speaks."""
    options = meter.options
    return Sender(str(options.get("group", "")), str(options.get("node", "")), str(options.get("device", "")))


def topic(kind: Kind, sender: Sender) -> str:
    """Write a topic."""
    rest = f"/{sender.device}" if kind in {*OF_DEVICE, Kind.DCMD} else ""
    return f"{SPACE}/{sender.group}/{kind}/{sender.node}{rest}"


def topics(meter: Meter) -> tuple[str, ...]:
    """Name the topics of a meter: its node's, whose births and numbers concern it, and its device's."""
    of = sender_of(meter)
    return tuple(topic(kind, of) for kind in (OF_NODE + OF_DEVICE if of.device else OF_NODE))


def hears(meter: Meter) -> tuple[str, ...]:
    """Name the topic on which a meter's node is asked for its births."""
    return (topic(Kind.NCMD, sender_of(meter)),)

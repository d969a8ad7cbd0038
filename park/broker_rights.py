"""Who may say and hear what at the broker: the registry and our own services as accounts, each with exact topics.

A device writes its own topics and hears nothing, except where its dialect has it spoken to.  It may not write the whole
of its subtree: the alert topics below it belong to the rules, and a detector that could clear its own alert would be no
detector.  A gateway with topics of its own may write just those that its meters are registered with.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from park.partition import COLLECTOR, Partition, belongs, collector_name, subscriptions
from park.place import IDENTIFIER, Meter
from park.registry import Registry
from park.routes import filters, foreign, spoken_to, within
from park.topic import PREFIX, Address, Channel, build, subscription

GATEWAY = "gateway"
"""The codec option that names the gateway a meter speaks through."""
ALERT = "alert"
MANY = 100
"""So many topics under one first level are one right of a service of ours."""


class Verb(StrEnum):
    """What an account does with a topic."""

    READ = "read"
    WRITE = "write"


class Right(NamedTuple):
    """One verb on one topic, or on all that a filter catches."""

    verb: Verb
    topic: str


@dataclass(frozen=True, slots=True)
class BrokerAccount:
    """One user of the broker and all it may do; whatever is not named here is refused."""

    user: str
    rights: tuple[Right, ...]
    meters: tuple[str, ...] = ()
    """The meters that speak through it; none for a service of ours."""


class Service(NamedTuple):
    """A service of ours: the channels it hears of every meter, and what else it may do, below the prefix."""

    user: str
    hears: tuple[Channel, ...] = ()
    writes: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    system: tuple[str, ...] = ()
    """Topics of the broker about itself, outside the prefix."""
    passes_on: tuple[str, ...] = ()
    """Topics outside the prefix that it writes for devices that cannot."""
    foreign: bool = False
    """Whether it hears what meters say on topics of their gateways' own."""
    asks: bool = False
    """Whether it speaks to devices where their dialect has it."""


LISTENER = "smartpark.hj212"
"""The account, and the session, of the listener for data loggers that speak TCP only."""

SERVICES = (
    Service(COLLECTOR, hears=(Channel.DATA, Channel.BACKFILL), foreign=True, asks=True),
    Service(
        "smartpark.rules",
        hears=(Channel.DATA, Channel.STATE),
        writes=(f"+/+/+/{ALERT}/+",),
        foreign=True,
        asks=True,
    ),
    # A device that is being accepted is heard in all it says, and the broker's log tells how it came in.
    Service("smartpark.api", hears=tuple(Channel), foreign=True, asks=True, system=("$SYS/broker/log/N",)),
    Service(LISTENER, passes_on=("hj212/+",)),
    Service("smartpark.panel", reads=(f"+/+/+/{ALERT}/+",)),
    Service("smartpark.monitor", system=("$SYS/broker/#",)),
)
SIMULATOR = "smartpark.simulator"


class WrongGateway(ValueError):
    """A meter names a gateway by something that is no id."""

    def __init__(self, meter: str, gateway: object) -> None:
        """Say where, and how to mend it."""
        super().__init__(
            f"设备 {meter} 的网关 {gateway!r} 不是编号, 请用小写字母、数字、_ 和 - / "
            f"meter {meter}: gateway {gateway!r} is no id; use a-z, 0-9, _ and -"
        )


def accounts(
    registry: Registry,
    *,
    prefix: str = PREFIX,
    partitions: Iterable[Partition] = (),
    demo: Sequence[Meter] = (),
    discover: Sequence[str] = (),
) -> tuple[BrokerAccount, ...]:
    """Give every account: the services, a collector a partition, the simulator of `demo` meters, and the devices.

    `discover` are filters on which the collector hears devices nobody registered.  Raises WrongGateway.
    """
    found = [_service(service, prefix, registry, discover) for service in SERVICES]
    for partition in sorted(set(partitions), key=str):
        theirs = [meter for meter in registry.meters if belongs(meter, partition)]
        heard = [
            Right(Verb.READ, topic)
            for topic in (*subscriptions(partition, prefix), *_broad(filters(theirs, prefix), prefix))
        ]
        found.append(BrokerAccount(collector_name(partition), (*heard, *_asks(theirs))))
    if demo:
        found.append(BrokerAccount(SIMULATOR, tuple(right for meter in demo for right in _own(meter, prefix))))
    devices: dict[str, list[Meter]] = {}
    for meter in registry.meters:
        devices.setdefault(speaker(meter), []).append(meter)
    for user, meters in devices.items():
        own = tuple(dict.fromkeys(right for meter in meters for right in _own(meter, prefix)))
        found.append(BrokerAccount(user, own, tuple(meter.id for meter in meters)))
    return tuple(found)


def speaker(meter: Meter) -> str:
    """Name the account a meter speaks through: its own id, or its gateway's, which no meter's id can be."""
    gateway = meter.options.get(GATEWAY)
    if gateway is None:
        return meter.id
    if not isinstance(gateway, str) or not IDENTIFIER.fullmatch(gateway):
        raise WrongGateway(meter.id, gateway)
    return f"{GATEWAY}.{gateway}"


def _own(meter: Meter, prefix: str) -> list[Right]:
    written = [build(Address(meter.park, meter.enterprise, meter.id, each), prefix) for each in Channel]
    return [
        *(Right(Verb.WRITE, topic) for topic in (*written, *foreign(meter, prefix))),
        *(Right(Verb.READ, topic) for topic in spoken_to(meter)),
    ]


def _asks(meters: Iterable[Meter]) -> list[Right]:
    topics = dict.fromkeys(topic for meter in meters for topic in spoken_to(meter))
    return [Right(Verb.WRITE, topic) for topic in topics]


def _broad(topics: Sequence[str], prefix: str) -> list[str]:
    """Let a service of ours hear all below a first level where many filters begin with it.

    A broker walks the rights of an account for each message it hands over: thousands of them would slow it down.
    """
    begun = Counter(topic.partition("/")[0] for topic in topics)
    wide = {first for first, count in begun.items() if count > MANY and not within(f"{first}/#", prefix)}
    return list(
        dict.fromkeys(f"{first}/#" if (first := topic.partition("/")[0]) in wide else topic for topic in topics)
    )


def _service(service: Service, prefix: str, registry: Registry, discover: Sequence[str]) -> BrokerAccount:
    beside = filters(registry.meters, prefix, discover=discover if service.user == COLLECTOR else ())
    return BrokerAccount(
        service.user,
        (
            *(Right(Verb.READ, subscription(channel, prefix)) for channel in service.hears),
            *(Right(Verb.WRITE, f"{prefix}/{topic}") for topic in service.writes),
            *(Right(Verb.WRITE, topic) for topic in service.passes_on),
            *(Right(Verb.READ, f"{prefix}/{topic}") for topic in service.reads),
            *(Right(Verb.READ, topic) for topic in service.system),
            *(Right(Verb.READ, topic) for topic in _broad(beside, prefix) if service.foreign),
            *(_asks(registry.meters) if service.asks else ()),
        ),
    )

"""Who may say and hear what at the broker: the registry and our own services as accounts, each with exact topics.

A device writes its own topics and hears nothing.  It may not write the whole of its subtree: the alert topics below it
belong to the rules, and a detector that could clear its own alert would be no detector.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from park.partition import COLLECTOR, Partition, collector_name, subscriptions
from park.place import IDENTIFIER, Meter
from park.registry import Registry
from park.topic import PREFIX, Address, Channel, build, subscription

GATEWAY = "gateway"
"""The codec option that names the gateway a meter speaks through."""
ALERT = "alert"


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


SERVICES = (
    Service(COLLECTOR, hears=(Channel.DATA, Channel.BACKFILL)),
    Service("smartpark.rules", hears=(Channel.DATA, Channel.STATE), writes=(f"+/+/+/{ALERT}/+",)),
    Service("smartpark.api", hears=(Channel.DATA, Channel.STATE)),
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
) -> tuple[BrokerAccount, ...]:
    """Give every account: the services, a collector a partition, the simulator of `demo` meters, and the devices.

    Raises WrongGateway.
    """
    found = [_service(service, prefix) for service in SERVICES]
    for partition in sorted(set(partitions), key=str):
        heard = tuple(Right(Verb.READ, topic) for topic in subscriptions(partition, prefix))
        found.append(BrokerAccount(collector_name(partition), heard))
    if demo:
        found.append(BrokerAccount(SIMULATOR, tuple(right for meter in demo for right in _own(meter, prefix))))
    devices: dict[str, list[Meter]] = {}
    for meter in registry.meters:
        devices.setdefault(speaker(meter), []).append(meter)
    for user, meters in devices.items():
        own = tuple(right for meter in meters for right in _own(meter, prefix))
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
    return [Right(Verb.WRITE, build(Address(meter.park, meter.enterprise, meter.id, each), prefix)) for each in Channel]


def _service(service: Service, prefix: str) -> BrokerAccount:
    return BrokerAccount(
        service.user,
        (
            *(Right(Verb.READ, subscription(channel, prefix)) for channel in service.hears),
            *(Right(Verb.WRITE, f"{prefix}/{topic}") for topic in service.writes),
            *(Right(Verb.READ, f"{prefix}/{topic}") for topic in service.reads),
            *(Right(Verb.READ, topic) for topic in service.system),
        ),
    )

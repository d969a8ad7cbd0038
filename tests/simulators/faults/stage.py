"""One device with faults, for tests: a steady meter, a detector, a water main."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from park.metric import Medium
from park.place import Enterprise, Meter, Multiplier, Park, Register, Role
from park.registry import Registry
from park.rule import Text
from simulators.faults.fault import Fault
from simulators.scenario.actor import Actor
from simulators.scenario.golden import Golden
from simulators.scenario.model import Flowing, Part, Scenario

START = datetime(2026, 3, 1, 16, tzinfo=UTC)
START_MS = int(START.timestamp() * 1000)
HOUR = timedelta(hours=1)
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
STEADY = Flowing(120.0)
MOVING = Flowing(200.0, "two_shift", "food")


def meter(medium: Medium = Medium.ELECTRICITY, *metrics: str, multiplier: float | None = None) -> Meter:
    return Meter(
        id="m1",
        enterprise="e1",
        park="proving",
        medium=medium,
        role=Role.DETECTOR if medium is Medium.SAFETY else Role.SUB,
        name="表",
        period=timedelta(minutes=5),
        metrics=metrics or ("ep_imp", "p"),
        multipliers=() if multiplier is None else (Multiplier(datetime(2024, 1, 1, tzinfo=UTC), multiplier),),
        register=Register(1_000_000.0, ""),
    )


def actor(
    *faults: Fault,
    flow: Flowing | None = STEADY,
    kind: str = "sub",
    of: Meter | None = None,
    seed: int = 1,
    opening: float = 1_000.0,
    traits: Mapping[str, str] | None = None,
    decimals: int = 2,
) -> Actor:
    """Play a day of one meter with faults."""
    of = of or meter()
    scenario = Scenario(
        id="s1",
        name=Text("情景"),
        story=Text("情景"),
        start=START,
        duration=timedelta(days=1),
        seed=seed,
        registry=Registry((Park("proving", "园区"),), (Enterprise("e1", "proving", "企业"),), (of,)),
        parts={of.id: Part(kind, flow, opening, decimals, traits or {"kv": "0.4"})},
        faults=tuple(("any", fault) for fault in faults),
        rules=(),
        own_rules=(),
        people=(),
        golden=Golden(),
    )
    return Actor(scenario, of)


def at(hours: float) -> timedelta:
    return timedelta(hours=hours)


def ms(hours: float) -> int:
    return START_MS + round(hours * HOUR_MS)

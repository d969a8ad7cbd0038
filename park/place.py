"""Where a reading belongs: the park, its enterprises and their meters."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from park.metric import Medium

IDENTIFIER = re.compile(r"[a-z0-9_-]{1,64}")
"""What an id may look like; it is part of topics, tags and URLs, so there is nothing to escape."""

NOTHING: Mapping[str, str] = MappingProxyType({})


class Role(StrEnum):
    """What a meter stands for in the sums."""

    BOUNDARY = "boundary"
    """进出口总表: only these add up to an enterprise's total."""
    SUB = "sub"
    """分表: a share of a boundary meter, never added to it."""
    GENERATION = "generation"
    """光伏等自发电."""
    OUTLET = "outlet"
    """排口."""
    DETECTOR = "detector"
    """探测器."""


@dataclass(frozen=True, slots=True)
class Park:
    """园区."""

    id: str
    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Enterprise:
    """企业.  `industry` is a GB/T 4754 code, `area_mu` the land it uses (亩); None where nobody has said."""

    id: str
    park: str
    name: str
    name_en: str = ""
    industry: str = ""
    area_mu: float | None = None
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Multiplier:
    """CT×PT or pulse weight, in force from an instant on until the next one."""

    since: datetime
    value: float


@dataclass(frozen=True, slots=True)
class Register:
    """The counter inside a meter: where it rolls over (in its own counts) and what it can at most move in an hour."""

    width: float | None = None
    rated: str = ""
    """The rated maximum as a quantity with its unit, e.g. `2000 kW`."""


@dataclass(frozen=True, slots=True)
class Meter:
    """计量设备: one device with an id that is unique in the whole installation."""

    id: str
    enterprise: str
    park: str
    medium: Medium
    role: Role
    name: str
    period: timedelta
    """How often it is expected to report, for silence and coverage."""
    metrics: tuple[str, ...]
    name_en: str = ""
    multipliers: tuple[Multiplier, ...] = ()
    """In order of `since`; empty means 1, always."""
    units: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    """The unit it reports a metric in, where that is not the canonical one."""
    register: Register = Register()
    codec: str = "native"
    options: Mapping[str, object] = field(default_factory=dict)
    """What its codec needs to know, e.g. the HJ 212 station number."""

    def multiplier(self, at: datetime) -> float | None:
        """Give the multiplier in force at an instant, or None before the first."""
        if not self.multipliers:
            return 1.0
        place = bisect_right(self.multipliers, at, key=lambda multiplier: multiplier.since)
        return self.multipliers[place - 1].value if place else None

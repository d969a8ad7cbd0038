"""What a rule watches for, as data: leaves that look at one metric of one meter, and all/any/not over them.

Every limit is in the metric's canonical unit already; `rule_file` converts what people write.
"""

from collections.abc import Iterator
from datetime import time, timedelta
from enum import StrEnum

import msgspec

from park.quality import Quality

EXCUSES = Quality.MAINTENANCE | Quality.CALIBRATION | Quality.STOPPED
"""A reading with one of these says nothing about danger; it says that somebody is at work."""
BROKEN = Quality.FAULT
"""A reading with this says nothing about what is measured."""


FIRST = "first"
"""A metric's name for: the first metric of the meter, whichever it is.  It stands for the meter as a whole."""


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    """What looks at one metric."""

    metric: str


class Above(Leaf, frozen=True, tag="above", kw_only=True):
    """Breach above `limit`; clear again at or below `clear`, and as it was in between (hysteresis)."""

    limit: float
    clear: float
    reached: bool = False
    """Whether the limit itself is a breach already, as an alarm's set point is."""
    rated: bool = False
    """Whether the limits are shares of what the meter is rated for; see `park.fitting`."""


class Below(Leaf, frozen=True, tag="below", kw_only=True):
    """Breach below `limit`; clear again at or above `clear`."""

    limit: float
    clear: float
    reached: bool = False
    rated: bool = False


class Outside(Leaf, frozen=True, tag="outside", kw_only=True):
    """Breach below `low` or above `high`; clear again within `clear_low` and `clear_high`."""

    low: float
    high: float
    clear_low: float
    clear_high: float


class Rise(Leaf, frozen=True, tag="rise", kw_only=True):
    """Breach where the value has risen by more than `by` within a time; fallen, where `by` is negative."""

    by: float
    within: timedelta


class Stuck(Leaf, frozen=True, tag="stuck", kw_only=True):
    """Breach where the value moved by no more than `tolerance` for a time, and for at least so many readings."""

    within: timedelta
    tolerance: float = 0.0
    samples: int = 5


class Silent(Leaf, frozen=True, tag="silent", kw_only=True):
    """Breach where nothing was heard for a time, and for three of the meter's own periods at least."""

    after: timedelta


class Mean(Leaf, frozen=True, tag="mean", kw_only=True):
    """Breach where the mean of a whole local window is beyond `limit`.  With too few valid readings: no verdict."""

    of: timedelta
    limit: float
    under: bool = False
    """Whether below the limit is the breach."""
    valid: float = 0.75
    """The share of the readings expected that must be valid."""


class Quota(Leaf, frozen=True, tag="quota", kw_only=True):
    """Breach where more than `limit` went through since the local window began.

    A register's own differences are added up; of a gauge, which is per hour, its area.
    """

    of: timedelta
    limit: float
    register: bool


class Side(StrEnum):
    """On which side of the usual a deviation counts."""

    OVER = "over"
    UNDER = "under"
    EITHER = "either"


class Deviation(Leaf, frozen=True, tag="deviation", kw_only=True):
    """Breach where the value is off what is usual at this hour of the week by more than a share of it.

    The usual is learnt from whole hours; before `weeks` of them there is no verdict.
    """

    share: float
    least: float = 0.0
    """A deviation smaller than this is none, whatever its share."""
    weeks: int = 2
    side: Side = Side.EITHER


class During(Leaf, frozen=True, tag="during", kw_only=True):
    """Breach where a reading is of certain local hours of the day; clear where it is of others."""

    start: time
    end: time
    """Where it is not after `start`, the hours go over midnight."""


class Unbalance(Leaf, frozen=True, tag="unbalance", kw_only=True):
    """Breach where one of several phases is off their mean by more than a share of it.

    Of magnitudes alone, so it comes near to GB/T 15543's negative sequence and is not the same.  Judged where all were
    said of one moment.
    """

    beside: tuple[str, ...]
    """The metrics of the other phases."""
    limit: float
    """In percent of the mean."""


class Is(Leaf, frozen=True, tag="is", kw_only=True):
    """Breach while a state is this."""

    state: float


class Backwards(Leaf, frozen=True, tag="backwards", kw_only=True):
    """Breach where a register shows less than before, by more than `by`; clear when it has grown since."""

    by: float = 0.0


class Skew(Leaf, frozen=True, tag="skew", kw_only=True):
    """Breach where a live reading's own time is off the time it came by more than this."""

    by: timedelta


class Flagged(Leaf, frozen=True, tag="flagged", kw_only=True):
    """Breach while readings carry one of some quality bits."""

    bits: int


class All(msgspec.Struct, frozen=True, tag="all"):
    """Breach where all are; clear where one is."""

    of: "tuple[Condition, ...]"


class Any(msgspec.Struct, frozen=True, tag="any"):
    """Breach where one is; clear where all are."""

    of: "tuple[Condition, ...]"


class Not(msgspec.Struct, frozen=True, tag="not"):
    """Breach where it is clear, clear where it is in breach; silence stays silence."""

    of: "Condition"


AnyLeaf = (
    Above
    | Below
    | Outside
    | Rise
    | Stuck
    | Silent
    | Mean
    | Quota
    | Deviation
    | During
    | Unbalance
    | Is
    | Backwards
    | Skew
    | Flagged
)
Condition = AnyLeaf | All | Any | Not


def leaves(condition: Condition) -> Iterator[AnyLeaf]:
    """Give every leaf, in the order in which they are written; a leaf is found again by its place."""
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield condition


def metrics_of(leaf: AnyLeaf) -> tuple[str, ...]:
    """Name the metrics a leaf looks at; nearly always one."""
    return (leaf.metric, *leaf.beside) if isinstance(leaf, Unbalance) else (leaf.metric,)

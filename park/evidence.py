"""What one leaf of a condition remembers: plain values, so that any earlier state can be gone back to."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

import msgspec

from park.alert import Verdict


class Why(StrEnum):
    """Why a verdict is what it is."""

    NOTHING = "nothing"
    """No reading yet."""
    BEYOND = "beyond"
    WITHIN = "within"
    BETWEEN = "between"
    """Between the limit and the clear limit: as it was before."""
    EXCUSED = "excused"
    """Maintenance, calibration or a stopped installation: no evidence of danger."""
    BROKEN = "broken"
    """The device says itself that it is out of order: as good as silent."""
    SILENT = "silent"
    TOO_FEW = "too_few"
    """Too few valid readings in the window for a mean."""
    LEARNING = "learning"
    """What is usual is not known yet."""


class Point(NamedTuple):
    """One reading as a leaf sees it."""

    value: float
    at: datetime
    quality: int
    received: datetime
    ahead: float
    """Seconds by which the device's own time is ahead of the time the reading came."""
    metric: str = ""


class Setting(NamedTuple):
    """What a leaf is told about its meter."""

    period: timedelta
    silent_after: timedelta


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The memory of one leaf."""

    verdict: Verdict | None = None
    """None where there is no evidence either way."""
    why: Why = Why.NOTHING
    burning: bool = False
    """Whether the last judgement was a breach; silence and excuses do not make one forget it."""
    value: float | None = None
    """What was compared: the reading, or a rise, a mean, a sum."""
    at: datetime | None = None
    """The event time of the newest reading."""
    heard: datetime | None = None
    """When the newest reading came."""
    since: datetime | None = None
    """Where the present window or stillness began."""
    count: int = 0
    total: float = 0.0
    last: float | None = None
    window: tuple[tuple[datetime, float], ...] = ()
    usual: tuple[tuple[float, int], ...] = ()
    """Of each hour of the week: the mean, and of how many weeks."""
    phases: tuple[tuple[datetime, float, int] | None, ...] = ()
    """The newest value of each of several metrics, and its quality."""

"""A claim is what a device says; a reading is what we hold to be said, in the canonical unit."""

from datetime import datetime
from typing import NamedTuple

import msgspec

from park.reason import Reason


class Claim(msgspec.Struct, frozen=True, gc=False):
    """One value as a device reported it, before anything was decided about it."""

    meter: str
    metric: str
    value: float
    at: datetime
    quality: int = 0
    unit: str | None = None
    """The unit the payload names itself; None means the meter's registered one."""


class Reading(msgspec.Struct, frozen=True, gc=False):
    """One value of one metric of one meter at one instant.  (meter, metric, at) is its identity."""

    meter: str
    metric: str
    value: float
    """In the metric's canonical unit, multiplier applied."""
    at: datetime
    """The device's own time, aware, UTC, whole milliseconds."""
    quality: int = 0


class Refusal(NamedTuple):
    """Why something a device sent was not let in; `subject` names the part, in no language."""

    reason: Reason
    subject: str

"""What people say of a register: that it was replaced, set back, rolled over or rewired, or that it was not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

REACH = timedelta(hours=1)
"""How far from the instant a person named the register may show the event: nobody changes a meter by its clock."""
REACH_MS = REACH // timedelta(milliseconds=1)


class Kind(StrEnum):
    """What happened to a register."""

    REPLACEMENT = "replacement"
    """Another meter took its place: 换表."""
    RESET = "reset"
    """It was set back, to 0 where nobody says otherwise."""
    ROLLOVER = "rollover"
    """It ran out of digits and began again from 0: 翻转."""
    MULTIPLIER = "multiplier"
    """The transformers before it changed: 互感器变比."""
    TWO_DEVICES = "two_devices"
    """Two meters report under one id: 串号."""


class Standing(StrEnum):
    """What a person's word on an event is."""

    DECLARED = "declared"
    """Told us without being asked."""
    CONFIRMED = "confirmed"
    """What we found is right as we booked it."""
    CORRECTED = "corrected"
    """There was an event, and these are its readings."""
    REJECTED = "rejected"
    """There was no such event: the samples that looked like one are not to be believed."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """One event of one register, in a person's words.  Readings are as the display shows: before the multiplier."""

    meter: str
    metric: str
    at: datetime
    """When it happened; the first sample afterwards belongs to what came next."""
    kind: Kind
    standing: Standing = Standing.DECLARED
    closing: float | None = None
    """What the display showed last before.  Of two devices: what the right one showed."""
    opening: float | None = None
    """What it showed first afterwards."""
    multiplier: float | None = None
    """The true multiplier from then on, whatever was applied to the readings on their way in."""
    width: float | None = None
    """Where the register rolls over from then on."""
    note: str = ""
    who: str = ""
    recorded_at: datetime | None = None

    @property
    def rejected(self) -> bool:
        """Whether it says that nothing happened."""
        return self.standing is Standing.REJECTED

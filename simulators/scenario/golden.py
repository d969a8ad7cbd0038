"""The golden answer of a scenario: what the platform must say in the end, written out so that a person can read it."""

from dataclasses import dataclass
from datetime import timedelta

from park.epoch import Kind
from park.rule import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What one meter's enterprise really used within a window, and what the platform can know of it."""

    meter: str
    start: timedelta
    end: timedelta
    truth: float
    """By the closed form of what flows; a test recomputes it."""
    booked: float
    """What the platform must book: another amount only where it cannot know better, and then with its reason."""
    within: float
    measured: float
    estimated: float
    missing: float
    slots: bool
    """Whether each quarter of an hour that was measured must be the truth as well."""
    why: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the ledger must suspect."""

    meter: str
    metric: str
    kind: Kind
    at: timedelta
    within: timedelta
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How many messages of a meter must be in quarantine, and why."""

    meter: str
    reason: str
    messages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Burned:
    """One time an alert must burn."""

    rule: str
    meter: str
    raised: timedelta
    cleared: timedelta | None
    """None where it still burns, or waits for a person, at the end."""
    within: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """How many readings of one metric must be stored."""

    meter: str
    metric: str
    readings: int


@dataclass(frozen=True, slots=True)
class Golden:
    """The whole answer; what is not written here must not be there."""

    used: tuple[Used, ...] = ()
    found: tuple[Found, ...] = ()
    held: tuple[Held, ...] = ()
    burned: tuple[Burned, ...] = ()
    stored: tuple[Stored, ...] = ()

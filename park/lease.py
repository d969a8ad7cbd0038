"""Who of several may do what one alone may do: a lease that runs out unless it is renewed."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

TERM = timedelta(seconds=4)
"""How long a lease lasts after it was renewed: four renewals may fail before another takes over."""


class Lease(NamedTuple):
    """Who holds it, and until when."""

    holder: str
    """Empty where it was given back."""
    until: datetime
    renewed: datetime


class Course(StrEnum):
    """What to do about a lease."""

    HOLD = "hold"
    WAIT = "wait"
    TAKE = "take"


class Why(StrEnum):
    """The reason of a decision."""

    OURS = "ours"
    ANOTHERS = "another's"
    NOBODYS = "nobody's"
    GIVEN_BACK = "given back"
    RUN_OUT = "run out"
    STORE_WAS_AWAY = "the store was away: its holder may renew first"


class Decision(NamedTuple):
    """What to do, and why."""

    course: Course
    why: Why


def decide(lease: Lease | None, me: str, now: datetime, back: datetime | None = None) -> Decision:
    """Say what to do about a lease; `back` is since when the store can be read again, where it could not be.

    After such a time the lease has run out although its holder lives: it has a term to renew it before others take it.
    """
    if lease is None:
        return Decision(Course.TAKE, Why.NOBODYS)
    if lease.holder == me:
        return Decision(Course.HOLD, Why.OURS)
    if not lease.holder:
        return Decision(Course.TAKE, Why.GIVEN_BACK)
    if now < lease.until:
        return Decision(Course.WAIT, Why.ANOTHERS)
    if back is not None and now - back < TERM:
        return Decision(Course.WAIT, Why.STORE_WAS_AWAY)
    return Decision(Course.TAKE, Why.RUN_OUT)

"""The life of one alert: a pure step from (alert, verdict, now) to (alert, event).

What people do to an alert (acknowledge, shelve …) is beside this, in `alert_care`: it never changes what is true.
"""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec


class Verdict(StrEnum):
    """What the latest evidence says about a rule's condition."""

    CLEAR = "clear"
    BREACH = "breach"
    SILENT = "silent"
    """The sensor has said nothing for too long."""


class Phase(StrEnum):
    """Where an alert is in its life."""

    OK = "ok"
    PENDING = "pending"
    """In breach, not yet for as long as the rule wants."""
    FIRING = "firing"
    CLEARING = "clearing"
    """Clear, not yet for as long as the rule wants."""
    LATCHED = "latched"
    """Over, but it stays on the list until a person has closed it."""


ACTIVE = frozenset({Phase.FIRING, Phase.CLEARING})
"""The phases in which the world has been told that it burns."""


class OnSilence(StrEnum):
    """What silence means to a rule; there is no default, so that nobody forgets to choose."""

    BREACH = "breach"
    KEEP = "keep"
    CLEAR = "clear"


class Event(StrEnum):
    """What the outside world is told."""

    RAISED = "raised"
    CLEARED = "cleared"


class Timing(msgspec.Struct, frozen=True):
    """How long a condition must last before it counts, either way."""

    hold: timedelta
    clear_after: timedelta
    on_silence: OnSilence
    keep_firing: timedelta = timedelta(0)
    """It stays at least this long once raised, so that a person finds it."""
    latch: bool = False
    """Whether a person must close it."""


class Alert(msgspec.Struct, frozen=True, gc=False):
    """The whole memory of one alert; safe to store and load between any two steps."""

    phase: Phase
    since: datetime
    raised_at: datetime | None = None
    """When the present episode was raised; None where nothing burns."""


def step(alert: Alert, verdict: Verdict, now: datetime, timing: Timing) -> tuple[Alert, Event | None]:  # noqa: C901, PLR0911  # one table
    """Move an alert by one observation.  Times never run backwards: an older `now` changes nothing."""
    if now < alert.since:
        return alert, None
    if verdict is Verdict.SILENT:
        if timing.on_silence is OnSilence.KEEP:
            return alert, None
        verdict = Verdict(timing.on_silence.value)
    lasted = now - alert.since
    match alert.phase, verdict:
        case (Phase.OK | Phase.LATCHED, Verdict.BREACH) if timing.hold:
            return Alert(Phase.PENDING, now), None
        case (Phase.OK | Phase.LATCHED, Verdict.BREACH):
            return Alert(Phase.FIRING, now, now), Event.RAISED
        case (Phase.PENDING, Verdict.BREACH) if lasted >= timing.hold:
            return Alert(Phase.FIRING, now, now), Event.RAISED
        case (Phase.PENDING, Verdict.CLEAR):
            return Alert(Phase.OK, now), None
        case (Phase.FIRING, Verdict.CLEAR):
            clearing = Alert(Phase.CLEARING, now, alert.raised_at)
            return _over(clearing, now, timing) or (clearing, None)
        case (Phase.CLEARING, Verdict.BREACH):
            return Alert(Phase.FIRING, now, alert.raised_at), None
        case (Phase.CLEARING, Verdict.CLEAR):
            return _over(alert, now, timing) or (alert, None)
        case _:
            return alert, None


def _over(alert: Alert, now: datetime, timing: Timing) -> tuple[Alert, Event] | None:
    """End an episode where it has been clear, and has been seen, for long enough."""
    seen = now - (alert.raised_at or alert.since)
    if now - alert.since < timing.clear_after or seen < timing.keep_firing:
        return None
    return Alert(Phase.LATCHED if timing.latch else Phase.OK, now), Event.CLEARED


def close(alert: Alert, now: datetime) -> Alert:
    """Let go of what a person has looked at; anything but a latched alert stays as it is."""
    return Alert(Phase.OK, max(now, alert.since)) if alert.phase is Phase.LATCHED else alert

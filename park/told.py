"""What is known of the telling of an alert that burns: who knows of it, who was passed over, when it was last said."""

from dataclasses import dataclass, field
from datetime import datetime

from park.alert_change import Kind
from park.tell import PASSING, Decision, Reason

BEGINNINGS = frozenset({Kind.RAISED, Kind.RELEASED})


@dataclass(slots=True)
class Told:
    """The telling of one episode of one alert."""

    episode: int
    since: datetime
    """When it was raised, by the device's time."""
    began: datetime
    """When those whom it concerns were first told: from here on it is their turn to acknowledge."""
    said: datetime
    """When it was last said."""
    told: set[str] = field(default_factory=set)
    first: set[str] = field(default_factory=set)
    """Whom it concerned when it was first told, awake or not."""
    awake: set[str] = field(default_factory=set)
    passed_over: dict[str, Reason] = field(default_factory=dict)
    """Who was not told for a reason that passes."""

    def note(self, kind: Kind, decision: Decision, now: datetime) -> None:
        """Take in what was decided for one receiver."""
        receiver, reason = decision.receiver, decision.reason
        if reason in PASSING:
            if receiver not in self.told:
                self.passed_over[receiver] = reason
            return
        if decision.told and reason is not Reason.QUIET:  # in quiet hours it is told later, or not at all
            self.told.add(receiver)
        if kind in BEGINNINGS and (decision.told or reason is Reason.OFF_DUTY):
            self.began = now if not self.first else self.began
            self.first.add(receiver)
            if decision.told:
                self.awake.add(receiver)
        if decision.told or reason is Reason.OFF_DUTY or reason is Reason.ALREADY:
            self.passed_over.pop(receiver, None)

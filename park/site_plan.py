"""The plan of a site: how each point stands, where it is, and how much room an enterprise takes without a picture.

A place is a share of the picture, from its left and from its top, so that it holds for a picture of any size.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from park.alert_record import AlertRecord
from park.place import Enterprise, Meter
from park.severity import Severity

NARROWEST: Final = 0.12
"""What an enterprise takes of the largest one's room at the least: it has a name to show."""


class State(StrEnum):
    """How a point stands; burning goes before everything else."""

    BURNING = "burning"
    SILENT = "silent"
    NEVER = "never"
    CALM = "calm"


class Place(NamedTuple):
    """Where a point is, as shares of the picture from its left and its top, each 0 to 1."""

    x: float
    y: float


class Point(NamedTuple):
    """One meter on the plan, or an enterprise of which something burns as a whole."""

    subject: Meter | Enterprise
    state: State
    alert: AlertRecord | None
    """What burns there: the gravest that nobody looks after, or the gravest."""
    more: int
    """How many others burn there."""
    waits: bool
    """Whether nobody looks after something there."""

    @property
    def enterprise(self) -> str:
        """Whose it is."""
        return self.subject.enterprise if isinstance(self.subject, Meter) else self.subject.id

    @property
    def severity(self) -> Severity | None:
        """How grave what is shown is."""
        return None if self.alert is None else self.alert.severity


def points(
    subjects: Iterable[Meter | Enterprise],
    online: Mapping[str, bool | None],
    burning: Sequence[AlertRecord],
    unanswered: Sequence[AlertRecord],
) -> list[Point]:
    """Say how every meter stands; `unanswered` are those of what burns that nobody looks after.

    An enterprise has a point only while something burns that is worked out for all of it.
    """
    waiting = {one.key for one in unanswered}
    there: dict[str, list[AlertRecord]] = {}
    for alert in burning:
        there.setdefault(alert.meter, []).append(alert)
    found = []
    for one in subjects:
        alerts = sorted(there.get(one.id, ()), key=lambda each: (each.key not in waiting, -each.severity, each.since))
        if not alerts and not isinstance(one, Meter):
            continue
        found.append(
            Point(
                one,
                State.BURNING if alerts else _quiet(online.get(one.id)),
                alerts[0] if alerts else None,
                max(len(alerts) - 1, 0),
                any(each.key in waiting for each in alerts),
            )
        )
    return found


def _quiet(online: bool | None) -> State:  # noqa: FBT001  # what is known of a meter, not a way to do it
    if online is None:
        return State.NEVER
    return State.CALM if online else State.SILENT


def rooms(enterprises: Sequence[Enterprise]) -> dict[str, float]:
    """Give what each takes of the largest one's room, the largest first; no known area is as the middle one's."""
    known = sorted(one.area_mu for one in enterprises if one.area_mu)
    middle = known[len(known) // 2] if known else 1.0
    largest = max(known, default=1.0)
    shares = {one.id: max((one.area_mu or middle) / largest, NARROWEST) for one in enterprises}
    return dict(sorted(shares.items(), key=lambda each: -each[1]))

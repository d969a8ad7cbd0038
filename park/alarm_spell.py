"""Each time an alert burned, put together from its history: when people knew of it, and what they did."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from park.alert_change import AlertChange, Kind
from park.rulebook import Key
from park.severity import Severity

SEEN_TO = frozenset({Kind.ACKNOWLEDGED, Kind.SHELVED, Kind.CLOSED})
"""What shows that somebody has seen an alert."""


class Spell(NamedTuple):
    """One episode as people lived through it: all times are those at which it was known."""

    key: Key
    severity: Severity
    raised: datetime
    seen_to: datetime | None = None
    """When somebody first acknowledged, shelved or closed it; None where nobody did."""
    cleared: datetime | None = None
    """None where it burns on."""

    def to_acknowledge(self) -> timedelta | None:
        """Give how long it waited for a person; None where it waits, or was over before anybody came."""
        return None if self.seen_to is None else self.seen_to - self.raised

    def to_clear(self) -> timedelta | None:
        """Give how long it burned; None where it burns on."""
        return None if self.cleared is None else self.cleared - self.raised

    def stood(self, now: datetime) -> timedelta:
        """Give how long it has burned until now, or until it was over."""
        return (now if self.cleared is None or self.cleared > now else self.cleared) - self.raised


def spells(changes: Iterable[AlertChange]) -> list[Spell]:
    """Put changes, in order of their coming to be known, together to episodes, in the same order.  Drills are left out.

    Of an episode whose beginning is not among them nothing is known, and it is left out.
    """
    found: dict[tuple[Key, int], Spell] = {}
    for change in changes:
        of = (change.key, change.episode)
        if change.drill:
            continue
        if change.kind is Kind.RAISED:
            found.setdefault(of, Spell(change.key, change.severity, change.known_at))
        elif (spell := found.get(of)) is None:
            continue
        elif change.kind is Kind.CLEARED and spell.cleared is None:
            found[of] = spell._replace(cleared=change.known_at)
        elif change.kind in SEEN_TO and spell.seen_to is None:
            found[of] = spell._replace(seen_to=change.known_at)
    return sorted(found.values(), key=lambda spell: spell.raised)

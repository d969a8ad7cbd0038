"""Who is told next while nobody acknowledges an alert, and after how long."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import NamedTuple

from park.receiver import Receiver

NO_TIME = timedelta(0)


class Level(NamedTuple):
    """The receivers of one level, and how long after the first were told it is their turn."""

    receivers: tuple[str, ...]
    after: timedelta


def ladder(first: Collection[str], awake: Collection[str], receivers: Mapping[str, Receiver]) -> list[Level]:
    """Give the levels above those whom an alert concerned `first`, of whom some were `awake` and told.

    The quickest of a level decides when the next one's turn is; where nobody was awake, it is at once.  Nobody is told
    on two levels.
    """
    levels: list[Level] = []
    seen = set(first)
    present, after, waits = list(first), NO_TIME, bool(set(first) & set(awake))
    while True:
        known = [receivers[name] for name in present if name in receivers and receivers[name].escalates_to]
        chosen = {one.escalates_to: one for one in known if one.escalates_to in receivers}
        following = tuple(name for name in chosen if name not in seen and receivers[name].enabled)
        if not following:
            return levels
        if waits:
            after += min(one.escalate_after for one in known if one.escalates_to in following)
        levels.append(Level(following, after))
        seen |= set(following)
        present, waits = list(following), True


def on_hand(turn: Collection[str], on_duty: Collection[str], receivers: Mapping[str, Receiver]) -> frozenset[str]:
    """Give who takes a turn: who is off duty passes it on; where the line ends with nobody, they are woken."""
    return frozenset(_on_hand(name, on_duty, receivers) for name in turn)


def _on_hand(name: str, on_duty: Collection[str], receivers: Mapping[str, Receiver]) -> str:
    seen = {name}
    present = name
    while receivers[present].on_duty_only and present not in on_duty:
        following = receivers[present].escalates_to
        if not following or following in seen or following not in receivers or not receivers[following].enabled:
            return name
        seen.add(following)
        present = following
    return present

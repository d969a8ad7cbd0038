"""Who may speak to the listener: the registered stations, and a few words of those nobody registered yet."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from park.decode.hj212_frame import Frame
from park.decode.hj212_plan import station
from park.registry import Registry

SELDOM: Final = timedelta(minutes=1)
"""How often a station nobody registered, or one whose frames are broken, is heard."""
MOST_STRANGERS: Final = 1_000


class Entry(StrEnum):
    """What becomes of a frame."""

    KNOWN = "known"
    STRANGER = "stranger"
    """Nobody registered it; it is passed on, so that whoever brings it up sees it in quarantine."""
    TOO_OFTEN = "too_often"
    """A stranger that was passed on a moment ago."""
    WRONG_PASSWORD = "wrong_password"  # noqa: S105  # a word for it, and none itself


class Stations:
    """The stations of one state of the registry after another."""

    def __init__(self, registry: Callable[[], Registry]) -> None:
        """Take whoever knows the registry; it is asked for each frame and must be quick."""
        self._registry = registry
        self._read: Registry | None = None
        self._passwords: dict[str, frozenset[str]] = {}
        self._heard: OrderedDict[str, datetime] = OrderedDict()

    def entry(self, frame: Frame, now: datetime) -> Entry:
        """Decide on a frame that is whole."""
        self._learn()
        passwords = self._passwords.get(frame.mn)
        if passwords is None:
            return Entry.STRANGER if self.seldom(frame.mn, now) else Entry.TOO_OFTEN
        return Entry.WRONG_PASSWORD if passwords and frame.pw not in passwords else Entry.KNOWN

    def seldom(self, mn: str, now: datetime) -> bool:
        """Tell whether somebody was not heard for a while, and note that it is now."""
        before = self._heard.get(mn)
        if before is not None and now - before < SELDOM:
            return False
        if before is None and len(self._heard) >= MOST_STRANGERS:
            _, oldest = next(iter(self._heard.items()))
            if now - oldest < SELDOM:
                return False  # so many new names a minute are nobody's loggers
            self._heard.popitem(last=False)
        self._heard[mn] = now
        self._heard.move_to_end(mn)
        return True

    def _learn(self) -> None:
        """Read the registry again where it is another."""
        registry = self._registry()
        if registry is self._read:
            return
        found: dict[str, set[str]] = {}
        for meter in registry.meters:
            if mn := station(meter):
                asked = meter.options.get("pw")
                found.setdefault(mn, set()).update({asked} if isinstance(asked, str) else ())
        self._passwords = {mn: frozenset(asked) for mn, asked in found.items()}
        self._read = registry

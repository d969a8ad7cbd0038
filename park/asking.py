"""How often a device may be asked for something."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from park.decode.memory import Wish

PAUSE = timedelta(minutes=1)
MOST = 65_536


class Asking:
    """Lets a wish pass where its topic was not spoken on for a while.

    One held back is let go: if need be it is wished again.
    """

    def __init__(self, pause: timedelta = PAUSE) -> None:
        """Start having asked nobody."""
        self._pause = pause
        self._asked: dict[str, datetime] = {}

    def due(self, wishes: Iterable[Wish], now: datetime) -> list[Wish]:
        """Give the wishes that may be said now."""
        said = [wish for wish in wishes if now - self._asked.get(wish.topic, now - self._pause) >= self._pause]
        if len(self._asked) + len(said) > MOST:
            self._asked.clear()
        self._asked |= dict.fromkeys((wish.topic for wish in said), now)
        return said

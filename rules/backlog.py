"""Whether what was kept for us while nobody listened is in.

Until then we do not know how things stand now, only how they stood: time does not pass for holds, and nothing that
comes is late.  A park that says nothing at all, or a broker that is away for long, must not stop time for ever.
"""

from datetime import datetime, timedelta

from park.engine import LATE

CAUGHT_UP = timedelta(seconds=5)
"""Once a reading is no older than this, what was kept is in."""
QUIET = timedelta(seconds=2)
"""A broker that has said nothing for so long keeps nothing for us."""
LONGEST = timedelta(minutes=10)
DEAF = timedelta(seconds=10)
"""Without a connection for so long, time passes all the same: what burned when we last heard is to be told."""
STRAGGLERS = timedelta(minutes=5)
"""Devices, too, keep what they could not send; some are slower than the first that is back."""


class Backlog:
    """Knows it from what it is told; asks no clock."""

    def __init__(self, now: datetime, listened: datetime | None) -> None:
        """Take when a process before us last listened and knew how things stood."""
        self._deaf_since = now
        self._away = timedelta(0) if listened is None else max(now - listened, timedelta(0))
        self._connected: datetime | None = None
        self._quiet_since = now
        self._in: datetime | None = None

    def connected(self, now: datetime) -> None:
        """Note that the broker delivers from now on."""
        if self._connected is None:
            self._away += now - self._deaf_since
            self._connected = self._quiet_since = now
            self._in = None

    def lost(self, now: datetime) -> None:
        """Note that it delivers no more."""
        if self._connected is not None:
            if self._in is not None:
                self._away = max(timedelta(0), self._left(now))
            self._connected, self._in, self._deaf_since = None, None, now

    def heard(self, now: datetime, newest: datetime | None) -> None:
        """Note that messages came, and how new the newest reading of them was."""
        self._quiet_since = now
        if self._connected is not None and self._in is None and newest is not None and now - newest < CAUGHT_UP:
            self._in = now

    def behind(self, now: datetime) -> bool:
        """Tell whether it still comes in: how things stand now is not known."""
        if self._in is None and self._connected is not None:
            if now - self._quiet_since < QUIET and now - self._connected < LONGEST:
                return True
            self._in = now
        return self._in is None

    def stands(self, now: datetime) -> bool:
        """Tell whether time stands still."""
        return self.behind(now) and (self._connected is not None or now - self._deaf_since < DEAF)

    def late(self, now: datetime) -> timedelta | None:
        """Give how old a reading may be and still count, while that is more than usual; None where it is as usual."""
        if self.behind(now) or self._left(now) > timedelta(0):
            return LATE + self._away
        return None

    def _left(self, now: datetime) -> timedelta:
        """Give how long we were away, while the stragglers of that may still come."""
        return self._away if self._in is not None and now - self._in < STRAGGLERS else timedelta(0)

"""A clock that runs as ours does and leaps over the time in which nothing is said; it never goes back."""

from datetime import datetime
from threading import Lock

from adapters.clock import Clock


class LeapingClock:
    """Asked like any other clock, from any thread."""

    def __init__(self, clock: Clock, *, start: datetime) -> None:
        """Begin at `start`; `clock` is what runs."""
        self._clock = clock
        self._lock = Lock()
        self._ahead = start - clock()

    def __call__(self) -> datetime:
        """Give the time."""
        with self._lock:
            return self._clock() + self._ahead

    def leap(self, to: datetime) -> None:
        """Go on to an instant; one that is past already changes nothing."""
        with self._lock:
            self._ahead = max(self._ahead, to - self._clock())

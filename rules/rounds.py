"""Do a piece of work again and again on a thread of its own, and say what is wrong with it meanwhile."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError

from adapters.clock import Clock
from adapters.log import logger
from park.telemetry import StoreUnavailable

RETRY = timedelta(seconds=5)
RETRY_MOST = timedelta(minutes=2)
LOOK = timedelta(seconds=3)
"""Between two looks whether something was changed that the work should not wait with."""
log = logger(__name__)


class Rounds:
    """One piece of work, from `start` to `stop`."""

    def __init__(
        self,
        name: str,
        work: Callable[[datetime, Event], object],
        *,
        every: timedelta,
        clock: Clock,
        changed: Callable[[], object] | None = None,
    ) -> None:
        """Take the parts: `changed` gives something that differs once the next round should not wait for its time."""
        self.name = name
        self.trouble: str | None = None
        """What is wrong now; None is well."""
        self.finished: datetime | None = None
        """When the last round went through."""
        self._work = work
        self._every = every
        self._clock = clock
        self._changed = changed
        self._stop = Event()
        self._thread = Thread(target=self._run, name=f"rules-{name}")

    @property
    def alive(self) -> bool:
        """Whether it goes round."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def once(self) -> None:
        """Do the work one time, here: for whoever moves the clock himself.  Raises what the work raises."""
        self._work(self._clock(), self._stop)
        self.finished = self._clock()

    def stop(self) -> None:
        """End after the present step."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set():
            pause = self._every
            seen: object = None
            try:
                seen = self._look()
                self._work(self._clock(), self._stop)
            except (StoreUnavailable, SQLAlchemyError) as error:
                failures += 1
                asked = error.retry_after if isinstance(error, StoreUnavailable) else None
                pause = asked or min(RETRY_MOST, RETRY * 2.0 ** min(failures - 1, 10))
                self._note(str(error).partition("\n")[0])
                self._stop.wait(pause.total_seconds())
            else:
                failures = 0
                self._note(None)
                self.finished = self._clock()
                self._rest(pause, seen)

    def _look(self) -> object:
        return None if self._changed is None else self._changed()

    def _rest(self, pause: timedelta, seen: object) -> None:
        """Wait for the next round's time, or until something is another than it was when the last one began."""
        if self._changed is None:
            self._stop.wait(pause.total_seconds())
            return
        looks = max(1, pause // LOOK)
        for _ in range(looks):
            if self._stop.wait((pause / looks).total_seconds()):
                return
            try:
                if self._changed() != seen:
                    return
            except (StoreUnavailable, SQLAlchemyError):
                return  # the round itself says so, and waits as it should

    def _note(self, words: str | None) -> None:
        """Say what changed, once."""
        if words and not self.trouble:
            log.warning("the work stays to be done", work=self.name, why=words)
        elif self.trouble and not words:
            log.info("the work is done again", work=self.name)
        self.trouble = words

"""The registry as of now, kept in memory and read again only when its version has moved."""

import time
from collections.abc import Callable
from threading import Lock

from sqlalchemy.exc import SQLAlchemyError

from adapters.log import logger
from park.registry import Registry

LOOK_EVERY = 1.0  # seconds
log = logger(__name__)


class RegistryCache:
    """Gives the registry; asks for its version at most once a second, from any thread.

    `load` gives a registry, `version` something that differs after every change.  The version is read before the
    registry, so that a change between the two is seen at the next look and never missed.
    """

    def __init__(
        self,
        load: Callable[[], Registry],
        version: Callable[[], object],
        *,
        look_every: float = LOOK_EVERY,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._load = load
        self._version = version
        self._look_every = look_every
        self._ticks = ticks
        self._lock = Lock()
        self._held: tuple[object, Registry] | None = None
        self._looked = 0.0
        self._stale = False

    def current(self) -> Registry:
        """Give the registry, at most a second old; blocks for a database read when it looks.

        While the database is away, the registry last read goes on serving.
        """
        held = self._held
        if held is not None and self._ticks() - self._looked < self._look_every:
            return held[1]
        if held is not None and not self._lock.acquire(blocking=False):
            return held[1]  # another thread is looking; what we hold is good enough meanwhile
        if held is None:
            self._lock.acquire()
        try:
            return self._look()
        except SQLAlchemyError as error:
            if self._held is None:
                raise
            if not self._stale:
                log.warning("registry not readable; using the one held", error=type(error).__name__)
            self._stale = True
            self._looked = self._ticks()
            return self._held[1]
        finally:
            self._lock.release()

    def peek(self) -> Registry:
        """Give the registry as last read, without touching the database; empty before the first read."""
        held = self._held
        return held[1] if held is not None else Registry()

    def refresh(self) -> Registry:
        """Look now; for the one who has just changed something."""
        with self._lock:
            return self._look()

    def _look(self) -> Registry:
        version = self._version()
        if self._held is None or self._held[0] != version:
            self._held = (version, self._load())
        self._looked = self._ticks()
        self._stale = False
        return self._held[1]

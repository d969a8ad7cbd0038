"""The thread that takes the store's newest values again and again.

Backfilled and replayed values never pass on the live topics, and a meter may be registered after its data came: the
store knows of them, and event time decides which value is the newest.
"""

from __future__ import annotations

import time
from threading import Event, Thread
from typing import TYPE_CHECKING

from adapters.log import logger

if TYPE_CHECKING:
    from collections.abc import Callable

    from adapters.registry_cache import RegistryCache
    from park.reading import Reading
    from park.telemetry import Telemetry

EVERY = 30.0
"""Seconds between two looks."""
SHARE = 10
"""A look that took long is followed by a pause this many times as long, so that a slow store is left alone."""
log = logger(__name__)


class Renewal:
    """Looks while it is started, and at once when asked to; a store that is down is looked at again later."""

    def __init__(
        self,
        *,
        telemetry: Telemetry,
        registry: RegistryCache,
        take: Callable[[list[Reading]], None],
        every: float = EVERY,
    ) -> None:
        self._telemetry = telemetry
        self._registry = registry
        self._take = take
        self._every = every
        self._asked = Event()
        self._stopping = Event()
        self._thread: Thread | None = None
        self._failing = False

    def start(self) -> None:
        """Begin to look; returns at once."""
        self._stopping.clear()
        self._thread = Thread(target=self._run, name="api-renewal", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        if self._thread is not None:
            self._stopping.set()
            self._asked.set()
            self._thread.join()
            self._thread = None

    def ask(self) -> None:
        """Look at once, as after a time in which live values may have been missed; returns at once."""
        self._asked.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._asked.clear()
            began = time.monotonic()
            self._look()
            self._asked.wait(max(self._every, SHARE * (time.monotonic() - began)))

    def _look(self) -> None:
        try:
            meters = [meter.id for meter in self._registry.current().meters]
            self._take(self._telemetry.latest(meters) if meters else [])
        except Exception as error:  # noqa: BLE001  # this thread must outlive whatever a store does
            if not self._failing:
                log.warning("newest values not read from the store", error=f"{type(error).__name__}: {error}")
            self._failing = True
        else:
            self._failing = False

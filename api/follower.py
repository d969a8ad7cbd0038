"""One who follows the live values: a bounded box between the feeding thread and a client's own pace."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence
from threading import Lock
from typing import NamedTuple

from park.principal import Principal
from park.reading import Reading

PAUSE = 0.2
"""Seconds between two batches: five a second is as fast as a person sees numbers change."""


class TooManyFollowers(RuntimeError):
    """As many follow as the service takes."""


class Batch(NamedTuple):
    """What changed since the batch before: one reading a series, the newest."""

    readings: tuple[Reading, ...]
    skipped: int
    """How many readings were overtaken by a newer one of their series before they could be given."""


class Follower:
    """Holds at most one reading a series, so that its size is bounded by what is registered."""

    def __init__(self, principal: Principal) -> None:
        self.principal = principal
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._lock = Lock()
        self._waiting: dict[tuple[str, str], Reading] = {}
        self._skipped = 0
        self._ended = False

    def offer(self, readings: Sequence[Reading]) -> None:
        """Put readings into the box, from any thread, without ever waiting for the client."""
        with self._lock:
            was_empty = not self._waiting
            for reading in readings:
                key = (reading.meter, reading.metric)
                self._skipped += key in self._waiting
                self._waiting[key] = reading
        if was_empty:
            self._wake()

    def end(self) -> None:
        """Let the client's loop finish, from any thread."""
        self._ended = True
        self._wake()

    def _wake(self) -> None:
        with contextlib.suppress(RuntimeError):  # the client's loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(self._news.set)

    async def batches(self, idle: float | None) -> AsyncGenerator[Batch, None]:
        """Give batches until the end; an empty one after `idle` seconds without news."""
        while not self._ended:
            try:
                await asyncio.wait_for(self._news.wait(), idle)
            except TimeoutError:
                yield Batch((), 0)
                continue
            self._news.clear()
            with self._lock:
                batch = Batch(tuple(self._waiting.values()), self._skipped)
                self._waiting, self._skipped = {}, 0
            if batch.readings:
                yield batch
                await asyncio.sleep(PAUSE)

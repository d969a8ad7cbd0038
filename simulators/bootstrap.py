"""The simulator as a program: connects, lives, sends the history beside it, and leaves in good order."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread, current_thread, main_thread
from types import FrameType
from typing import Final

from adapters.clock import Clock, now
from adapters.log import logger
from adapters.publisher import Publisher, Version
from park.instant import to_ms
from park.topic import PREFIX
from simulators.backfill import SLOT_MS, Era, backfill, eras
from simulators.demo import demo_devices
from simulators.live import Live, SimulatedTime
from simulators.progress import progress

BULK_WINDOW: Final = 32
"""History messages under way at once: about 8 KiB each, so live values never wait behind many."""
LEAVE_PATIENCE: Final = 5.0


@dataclass(frozen=True)
class Broker:
    """How the simulator reaches the broker."""

    url: str
    password: str | None = None
    ca_file: Path | None = None
    version: Version = "5"
    fall_back: bool = False
    """Whether 3.1.1 may be spoken to a broker that does not speak MQTT 5."""
    prefix: str = PREFIX

    def publisher(self, client_id: str, *, window: int = 1_000) -> Publisher:
        """Make one connection, not opened yet."""
        return Publisher(
            self.url,
            client_id=client_id,
            password=self.password,
            ca_file=self.ca_file,
            version=self.version,
            fall_back=self.fall_back,
            window=window,
        )


def run(
    broker: Broker,
    *,
    history_days: int = 0,
    register_days: int = 0,
    seed: int = 1,
    speed: float = 1.0,
    start: datetime | None = None,
    clock: Clock = now,
    stop: Event | None = None,
) -> bool:
    """Live until stopped by a signal or by `stop`; tell whether all that was published was also acknowledged.

    Raises PublisherError when the broker cannot be reached at the start.
    """
    log = logger(__name__)
    stop = stop or Event()
    devices = demo_devices(seed)
    began = clock()
    start = start or (began if speed == 1 else began - timedelta(days=1))
    name = f"simulator-{os.getpid()}"
    with stopping(stop), broker.publisher(name) as publisher:
        broker = replace(broker, version=publisher.version, fall_back=False)  # the history's connection need not try
        live = Live(publisher, devices, broker.prefix)
        time = SimulatedTime(clock, start=start, speed=speed)
        end_ms = to_ms(start)
        end_ms += 1 - end_ms % SLOT_MS
        history = History(broker, eras(devices, end_ms, days=history_days, register_days=register_days), stop)
        log.info("simulator started", devices=len(devices), seed=seed, speed=speed, history_days=history_days)
        history.start()
        try:
            live.run(time, stop)
        finally:
            stop.set()
            history.join()
        clean = live.leave(LEAVE_PATIENCE) and history.clean
        log.info("simulator stopped", published=live.published, all_acknowledged=clean)
    return clean


class History(Thread):
    """Sends the history on a connection of its own, so that live values never wait for it."""

    def __init__(self, broker: Broker, history: list[Era], stop: Event) -> None:
        super().__init__(name="history", daemon=True)
        self._broker = broker
        self._history = history
        self._ended = stop
        self.clean = True

    def run(self) -> None:
        """Publish it all, or note why not; a thread's exception would reach nobody."""
        if not self._history:
            return
        log = logger(__name__)
        total = sum(era.steps for era in self._history)
        try:
            with (
                self._broker.publisher(f"simulator-history-{os.getpid()}", window=BULK_WINDOW) as publisher,
                progress("历史数据 / history", "backfill", total) as advance,
            ):
                sent = backfill(publisher, self._history, prefix=self._broker.prefix, stop=self._ended, advance=advance)
                while not self._ended.is_set() and not publisher.drain(LEAVE_PATIENCE):
                    continue
                self.clean = acknowledged = publisher.drain(LEAVE_PATIENCE)
                log.info("backfill finished", **vars(sent), all_acknowledged=acknowledged)
        except Exception:
            self.clean = False
            log.exception("backfill failed; live values go on")


@contextmanager
def stopping(stop: Event) -> Iterator[None]:
    """Turn SIGINT and SIGTERM into the stop event while the simulator runs; only a main thread may."""
    if current_thread() is not main_thread():
        yield
        return

    def ask(number: int, frame: FrameType | None) -> None:
        del number, frame
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

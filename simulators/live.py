"""Every device by its own period, spread in time as real ones are."""

import heapq
from collections.abc import Iterator, Sequence
from datetime import datetime
from threading import Event
from typing import Final

import msgspec
import numpy as np

from adapters.clock import Clock
from adapters.publisher import Publisher, PublishTimeout
from park.instant import to_ms
from park.topic import PREFIX, Channel
from simulators.device import Device
from simulators.message import Record, series, single, topic
from simulators.noise import stream

FIRST_MS: Final = 1_500
"""Within this time after the start every device has said its first values."""
AHEAD: Final = 32
"""Samples of a device that are measured at once."""
PATIENCE: Final = 0.5


class SimulatedTime:
    """Time as the park lives it: `speed` times as fast as ours from `start` on, and never ahead of ours."""

    def __init__(self, clock: Clock, *, start: datetime, speed: float) -> None:
        if speed < 1:
            raise ValueError(f"speed is {speed:g}; a park slower than the clock would fall behind for ever")
        self._clock = clock
        self._began = to_ms(clock())
        self._start = to_ms(start)
        self._speed = speed

    def now_ms(self) -> int:
        """Give the park's time."""
        ours = to_ms(self._clock())
        return min(ours, self._start + int((ours - self._began) * self._speed))

    def seconds_until(self, ms: int) -> float:
        """Give how long we must wait until the park's time has come that far."""
        left = (ms - self.now_ms()) / 1000
        catching_up = self.now_ms() < to_ms(self._clock()) - 1
        return left / (self._speed if catching_up else 1.0)


def moments(device: Device, start_ms: int) -> Iterator[int]:
    """Give the instants at which a device reports: soon after its start, then each period in its own phase."""
    period = int(device.meter.period.total_seconds() * 1000)
    phase = stream(device.seed, device.meter.id, "phase") % period
    first = start_ms + 1 + phase % FIRST_MS
    yield first
    at = first - (first - phase) % period + period
    while True:
        yield at
        at += period


def samples(device: Device, start_ms: int) -> Iterator[Record]:
    """Give all that a device reports, from a start on and for ever."""
    when = moments(device, start_ms)
    while True:
        ms = np.fromiter((next(when) for _ in range(AHEAD)), dtype=np.int64, count=AHEAD)
        yield from series(device, ms).records()


class Live:
    """The park as it speaks now."""

    def __init__(self, publisher: Publisher, devices: Sequence[Device], prefix: str = PREFIX) -> None:
        self._publisher = publisher
        self._devices = devices
        self._prefix = prefix
        self._told = 0
        self.published = 0

    def run(self, time: SimulatedTime, stop: Event) -> None:
        """Publish until told to stop.  What the broker could not take meanwhile follows when it is back."""
        start = time.now_ms()
        streams = [samples(device, start) for device in self._devices]
        topics = [topic(device.meter, Channel.DATA, self._prefix) for device in self._devices]
        numbers = [0] * len(self._devices)
        due: list[tuple[int, int, Record]] = []
        for place, stream_ in enumerate(streams):
            record = next(stream_)
            due.append((record["ts"], place, record))
        heapq.heapify(due)
        while not stop.is_set():
            self._announce(stop)
            at, place, record = due[0]
            wait = time.seconds_until(at)
            if wait > 0:
                stop.wait(min(wait, PATIENCE))
                continue
            numbers[place] += 1
            if not self._say(topics[place], single(record, numbers[place]), stop):
                return
            self.published += 1
            record = next(streams[place])
            heapq.heapreplace(due, (record["ts"], place, record))

    def leave(self, patience: float) -> bool:
        """Say that every device is offline, and wait until all is acknowledged; tell whether it was."""
        for device in self._devices:
            try:
                self._publisher.publish(
                    topic(device.meter, Channel.STATE, self._prefix), b"offline", retain=True, timeout=PATIENCE
                )
            except PublishTimeout:
                return False
        return self._publisher.drain(patience)

    def _announce(self, stop: Event) -> None:
        """Say who is there, once a connection: a broker that was restarted has forgotten."""
        connections = self._publisher.statistics.connections
        if connections == self._told:
            return
        for device in self._devices:
            meta = msgspec.json.encode(_meta(device))
            if not self._say(topic(device.meter, Channel.META, self._prefix), meta, stop, retain=True):
                return
            if not self._say(topic(device.meter, Channel.STATE, self._prefix), b"online", stop, retain=True):
                return
        self._told = connections

    def _say(self, where: str, payload: bytes, stop: Event, *, retain: bool = False) -> bool:
        """Publish, waiting for the broker as long as it takes; tell whether it was taken before the stop."""
        while not stop.is_set():
            try:
                self._publisher.publish(where, payload, retain=retain, timeout=PATIENCE)
            except PublishTimeout:
                continue
            return True
        return False


def _meta(device: Device) -> dict[str, object]:
    """Describe a device as its gateway would."""
    meter = device.meter
    return {
        "v": 1,
        "model": f"SIM-{device.kind.upper()}",
        "serial": f"{stream(device.seed, meter.id, 'serial') % 10**10:010d}",
        "metrics": list(meter.metrics),
        "units": dict(meter.units),
    }

"""The history before now, in bulk: newest day first, so that a page shows yesterday before last month."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from threading import Event
from typing import Final, NamedTuple

import numpy as np

from adapters.publisher import Publisher, PublishTimeout
from park.topic import PREFIX, Channel
from simulators.days import DAY_MS, ORIGIN_MS
from simulators.device import Device
from simulators.message import Bundle, bundles, history_metrics, registers, series, topic
from simulators.progress import Advance

SLOT_MS: Final = 900_000
BLOCK_DAYS: Final = 30
"""Days that are measured at once; more would be quicker and take more memory."""
PATIENCE: Final = 0.5


class Span(NamedTuple):
    """One local day, or the part of it that is already past."""

    start: int
    end: int


@dataclass
class Sent:
    """What a backfill has published so far."""

    messages: int = 0
    records: int = 0
    values: int = 0
    bytes: int = 0
    complete: bool = False


class Era(NamedTuple):
    """A stretch of the past, and what of each device's it holds; of a device without metrics nothing is said."""

    devices: Sequence[Device]
    spans: Sequence[Span]
    metrics: Callable[[Device], tuple[str, ...]]

    @property
    def steps(self) -> int:
        """How many messages it comes to, a day of a device each."""
        return len(self.devices) * len(self.spans)


def eras(devices: Sequence[Device], end_ms: int, *, days: int, register_days: int = 0) -> list[Era]:
    """Give the history to send, newest first: all that is shown for some days, before that what is counted."""
    spans = days_before(end_ms, max(days, register_days))
    near = spans[: days + 1] if days else []
    far = spans[len(near) :] if register_days else []
    counted = [device for device in devices if registers(device)]
    return [era for era in (Era(devices, near, history_metrics), Era(counted, far, registers)) if era.steps]


def days_before(end_ms: int, days: int) -> list[Span]:
    """Give the local days before an instant, newest first: the begun day, and `days` whole ones before it."""
    midnight = end_ms - (end_ms - ORIGIN_MS) % DAY_MS
    starts = [midnight - number * DAY_MS for number in range(days + 1)]
    ends = [end_ms, *starts[:-1]]
    return [Span(start, end) for start, end in zip(starts, ends, strict=True) if start >= ORIGIN_MS and end > start]


def messages(era: Era, prefix: str = PREFIX) -> Iterator[tuple[str, Bundle]]:
    """Give the messages of an era with their topics, a day of a device each, newest day first."""
    devices, spans = era.devices, era.spans
    for first in range(0, len(spans), BLOCK_DAYS):
        block = spans[first : first + BLOCK_DAYS]
        ms = np.arange(-(-block[-1].start // SLOT_MS) * SLOT_MS, block[0].end, SLOT_MS, dtype=np.int64)
        if not ms.size:
            continue
        measured = [(topic(d.meter, Channel.BACKFILL, prefix), series(d, ms, era.metrics(d))) for d in devices]
        for span in block:
            start, end = (int(place) for place in np.searchsorted(ms, (span.start, span.end)))
            for where, whole in measured:
                for bundle in bundles(whole.records(start, end)):
                    yield where, bundle


def backfill(
    publisher: Publisher,
    history: Sequence[Era],
    *,
    prefix: str,
    stop: Event,
    advance: Advance,
) -> Sent:
    """Publish a history, as fast as the broker acknowledges; ends early when told to stop."""
    sent = Sent()
    for where, bundle in chain.from_iterable(messages(era, prefix) for era in history):
        while True:
            if stop.is_set():
                return sent
            try:
                publisher.publish(where, bundle.payload, timeout=PATIENCE)
            except PublishTimeout:
                continue
            break
        sent.messages += 1
        sent.records += len(bundle.records)
        sent.values += sum(len(record["m"]) for record in bundle.records)
        sent.bytes += len(bundle.payload)
        advance(1)
    sent.complete = True
    return sent

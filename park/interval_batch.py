"""Batches of slots before they are stored: what makes one fit, and which counts where two are of the same days."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from park.coverage import EXACT
from park.interval import SLOT_MS, IntervalBatch, Intervals
from park.series import Ints
from park.stretch import ceil_ms
from park.window import SITE, day_start


def settled(batches: Sequence[IntervalBatch], zone: ZoneInfo = SITE) -> list[IntervalBatch]:
    """Give batches whose slots may be stored side by side: without those that a later batch replaces or nothing covers.

    Raises ValueError for one that does not fit.
    """
    for batch in batches:
        for fault in _faults(batch, zone):
            raise ValueError(f"{batch.meter}, {batch.carrier}, {batch.start:%Y-%m-%dT%H:%M%z}: {fault}")
    later: dict[tuple[str, str], list[tuple[int, int]]] = {}
    kept: list[IntervalBatch] = []
    for batch in reversed(batches):
        slots = batch.intervals
        stays = (slots.measured > 0) | (slots.estimated > 0)
        spans = later.setdefault((batch.meter, batch.carrier), [])
        for first, last in spans:
            stays &= (slots.start_ms < first) | (slots.start_ms >= last)
        spans.append((ceil_ms(batch.start), ceil_ms(batch.end)))
        kept.append(batch if stays.all() else batch._replace(intervals=chosen(slots, stays)))
    return kept[::-1]


def rounds(batches: Sequence[IntervalBatch]) -> list[list[IntervalBatch]]:
    """Part batches so that no two of one round are of the same meter and carrier; each round is in order of time."""
    parted: list[list[IntervalBatch]] = []
    places: dict[tuple[str, str], int] = {}
    for batch in batches:
        place = places.get((batch.meter, batch.carrier), 0)
        places[batch.meter, batch.carrier] = place + 1
        if place == len(parted):
            parted.append([])
        parted[place].append(batch)
    return [sorted(some, key=lambda batch: (batch.start, batch.end)) for some in parted]


def chosen(slots: Intervals, which: NDArray[np.bool] | slice) -> Intervals:
    """Give some of the slots."""
    return Intervals(slots.start_ms[which], slots.amount[which], slots.measured[which], slots.estimated[which])


def _faults(batch: IntervalBatch, zone: ZoneInfo) -> Iterator[str]:
    """Say what keeps a batch from being stored."""
    slots = batch.intervals
    if any(day_start(at, zone) != at for at in (batch.start, batch.end)) or batch.start >= batch.end:
        yield f"not whole local days: {batch.start} to {batch.end}"
        return
    if len({len(column) for column in (slots.start_ms, slots.amount, slots.measured, slots.estimated)}) != 1:
        yield "columns of different lengths"
        return
    if not len(slots.start_ms):
        return
    if (
        _unordered(slots.start_ms)
        or slots.start_ms[0] < ceil_ms(batch.start)
        or slots.start_ms[-1] >= ceil_ms(batch.end)
    ):
        yield "slots out of order, not on a quarter of an hour, or outside the batch's days"
    if not np.isfinite(slots.amount).all():
        yield "an amount that is no number"
    known = slots.measured + slots.estimated
    if not ((slots.measured >= 0) & (slots.estimated >= 0) & (known <= 1 + EXACT)).all():
        yield "shares that are not shares of one slot"


def _unordered(ms: Ints) -> bool:
    return bool((np.diff(ms) <= 0).any() or (ms % SLOT_MS).any())

"""Readings as columns, in the form in which the embedded store takes them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from park.instant import EPOCH, to_ms
from park.reading import Reading

Columns = Mapping[str, NDArray[np.generic]]
IDENTITY = ("meter", "metric", "ts")


def numbered(known: Mapping[str, int], names: Iterable[str]) -> dict[str, int]:
    """Give a number to each name that has none yet, counting on from the known ones."""
    new = sorted(set(names) - known.keys())
    return dict(zip(new, range(len(known), len(known) + len(new)), strict=True))


def columns(readings: Sequence[Reading], meters: Mapping[str, int], metrics: Mapping[str, int]) -> Columns:
    """Turn readings into columns in order of identity, the last of each identity only."""
    meter = np.array([meters[reading.meter] for reading in readings], np.int32)
    metric = np.array([metrics[reading.metric] for reading in readings], np.int32)
    ts = np.fromiter(_milliseconds(readings), np.int64, len(readings))
    order = np.lexsort((ts, metric, meter))  # stable: of equal identities the later written stays the later
    batch: dict[str, NDArray[np.generic]] = {
        "meter": meter[order],
        "metric": metric[order],
        "ts": ts[order],
        "value": np.array([reading.value for reading in readings], np.float64)[order],
        "quality": np.array([reading.quality for reading in readings], np.int32)[order],
    }
    final = np.ones(len(order), bool)
    final[:-1] = np.any([batch[name][:-1] != batch[name][1:] for name in IDENTITY], axis=0)
    return batch if final.all() else {name: column[final] for name, column in batch.items()}


def _milliseconds(readings: Sequence[Reading]) -> Iterator[int]:
    """Count each reading's time once where neighbours share it, as the metrics of one message do."""
    at: datetime = EPOCH
    ms = 0
    for reading in readings:
        if reading.at is not at:
            at = reading.at
            ms = to_ms(at)
        yield ms

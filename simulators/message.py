"""What devices say: records of values at instants, in the platform's own payload."""

from collections.abc import Iterator, Sequence
from math import isnan
from typing import Final, NamedTuple, NotRequired, TypedDict

import msgspec
import numpy as np
from numpy.typing import NDArray

from park.decode import MAX_BYTES
from park.decode.native import MAX_RECORDS
from park.metric import Kind
from park.place import Meter, Role
from park.topic import PREFIX, Address, Channel, build
from simulators.device import Device, metric, reported
from simulators.measure import KINDS
from simulators.noise import Floats, Ints
from simulators.stack import stopped

Flags = NDArray[np.bool_]

ENVELOPE: Final = 64
"""Bytes around the records of a message."""
LET_OUT: Final = frozenset({"flow", "cod", "nh3n", "flue_flow", "so2", "nox"})
"""What the masses of the main pollutants are made of."""
_encoder = msgspec.json.Encoder()


class Quantity(TypedDict):
    """A value that names its own unit."""

    v: float
    u: str


class Record(TypedDict):
    """The values of one instant, as the payload has them."""

    ts: int
    m: dict[str, float | Quantity]
    q: NotRequired[str]


class Bundle(NamedTuple):
    """One message and the records in it."""

    payload: bytes
    records: Sequence[Record]


def topic(meter: Meter, channel: Channel, prefix: str = PREFIX) -> str:
    """Name where a meter speaks."""
    return build(Address(meter.park, meter.enterprise, meter.id, channel), prefix)


def history_metrics(device: Device) -> tuple[str, ...]:
    """Name the metrics whose history is shown; the others are kept from the first live value on."""
    kept = KINDS[device.kind].history
    return tuple(name for name in device.meter.metrics if not kept or name in kept)


def registers(device: Device) -> tuple[str, ...]:
    """Name what of a device is worth a longer history: what an enterprise's accounts are made of."""
    if device.meter.role is Role.OUTLET:
        return tuple(name for name in history_metrics(device) if name in LET_OUT)
    if device.meter.role not in {Role.BOUNDARY, Role.GENERATION}:
        return ()
    return tuple(name for name in history_metrics(device) if metric(name).kind is Kind.REGISTER)


class Series(NamedTuple):
    """What a device reports at instants, as columns: cheap to hold, and turned into records piece by piece."""

    ms: Ints
    names: tuple[str, ...]
    columns: tuple[Floats, ...]
    out: Flags
    """Where the installation behind the sensor is out of use."""

    def records(self, start: int = 0, end: int | None = None) -> list[Record]:
        """Give the records of a stretch; values that do not exist are left out."""
        piece = slice(start, end)
        columns = [column[piece] for column in self.columns]
        rows = zip(*(column.tolist() for column in columns), strict=True)
        if all(np.isfinite(column).all() for column in columns):
            measured = [dict(zip(self.names, row, strict=True)) for row in rows]
        else:
            measured = [{n: v for n, v in zip(self.names, row, strict=True) if not isnan(v)} for row in rows]
        said: list[Record] = [{"ts": at, "m": m} for at, m in zip(self.ms[piece].tolist(), measured, strict=True)]
        for place in np.flatnonzero(self.out[piece]).tolist():
            said[place]["q"] = "stopped"
        return [record for record in said if record["m"]]


def series(device: Device, ms: Ints, wanted: Sequence[str] | None = None) -> Series:
    """Measure a device at instants: all its metrics, or those wanted."""
    names = device.meter.metrics if wanted is None else tuple(wanted)
    values = KINDS[device.kind].measure(device, ms)
    columns = tuple(reported(device.meter, metric(name), values[name]) for name in names)
    return Series(ms, names, columns, stopped(device, ms))


def records(device: Device, ms: Ints, wanted: Sequence[str] | None = None) -> list[Record]:
    """Give what a device reports at instants, a record each."""
    return series(device, ms, wanted).records()


def single(record: Record, seq: int) -> bytes:
    """Write one record as a live message."""
    return _encoder.encode({"v": 1, "seq": seq, **record})


def bundles(said: Sequence[Record], *, most: int = MAX_RECORDS, seq: int | None = None) -> Iterator[Bundle]:
    """Write records, in their order, as messages that keep the contract; with `seq`, numbered from there.

    A message keeps both limits and says no metric of an instant twice: what does begins the next one.
    """
    room = MAX_BYTES - ENVELOPE
    start = 0
    while start < len(said):
        count = _distinct(said, start, min(most, MAX_RECORDS, len(said) - start))
        while True:
            body = _encoder.encode(said[start : start + count])
            if len(body) <= room or count == 1:
                break
            count = max(1, count * room // len(body))
        number = b"" if seq is None else b'"seq":%d,' % seq
        yield Bundle(b'{"v":1,' + number + b'"r":' + body + b"}", said[start : start + count])
        start += count
        seq = None if seq is None else seq + 1


def _distinct(said: Sequence[Record], start: int, most: int) -> int:
    """Count the records from `start` on, up to `most`, before one says a metric of an instant again."""
    seen: dict[int, set[str]] = {}
    for count in range(most):
        record = said[start + count]
        names = seen.setdefault(record["ts"], set())
        if not names.isdisjoint(record["m"]):
            return count
        names.update(record["m"])
    return most

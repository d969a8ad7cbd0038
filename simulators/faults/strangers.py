"""What is no message of this device at all: broken payloads, and another device under its id."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from park.metric import Kind, metrics
from simulators.faults.fault import Fault, Scene
from simulators.faults.said import Said, in_order
from simulators.message import Quantity

GAUGE_SHARE = 0.4


class Broken(StrEnum):
    """How a payload is broken."""

    CUT = "cut"
    """It ends in the middle."""
    TEXT = "text"
    """It is no JSON."""
    NAN = "nan"
    """A value is no number."""
    TIME = "time"
    """Its time says no zone."""
    UNIT = "unit"
    """A value has a unit of another quantity."""
    METRIC = "metric"
    """A metric that nobody knows."""
    EMPTY = "empty"
    """It says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Malformed(Fault):
    """Every so many messages, one that cannot be read: its values are lost, the others are not."""

    how: Broken
    every: int = 1

    def says(self, said: Sequence[Said], scene: Scene) -> Sequence[Said]:
        """Break them."""
        start, end = self.span(scene)
        there = [one.seq for one in said if start <= one.sent < end][:: self.every]
        broken = set(there)
        return [replace(one, payload=_broken(one, self.how)) if one.seq in broken else one for one in said]


def _broken(said: Said, how: Broken) -> bytes:
    whole = said.content
    name = next(iter(said.values))
    stranger = "kWh" if metrics()[name].unit == "MPa" else "MPa"
    return {
        Broken.CUT: whole[: len(whole) // 2],
        Broken.TEXT: b"ERROR modbus timeout #%d" % said.seq,
        Broken.NAN: replace(said, values={name: 0}).content.replace(b":0}", b":NaN}"),
        Broken.TIME: whole.replace(b'"ts":%d' % (said.at or 0), b'"ts":"2026-03-02 08:00:00"'),
        Broken.UNIT: replace(said, values={name: Quantity(v=1.0, u=stranger)}).content,
        Broken.METRIC: replace(said, values={"voltage_of_the_moon": 1.0}).content,
        Broken.EMPTY: replace(said, values={}).content,
    }[how]


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoDevices(Fault):
    """A second device speaks under this id, between the messages of the first: its own register, its own numbers."""

    opening: float
    """What its register shows when it begins."""
    share: float = GAUGE_SHARE
    """What it measures, of what the first one does."""

    def says(self, said: Sequence[Said], scene: Scene) -> Sequence[Said]:
        """Put its messages between."""
        start, end = self.span(scene)
        first = np.arange(start + scene.period // 2, end, scene.period, dtype=np.int64)
        began = scene.shown(np.array([start], np.int64))
        columns = {
            name: (self.opening + self.share * (values - began[name][0])).round(2)
            if metrics()[name].kind is Kind.REGISTER
            else (self.share * values).round(2)
            for name, values in scene.shown(first).items()
        }
        others = [
            Said(sent=at, at=at, seq=number, values={name: float(column[number]) for name, column in columns.items()})
            for number, at in enumerate(first.tolist())
        ]
        return in_order([*said, *others])

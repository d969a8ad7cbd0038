"""The demonstration park, built once for all tests."""

from datetime import UTC, datetime
from functools import cache

import numpy as np

from simulators.demo import demo_devices
from simulators.device import Device
from simulators.noise import Ints

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
NOON_MS = int(NOON.timestamp() * 1000)
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


@cache
def devices(seed: int = 1) -> list[Device]:
    return demo_devices(seed)


def device(name: str) -> Device:
    return next(each for each in devices() if each.meter.id == name)


def window(start: int, length: int, step: int) -> Ints:
    return np.arange(start, start + length, step, dtype=np.int64)

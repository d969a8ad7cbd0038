"""How a meter usually goes, by the day of the week and the quarter of an hour: how to share out what a gap hides."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from park.interval import SLOT_MS, Intervals
from park.series import Floats, Ints
from park.window import SITE

QUARTERS = 96
DAY_MS = QUARTERS * SLOT_MS
CLASSES = np.array([0, 0, 0, 0, 0, 1, 2])
"""Monday to Friday are alike; Saturday and Sunday are each their own."""
FEWEST = 2 * QUARTERS * 7
"""Below two weeks of measured slots nothing is usual."""
WHOLE = 1 - 1e-9
SEEN = 2
"""So often a quarter of a class must have been seen; else the quarter of any day stands for it."""


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """What a meter uses in a quarter of an hour, by class of day and local time."""

    usual: Floats
    """One row a class of day, one column a quarter of an hour."""
    zone: ZoneInfo = SITE

    def weights(self, edges_ms: Ints) -> Floats:
        """Give what it would usually use between neighbouring edges, none of which reaches over the edge of a slot."""
        classes, quarters = _local(edges_ms[:-1], self.zone)
        return self.usual[classes, quarters] * (np.diff(edges_ms) / SLOT_MS)


def profile(history: Intervals, *, zone: ZoneInfo = SITE) -> Profile | None:
    """Learn how a meter usually goes from its wholly measured slots; None where they are too few."""
    whole = history.measured >= WHOLE
    if int(whole.sum()) < FEWEST:
        return None
    amount = history.amount[whole]
    classes, quarters = _local(history.start_ms[whole], zone)
    place = classes * QUARTERS + quarters
    size = (int(CLASSES.max()) + 1) * QUARTERS
    seen = np.bincount(place, minlength=size).reshape(-1, QUARTERS)
    total = np.bincount(place, amount, size).reshape(-1, QUARTERS)
    any_day, any_seen = total.sum(axis=0), seen.sum(axis=0)
    usually = np.where(any_seen > 0, any_day / np.maximum(any_seen, 1), amount.mean())
    return Profile(np.where(seen >= SEEN, total / np.maximum(seen, 1), usually), zone)


def _local(ms: Ints, zone: ZoneInfo) -> tuple[Ints, Ints]:
    """Give the class of day and the quarter of each instant, by the zone's clock."""
    hours, place = np.unique(ms // 3_600_000, return_inverse=True)
    offsets = np.array([_offset_ms(int(hour) * 3600, zone) for hour in hours], np.int64)
    wall = ms + offsets[place]
    weekday = (wall // DAY_MS + 3) % 7  # 1970-01-01 was a Thursday
    return CLASSES[weekday], wall % DAY_MS // SLOT_MS


def _offset_ms(seconds: int, zone: ZoneInfo) -> int:
    offset = datetime.fromtimestamp(seconds, UTC).astimezone(zone).utcoffset()
    return round(offset.total_seconds() * 1000) if offset is not None else 0

"""The resolutions readings are kept in: one bucket each, so that nothing depends on retention policies."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Resolution:
    """A kind of bucket: raw readings, or slots of one width."""

    name: str
    width: timedelta | None
    """None for the readings themselves."""


RAW = Resolution("raw", None)
QUARTER = Resolution("15m", timedelta(minutes=15))
HOUR = Resolution("1h", timedelta(hours=1))
DAY = Resolution("1d", timedelta(days=1))
ROLLUPS = (QUARTER, HOUR, DAY)
"""From fine to coarse; each is made of the one before it."""
ALL = (RAW, *ROLLUPS)

"""The calendar of the valley: local days counted from one origin, and how much of the park works on each.

Local days are fixed at UTC+8: mainland China has kept one offset since 1992, long before the origin.
"""

from datetime import UTC, datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulators.noise import Floats, Ints

DAY_MS: Final = 86_400_000
ORIGIN: Final = datetime(2023, 12, 31, 16, tzinfo=UTC)
"""Local midnight of 2024-01-01: every simulated register starts here, and nothing can be asked before."""
ORIGIN_MS: Final = int(ORIGIN.timestamp() * 1000)
ORIGIN_DATE: Final = np.datetime64("2024-01-01")
THURSDAY: Final = 3  # of the epoch day 1970-01-01, Monday being 0

# The first day of the lunar year.  Beyond the table the park works through the holiday.
SPRING_FESTIVALS: Final = (
    "2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13", "2030-02-03", "2031-01-23",
    "2032-02-11", "2033-01-31", "2034-02-19", "2035-02-08", "2036-01-28", "2037-02-15", "2038-02-04", "2039-01-24",
    "2040-02-12",
)  # fmt: skip
_FESTIVALS: Final[Floats] = (np.array(SPRING_FESTIVALS, dtype="datetime64[D]") - ORIGIN_DATE).astype(np.float64)
# People leave a week before New Year's day, and the last are back after the lantern festival.
_AWAY_DAYS: Final = (-8.0, -2.0, 6.0, 15.0)
_PRESENT: Final = (1.0, 0.0, 0.0, 1.0)

# month, first day, number of days, how many still work
HOLIDAYS: Final = ((1, 1, 1, 0.5), (5, 1, 3, 0.45), (10, 1, 4, 0.35), (10, 5, 3, 0.6))


def split(ms: Ints) -> tuple[Ints, Floats]:
    """Split instants (ms since 1970) into local days since the origin and hours of the day."""
    since = ms - ORIGIN_MS
    day = since // DAY_MS
    return day, (since - day * DAY_MS) / 3_600_000.0


def dates(days: Ints) -> NDArray[np.datetime64]:
    """Give the calendar dates of days."""
    return ORIGIN_DATE + days.astype("timedelta64[D]")


def weekday(days: Ints) -> Ints:
    """Give the day of the week, Monday being 0."""
    return (dates(days).astype(np.int64) + THURSDAY) % 7


def month(days: Ints) -> Ints:
    """Give the month, January being 0."""
    return dates(days).astype("datetime64[M]").astype(np.int64) % 12


def year_share(days: Ints) -> Floats:
    """Give how much of the year has passed, in [0, 1)."""
    here = dates(days)
    start = here.astype("datetime64[Y]").astype("datetime64[D]")
    share: Floats = (here - start).astype(np.float64) / 365.25
    return share


def presence(days: Ints) -> Floats:
    """Give the share of people at work that the holidays leave, 1 on an ordinary day."""
    place = np.searchsorted(_FESTIVALS, days.astype(np.float64))
    before = days - _FESTIVALS[np.clip(place - 1, 0, None)]
    after = days - _FESTIVALS[np.clip(place, None, len(_FESTIVALS) - 1)]
    leaving = np.interp(after, _AWAY_DAYS, _PRESENT)
    back = np.interp(before, _AWAY_DAYS, _PRESENT)
    there: Floats = np.minimum(leaving, back)
    months = month(days)
    day_of_month = (dates(days) - dates(days).astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1
    for number, first, length, share in HOLIDAYS:
        off = (months == number - 1) & (day_of_month >= first) & (day_of_month < first + length)
        there[off] = np.minimum(there[off], share)
    return there

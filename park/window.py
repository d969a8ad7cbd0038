"""Windows of time.  The only place that knows the site's time zone: local days, months and aligned slots."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

SITE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)


def day_start(at: datetime, zone: ZoneInfo = SITE) -> datetime:
    """Give the local midnight at or before an instant, as an aware local time."""
    return at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def month_start(at: datetime, zone: ZoneInfo = SITE) -> datetime:
    """Give the start of the local month that holds an instant."""
    return day_start(at, zone).replace(day=1)


def floor(at: datetime, every: timedelta, zone: ZoneInfo = SITE) -> datetime:
    """Give the start of the slot that holds an instant; slots count from the local midnight of 1970-01-01.

    Slots of whole days begin at local midnights, whatever the clocks did in between; shorter ones are of one length.
    """
    if every % DAY:
        origin = datetime(1970, 1, 1, tzinfo=zone).astimezone(UTC)
        instant = at.astimezone(UTC)  # to subtract within a zone is to turn its clock back, which is something else
        return (instant - (instant - origin) % every).astimezone(at.tzinfo)
    wall = at.astimezone(zone).replace(tzinfo=None)
    return (wall - (wall - datetime(1970, 1, 1)) % every).replace(tzinfo=zone, fold=0).astimezone(at.tzinfo)  # noqa: DTZ001  # wall time on purpose

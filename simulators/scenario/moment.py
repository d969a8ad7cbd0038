"""Moments on a scenario's own clock: `06:30` is six and a half hours after its start, `30:00` the next day at six."""

import re
from datetime import timedelta

from park.registry_notes import Notes, show

FORM = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
MINUTE = timedelta(minutes=1)


def read_moment(notes: Notes, path: str, value: object) -> timedelta | None:
    """Read a moment; None, and a mistake noted, where it is none."""
    found = FORM.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        notes.add(
            path,
            f"时刻 {show(value)} 无法识别; 请写成 06:30 或 06:30:15, 从情景开始时刻算起, 次日 6 点为 30:00。",
            f"Moment {show(value)} is not understood; write 06:30 or 06:30:15, counted from the scenario's start; "
            "six o'clock the next day is 30:00.",
        )
        return None
    return timedelta(hours=int(found[1]), minutes=int(found[2]), seconds=int(found[3] or 0))


def write(moment: timedelta) -> str:
    """Write a moment as it is read; what is beyond a second goes to the nearest."""
    seconds = round(moment.total_seconds())
    sign, seconds = ("-" if seconds < 0 else ""), abs(seconds)
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{sign}{hours:02}:{minutes:02}" + (f":{left:02}" if left else "")

"""The swap of a meter, guided: what was seen before and after it, and what the two display readings would book.

Display readings are before any multiplier, in the metric's canonical unit; what is stored is multiplied.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from park.mistake import Mistake
from park.place import Meter
from park.reading import Reading


class Shown(NamedTuple):
    """What a display must have shown, as of a stored reading."""

    at: datetime
    value: float


class Seen(NamedTuple):
    """The display around a moment; None where nothing is stored."""

    before: Shown | None
    after: Shown | None


class Booked(NamedTuple):
    """What two display readings would book, in the canonical unit; None where a side is not known."""

    until: float | None
    """From the last stored reading to the closing one."""
    since: float | None
    """From the opening reading to the first stored one."""


def seen(meter: Meter, readings: Sequence[Reading], at: datetime, multiplier: float | None = None) -> Seen:
    """Find what the display showed last before a moment and first from it on; `multiplier` is the new meter's."""
    before = [one for one in readings if one.at < at]
    after = [one for one in readings if one.at >= at]
    old = meter.multiplier(before[-1].at) if before else None
    new = multiplier or (meter.multiplier(after[0].at) if after else None)
    return Seen(
        Shown(before[-1].at, before[-1].value / old) if before and old else None,
        Shown(after[0].at, after[0].value / new) if after and new else None,
    )


def booked(
    meter: Meter, found: Seen, closing: float | None, opening: float | None, multiplier: float | None = None
) -> Booked:
    """Say what the readings would book on either side."""
    until = since = None
    if found.before is not None and closing is not None and (old := meter.multiplier(found.before.at)):
        until = (closing - found.before.value) * old
    if found.after is not None and opening is not None:
        new = multiplier or meter.multiplier(found.after.at)
        since = (found.after.value - opening) * new if new else None
    return Booked(until, since)


def doubts(found: Seen, closing: float | None, opening: float | None) -> list[Mistake]:
    """Name readings that contradict what was seen: a register does not run backwards."""
    mistakes = []
    if closing is not None and found.before is not None and closing < found.before.value:
        mistakes.append(
            Mistake(
                "closing",
                None,
                f"止码 {closing:g} 小于平台最后收到的表码 {found.before.value:g}; 请核对抄表、小数位, 或是否已乘倍率。",
                f"The closing reading {closing:g} is below the {found.before.value:g} seen last; check the reading, "
                "its decimals, and that it is not multiplied.",
            )
        )
    if opening is not None and found.after is not None and opening > found.after.value:
        mistakes.append(
            Mistake(
                "opening",
                None,
                f"起码 {opening:g} 大于换表后首次收到的表码 {found.after.value:g}; 请核对抄表、换表时间或新倍率。",
                f"The opening reading {opening:g} is above the {found.after.value:g} seen first after the swap; check "
                "it, the time of the swap, or the new multiplier.",
            )
        )
    return mistakes

"""Writing frames of HJ 212, as the simulators and the tests do.  The inverse of reading them, to the second.

A frame's times have no zone and no fraction: they are Beijing's, in whole seconds.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from park.decode.hj212_codes import Factor, code_of
from park.decode.hj212_frame import LONGEST_CP, Frame, build
from park.decode.hj212_plan import AMBIENT
from park.decode.hj212_time import BEIJING
from park.metric import metrics
from park.quality import Quality
from park.reading import Claim, Reading
from park.units import conversion

LETTERS = (
    (Quality.STOPPED, "F"),
    (Quality.FAULT, "D"),
    (Quality.MAINTENANCE, "M"),
    (Quality.CALIBRATION, "C"),
    (Quality.SUBSTITUTED, "S"),
    (Quality.IMPLAUSIBLE, "T"),
    (Quality.UNCERTAIN, "H"),
)
"""One letter a value; of several flags that which says most."""


def encode(
    readings: Iterable[Reading | Claim],
    *,
    mn: str,
    st: str = "32",
    cn: str = "2011",
    pw: str = "123456",
    flag: int = 4,
    sent: datetime | None = None,
    most: int = LONGEST_CP,
) -> list[bytes]:
    """Write readings of one station as one frame, or as several pieces where they exceed `most` letters.

    DataTime is that of the latest reading, or `sent`, which also makes the QN; a factor of another time says its own.
    Raises ValueError where there is no reading, or one of a metric that no factor carries.
    """
    told = list(readings)
    if not told:
        raise ValueError("a frame carries at least one reading")
    latest = max(reading.at for reading in told)
    time = f"DataTime={_local(latest)}"
    factors: dict[str, list[Reading | Claim]] = {}
    for reading in told:
        factors.setdefault(_factor(reading)[0].code, []).append(reading)
    groups = [_group(each, latest, cn, st) for each in factors.values()]
    qn = f"{_local(sent or latest)}{(sent or latest).microsecond // 1000:03d}"
    frame = Frame(qn, st, cn, pw, mn, flag & ~0b10)
    cps = [";".join((time, *piece)) for piece in _pieces(groups, most - len(time))]
    if len(cps) == 1:
        return [build(frame._replace(cp=cps[0]))]
    parts = frame._replace(flag=frame.flag | 0b10, pnum=len(cps))
    return [build(parts._replace(pno=number, cp=cp)) for number, cp in enumerate(cps, 1)]


def _local(at: datetime) -> str:
    return at.astimezone(BEIJING).strftime("%Y%m%d%H%M%S")


def _factor(reading: Reading | Claim) -> tuple[Factor, str]:
    found = code_of().get(reading.metric)
    if found is None:
        raise ValueError(f"no factor of HJ 212 is {reading.metric}")
    return found


def _group(readings: Sequence[Reading | Claim], latest: datetime, cn: str, st: str) -> str:
    """Write one factor with its values, its flag, and its time where that is another than the frame's."""
    at = readings[0].at
    if any(reading.at != at for reading in readings):
        raise ValueError(f"one factor has one time a frame: {', '.join(reading.metric for reading in readings)}")
    items: list[str] = []
    quality = 0
    for reading in readings:
        factor, stem = _factor(reading)
        metric = metrics()[reading.metric]
        way = conversion(getattr(reading, "unit", None) or metric.unit, _unit(factor, st), metric.molar_mass)
        items.append(f"{factor.code}-{stem}{'Rtd' if cn == '2011' else 'Avg'}={way(reading.value)!r}")
        quality |= reading.quality
    letter = next((letter for bit, letter in LETTERS if quality & bit), "N")
    if at != latest:
        items.insert(0, f"{factor.code}-SampleTime={_local(at)}")
    return ",".join((*items, f"{factor.code}-Flag={letter}"))


def _unit(factor: Factor, st: str) -> str:
    return factor.air if st == AMBIENT else factor.unit


def _pieces(groups: Sequence[str], most: int) -> list[list[str]]:
    """Share the factors among pieces of at most so many letters; one that is longer has a piece of its own."""
    pieces: list[list[str]] = [[]]
    length = 0
    for group in groups:
        if pieces[-1] and length + len(group) + 1 > most:
            pieces.append([])
            length = 0
        pieces[-1].append(group)
        length += len(group) + 1
    return pieces

"""HJ 212: what the data loggers of pollution sources send, in the forms of 2005, 2017 and 2025.

Real-time data (CN 2011), and the means of minutes, hours and days (2051, 2061, 2031) are claims of the factor's metric.
`at` is the factor's SampleTime, else DataTime, both of Beijing's clock; a mean stands at its DataTime, which loggers
take for the beginning of its period.  A mean never lies beyond what it is the mean of, so where it meets a real-time
value of the same instant neither is spoilt; `take` in the registry leaves a kind out.

Rtd and Avg are the metric, ZsRtd and ZsAvg the metric at reference oxygen where it has one.  No claims, but counted as
remarks: Min and Max (`extremes`); Cou (`amount`: what passed in the period, which is no register and follows from the
mean; a logger whose Cou never begins again is registered with `codes: {w00000-Cou: volume}`); EFlag (`device_flag`);
values at reference oxygen of what has none (`zs`); known factors without a metric (`factor`); letters of Flag nobody
knows (`flag`); anything else (`field`); frames that carry no data (`command`).  A code that neither registry nor table
knows becomes a claim under its own name, which admission refuses by that name: nothing is lost in silence.

One station may be several meters: each takes what it lists, and what none lists goes to the first that it suits.
"""

import math
import re
from datetime import datetime
from typing import Final

from park.decode.context import Context
from park.decode.dialect import Dialect
from park.decode.hj212_frame import Frame, parse
from park.decode.hj212_options import check, topics
from park.decode.hj212_pieces import gather
from park.decode.hj212_plan import CODEC, KINDS, PLANS, Plan, anybody
from park.decode.hj212_time import instant
from park.decode.said import Said
from park.malformed import Malformed
from park.quality import Quality
from park.reading import Claim
from park.reason import Reason

NUMBER = re.compile(r"[+-]?(\d++\.?\d*+|\.\d++)([eE][+-]?\d{1,3})?", re.ASCII)

ABOUT: Final = frozenset({"Flag", "SampleTime"})
FLAGS: Final = {
    "": Quality.GOOD,
    "N": Quality.GOOD,
    "F": Quality.STOPPED,
    "M": Quality.MAINTENANCE,
    "S": Quality.SUBSTITUTED,
    "D": Quality.FAULT,
    "C": Quality.CALIBRATION,
    "T": Quality.IMPLAUSIBLE,  # above what it can measure: kept, because a real exceedance looks the same
    "B": Quality.FAULT,
    "H": Quality.UNCERTAIN,  # too few valid values in the period
    "P": Quality.FAULT,  # power failure, 2005
    "0": Quality.CALIBRATION,  # ambient air in 2005: 0 calibration, 1 weather, 2 abnormal, 3 normal
    "1": Quality.GOOD,
    "2": Quality.UNCERTAIN,
    "3": Quality.GOOD,
}
Fields = dict[str, str]


def read(payload: bytes, context: Context) -> Said:
    """Read one frame, or what a piece of a message completes.  Raises only Malformed."""
    frame = parse(payload)
    plans = _plans(frame, context)
    kind = KINDS.get(frame.cn)
    if kind is None:
        return Said([], remarks=(*frame.remarks, "command"))
    frame = gather(frame, context.memory)
    remarks = dict.fromkeys(frame.remarks)
    time, factors = _data(frame.cp, remarks)
    takers = [plan for plan in plans if kind in plan.take]
    claims: list[Claim] = []
    for code, fields in factors.items():
        quality = _quality(fields.get("Flag", ""), remarks)
        at = None
        for name, text in fields.items():
            if name in ABOUT or not text or _lesser(fields, name, kind):
                continue
            for meter, metric, unit in _targets(takers, code, name, frame.st, remarks):
                if at is None:
                    at = instant(fields.get("SampleTime") or time)
                value = float(text) if NUMBER.fullmatch(text) else math.nan  # admission says that it is no number
                claims.append(Claim(meter, metric, value, at, quality, unit))
    _refuse_twice(claims)
    return Said(claims, remarks=tuple(remarks))


def _plans(frame: Frame, context: Context) -> list[Plan]:
    """Find the meters of a station; a context of which only the meter's name is known trusts the frame."""
    if not context.meters and context.meter:
        return [anybody(context.meter)]
    found = [plan for plan in map(PLANS.of, context.meters) if plan.mn and plan.mn == frame.mn]
    if not found:
        raise Malformed(Reason.UNKNOWN_SENDER, f"hj212 MN={frame.mn}")
    return found


def _data(cp: str, remarks: dict[str, None]) -> tuple[str, dict[str, Fields]]:
    """Sort the data of a frame by factor."""
    time = ""
    factors: dict[str, Fields] = {}
    for group in cp.split(";"):
        for item in group.split(","):
            key, equals, value = item.partition("=")
            if not equals:
                if item.strip():
                    raise Malformed(Reason.NOT_READABLE, item)
                continue
            code, dash, field = key.strip().partition("-")
            if not dash:
                if code == "DataTime":
                    if time and time != value.strip():
                        raise Malformed(Reason.METRIC_TWICE, code)
                    time = value.strip()
                else:
                    remarks["field"] = None
                continue
            fields = factors.setdefault(code, {})
            if field in fields:
                raise Malformed(Reason.METRIC_TWICE, key)
            fields[field] = value.strip()
    return time, factors


def _lesser(fields: Fields, name: str, kind: str) -> bool:
    """Tell whether a frame says a value again that it says in its own way: a mean beside the momentary value."""
    own, other = ("Rtd", "Avg") if kind == "realtime" else ("Avg", "Rtd")
    stem = name.removesuffix(other)
    return stem != name and bool(fields.get(stem + own))


def _targets(
    plans: list[Plan], code: str, name: str, st: str, remarks: dict[str, None]
) -> list[tuple[str, str, str | None]]:
    """Tell whose value this is, by which metric, in which unit."""
    found: list[tuple[Plan, str, str | None]] = []
    for plan in plans:
        meant = plan.meant(code, name, st)
        if isinstance(meant, str):
            remarks[meant] = None
        elif meant is not None:
            found.append((plan, *meant))
    if len(found) > 1:
        listed = [each for each in found if each[1] in each[0].lists]
        found = listed or [each for each in found if each[0].suits(each[1])][:1] or found[:1]
    return [(plan.meter, metric, unit) for plan, metric, unit in found]


def _quality(letter: str, remarks: dict[str, None]) -> int:
    found = FLAGS.get(letter.upper())
    if found is None:
        remarks["flag"] = None
        found = Quality.UNCERTAIN
    return int(found)


def _refuse_twice(claims: list[Claim]) -> None:
    """Refuse two factors of one frame that give one meter the same metric at the same instant."""
    seen: set[tuple[str, str, datetime]] = set()
    for claim in claims:
        if (claim.meter, claim.metric, claim.at) in seen:
            raise Malformed(Reason.METRIC_TWICE, claim.metric)
        seen.add((claim.meter, claim.metric, claim.at))


DIALECT = Dialect(CODEC, "HJ 212 (2005、2017、2025)", "HJ 212 (2005, 2017, 2025)", read, check, topics)

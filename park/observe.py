"""How a reading, or the passing of time, changes what one leaf of a condition remembers."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

import msgspec

from park import condition as c
from park.alert import Verdict
from park.evidence import Evidence, Point, Setting, Why
from park.window import SITE, floor

HOUR = timedelta(hours=1)
TICK = timedelta(milliseconds=1)
LEARN = 0.2
"""How much a new week counts in what is usual."""


def see(leaf: c.AnyLeaf, known: Evidence, point: Point, setting: Setting) -> Evidence:
    """Take in one reading, not older than the one before."""
    heard = msgspec.structs.replace(known, at=point.at, heard=point.received)
    match leaf:
        case c.Silent():
            return msgspec.structs.replace(heard, verdict=Verdict.CLEAR, why=Why.WITHIN, value=None)
        case c.Flagged():
            return _judged(heard, point.value, breach=bool(point.quality & leaf.bits))
        case c.Skew():
            return _judged(heard, point.ahead, breach=abs(point.ahead) > leaf.by.total_seconds())
        case c.Unbalance():
            return _unbalance(leaf, heard, point)
        case _:
            return _doubted(heard, point) or _SEEN[type(leaf)](leaf, heard, known, point, setting)


def _doubted(heard: Evidence, point: Point) -> Evidence | None:
    """Take no reading for evidence that says itself that it is none."""
    if point.quality & c.EXCUSES:
        return msgspec.structs.replace(heard, verdict=None, why=Why.EXCUSED, value=point.value)
    if point.quality & c.BROKEN:
        return msgspec.structs.replace(heard, verdict=Verdict.SILENT, why=Why.BROKEN, value=None)
    return None


def pass_time(leaf: c.AnyLeaf, known: Evidence, now: datetime, setting: Setting, awake: datetime) -> Evidence:
    """Let time pass without a reading, on our own clock.  Nobody is silent before we have listened, since `awake`."""
    since = known.heard and max(known.heard, awake)
    if isinstance(leaf, c.Silent):
        quiet = since is not None and now - since > leaf.after
        return _judged(known, None, breach=True) if quiet else known
    if isinstance(leaf, c.Mean) and known.since is not None and now >= known.since + leaf.of + 2 * setting.period:
        return _closed(leaf, known, setting)
    if since is not None and now - since > setting.silent_after and known.why is not Why.SILENT:
        return msgspec.structs.replace(known, verdict=Verdict.SILENT, why=Why.SILENT)
    return known


def turning_points(leaf: c.AnyLeaf, known: Evidence, setting: Setting, awake: datetime) -> Iterator[datetime]:
    """Give the moments at which `pass_time` may change something, just passed."""
    since = known.heard and max(known.heard, awake)
    if isinstance(leaf, c.Silent):
        if since is not None and known.verdict is not Verdict.BREACH:
            yield since + leaf.after + TICK
        return
    if isinstance(leaf, c.Mean) and known.since is not None:
        yield known.since + leaf.of + 2 * setting.period
    if since is not None and known.why is not Why.SILENT:
        yield since + setting.silent_after + TICK


def _judged(known: Evidence, value: float | None, *, breach: bool) -> Evidence:
    verdict, why = (Verdict.BREACH, Why.BEYOND) if breach else (Verdict.CLEAR, Why.WITHIN)
    return msgspec.structs.replace(known, verdict=verdict, why=why, value=value, burning=breach)


def _banded(known: Evidence, value: float, *, beyond: bool, back: bool) -> Evidence:
    """Judge with hysteresis: between the two limits a breach stays one, and nothing becomes one."""
    if not beyond and not back:
        before = Verdict.BREACH if known.burning else Verdict.CLEAR
        return msgspec.structs.replace(known, verdict=before, why=Why.BETWEEN, value=value)
    return _judged(known, value, breach=beyond)


def _above(leaf: c.Above, heard: Evidence, _: Evidence, point: Point, __: Setting) -> Evidence:
    beyond = point.value > leaf.limit or (leaf.reached and point.value == leaf.limit)
    return _banded(heard, point.value, beyond=beyond, back=point.value <= leaf.clear)


def _below(leaf: c.Below, heard: Evidence, _: Evidence, point: Point, __: Setting) -> Evidence:
    beyond = point.value < leaf.limit or (leaf.reached and point.value == leaf.limit)
    return _banded(heard, point.value, beyond=beyond, back=point.value >= leaf.clear)


def _outside(leaf: c.Outside, heard: Evidence, _: Evidence, point: Point, __: Setting) -> Evidence:
    value = point.value
    beyond = not leaf.low <= value <= leaf.high
    return _banded(heard, value, beyond=beyond, back=leaf.clear_low <= value <= leaf.clear_high)


def _is(leaf: c.Is, heard: Evidence, _: Evidence, point: Point, __: Setting) -> Evidence:
    return _judged(heard, point.value, breach=point.value == leaf.state)


def _rise(leaf: c.Rise, heard: Evidence, _: Evidence, point: Point, __: Setting) -> Evidence:
    """Compare with the lowest of the window (the highest, for a fall): only what may still be that is kept."""
    sign = 1.0 if leaf.by > 0 else -1.0
    kept = tuple((at, v) for at, v in heard.window if point.at - at <= leaf.within and sign * v < sign * point.value)
    window = (*kept, (point.at, point.value))
    risen = point.value - window[0][1]
    judged = _judged(heard, risen, breach=sign * risen > abs(leaf.by))
    return msgspec.structs.replace(judged, window=window)


def _stuck(leaf: c.Stuck, heard: Evidence, _: Evidence, point: Point, __: Setting) -> Evidence:
    if heard.last is None or heard.since is None or abs(point.value - heard.last) > leaf.tolerance:
        moved = msgspec.structs.replace(heard, last=point.value, since=point.at, count=1)
        return _judged(moved, point.value, breach=False)
    still = msgspec.structs.replace(heard, count=heard.count + 1)
    long = point.at - heard.since >= leaf.within and still.count >= leaf.samples
    return _judged(still, point.value, breach=long)


def _backwards(leaf: c.Backwards, heard: Evidence, _: Evidence, point: Point, __: Setting) -> Evidence:
    fell = heard.last is not None and point.value < heard.last - leaf.by
    grew = heard.last is None or point.value > heard.last
    fallen = heard.last - point.value if fell and heard.last is not None else point.value
    judged = _banded(heard, fallen, beyond=fell, back=grew)
    return msgspec.structs.replace(judged, last=point.value)


def _mean(leaf: c.Mean, heard: Evidence, _: Evidence, point: Point, setting: Setting) -> Evidence:
    start = floor(point.at, leaf.of)
    if heard.since is not None and heard.since != start:
        heard = _closed(leaf, heard, setting)
    if heard.since is None:
        return msgspec.structs.replace(heard, since=start, count=1, total=point.value)
    return msgspec.structs.replace(heard, count=heard.count + 1, total=heard.total + point.value)


def _closed(leaf: c.Mean, known: Evidence, setting: Setting) -> Evidence:
    """End a window and judge it."""
    ended = msgspec.structs.replace(known, since=None, count=0, total=0.0)
    if known.count < leaf.valid * (leaf.of / setting.period):
        return msgspec.structs.replace(ended, verdict=None, why=Why.TOO_FEW, value=None)
    mean = known.total / known.count
    return _judged(ended, mean, breach=mean < leaf.limit if leaf.under else mean > leaf.limit)


def _quota(leaf: c.Quota, heard: Evidence, known: Evidence, point: Point, setting: Setting) -> Evidence:
    start = floor(point.at, leaf.of)
    total = heard.total if heard.since == start else 0.0
    if heard.last is not None and known.at is not None and known.at >= start:
        gone = point.at - known.at
        if leaf.register:
            total += max(0.0, point.value - heard.last)
        elif gone <= max(3 * setting.period, timedelta(minutes=5)):
            total += (point.value + heard.last) / 2 * (gone / HOUR)
    judged = _judged(heard, total, breach=total > leaf.limit)
    return msgspec.structs.replace(judged, since=start, total=total, last=point.value)


def _deviation(leaf: c.Deviation, heard: Evidence, _: Evidence, point: Point, __: Setting) -> Evidence:
    start = floor(point.at, HOUR)
    usual = heard.usual or ((0.0, 0),) * 168
    if heard.since is not None and heard.since != start:
        usual = _learnt(usual, _hour(heard.since), heard.total / heard.count)
        heard = msgspec.structs.replace(heard, count=0, total=0.0)
    heard = msgspec.structs.replace(
        heard, usual=usual, since=start, count=heard.count + 1, total=heard.total + point.value
    )
    mean, weeks = usual[_hour(start)]
    if weeks < leaf.weeks:
        return msgspec.structs.replace(heard, verdict=None, why=Why.LEARNING, value=point.value)
    off = point.value - mean
    wrong_side = (leaf.side is c.Side.OVER and off < 0) or (leaf.side is c.Side.UNDER and off > 0)
    return _judged(heard, off, breach=not wrong_side and abs(off) > max(leaf.share * abs(mean), leaf.least))


def _learnt(usual: tuple[tuple[float, int], ...], hour: int, value: float) -> tuple[tuple[float, int], ...]:
    mean, weeks = usual[hour]
    weight = max(LEARN, 1 / (weeks + 1))
    return (*usual[:hour], (mean + (value - mean) * weight, weeks + 1), *usual[hour + 1 :])


def _hour(at: datetime) -> int:
    return int((at.timestamp() // 3600) % 168)


def _during(leaf: c.During, heard: Evidence, _: Evidence, point: Point, __: Setting) -> Evidence:
    at = point.at.astimezone(SITE).time()
    over_midnight = leaf.end <= leaf.start
    within = (leaf.start <= at or at < leaf.end) if over_midnight else leaf.start <= at < leaf.end
    return _judged(heard, point.value, breach=within)


def _unbalance(leaf: c.Unbalance, heard: Evidence, point: Point) -> Evidence:
    names = c.metrics_of(leaf)
    before = heard.phases or (None,) * len(names)
    now = (point.at, point.value, point.quality)
    phases = tuple(now if name == point.metric else one for name, one in zip(names, before, strict=True))
    heard = msgspec.structs.replace(heard, phases=phases)
    said = [one for one in phases if one is not None and one[0] == point.at]
    if len(said) < len(names):
        return heard  # the other phases of this moment are yet to come
    mean = sum(value for _, value, _ in said) / len(said)
    quality = reduce(or_, (quality for _, _, quality in said))
    doubted = _doubted(heard, point._replace(value=mean, quality=quality))
    if doubted is not None or mean <= 0:
        return doubted or msgspec.structs.replace(heard, verdict=None, why=Why.NOTHING, value=None)
    off = 100 * max(abs(value - mean) for _, value, _ in said) / mean
    return _judged(heard, off, breach=off > leaf.limit)


_SEEN: dict[type, Callable[..., Evidence]] = {
    c.Above: _above,
    c.Below: _below,
    c.Outside: _outside,
    c.Is: _is,
    c.Rise: _rise,
    c.Stuck: _stuck,
    c.Backwards: _backwards,
    c.Mean: _mean,
    c.Quota: _quota,
    c.Deviation: _deviation,
    c.During: _during,
}

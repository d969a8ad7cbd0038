"""Reading the forms of a condition that look at one metric, each with what may stand beside it."""

import re
from collections.abc import Callable, Mapping
from datetime import time, timedelta

from park import condition as c
from park import period
from park.derived import watchable
from park.metric import Kind, Metric
from park.quality import BY_NAME
from park.registry_notes import Notes, join, show
from park.rule_quantity import Sense, is_flow, read_limit, read_quantity, read_share

MOST = 10_000
HOURS = re.compile(r"(\d\d:\d\d)\s*-\s*(\d\d:\d\d)")
Read = Callable[[Notes, str, Mapping[str, object], Metric], c.Condition | None]


def _band(notes: Notes, path: str, given: Mapping[str, object], metric: Metric) -> c.Condition:
    """Read a limit and where it is clear again; without one, at the limit itself."""
    form = next(name for name in BANDS if name in given)
    kind, reached = BANDS[form]
    limit = read_limit(notes, join(path, form), given[form], metric)
    clear = read_limit(notes, join(path, "clear"), given["clear"], metric) if "clear" in given else limit
    if limit is None or clear is None:
        return kind(metric=metric.name, limit=0.0, clear=0.0)
    beyond = clear.number > limit.number if kind is c.Above else clear.number < limit.number
    if clear.rated is not limit.rated or beyond:
        notes.add(
            join(path, "clear"),
            f"恢复值 {show(given['clear'])} 应在限值 {show(given[form])} 以内, 并以同样方式书写。",
            f"It is clear again at {show(given['clear'])}, which must be within the limit {show(given[form])} and "
            "be written in the same way.",
        )
    return kind(metric=metric.name, limit=limit.number, clear=clear.number, reached=reached, rated=limit.rated)


def _pair(notes: Notes, path: str, value: object, metric: Metric) -> tuple[float, float] | None:
    items = notes.items(path, value)
    if len(items) != 2:  # noqa: PLR2004  # a low and a high one
        notes.add(
            path, "请写出下限和上限, 如 [49.8 Hz, 50.2 Hz]。", "Give the low and the high limit: [49.8 Hz, 50.2 Hz]."
        )
        return None
    low, high = (read_quantity(notes, f"{path}[{n}]", item, metric) for n, item in enumerate(items))
    if low is None or high is None:
        return None
    if low >= high:
        notes.add(path, "下限应小于上限。", "The low limit must be below the high one.")
        return None
    return low, high


def _outside(notes: Notes, path: str, given: Mapping[str, object], metric: Metric) -> c.Condition | None:
    limits = _pair(notes, join(path, "outside"), given["outside"], metric)
    clear = _pair(notes, join(path, "clear"), given["clear"], metric) if "clear" in given else limits
    if limits is None or clear is None:
        return None
    if clear[0] < limits[0] or clear[1] > limits[1]:
        notes.add(join(path, "clear"), "恢复范围应在限值以内。", "It must be clear again within the limits.")
    return c.Outside(metric=metric.name, low=limits[0], high=limits[1], clear_low=clear[0], clear_high=clear[1])


def _time(notes: Notes, path: str, value: object) -> timedelta:
    try:
        return period.read(value if isinstance(value, str) else "")
    except ValueError:
        notes.add(
            path,
            f"时长 {show(value)} 无法识别; 请写成 30s、10m、1h、1d。",
            f"Time {show(value)} is not understood; write 30s, 10m, 1h or 1d.",
        )
        return timedelta(0)


def _count(notes: Notes, path: str, value: object, usual: int) -> int:
    """Read a whole number from 1 on."""
    if value is None:
        return usual
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MOST:
        return value
    notes.add(
        path,
        f"这里应是 1 到 {MOST} 的整数, 如 {usual}, 而不是 {show(value)}。",
        f"This must be a whole number from 1 to {MOST}, such as {usual}, not {show(value)}.",
    )
    return usual


def _rise(notes: Notes, path: str, given: Mapping[str, object], metric: Metric) -> c.Condition:
    form = "rise" if "rise" in given else "fall"
    by = read_quantity(notes, join(path, form), given[form], metric, Sense.DIFFERENCE) or 0.0
    if by <= 0:
        notes.add(join(path, form), "变化量应大于 0。", "A change is above 0.")
    within = _time(notes, join(path, "within"), given["within"])
    return c.Rise(metric=metric.name, by=by if form == "rise" else -by, within=within)


def _stuck(notes: Notes, path: str, given: Mapping[str, object], metric: Metric) -> c.Condition:
    within = _time(notes, join(path, "stuck"), given["stuck"])
    tolerance = 0.0
    if "tolerance" in given:
        tolerance = read_quantity(notes, join(path, "tolerance"), given["tolerance"], metric, Sense.DIFFERENCE) or 0.0
    samples = _count(notes, join(path, "samples"), given.get("samples"), 5)
    return c.Stuck(metric=metric.name, within=within, tolerance=tolerance, samples=samples)


def _silent(notes: Notes, path: str, given: Mapping[str, object], metric: Metric) -> c.Condition:
    return c.Silent(metric=metric.name, after=_time(notes, join(path, "silent"), given["silent"]))


def _mean(notes: Notes, path: str, given: Mapping[str, object], metric: Metric) -> c.Condition:
    sides = [side for side in ("above", "below") if side in given]
    if len(sides) != 1:
        notes.add(path, "均值需要 above 或 below 之一。", "A mean needs one of above and below.")
        return c.Mean(metric=metric.name, of=timedelta(hours=1), limit=0.0)
    [side] = sides
    limit = read_quantity(notes, join(path, side), given[side], metric) or 0.0
    valid = read_share(notes, join(path, "valid"), given["valid"], most=1.0) if "valid" in given else 0.75
    of = _time(notes, join(path, "mean"), given["mean"])
    return c.Mean(metric=metric.name, of=of, limit=limit, under=side == "below", valid=valid or 0.75)


def _quota(notes: Notes, path: str, given: Mapping[str, object], metric: Metric) -> c.Condition:
    if metric.kind is not Kind.REGISTER and not is_flow(metric):
        notes.add(
            join(path, "quota"),
            f"{metric.name} 不是流量, 没有累计量可言。",
            f"{metric.name} is no flow; nothing adds up.",
        )
        return c.Quota(metric=metric.name, of=timedelta(hours=1), limit=0.0, register=False)
    limit = read_quantity(notes, join(path, "above"), given["above"], metric, Sense.SUM) or 0.0
    of = _time(notes, join(path, "quota"), given["quota"])
    return c.Quota(metric=metric.name, of=of, limit=limit, register=metric.kind is Kind.REGISTER)


def _deviation(notes: Notes, path: str, given: Mapping[str, object], metric: Metric) -> c.Condition:
    share = read_share(notes, join(path, "deviation"), given["deviation"]) or 0.0
    least = 0.0
    if "least" in given:
        least = read_quantity(notes, join(path, "least"), given["least"], metric, Sense.DIFFERENCE) or 0.0
    weeks = _count(notes, join(path, "weeks"), given.get("weeks"), 2)
    word = notes.choice(join(path, "side"), given["side"], tuple(c.Side)) if "side" in given else None
    return c.Deviation(metric=metric.name, share=share, least=least, weeks=weeks, side=c.Side(word or c.Side.EITHER))


def _during(notes: Notes, path: str, given: Mapping[str, object], metric: Metric) -> c.Condition | None:
    here = join(path, "during")
    found = HOURS.fullmatch(str(given["during"]))
    try:
        start, end = (time.fromisoformat(one) for one in found.groups()) if found else (None, None)
    except ValueError:
        start = end = None
    if start is None or end is None:
        notes.add(
            here,
            f"时段 {show(given['during'])} 无法识别; 请写成 00:30-05:00。",
            f"Hours {show(given['during'])} are not understood; write 00:30-05:00.",
        )
        return None
    return c.During(metric=metric.name, start=start, end=end)


def _unbalance(notes: Notes, path: str, given: Mapping[str, object], metric: Metric) -> c.Condition:
    here = join(path, "unbalance")
    names = [
        notes.choice(f"{here}[{place}]", one, tuple(watchable()))
        for place, one in enumerate(notes.items(here, given["unbalance"]))
    ]
    beside = [watchable()[name] for name in names if name is not None]
    if len({metric.name, *names}) < len(names) + 1 or any(one.unit != metric.unit for one in beside) or not names:
        notes.add(
            here,
            f"请写出另外几相的指标, 单位应与 {metric.name} 相同, 如 metric: u1 与 unbalance: [u2, u3]。",
            f"Name the metrics of the other phases, of the unit of {metric.name}: metric: u1, unbalance: [u2, u3].",
        )
    limit = read_share(notes, join(path, "above"), given["above"]) or 0.0
    return c.Unbalance(metric=metric.name, beside=tuple(one.name for one in beside), limit=100 * limit)


def _is(notes: Notes, path: str, given: Mapping[str, object], metric: Metric) -> c.Condition:
    if given["is"] not in (0, 1) or metric.kind is not Kind.STATE:
        notes.add(join(path, "is"), "is 只用于状态量, 取 0 或 1。", "`is` is for states alone, 0 or 1.")
        return c.Is(metric=metric.name, state=1.0)
    return c.Is(metric=metric.name, state=float(given["is"]))


def _backwards(notes: Notes, path: str, given: Mapping[str, object], metric: Metric) -> c.Condition:
    by = given["backwards"]
    if metric.kind is not Kind.REGISTER:
        notes.add(
            path, f"{metric.name} 不是累计量, 不会倒走。", f"{metric.name} is no register; it cannot run backwards."
        )
    found = 0.0 if by is True else read_quantity(notes, join(path, "backwards"), by, metric, Sense.DIFFERENCE)
    return c.Backwards(metric=metric.name, by=found or 0.0)


def _skew(notes: Notes, path: str, given: Mapping[str, object], metric: Metric) -> c.Condition:
    return c.Skew(metric=metric.name, by=_time(notes, join(path, "skew"), given["skew"]))


def _flagged(notes: Notes, path: str, given: Mapping[str, object], metric: Metric) -> c.Condition:
    bits = 0
    here = join(path, "flagged")
    for place, item in enumerate(notes.items(here, given["flagged"])):
        word = notes.choice(f"{here}[{place}]", item, tuple(name for name, flag in BY_NAME.items() if flag))
        bits |= int(BY_NAME.get(word or "", 0))
    return c.Flagged(metric=metric.name, bits=bits)


BANDS: dict[str, tuple[type[c.Above | c.Below], bool]] = {
    "above": (c.Above, False),
    "reaches": (c.Above, True),
    "below": (c.Below, False),
    "drops_to": (c.Below, True),
}
"""Words for a limit: which side is the breach, and whether the limit itself is one."""
FORMS: dict[str, tuple[Read, tuple[str, ...], tuple[str, ...]]] = {
    "mean": (_mean, ("above", "below", "valid"), ()),
    "quota": (_quota, ("above",), ("above",)),
    "unbalance": (_unbalance, ("above",), ("above",)),
    **dict.fromkeys(BANDS, (_band, ("clear",), ())),
    "outside": (_outside, ("clear",), ()),
    "rise": (_rise, ("within",), ("within",)),
    "fall": (_rise, ("within",), ("within",)),
    "stuck": (_stuck, ("tolerance", "samples"), ()),
    "silent": (_silent, (), ()),
    "deviation": (_deviation, ("least", "weeks", "side"), ()),
    "during": (_during, (), ()),
    "is": (_is, (), ()),
    "backwards": (_backwards, (), ()),
    "skew": (_skew, (), ()),
    "flagged": (_flagged, (), ()),
}
"""Each form with what may and what must stand beside it; those that share a word come before what the word is alone."""

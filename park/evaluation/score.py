"""How a value becomes points: each step is written out in a sentence, with the numbers that went into it."""

from collections.abc import Sequence
from math import fsum

from park.evaluation.indicator import Direction, Indicator, Value, indicators
from park.evaluation.panel import panel
from park.evaluation.result import Standard
from park.evaluation.said import Said, plain
from park.evaluation.scheme import Item, Method
from park.evaluation.subject import Subject

FULL = 100.0
Points = tuple[float | None, float | None, Said]
"""Before floor and cap, after them, and how it came about."""


def standard(item: Item, members: Sequence[Subject]) -> Standard:
    """Find what the members of a cohort are held against, and their average points where they have a value."""
    indicator = indicators()[item.key]
    values = [value for subject in members if (value := indicator.of(subject.quantities)).value is not None]
    known = [value.value for value in values if value.value is not None]
    mean = panel(indicator, members).value
    fixed = item.benchmark.fixed
    minmax = item.method is Method.MINMAX
    made = Standard(
        key=item.key,
        benchmark=None if minmax else fixed if fixed is not None else _times(mean, item.benchmark.times),
        least=(min(known, default=None) if item.least is None else item.least) if minmax else None,
        most=(max(known, default=None) if item.most is None else item.most) if minmax else None,
        average=None,
    )
    scored = [score for value in values if (score := points(item, value, made)[1]) is not None]
    average = fsum(scored) / len(scored) if scored else None
    return Standard(made.key, made.benchmark, made.least, made.most, average)


def points(item: Item, value: Value, held: Standard) -> Points:
    """Score one value against the standard."""
    indicator = indicators()[item.key]
    if value.value is None:
        why = value.why or Said("没有数据", "nothing is known")
        return None, None, why
    way = _minmax if item.method is Method.MINMAX else _ratio
    raw, step = way(item, indicator, value.value, held)
    if raw is None:
        return None, None, step
    score, bound = _within(item, raw)
    return raw, score, Said(step.zh + bound.zh, step.en + bound.en)


def _ratio(item: Item, indicator: Indicator, value: float, held: Standard) -> tuple[float | None, Said]:
    base = held.benchmark
    if base is None or base <= 0:
        shown = "—" if base is None else plain(base)
        return None, Said(f"基准值 {shown} 不大于 0, 不能按比值计分", f"benchmark {shown} is not above 0: no ratio")
    if indicator.direction is Direction.HIGHER:
        raw = value / base * item.weight
        sum_ = f"{plain(value)} ÷ {plain(base)} × {plain(item.weight)} = {plain(raw)}"
        return raw, Said(sum_, sum_)
    if value <= 0:  # the best there is: what the cap allows, which the scheme must name
        most = (item.cap or 0.0) * item.weight
        return most, Said(f"{plain(value)} 不大于 0, 取上限", f"{plain(value)} is not above 0: the cap")
    raw = base / value * item.weight
    sum_ = f"{plain(base)} ÷ {plain(value)} × {plain(item.weight)} = {plain(raw)}"
    return raw, Said(sum_, sum_)


def _minmax(item: Item, indicator: Indicator, value: float, held: Standard) -> tuple[float | None, Said]:
    if held.least is None or held.most is None:
        return None, Said("组内没有最小值与最大值", "the cohort has no minimum and maximum")
    if held.most <= held.least:
        raw = item.weight
        return raw, Said("最大值不大于最小值, 记满分", "the maximum is not above the minimum: full points")
    inside = min(max(value, held.least), held.most)
    over = inside - held.least if indicator.direction is Direction.HIGHER else held.most - inside
    raw = item.weight * (item.base + (FULL - item.base) * over / (held.most - held.least)) / FULL
    part = (
        f"({plain(inside)} − {plain(held.least)})"
        if indicator.direction is Direction.HIGHER
        else f"({plain(held.most)} − {plain(inside)})"
    )
    sum_ = (
        f"{plain(item.weight)} × [{plain(item.base)} + {plain(FULL - item.base)} × {part} ÷ "
        f"({plain(held.most)} − {plain(held.least)})] ÷ 100 = {plain(raw)}"
    )
    return raw, Said(sum_, sum_)


def _within(item: Item, raw: float) -> tuple[float, Said]:
    """Hold points between floor and cap."""
    most = None if item.cap is None else item.cap * item.weight
    least = None if item.floor is None else item.floor * item.weight
    if most is not None and raw > most:
        return most, Said(f"; 上限 {plain(most)}", f"; at most {plain(most)}")
    if least is not None and raw < least:
        return least, Said(f"; 下限 {plain(least)}", f"; at least {plain(least)}")
    return raw, Said("", "")


def _times(mean: float | None, times: float) -> float | None:
    return None if mean is None else mean * times

"""A condition in words, as people at the alarm desk read it, and the lines that its limits draw into a curve."""

from collections.abc import Iterator
from typing import NamedTuple

from park import condition as c
from park.derived import watchable
from park.message import lasting, number
from park.quality import names
from park.rule_quantity import summed


class Limit(NamedTuple):
    """A line in the curve of a metric."""

    metric: str
    value: float
    over: bool
    """Whether the breach is above it."""


def limits(when: c.Condition) -> Iterator[Limit]:
    """Give the lines, where the condition's limits are values of the metric itself."""
    for leaf in c.leaves(when):
        match leaf:
            case c.Above(limit=limit, rated=False):
                yield Limit(leaf.metric, limit, over=True)
            case c.Below(limit=limit, rated=False):
                yield Limit(leaf.metric, limit, over=False)
            case c.Outside(low=low, high=high):
                yield Limit(leaf.metric, low, over=False)
                yield Limit(leaf.metric, high, over=True)
            case c.Mean(limit=limit, under=under):
                yield Limit(leaf.metric, limit, over=not under)
            case _:
                pass


def words(when: c.Condition, language: str) -> str:
    """Say a condition."""
    zh = language == "zh"
    match when:
        case c.All(parts):
            return (" 且 " if zh else " and ").join(_inner(part, language) for part in parts)
        case c.Any(parts):
            return (" 或 " if zh else " or ").join(_inner(part, language) for part in parts)
        case c.Not(part):
            return f"{'非' if zh else 'not '}({words(part, language)})"
        case _:
            return _leaf(when, language)


def _inner(part: c.Condition, language: str) -> str:
    text = words(part, language)
    return f"({text})" if isinstance(part, c.All | c.Any) else text


def _leaf(leaf: c.AnyLeaf, language: str) -> str:  # noqa: C901, PLR0911, PLR0912  # one a kind of leaf
    zh = language == "zh"
    metric = watchable().get(leaf.metric)
    unit = "" if metric is None or metric.unit == "1" else f" {metric.unit}"
    name = leaf.metric if metric is None else metric.zh if zh else metric.en
    if leaf.metric == c.FIRST:
        name = "设备" if zh else "the meter"
    match leaf:
        case c.Above(limit=limit, reached=reached, rated=rated) | c.Below(limit=limit, reached=reached, rated=rated):
            sign = (">" if isinstance(leaf, c.Above) else "<") if not reached else _at(leaf)
            limit_words = (
                f"{number(100 * limit)} % {'额定' if zh else 'of its rating'}" if rated else f"{number(limit)}{unit}"
            )
            return f"{name} {sign} {limit_words}"
        case c.Outside(low=low, high=high):
            return f"{name} {'不在' if zh else 'outside'} {number(low)}…{number(high)}{unit}"
        case c.Rise(by=by, within=within):
            verb = ("上升" if by > 0 else "下降") if zh else ("rises" if by > 0 else "falls")
            amount = f"{number(abs(by))}{unit}"
            span = lasting(within, language)
            return f"{name} {span}内{verb}超过 {amount}" if zh else f"{name} {verb} by more than {amount} within {span}"
        case c.Stuck(within=within):
            span = lasting(within, language)
            return f"{name} {span}不变" if zh else f"{name} does not move for {span}"
        case c.Silent(after=after):
            span = lasting(after, language)
            return f"{name} {span}无数据" if zh else f"{name} silent for {span}"
        case c.Mean(of=of, limit=limit, under=under):
            span = lasting(of, language)
            sign = "<" if under else ">"
            return (
                f"{name} {span}均值 {sign} {number(limit)}{unit}"
                if zh
                else f"mean {name} of {span} {sign} {number(limit)}{unit}"
            )
        case c.Quota(of=of, limit=limit, register=register):
            span = lasting(of, language)
            total = metric.unit if metric is not None and register else "" if metric is None else summed(metric.unit)
            return (
                f"{name} {span}累计 > {number(limit)} {total}"
                if zh
                else f"{name} over {span} > {number(limit)} {total}"
            )
        case c.Deviation(share=share):
            off = f"{number(100 * share)} %"
            return f"{name} 偏离同期常态超过 {off}" if zh else f"{name} off its usual by more than {off}"
        case c.During(start=start, end=end):
            hours = f"{start:%H:%M}–{end:%H:%M}"
            return f"在 {hours} 之间" if zh else f"between {hours}"
        case c.Unbalance(limit=limit):
            return f"三相不平衡 > {number(limit)} %" if zh else f"phases unbalanced by more than {number(limit)} %"
        case c.Is(state=state):
            return f"{name} = {number(state)}"
        case c.Backwards():
            return f"{name} 倒走" if zh else f"{name} runs backwards"
        case c.Skew(by=by):
            span = lasting(by, language)
            return f"时钟偏差超过 {span}" if zh else f"clock off by more than {span}"
        case c.Flagged(bits=bits):
            return f"{'质量标志' if zh else 'flagged'} {'/'.join(names(bits))}"


def _at(leaf: c.Above | c.Below) -> str:
    return "≥" if isinstance(leaf, c.Above) else "≤"

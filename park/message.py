"""The words of a notice, in Chinese or English, with values and units as people write them."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from park import condition as c
from park.alert_change import AlertChange, Kind
from park.derived import watchable
from park.own_rule import HEARTBEAT
from park.place import Enterprise, Meter
from park.rule import Rule, Text
from park.rule_quantity import summed
from park.severity import EN, ZH
from park.window import SITE

HEADS: Mapping[Kind, Text] = {
    Kind.CLEARED: Text("【恢复】", "[Over] "),
    Kind.ESCALATED: Text("【升级】", "[Escalated] "),
    Kind.RENOTIFIED: Text("【仍未确认】", "[Still unacknowledged] "),
    Kind.RELEASED: Text("【仍在告警】", "[Still burning] "),
    Kind.ACKNOWLEDGED: Text("【已确认】", "[Acknowledged] "),
    Kind.SHELVED: Text("【已搁置】", "[Shelved] "),
    Kind.UNSHELVED: Text("【取消搁置】", "[No longer shelved] "),
    Kind.SHELF_EXPIRED: Text("【搁置到期】", "[Shelf expired] "),
    Kind.CLOSED: Text("【已关闭】", "[Closed] "),
}
DRILL = Text("【演练】", "[DRILL] ")
PRESENT = Text(
    "{metric} {value} {unit}, 限值 {limit} {unit}, 始于 {since}",
    "{metric} {value} {unit}, limit {limit} {unit}, since {since}",
)
UNLIMITED = Text("{metric} {value} {unit}, 始于 {since}", "{metric} {value} {unit}, since {since}")
WORDLESS = Text("始于 {since}", "Since {since}")
OVER = Text(
    "{metric} {value} {unit}, 始于 {since}, 持续 {lasted}",
    "{metric} {value} {unit}, since {since}, for {lasted}",
)
OVER_WORDLESS = Text("始于 {since}, 持续 {lasted}", "Since {since}, for {lasted}")
RUNBOOK = Text("处置: ", "What to do: ")
BURNING = frozenset({Kind.RAISED, Kind.ESCALATED, Kind.RENOTIFIED, Kind.RELEASED, Kind.RELAPSED})
STRAY = re.compile(r"\s+(?=[,，;；。)）]|$)")
BRACES = re.compile(r"\{(\w+)\}")
OF_TIME = (c.Stuck, c.Silent, c.During, c.Is, c.Flagged, c.Backwards, c.Deviation)
"""Leaves whose limit is a time, or none: it does not stand beside the value."""
MISSING = "—"
PLAIN_FROM = 1_000.0


class Subject(NamedTuple):
    """What a message is about, as far as it is known; an id stands for what is not."""

    change: AlertChange
    rule: Rule | None
    when: c.Condition | None
    """What holds on the meter."""
    meter: Meter | None
    enterprise: Enterprise | None
    since: datetime
    """When the episode was raised."""


class Said(NamedTuple):
    """The words, and the figures in them."""

    title: str
    text: str
    unit: str
    limit: str


def say(subject: Subject, language: str, zone: ZoneInfo = SITE) -> Said:
    """Write a message."""
    change, rule = subject.change, subject.rule
    leaf = _leaf(subject)
    unit, limit = _unit(leaf), _limit(leaf, language)
    name = rule.name.pick(language) if rule is not None else change.rule
    severity = f"[{EN[change.severity]}] " if language == "en" else f"【{ZH[change.severity]}】"
    head = HEADS[change.kind].pick(language) if change.kind in HEADS else ""
    drill = DRILL.pick(language) if change.drill and change.rule != HEARTBEAT else ""
    parts = {
        "rule": name,
        "meter": _meter(subject, language),
        "enterprise": _enterprise(subject, language),
        "metric": _metric(change.metric, language),
        "value": number(change.value),
        "unit": "" if unit == "1" else unit,
        "limit": limit or MISSING,
        "since": f"{subject.since.astimezone(zone):%Y-%m-%d %H:%M:%S}",
        "lasted": lasting(change.at - subject.since, language),
    }
    where = " ".join(filter(None, (parts["enterprise"].removesuffix(MISSING), parts["meter"])))
    title = f"{drill}{head}{severity}{name} · {where}"
    lines = [_fill(_template(subject, leaf), language, parts), change.note]
    if change.kind in BURNING and rule is not None and rule.runbook is not None:
        lines.append(RUNBOOK.pick(language) + _fill(rule.runbook, language, parts))
    return Said(title, "\n".join(filter(None, lines)), parts["unit"], limit)


def all_of(titles: list[str], language: str, most: int = 20) -> Said:
    """Write one message for several that were held back."""
    count, left = len(titles), len(titles) - most
    title = f"{count} alert notices" if language == "en" else f"{count} 条告警通知"
    lines = titles[:most]
    if left > 0:
        lines.append(f"… and {left} more on the console" if language == "en" else f"… 另有 {left} 条, 请看控制台")
    return Said(title, "\n".join(lines), "", "")


def number(value: float | None) -> str:
    """Write a value with as many digits as anybody reads."""
    if value is None:
        return MISSING
    return f"{value:.1f}".removesuffix(".0") if abs(value) >= PLAIN_FROM else f"{value:.4g}"


def lasting(lasted: timedelta, language: str) -> str:
    """Write how long something took, in the two largest units that say something."""
    seconds = max(0, round(lasted.total_seconds()))
    names = (" d", " h", " min", " s") if language == "en" else (" 天", " 小时", " 分", " 秒")
    amounts = (seconds // 86_400, seconds // 3_600 % 24, seconds // 60 % 60, seconds % 60)
    told = [f"{amount}{unit}" for amount, unit in zip(amounts, names, strict=True) if amount]
    return " ".join(told[:2]) or f"0{names[-1]}"


def _fill(text: Text, language: str, parts: Mapping[str, str]) -> str:
    """Fill in a template; a brace that nobody knows stays as it is, for a wrong word must not cost a notice."""
    filled = BRACES.sub(lambda found: parts.get(found[1], found[0]), text.pick(language))
    return STRAY.sub("", filled)


def _template(subject: Subject, leaf: c.AnyLeaf | None) -> Text:
    change, rule = subject.change, subject.rule
    if change.kind is Kind.CLEARED:
        return OVER if change.value is not None else OVER_WORDLESS
    if rule is not None and rule.message is not None:
        return rule.message
    if change.value is None:
        return WORDLESS
    return UNLIMITED if leaf is None or isinstance(leaf, OF_TIME) else PRESENT


def _leaf(subject: Subject) -> c.AnyLeaf | None:
    if subject.when is None:
        return None
    fit = [leaf for leaf in c.leaves(subject.when) if leaf.metric == subject.change.metric]
    return fit[0] if fit else None


def _unit(leaf: c.AnyLeaf | None) -> str:
    if leaf is None or leaf.metric not in watchable():
        return ""
    unit = watchable()[leaf.metric].unit
    match leaf:
        case c.Skew():
            return "s"
        case c.Quota(register=False):
            return summed(unit)
        case c.Silent() | c.Flagged() | c.During():
            return ""
        case c.Unbalance():
            return "%"
        case _:
            return unit


def _limit(leaf: c.AnyLeaf | None, language: str) -> str:  # one a kind of leaf
    match leaf:
        case c.Above() | c.Below() | c.Mean() | c.Quota() | c.Unbalance():
            return number(leaf.limit)
        case c.Outside(low=low, high=high):
            return f"{number(low)}…{number(high)}"
        case c.Rise(by=by):
            return number(by)
        case c.Skew(by=by):
            return number(by.total_seconds())
        case c.Silent(after=lasted) | c.Stuck(within=lasted):
            return lasting(lasted, language)
        case _:
            return ""


def _meter(subject: Subject, language: str) -> str:
    meter = subject.meter
    if meter is None:
        return subject.change.meter
    return (meter.name_en or meter.name) if language == "en" else meter.name


def _enterprise(subject: Subject, language: str) -> str:
    enterprise = subject.enterprise
    if enterprise is None:
        return subject.meter.enterprise if subject.meter is not None else MISSING
    return (enterprise.name_en or enterprise.name) if language == "en" else enterprise.name


def _metric(metric: str, language: str) -> str:
    known = watchable().get(metric)
    if known is None:
        return metric
    return known.en if language == "en" else known.zh

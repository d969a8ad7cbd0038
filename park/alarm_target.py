"""What ISA-18.2 holds against a report on alarms: a target for each figure, and whether it is met."""

from enum import StrEnum
from typing import NamedTuple

from park.alarm_quality import Quality
from park.rule import Text
from park.severity import Severity

LOW = (Severity.NOTICE, Severity.GENERAL)
HIGH = (Severity.MAJOR, Severity.CRITICAL)


class Grade(StrEnum):
    """How a figure stands."""

    GOOD = "good"
    FAIR = "fair"
    """Beyond the target, within what can be managed."""
    POOR = "poor"
    UNKNOWN = "unknown"
    """Nothing was raised, so there is nothing to judge."""


class Target(NamedTuple):
    """One figure beside its target."""

    id: str
    name: Text
    value: float
    target: float
    """Good up to here."""
    bound: float
    """Poor beyond here."""
    share: bool
    """Whether it is a share of 1."""
    grade: Grade


# id, Chinese, English, good up to, poor beyond, a share.  ANSI/ISA-18.2-2016, table of performance metrics.
FIGURES = (
    ("per_hour", "平均每人每小时告警数", "Alarms an hour and operator", 6.0, 12.0, False),
    ("peak", "十分钟内最多告警数", "Most alarms within ten minutes", 10.0, 20.0, False),
    ("flooded", "处于告警泛滥的时间占比", "Share of the time in floods", 0.01, 0.05, True),
    ("top_share", "前十位告警源占比", "Share of the top ten sources", 0.05, 0.5, True),
    ("chattering", "抖动告警源个数", "Chattering sources", 0.0, 0.0, False),
    ("stale", "超过 24 小时未消除的告警数", "Alarms that stood for more than a day", 5.0, 5.0, False),
    ("high", "重大及以上占比", "Share of major and critical", 0.05, 0.1, True),
    ("low", "提示与一般以外占比", "Share above general", 0.2, 0.4, True),
)


def targets(quality: Quality) -> list[Target]:
    """Hold a report against its targets."""
    values = _values(quality)
    return [
        Target(name, Text(zh, en), values[name], good, poor, share, _grade(quality, values[name], good, poor))
        for name, zh, en, good, poor, share in FIGURES
    ]


def _values(quality: Quality) -> dict[str, float]:
    by_level = dict(quality.severities)
    everything = quality.raised or 1
    return {
        "per_hour": quality.per_hour,
        "peak": quality.peak / quality.operators,
        "flooded": quality.flooded,
        "top_share": quality.top_share,
        "chattering": len(quality.chattering),
        "stale": len(quality.stale),
        "high": sum(by_level[level] for level in HIGH) / everything,
        "low": 1 - sum(by_level[level] for level in LOW) / everything if quality.raised else 0.0,
    }


def _grade(quality: Quality, value: float, good: float, poor: float) -> Grade:
    if not quality.raised and not quality.stale:
        return Grade.UNKNOWN
    return Grade.GOOD if value <= good else Grade.FAIR if value <= poor else Grade.POOR

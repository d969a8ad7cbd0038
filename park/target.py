"""The park's annual plan: what is wanted, how far it has come, and whether that is far enough for the time of year."""

import csv
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib import resources

from park.evaluation.said import Said

ZERO = Decimal(0)


class Kind(StrEnum):
    """How a value is held against what is wanted."""

    RATE = "rate"
    """At least the goal."""
    LEAD = "lead"
    """At least the goal's percentage points above a benchmark that is entered."""
    RISE = "rise"
    """Above what it was a year before."""
    COUNT = "count"
    """It adds up over the year; before its end, a share of the goal is enough."""
    LEVEL = "level"
    """At least the goal, at any time."""


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One row of the table `targets.csv`."""

    name: str
    unit: str
    kind: Kind
    goal: Decimal | None
    """What the plan's text says, where it says a number for each park."""
    computed: str | None
    """The evaluation's indicator that gives the value where nobody enters one."""
    zh: str
    en: str
    text: str
    """The plan's own words."""
    text_en: str


@cache
def plan_items() -> dict[str, PlanItem]:
    """Every item of the plan by name, in the table's order."""
    text = resources.files("park").joinpath("targets.csv").read_text(encoding="utf-8")
    return {
        row["name"]: PlanItem(
            name=row["name"],
            unit=row["unit"],
            kind=Kind(row["kind"]),
            goal=Decimal(row["goal"]) if row["goal"] else None,
            computed=row["computed"] or None,
            zh=row["zh"],
            en=row["en"],
            text=row["text"],
            text_en=row["text_en"],
        )
        for row in csv.DictReader(text.splitlines())
    }


@dataclass(frozen=True, slots=True)
class Target:
    """What people entered for one item of one year; None is not entered."""

    goal: Decimal | None = None
    benchmark: Decimal | None = None
    """The city's figure, for what must lead it; last year's own, for what must rise."""
    value: Decimal | None = None
    """The progress, where it is entered rather than computed."""
    note: str = ""


class State(StrEnum):
    """How it stands."""

    REACHED = "reached"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """One item as it stands."""

    item: str
    wanted: Decimal | None
    value: Decimal | None
    computed: bool
    """Whether the value comes from the platform's own figures."""
    gap: Decimal | None
    """Value less what is wanted for the whole year, in the item's unit; of a percentage, in points."""
    state: State
    reason: Said


@dataclass(frozen=True, slots=True)
class Computed:
    """What the platform itself knows of an item: this year's value and the one before."""

    value: Decimal | None = None
    before: Decimal | None = None


def assess(item: PlanItem, target: Target, elapsed: Decimal, computed: Computed = Computed()) -> Standing:
    """Hold one item against the plan; `elapsed` is the share of the year that is over, 0 to 1."""
    value = target.value if target.value is not None else computed.value
    own = target.value is None and computed.value is not None
    wanted, lacking = _wanted(item, target, computed)
    if wanted is None or value is None:
        why = lacking if wanted is None else Said("尚未填报进度", "no progress entered yet")
        return Standing(item.name, wanted, value, own, None, State.UNKNOWN, why)
    gap = value - wanted
    state, reason = _judge(item, value, wanted, elapsed)
    return Standing(item.name, wanted, value, own, gap, state, reason)


def _wanted(item: PlanItem, target: Target, computed: Computed) -> tuple[Decimal | None, Said]:
    goal = target.goal if target.goal is not None else item.goal
    if item.kind is Kind.RISE:
        before = target.benchmark if target.benchmark is not None else computed.before
        return before, Said("没有上年数值", "last year's value is not known")
    if goal is None:
        return None, Said("尚未填写目标值", "no goal entered yet")
    if item.kind is Kind.LEAD:
        if target.benchmark is None:
            return None, Said("尚未填写全市增速", "the city's growth is not entered yet")
        return target.benchmark + goal, Said("", "")
    return goal, Said("", "")


def _judge(item: PlanItem, value: Decimal, wanted: Decimal, elapsed: Decimal) -> tuple[State, Said]:
    unit_zh, unit_en = ("个百分点", "points") if item.unit == "%" else (item.unit, item.unit)
    gap = value - wanted
    if item.kind is Kind.RISE and gap == ZERO:
        return State.BEHIND, Said("与上年持平, 没有提升", "the same as last year: no rise")
    if gap >= ZERO:
        return State.REACHED, Said(f"超出 {shown(gap)} {unit_zh}", f"{shown(gap)} {unit_en} above")
    if item.kind is Kind.COUNT:
        due = wanted * elapsed
        share = shown(elapsed * 100)
        if value >= due:
            return State.ON_TRACK, Said(
                f"时间已过 {share} %, 应完成 {shown(due)}, 已完成 {shown(value)}",
                f"{share} % of the year is over: {shown(due)} would be due, {shown(value)} is done",
            )
        return State.BEHIND, Said(
            f"时间已过 {share} %, 应完成 {shown(due)}, 还差 {shown(due - value)} {unit_zh}",
            f"{share} % of the year is over: {shown(due)} is due, {shown(due - value)} {unit_en} are missing",
        )
    return State.BEHIND, Said(f"还差 {shown(-gap)} {unit_zh}", f"{shown(-gap)} {unit_en} short")


def shown(value: Decimal) -> str:
    """Write a number for a sentence, to two digits and without trailing zeros."""
    text = f"{round(value, 2):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

"""What an enterprise may use in a year, of energy or of carbon, and how far ahead of the year it is."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from park.coverage import NOTHING, Coverage
from park.entered import MOST, SHEET_DIGITS
from park.factor import Basis
from park.figure import Figure, Why
from park.intensity import LEAST
from park.registry_notes import Notes, near, show
from park.term import MONTHS, Span, Term, month_of
from park.window import SITE

DIGITS = 3
AHEAD = 1.05
"""From here on it is ahead: the bound of the shipped rule."""
EARLY = 7 / 365
"""Before a week is over a weekend or a stop says more than the budget does."""


class Kind(StrEnum):
    """What is budgeted, by the indicator that says how much of it is used."""

    ENERGY = "energy"
    CARBON = "co2"

    @property
    def unit(self) -> str:
        """Its unit, that of the indicator."""
        return "tce" if self is Kind.ENERGY else "tCO2"


@dataclass(frozen=True, slots=True)
class Budget:
    """One revision of a budget."""

    enterprise: str
    year: int
    kind: Kind
    amount: Decimal | None
    """None takes it back."""
    reason: str
    revision: int = 0
    who: str = ""
    at: datetime | None = None


class State(StrEnum):
    """How a budget stands."""

    OVER = "over"
    """All of it is used."""
    AHEAD = "ahead"
    WITHIN = "within"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Progress:
    """A budget as it stands."""

    budget: Budget
    gone: float
    """The share of the year that is gone, 0 to 1."""
    value: float | None = None
    """What is used so far."""
    coverage: Coverage = NOTHING
    figure: str | None = None
    """The id of the figure that says so."""
    used: float | None = None
    """The share of the budget that is used."""
    pace: float | None = None
    """The share used over the share gone: above 1 is ahead of the year."""
    why: Why | None = None
    """Why there is no pace."""

    @property
    def state(self) -> State:
        """Whether it is used up, or ahead of the year by more than a month's ups and downs."""
        if self.used is not None and self.used > 1.0:
            return State.OVER
        if self.pace is None:
            return State.UNKNOWN
        return State.AHEAD if self.pace > AHEAD else State.WITHIN


NO_FIGURE = Why("no_figure", "年初至今的数字尚未算出。", "The figure of the year to date is not worked out yet.")
NOT_BEGUN = Why("not_begun", "该年度尚未开始。", "The year has not begun.")
TOO_EARLY = Why(
    "early",
    "年初不足 7 天, 周末与停产的影响大于预算, 暂不比较。",
    "Less than a week of the year is over: a weekend or a stop would say more than the budget.",
)


def term_of(year: int, now: datetime, zone: ZoneInfo = SITE) -> Term:
    """Give the term whose figure says how much of a year's budget is used by now."""
    december = year * MONTHS + MONTHS - 1
    return Term(Span.TO_DATE, min(december, max(month_of(now, zone).last, year * MONTHS)))


def year_at(now: datetime, zone: ZoneInfo = SITE) -> int:
    """Give the local year that holds an instant."""
    return now.astimezone(zone).year


def gone_of(year: int, now: datetime, zone: ZoneInfo = SITE) -> float:
    """Say how much of a year is over, 0 to 1."""
    whole = Term(Span.YEAR, year * MONTHS + MONTHS - 1)
    start, end = whole.start(zone), whole.end(zone)
    return min(max((now - start) / (end - start), 0.0), 1.0)


def figure_for(budget: Budget, figures: Iterable[Figure], basis: Basis) -> Figure | None:
    """Choose the figure of a budget among those of its term: of energy, by the basis the park goes by."""
    wanted = basis if budget.kind is Kind.ENERGY else None
    return next(
        (
            one
            for one in figures
            if (one.subject, one.indicator, one.basis) == (budget.enterprise, budget.kind.value, wanted)
        ),
        None,
    )


def progress(budget: Budget, figure: Figure | None, gone: float) -> Progress:
    """Hold a budget against the figure of the year to date; too little known is no progress, and never none used."""
    if gone <= 0.0:
        return Progress(budget, gone, why=NOT_BEGUN)
    if figure is None:
        return Progress(budget, gone, why=NO_FIGURE)
    standing = Progress(budget, gone, figure.value, figure.coverage, figure.id)
    if figure.value is None or not budget.amount:
        return replace(standing, why=figure.why or NO_FIGURE)
    known = figure.coverage.measured + figure.coverage.estimated
    if known < LEAST:
        why = Why(
            "little",
            f"年初至今只有 {known:.0%} 的时段有数据, 不足 {LEAST:.0%}, 不与预算相比。",
            f"Only {known:.0%} of the year to date is known, too little to set against the budget.",
        )
        return replace(standing, why=why)
    used = figure.value / float(budget.amount)
    if gone < EARLY:
        return replace(standing, used=used, why=TOO_EARLY)
    return replace(standing, used=used, pace=used / gone)


def paces(standing: Iterable[Progress]) -> dict[str, float]:
    """Give what is said of each enterprise: the budget it is furthest ahead of, where any can be told."""
    found: dict[str, float] = {}
    for one in standing:
        if one.pace is not None:
            name = one.budget.enterprise
            found[name] = max(one.pace, found.get(name, one.pace))
    return found


def check(notes: Notes, place: str, budget: Budget, enterprises: Collection[str]) -> None:
    """Note what is wrong with one as it was entered."""
    if budget.enterprise not in enterprises:
        zh, en = near(budget.enterprise, enterprises)
        notes.add(f"{place}.enterprise", f"台账中没有企业 {show(budget.enterprise)}; {zh}",
                  f"The registry has no enterprise {show(budget.enterprise)}; {en}")  # fmt: skip
    amount, unit = budget.amount, budget.kind.unit
    if amount is None:
        return
    if not 0 < amount < MOST:
        notes.add(f"{place}.amount", f"预算应大于 0 且小于 10¹² {unit}; 要撤销预算请留空。",
                  f"A budget is above 0 and below 10¹² {unit}; leave it empty to take it back.")  # fmt: skip
    elif amount != amount.quantize(Decimal(1).scaleb(-DIGITS)) or len(amount.normalize().as_tuple().digits) > (
        SHEET_DIGITS
    ):
        notes.add(f"{place}.amount", f"预算最多 {DIGITS} 位小数; 请四舍五入。",
                  f"A budget has at most {DIGITS} decimals; round it.")  # fmt: skip

"""What was entered, added up over a term: exact, never spread over a shorter one, with a reason where it is missing.

A quarter is its own entry or the sum of its months, a year likewise; a month is never derived from a quarter.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum

from park.term import MONTHS, QUARTER, Span, Term, quarter_of, year_of

PLAIN = (Span.MONTH, Span.QUARTER, Span.YEAR)
"""The terms something may be entered for."""
EXACTLY = 60
"""Digits to add with: no sum of entered amounts is ever rounded."""
MEAN = Decimal("0.01")


class Status(StrEnum):
    """How far an entry can be relied on."""

    FLASH = "flash"
    """快报: the first count, which may change."""
    VERIFIED = "verified"
    """核定: what the statistics office stands by."""


class Fold(StrEnum):
    """What a longer term makes of its parts."""

    SUM = "sum"
    MEAN = "mean"
    """Each part weighs as many months as it has."""
    ENTERED = "entered"
    """Nothing: it holds for the term it was entered for and for no other."""


@dataclass(frozen=True, slots=True)
class Part:
    """One entered amount and where it stands."""

    term: Term
    value: Decimal
    status: Status
    revision: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """A term whose own entry is not what its parts add up to."""

    term: Term
    own: Decimal
    parts: Decimal
    used: Decimal
    """The one that counts: the term's own, but for a flash whose parts are all verified."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Why there is no amount, in both languages."""

    zh: str
    en: str
    lacking: tuple[Term, ...] = ()
    """Entries that would fill it."""
    instead: Term | None = None
    """The shortest term around it for which there is an amount: what can be compared."""

    def sentence(self, language: str = "zh") -> str:
        """Say it in one language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Amount:
    """What was entered of one thing over one term."""

    value: Decimal | None
    state: Status | None = None
    """Verified where every part is; None where there is no value."""
    parts: tuple[Part, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    why: Gap | None = None


def add_up(known: Mapping[Term, Part], term: Term, fold: Fold = Fold.SUM) -> Amount:
    """Give the amount over a term from what is entered."""
    if fold is Fold.ENTERED:
        return _as_entered(known, term)
    found = _Found([], [], [])
    for tile in tiles(term):
        _gather(known, tile, fold, found)
    if found.lacking:
        return Amount(None, conflicts=tuple(found.conflicts), why=_gap(known, term, tuple(found.lacking), fold))
    return Amount(
        value=_folded(found.used, fold),
        state=_weakest(found.used),
        parts=tuple(found.used),
        conflicts=tuple(found.conflicts),
    )


def tiles(term: Term) -> Iterator[Term]:
    """Cut a term into the longest years, quarters and months that fit it exactly."""
    month = term.first
    while month <= term.last:
        here = Term(Span.MONTH, month)
        longest = next(
            (long for long in (year_of(here), quarter_of(here)) if long.first == month and term.holds(long)), here
        )
        yield longest
        month = longest.last + 1


def finer(term: Term) -> tuple[Term, ...]:
    """Give the terms one step shorter that make up a year or a quarter; none for a month."""
    if term.span is Span.YEAR:
        return tuple(Term(Span.QUARTER, month) for month in range(term.first + QUARTER - 1, term.last + 1, QUARTER))
    return tuple(term.months()) if term.span is Span.QUARTER else ()


@dataclass(slots=True)
class _Found:
    used: list[Part]
    lacking: list[Term]
    conflicts: list[Conflict]


def _gather(known: Mapping[Term, Part], tile: Term, fold: Fold, found: _Found) -> None:
    """Find the parts of one plain term: its own entry or, failing that, what its own parts give."""
    own = known.get(tile)
    inner = _Found([], [], found.conflicts)
    for part in finer(tile):
        _gather(known, part, fold, inner)
    if own is None:
        found.used += inner.used
        found.lacking += inner.lacking if inner.used else [tile]
        return
    chosen = [own]
    if inner.used and not inner.lacking:
        total = _folded(inner.used, fold)
        if own.status is Status.FLASH and _weakest(inner.used) is Status.VERIFIED:
            chosen = inner.used
        if _differ(own.value, total):
            used = own.value if chosen[0] is own else total
            found.conflicts.append(Conflict(tile, own.value, total, used))
    found.used += chosen


def _differ(own: Decimal, total: Decimal) -> bool:
    """Tell whether two figures differ beyond the places the first was entered with."""
    with localcontext(prec=EXACTLY):
        places = Decimal(1).scaleb(min(int(own.as_tuple().exponent), 0))
        return own != total.quantize(places)


def _folded(parts: Sequence[Part], fold: Fold) -> Decimal:
    with localcontext(prec=EXACTLY):
        if fold is Fold.SUM:
            return sum((part.value for part in parts), Decimal(0))
        if len(parts) == 1:
            return parts[0].value
        months = sum(part.term.length for part in parts)
        return (sum((part.value * part.term.length for part in parts), Decimal(0)) / months).quantize(MEAN)


def _weakest(parts: Sequence[Part]) -> Status:
    return Status.FLASH if any(part.status is Status.FLASH for part in parts) else Status.VERIFIED


def _as_entered(known: Mapping[Term, Part], term: Term) -> Amount:
    whole = list(tiles(term))
    own = known.get(whole[0]) if len(whole) == 1 else None
    if own is not None:
        return Amount(own.value, own.status, (own,))
    lacking = (whole[0],) if len(whole) == 1 else ()
    return Amount(
        None,
        why=Gap(
            f"{term} 没有填报; 这一项只用填报的数, 不由平台推算。",
            f"Nothing was entered for {term}; this is only ever taken as entered, never derived.",
            lacking,
        ),
    )


def _gap(known: Mapping[Term, Part], term: Term, lacking: tuple[Term, ...], fold: Fold) -> Gap:
    """Say what is missing, and which longer term could be used."""
    end = Term(Span.MONTH, term.last)
    around = [long for long in (quarter_of(end), year_of(end)) if long.holds(term) and long.length > term.length]
    instead = next((long for long in around if add_up(known, long, fold).value is not None), None)
    names = "、".join(map(str, lacking[:MONTHS]))
    plain = ", ".join(map(str, lacking[:MONTHS]))
    zh, en = f"暂不可算: 缺 {names} 的填报。", f"Not yet possible: nothing entered for {plain}."
    if instead is not None:
        zh += f" 已有 {instead} 的数, 但短期不能由长期推出; 请按 {instead} 比较。"
        en += f" There is one for {instead}, from which no shorter term is derived; compare by {instead}."
    return Gap(zh, en, lacking, instead)

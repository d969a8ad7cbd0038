"""Gathers what figures are made of, and tells by a digest whether any of it changed since they were last made."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from adapters.relational import activities, factors, policies, registry_store, statements, waiting
from park.activity import Activity
from park.consumption import Totals
from park.discharge import discharge
from park.factor_book import FactorBook
from park.interval import IntervalSum
from park.policy import Policy
from park.registry import Registry
from park.sources import Mass, Sources
from park.statement import Statement
from park.telemetry import TelemetryStore
from park.term import MONTHS, Span, Term, month_of
from park.virtual_meter import VirtualMeter

MAKING = "1"
"""Another one where the way figures are made changes: all of them are then looked at again."""
Virtual = Callable[[], Sequence[VirtualMeter]]


@dataclass(frozen=True, slots=True)
class Entered:
    """What people entered, as of one moment."""

    registry: Registry
    virtual: tuple[VirtualMeter, ...]
    statements: tuple[Statement, ...]
    activities: tuple[Activity, ...]
    book: FactorBook
    policies: Mapping[str, Policy]
    waiting: Mapping[str, frozenset[int]]
    common: str
    """A digest of all that every term's figures go by."""


def entered(engine: Engine, virtual: Virtual, zone: ZoneInfo, now: datetime) -> Entered:
    """Read everything that is not a sum of slots."""
    today = now.astimezone(zone).date()
    registry = registry_store.load(engine)
    book = factors.book(engine)
    chosen = policies.all_current(engine)
    formulas = tuple(virtual())
    common = _digest(
        [
            MAKING,
            registry,
            formulas,
            sorted((one.park, one.revision) for one in chosen.values()),
            sorted((factor.id, factor.value) for factor in book.factors if factor.known(today)),
        ]
    )
    return Entered(
        registry=registry,
        virtual=formulas,
        statements=tuple(statements.current(engine)),
        activities=tuple(activities.current(engine)),
        book=book,
        policies=chosen,
        waiting=waiting.months(engine, registry, zone),
        common=common,
    )


@dataclass(slots=True)
class Sums:
    """What every meter used in each month, kept between rounds: only what may have moved is asked for again."""

    store: TelemetryStore
    zone: ZoneInfo
    months: dict[int, tuple[IntervalSum, ...]] = field(default_factory=dict)
    prints: dict[int, str] = field(default_factory=dict)
    moved: dict[int, datetime] = field(default_factory=dict)
    """When a month was last seen to differ from the look before."""

    def renew(self, first: int, last: int, now: datetime) -> None:
        """Ask the store again for the months `first` to `last`.  Raises StoreUnavailable."""
        start = Term(Span.MONTH, first).start(self.zone)
        end = min(Term(Span.MONTH, last).end(self.zone), now)
        if start >= end:
            return
        by: dict[int, list[IntervalSum]] = {month: [] for month in range(first, last + 1)}
        for one in self.store.interval_sums(start, end, every=Span.MONTH):
            by[month_of(one.start, self.zone).last].append(one)
        for month, found in by.items():
            told = _digest(found)
            if self.prints.get(month) != told:
                self.moved[month] = now
            self.months[month] = tuple(found)
            self.prints[month] = told

    def known(self, term: Term) -> bool:
        """Tell whether any meter counted anything in a term."""
        return any(self.months.get(month) for month in range(term.first, term.last + 1))

    def at_rest(self, term: Term, since: datetime) -> bool:
        """Tell whether no month of a term moved after an instant."""
        return all(self.moved.get(month, since) <= since for month in range(term.first, term.last + 1))


def first_month(store: TelemetryStore, entry: Entered, zone: ZoneInfo) -> int | None:
    """Give the first month about which anything is known; None where nothing is."""
    known = [one.term.first for one in entry.statements] + [one.term.first for one in entry.activities]
    reading = store.extent().first
    if reading is not None:
        known.append(month_of(reading, zone).last)
    return min(known, default=None)


def sources(entry: Entered, sums: Sums, months: Collection[int], now: datetime) -> Sources:
    """Put together what the figures of some months are made of."""
    totals = Totals(entry.registry, entry.virtual)
    consumed = {}
    masses: dict[int, dict[str, list[Mass]]] = {}
    for month in sorted(months):
        term = Term(Span.MONTH, month)
        if term.start(sums.zone) >= now:
            continue
        window = (term.start(sums.zone), min(term.end(sums.zone), now))
        of_month = sums.months.get(month, ())
        consumed[month] = _by_enterprise(totals.of(of_month, window))
        for line in discharge(entry.registry, of_month, window=window):
            masses.setdefault(month, {}).setdefault(line.enterprise, []).extend(
                Mass(line.carrier, part.meter, part.amount, part.coverage) for part in line.parts
            )
    return Sources(
        now=now,
        book=entry.book,
        consumed=consumed,
        masses=masses,
        statements=_by_enterprise(entry.statements),
        activities=_by_enterprise(entry.activities),
        policies=entry.policies,
        waiting=entry.waiting,
    )


def digest_of(term: Term, entry: Entered, sums: Sums, *, over: bool) -> str:
    """Give a digest of all that the figures of one term are made of."""
    return _digest(
        [
            entry.common,
            str(term),
            over,
            [sums.prints.get(month) for month in range(term.first, term.last + 1)],
            sorted(
                (one.enterprise, str(one.term), one.revision)
                for one in entry.statements
                if one.term.last // MONTHS >= term.first // MONTHS and one.term.first // MONTHS <= term.year
            ),
            sorted(
                (one.enterprise, str(one.term), one.item, one.revision)
                for one in entry.activities
                if one.term.first // MONTHS <= term.year  # what was entered once is in use until it is said to be over
            ),
            sorted(
                enterprise
                for enterprise, months in entry.waiting.items()
                if any(term.first <= month <= term.last for month in months)
            ),
        ]
    )


def _by_enterprise(lines: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for line in lines:
        found.setdefault(line.enterprise, []).append(line)
    return found


def _digest(of: object) -> str:
    return hashlib.sha256(repr(of).encode()).hexdigest()

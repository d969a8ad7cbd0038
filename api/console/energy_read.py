"""What the page on energy shows, read at once off the page's own thread."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from math import fsum

from adapters.relational import factors, figures, policies
from api import consumed, virtual_reading
from api.console.energy_choice import Choice
from api.consumed import Used
from api.services import Services
from park.carrier import carrier_of
from park.consumption import Consumption
from park.coverage import WHOLE, joined
from park.days import Days
from park.energy_flow import Flow, Piece, flows
from park.factor import Basis
from park.figure import Kind, Scope
from park.footprint_line import ENTERED
from park.interval import IntervalSum
from park.measured import EXPORT, Window
from park.place import Role
from park.policy import Policy
from park.registry import Registry
from park.stretch import Width, edges
from park.term import Span, month_of

ENOUGH = 0.95
"""Less of a time known, on either side, makes a change of amounts say nothing about use."""
ENERGY = "energy"
Windows = Sequence[tuple[Window, Used | None]]


@dataclass(frozen=True, slots=True)
class Against:
    """An amount, and what it was over as long a time of the run before."""

    now: Used | None
    before: Used | None

    @property
    def rate(self) -> float | None:
        """The change; None where either is not known well enough to say."""
        now, before = self.now, self.before
        if now is None or before is None or before.amount <= 0:
            return None
        if min(_known(now), _known(before)) < ENOUGH:
            return None
        return now.amount / before.amount - 1


@dataclass(frozen=True, slots=True)
class Look:
    """What the page shows."""

    choice: Choice
    carriers: tuple[str, ...]
    """Those with a boundary meter."""
    registry: Registry
    end: datetime
    """Up to where it is settled; the start where nothing is."""
    curve: Windows
    earlier: Windows
    """The run before, whole."""
    total: Against
    members: Mapping[str, Against]
    """Of the chosen carrier, by enterprise."""
    flows: tuple[Flow, ...]
    basis: Basis


def read(services: Services, registry: Registry, choice: Choice) -> Look:
    """Read the page.  Raises what the stores raise."""
    zone, now = services.zone, services.clock()
    found = _carriers(registry)
    choice = replace(choice, carrier=choice.carrier if choice.carrier in found else next(iter(found), "electricity"))
    days = choice.days
    start, before = days.start(zone), days.before()
    end = max(min(days.end(zone), virtual_reading.settled(services, now)), start)
    asked = _Asked(services, virtual_reading.books(services), [one.id for one in registry.enterprises])
    late = min(before.start(zone) + (end - start), before.end(zone))
    months = asked.windows(start, end, Span.MONTH)
    here = _members(months, choice.carrier)
    there = _members(asked.windows(before.start(zone), late, Span.MONTH, choice.carrier), choice.carrier)
    known = policies.all_current(services.engine)
    chosen = {one.id: known.get(one.park) or Policy(one.park) for one in registry.enterprises}
    basis = next(iter(chosen.values())).basis if chosen else Basis.EQUIVALENT
    pieces = [
        Piece(month_of(window[0], zone), (window[1] - window[0]).total_seconds(), some) for window, some in months
    ]
    book = factors.book(services.engine)
    made = flows(pieces, book=book, policies=chosen, basis=basis, as_of=now)
    return Look(
        choice=choice,
        carriers=found,
        registry=registry,
        end=end,
        curve=asked.curve(start, end, days, choice.carrier),
        earlier=asked.curve(before.start(zone), before.end(zone), days, choice.carrier),
        total=Against(_added(here), _added(there)),
        members={one: Against(_used(here, one), _used(there, one)) for one in here},
        flows=(*made, *_entered(services, list(chosen), days, basis)),
        basis=basis,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whose consumption is asked for."""

    services: Services
    book: virtual_reading.Books
    enterprises: Sequence[str]

    def windows(
        self, start: datetime, end: datetime, every: Width, carrier: str | None = None
    ) -> list[tuple[Window, list[Consumption]]]:
        """Give what each enterprise took in, window by window; one about which nothing is known has no amounts."""
        if start >= end:
            return []
        meters = {meter for one in self.enterprises for meter in self.book.devices(one)}
        asked = None if carrier is None else (carrier, carrier + EXPORT)
        by: dict[datetime, list[IntervalSum]] = {}
        for one in self.services.telemetry.interval_sums(start, end, every=every, carriers=asked, meters=meters):
            by.setdefault(one.start, []).append(one)
        whose = set(self.enterprises)
        whole = self.services.registry.current().by_enterprise.keys() <= whose
        found = []
        for first, last in pairwise(edges(start, end, every, self.services.zone)):
            window = (consumed.instant(first), consumed.instant(last))
            sums = by.get(window[0], ())
            if whole:
                some = self.book.totals.of(sums, window, carrier=carrier)
            else:
                some = [line for one in self.enterprises for line in self.book.totals.of(sums, window, one, carrier)]
            found.append((window, some))
        return found

    def curve(self, start: datetime, end: datetime, days: Days, carrier: str) -> Windows:
        """Give all of them together, window by window."""
        return [
            (window, _together(one for one in some if one.carrier == carrier))
            for window, some in self.windows(start, end, days.every, carrier)
        ]


Members = Mapping[str, Sequence[tuple[float, Consumption]]]
"""By enterprise, with the seconds of each window."""


def _members(months: Iterable[tuple[Window, Iterable[Consumption]]], carrier: str) -> Members:
    found: dict[str, list[tuple[float, Consumption]]] = {}
    for (start, end), some in months:
        for one in some:
            if one.carrier == carrier:
                found.setdefault(one.enterprise, []).append(((end - start).total_seconds(), one))
    return found


def _used(members: Members, enterprise: str) -> Used | None:
    parts = members.get(enterprise, ())
    amounts = [one.amount for _, one in parts if one.amount is not None]
    if not amounts:
        return None
    return Used(fsum(amounts), joined((one.coverage, weight) for weight, one in parts))


def _added(members: Members) -> Used | None:
    parts = [(weight * len(one.parts), one) for some in members.values() for weight, one in some]
    amounts = [one.amount for _, one in parts if one.amount is not None]
    return Used(fsum(amounts), joined((one.coverage, weight) for weight, one in parts)) if amounts else None


def _together(some: Iterable[Consumption]) -> Used | None:
    """Add up one window of all enterprises; each boundary meter weighs the same in the coverage."""
    return _added({one.enterprise: [(1.0, one)] for one in some})


def _entered(services: Services, enterprises: Sequence[str], days: Days, basis: Basis) -> list[Flow]:
    """Give the fuels people entered for a month, as its figures count them; other runs have none of their own."""
    if days.month is None:
        return []
    said = figures.current(
        services.engine, term=days.month, scope=Scope.ENTERPRISE, ids=enterprises, basis=basis, indicators=(ENERGY,)
    )
    return [
        Flow(figure.subject, item.key, item.value, WHOLE, ENTERED)
        for figure in said
        for part in figure.inputs
        for item in part.items
        if item.kind is Kind.ENTRY and item.counted and item.value is not None
    ]


def _carriers(registry: Registry) -> tuple[str, ...]:
    found = [carrier_of(meter) for meter in registry.meters_of(role=Role.BOUNDARY)]
    return tuple(dict.fromkeys(one.name for one in found if one is not None))


def _known(used: Used) -> float:
    return used.coverage.measured + used.coverage.estimated

"""What the page on carbon shows, read from the store at once."""

from dataclasses import dataclass

from sqlalchemy import Engine

from adapters.relational import figures
from adapters.relational.figures import Revision
from api.console.intensity_choice import Choice
from park.comparison import Change, change
from park.figure import Scope, Used
from park.intensity import division_of
from park.registry import Registry
from park.term import MONTHS, Span, Term

SHARED = ("co2_fuel", "co2_process", "co2_heat")
"""Scopes that are the same by either way of counting electricity."""
LOCATION = (*SHARED, "co2_electricity")
MARKET = (*SHARED, "co2_electricity_market")
TOTALS = ("co2", "co2_market")
INTENSITY = "carbon_intensity"
ALL = (*LOCATION, "co2_electricity_market", *TOTALS, INTENSITY, "carbon_intensity_market")


@dataclass(frozen=True, slots=True)
class Look:
    """What the page shows."""

    choice: Choice
    now: dict[str, Revision]
    """By indicator."""
    year_ago: dict[str, Revision]
    before: dict[str, Revision]
    months: dict[tuple[int, str], Revision]
    members: dict[tuple[str, str], Revision]
    """By enterprise and indicator."""

    def against(self, indicator: str, then: dict[str, Revision]) -> Change:
        """Compare a figure with that of another term."""
        here, there = self.now.get(indicator), then.get(indicator)
        return change(None if here is None else here.figure, None if there is None else there.figure)

    def value(self, month: int, indicator: str) -> float | None:
        """Give what a month came to."""
        one = self.months.get((month, indicator))
        return None if one is None else one.figure.value

    def lacking(self) -> list[int]:
        """Give the months of which figures were made and a total is not known, though some of its parts may be."""
        return sorted(
            {month for (month, name), one in self.months.items() if name in TOTALS and one.figure.value is None}
        )

    def factors(self) -> list[Used]:
        """Give the factors the totals were made with, each once."""
        found = {used.id: used for name in TOTALS if name in self.now for used in self.now[name].figure.factors}
        return sorted(found.values(), key=lambda one: (one.purpose, one.key, one.id))


def read(engine: Engine, registry: Registry, choice: Choice) -> Look:
    """Read everything the page shows."""
    term, scope, name = choice.term, choice.scope, choice.subject
    year_ago, before = term.year_ago(), term.before()
    found = figures.revisions_now(engine, terms=[term, year_ago, before], scope=scope, ids=[name], indicators=ALL)
    months = [Term(Span.MONTH, month) for month in range(term.last - MONTHS + 1, term.last + 1)]
    trend = figures.revisions_now(engine, terms=months, scope=scope, ids=[name], indicators=ALL)
    members = []
    if scope is not Scope.ENTERPRISE:
        own = {one.id for one in registry.enterprises if name in {one.park, division_of(one.industry)}}
        members = figures.revisions_now(engine, term=term, scope=Scope.ENTERPRISE, ids=own, indicators=ALL)

    def of(wanted: Term) -> dict[str, Revision]:
        return {one.figure.indicator: one for one in found if one.figure.term == wanted}

    return Look(
        choice=choice,
        now=of(term),
        year_ago=of(year_ago),
        before=of(before),
        months={(one.figure.term.last, one.figure.indicator): one for one in trend},
        members={(one.figure.subject, one.figure.indicator): one for one in members},
    )

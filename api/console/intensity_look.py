"""What the page on intensity shows, read from the store at once."""

from dataclasses import dataclass

from sqlalchemy import Engine

from adapters.relational import closings, figures
from adapters.relational.figures import Revision
from api.console.intensity_choice import Choice
from park.comparison import Change, change
from park.figure import Scope
from park.intensity import division_of
from park.registry import Registry
from park.term import MONTHS, Span, Term

TREND = ("energy", "co2", "value_added", "energy_intensity", "carbon_intensity")
RANKED = (*TREND, "energy_productivity")


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
    reported: dict[str, Revision]
    """What stands in the reports of a closed term, where it became another since; by id."""

    def against(self, indicator: str, then: dict[str, Revision]) -> Change:
        """Compare a figure with that of another term."""
        here, there = self.now.get(indicator), then.get(indicator)
        return change(None if here is None else here.figure, None if there is None else there.figure)


def read(engine: Engine, registry: Registry, choice: Choice) -> Look:
    """Read everything the page shows."""
    term, scope, name, basis = choice.term, choice.scope, choice.subject, choice.basis
    year_ago, before = term.year_ago(), term.before()
    found = figures.revisions_now(engine, terms=[term, year_ago, before], scope=scope, ids=[name], basis=basis)
    months = [Term(Span.MONTH, month) for month in range(term.last - MONTHS + 1, term.last + 1)]
    trend = figures.revisions_now(engine, terms=months, scope=scope, ids=[name], basis=basis, indicators=TREND)
    members = []
    if scope is not Scope.ENTERPRISE:
        own = {one.id for one in registry.enterprises if name in {one.park, division_of(one.industry)}}
        members = figures.revisions_now(
            engine, term=term, scope=Scope.ENTERPRISE, ids=own, basis=basis, indicators=RANKED
        )

    def of(wanted: Term) -> dict[str, Revision]:
        return {one.figure.indicator: one for one in found if one.figure.term == wanted}

    return Look(
        choice=choice,
        now=of(term),
        year_ago=of(year_ago),
        before=of(before),
        months={(one.figure.term.last, one.figure.indicator): one for one in trend},
        members={(one.figure.subject, one.figure.indicator): one for one in members},
        reported=_reported(engine, registry, choice),
    )


def _reported(engine: Engine, registry: Registry, choice: Choice) -> dict[str, Revision]:
    enterprise = registry.by_enterprise.get(choice.subject)
    park = enterprise.park if choice.scope is Scope.ENTERPRISE and enterprise is not None else choice.subject
    closed = closings.of_term(engine, park, choice.term)
    if closed is None:
        return {}
    pairs = closings.pairs(engine, closed.id, restated=True)
    return {pair.frozen.figure.id: pair.frozen for pair in pairs}

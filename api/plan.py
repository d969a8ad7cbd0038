"""The annual plan as it stands: what was entered, beside what the kept evaluations know themselves."""

from dataclasses import dataclass
from decimal import Decimal

from adapters.relational import evaluations, targets
from adapters.relational.targets import KeptTarget
from api.services import Services
from park.evaluation.indicator import indicators
from park.evaluation.panel import panel
from park.target import Computed, PlanItem, Standing, Target, assess, plan_items
from park.term import MONTHS, Span, Term

SIX = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Row:
    """One item of the plan."""

    item: PlanItem
    standing: Standing
    kept: KeptTarget | None


def rows(parts: Services, park: str, year: int) -> list[Row]:
    """Give every item of a year's plan; blocks for the database."""
    entered = targets.current(parts.engine, park, year)
    known = _known(parts, park, year)
    elapsed = share_over(parts, year)
    return [
        Row(
            item,
            assess(item, entered[name].target if name in entered else Target(), elapsed, known.get(name, Computed())),
            entered.get(name),
        )
        for name, item in plan_items().items()
    ]


def share_over(parts: Services, year: int) -> Decimal:
    """Say how much of a year is over, 0 to 1."""
    term = Term(Span.YEAR, year * MONTHS + MONTHS - 1)
    start, end = term.start(parts.zone), term.end(parts.zone)
    share = (parts.clock() - start) / (end - start)
    return round(Decimal(min(max(share, 0.0), 1.0)), 6)


def _known(parts: Services, park: str, year: int) -> dict[str, Computed]:
    """Give what the newest evaluations of a year and the year before say of the park as a whole."""
    wanted = {item.name: item.computed for item in plan_items().values() if item.computed}
    this, before = (_values(parts, park, each, tuple(set(wanted.values()))) for each in (year, year - 1))
    return {name: Computed(this.get(key), before.get(key)) for name, key in wanted.items()}


def _values(parts: Services, park: str, year: int, keys: tuple[str | None, ...]) -> dict[str | None, Decimal]:
    term = Term(Span.YEAR, year * MONTHS + MONTHS - 1)
    heads = evaluations.listing(parts.engine, park=park, term=term)
    kept = evaluations.find(parts.engine, heads[0].id) if heads else None
    if kept is None:
        return {}
    subjects = kept.inputs.subjects
    found = {key: panel(indicators()[key], subjects).value for key in keys if key is not None}
    return {key: Decimal(value).quantize(SIX) for key, value in found.items() if value is not None}

"""The factors behind a figure: its own, and those of the figures it was made of, as they were when it was said."""

from sqlalchemy import Engine

from adapters.relational import figures
from adapters.relational.figures import Revision
from park.figure import Input, Scope, Used, name
from park.indicator import ENERGY


def factors_of(engine: Engine, found: Revision) -> list[Used]:
    """Give them in the order they were used."""
    used = {one.id: one for one in found.figure.factors}
    for each in found.figure.inputs:
        behind = _behind(found, each)
        if behind is not None:
            earlier = figures.at_time(engine, behind, found.at)
            for one in earlier.figure.factors if earlier is not None else ():
                used.setdefault(one.id, one)
    return list(used.values())


def _behind(found: Revision, each: Input) -> str | None:
    """Name the figure that explains an input; None where this one does."""
    one = found.figure
    if each.figure is not None or one.scope is Scope.ENTERPRISE or one.indicator == each.name:
        return each.figure
    return name(one.scope, one.subject, each.name, one.term, one.basis if each.name == ENERGY else None)

"""What an evaluation is made of, gathered from the stores: statements, figures, the registry, and people's marks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from adapters.relational import evaluation_flags, evaluations, figures, statements
from adapters.relational.evaluations import Inputs
from adapters.relational.schemes import KeptScheme
from api.services import Services
from park.evaluation.assembly import INDICATORS, subject
from park.factor import Basis
from park.figure import Figure, Scope
from park.place import Enterprise
from park.statement import Statement
from park.term import MONTHS, Span, Term


def gather(parts: Services, park: str, scheme: KeptScheme, term: Term, basis: Basis) -> Inputs:
    """Put together the inputs of an evaluation of a park; blocks for the database."""
    members = [one for one in parts.registry.refresh().enterprises if one.park == park]
    known = figures_of(parts, [one.id for one in members], term, basis)
    marks = defaultdict(list)
    for mark in evaluation_flags.current(parts.engine, scheme.scheme.id, term):
        marks[mark.enterprise].append(mark.flag())
    reported = _reported(parts, term)
    subjects = [
        subject(one, term, reported.get(one.id, ()), known.get(one.id, ()), tuple(marks[one.id])) for one in members
    ]
    sets = {factor.set for each in known.values() for figure in each for factor in figure.factors}
    return evaluations.gather(scheme, term, basis.value, subjects, sorted(sets))


def figures_of(parts: Services, enterprises: Sequence[str], term: Term, basis: Basis) -> Mapping[str, Sequence[Figure]]:
    """Give the current figures of some enterprises for a term, by enterprise."""
    found = figures.current(
        parts.engine, scope=Scope.ENTERPRISE, ids=enterprises, term=term, basis=basis, indicators=INDICATORS
    )
    by_enterprise = defaultdict(list)
    for figure in found:
        by_enterprise[figure.subject].append(figure)
    return by_enterprise


def terms_known(parts: Services) -> list[Term]:
    """Give the terms there are statements for, the years they lie in, and what the newest month ends; newest first."""
    found = {statement.term for statement in statements.current(parts.engine)}
    years = {Term(Span.YEAR, term.year * MONTHS + MONTHS - 1) for term in found}
    months = [term.last for term in found if term.span is Span.MONTH]
    ending = {Term(span, max(months)) for span in (Span.ROLLING, Span.TO_DATE)} if months else set()
    return sorted(found | years | ending, reverse=True)


def lacking(members: Iterable[Enterprise], inputs: Inputs) -> dict[str, int]:
    """Count the enterprises that lack each quantity: what to enter next."""
    names = {one.id for one in members}
    counts: dict[str, int] = {}
    for one in inputs.subjects:
        for name, quantity in one.quantities.items():
            if one.id in names and quantity.value is None:
                counts[name] = counts.get(name, 0) + 1
    return counts


def _reported(parts: Services, term: Term) -> Mapping[str, Sequence[Statement]]:
    """Give the newest statements by enterprise of every term that touches this one; a quarter may be its year's."""
    by_enterprise = defaultdict(list)
    for statement in statements.current(parts.engine, first=term, last=term):
        by_enterprise[statement.enterprise].append(statement)
    return by_enterprise

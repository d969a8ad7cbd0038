"""What the pages on evaluation show, read off the event loop."""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter

from adapters.relational import evaluation_flags, evaluations, figures, policies, schemes
from adapters.relational.evaluation_flags import KeptFlag
from adapters.relational.evaluations import Inputs, Kept
from adapters.relational.schemes import KeptScheme
from api.evaluation_inputs import gather, terms_known
from api.services import Services
from park import term as terms
from park.evaluation.result import Evaluation
from park.evaluation.scheme import Scheme
from park.factor import Basis
from park.figure import Scope
from park.intensity import LEAST
from park.place import Park
from park.registry import Registry
from park.term import Span, Term, month_of, year_of

YEARS_BACK = 3


@dataclass(frozen=True, slots=True)
class Look:
    """One park's evaluation by one scheme for one term: as it was kept, or as it would be now."""

    park: Park
    parks: tuple[Park, ...]
    schemes: Mapping[str, KeptScheme]
    scheme: KeptScheme
    terms: tuple[Term, ...]
    term: Term
    basis: Basis
    kept: Kept | None
    inputs: Inputs | None
    """What it is made of: the kept one's, else what is known now; None for who may not see a preview."""
    result: Evaluation | None
    stale: bool = False
    """Whether something is known by now that the kept one was not made of."""
    flags: tuple[KeptFlag, ...] = ()

    @property
    def rules(self) -> Scheme:
        """The scheme the shown result was made by: of a kept one as it was then."""
        return evaluations.scheme_of(self.kept.inputs) if self.kept else self.scheme.scheme


def read(parts: Services, registry: Registry, asked: Mapping[str, str], *, preview: bool) -> Look | None:
    """Read what an address asks for; None where there is no park.  Blocks for the database."""
    if not registry.parks:
        return None
    park = next((one for one in registry.parks if one.id == asked.get("park")), registry.parks[0])
    known = schemes.current(parts.engine)
    heads = evaluations.listing(parts.engine, park=park.id)
    this_month = month_of(parts.clock(), parts.zone)
    years = [year_of(this_month)]
    for _ in range(YEARS_BACK):
        years.append(years[-1].year_ago())
    choices = sorted({*terms_known(parts), *map(attrgetter("term"), heads), *years}, reverse=True)
    newest = heads[0] if heads else None
    scheme = known.get(asked.get("scheme") or (newest.scheme if newest else "")) or next(iter(known.values()))
    fallback = newest.term if newest else _default(parts, years)
    term = _term(asked.get("period", "")) or fallback
    kept = evaluations.current(parts.engine, park.id, scheme.scheme.id, term)
    basis = _basis(asked.get("basis", "")) or (Basis(kept.inputs.basis) if kept else None)
    basis = basis or policies.current(parts.engine, park.id).basis
    now = gather(parts, park.id, scheme, term, basis) if preview else None
    inputs = kept.inputs if kept else now
    return Look(
        park=park,
        parks=registry.parks,
        schemes=known,
        scheme=scheme,
        terms=tuple(choices if term in choices else [term, *choices]),
        term=term,
        basis=basis,
        kept=kept,
        inputs=inputs,
        result=kept.result if kept else evaluations.rerun(inputs) if inputs else None,
        stale=kept is not None and now is not None and evaluations.fingerprint(now) != kept.digest,
        flags=tuple(evaluation_flags.current(parts.engine, scheme.scheme.id, term)),
    )


def _default(parts: Services, years: list[Term]) -> Term:
    """Give the last full year, or the last twelve months where more is known of the energy of those."""
    stated, figured = terms_known(parts), set(figures.known_terms(parts.engine))
    rolling = [term for term in stated if term.span is Span.ROLLING]
    wanted = [years[1], *rolling, years[0]]
    both = [term for term in wanted if term in stated and str(term) in figured]
    whole = next((term for term in both if _measured(parts, term)), None)
    return whole or next(iter(both), next((term for term in wanted if term in stated), years[1]))


def _measured(parts: Services, term: Term) -> bool:
    """Tell whether enough is known of the parks' energy over a term to set it against statements."""
    energy = figures.current(parts.engine, term=term, scope=Scope.PARK, indicators=["energy"])
    return any(one.coverage.measured + one.coverage.estimated >= LEAST for one in energy)


def _term(text: str) -> Term | None:
    try:
        return terms.read(text) if text else None
    except ValueError:
        return None


def _basis(text: str) -> Basis | None:
    return Basis(text) if text in set(Basis) else None

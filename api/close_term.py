"""Closing a term for its reports, asked for by a program or a person: first see what stands in the way."""

from adapters.relational import closings, figures, waiting
from adapters.relational.closings import Closed
from adapters.relational.refusal import Refused
from api.mistake import Mistake
from api.problem import Problem
from api.services import Services
from park.closing import Obstacle, obstacles
from park.figure import Scope
from park.place import Park
from park.term import Term


def do_close(parts: Services, park: str, term: Term, *, who: str, note: str, force: str, lang: str) -> Closed:
    """Close a term unless something stands in the way.  Raises Problem with every obstacle."""
    known = parts.registry.refresh()
    place = next((one for one in known.parks if one.id == park), None)
    if place is None:
        raise Problem("no_such", what="park", id=park)
    found = in_the_way(parts, place, term)
    barred = [one for one in found if one.final or not force.strip()]
    if barred:
        mistakes = [Mistake(path="body.term", sentence=one.sentence(lang)) for one in barred]
        refused = Refused(
            f"{term} 现在不能结账: {len(barred)} 项未了; 处理后再结, 或在 force 中写明仍要结账的理由。",
            f"{term} cannot be closed now: {len(barred)} things are open; settle them, or say why in force.",
        )
        raise Problem("conflict", refused=refused, mistakes=mistakes)
    try:
        return closings.close(
            parts.engine,
            park=park,
            term=term,
            who=who,
            now=parts.clock(),
            note=note.strip(),
            forced=force.strip() if found else "",
            obstacles=found,
            scopes_without_park=len(known.parks) == 1,
        )
    except Refused as refused:
        raise Problem("conflict", refused=refused) from None


def in_the_way(parts: Services, park: Park, term: Term) -> list[Obstacle]:
    """Give what stands in the way of closing a park's term."""
    known = parts.registry.current()
    own = {one.id for one in known.enterprises if one.park == park.id}
    stated = figures.current(parts.engine, term=term, scope=Scope.ENTERPRISE, ids=own, indicators=["value_added"])
    waits = {key: months for key, months in waiting.months(parts.engine, known, parts.zone).items() if key in own}
    return obstacles(term, stated, waits, end=parts.local(term.end(parts.zone)), now=parts.clock())

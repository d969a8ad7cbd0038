"""Which meters a value is of, where the registry maps a sender's own names or leaves them as they are."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from park.decode.names import Named, meaning, names_of
from park.place import Meter


class Taker(NamedTuple):
    """One meter that a value is of, and as what."""

    meter: Meter
    named: Named
    wanted: bool
    """Whether the registry asks for it; else it is claimed only so that admission says what it is not."""


def takers(candidates: Iterable[tuple[Meter, tuple[str, ...]]]) -> Iterator[Taker]:
    """Give the takers of one value, which for each meter has some names, its most common one last.

    A meter with `names` takes what they map, and what has one of its metrics for its name; all else is left out on
    purpose.  What no meter takes is claimed for the first one without `names`, under its own name.
    """
    taken = False
    open_: Taker | None = None
    for meter, own in candidates:
        names = names_of(meter.options)
        named = None
        if names is not None:
            named = next((found for name in own if (found := meaning(names, name)) is not None), None)
        if named is None and own[-1] in meter.metrics and not _is_mapped(own[-1], names or {}):
            named = Named(own[-1])
        if named is not None:
            taken = True
            yield Taker(meter, named, wanted=True)
        elif names is None and open_ is None:
            open_ = Taker(meter, Named(own[-1]), wanted=False)
    if not taken and open_ is not None:
        yield open_


def _is_mapped(metric: str, names: Mapping[str, object]) -> bool:
    """Tell whether a metric has a source of another name."""
    return any(named is not None and named.metric == metric for named in (meaning(names, name) for name in names))

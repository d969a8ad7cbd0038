"""Which of a register's readings are believed: clean stretches at once, the troubled ones between them with care."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from park.belief import AHEAD, Link, Node
from park.epoch import Epoch
from park.plausible import Plausible
from park.series import Floats, Ints
from park.trouble import Resolver

CALM = 24
"""So many readings in a row that fit one another end a trouble; what comes later no longer changes it."""
BACK = 3
"""So many readings before a misfit are looked at again: what went up may be what was wrong."""
SETTLE = 3
"""So many of them are looked at one by one."""
LONGEST = 2_048
"""A trouble of so many readings is cut, or a register that never fits would be read from its beginning for ever."""
FEWEST = 3
"""Below so many misfits there are no two devices to look for."""


@dataclass(slots=True)
class Trust:
    """What is believed, as places among the readings."""

    places: Ints
    links: dict[int, Link] = field(default_factory=dict)
    """How a believed reading follows the one before, where it did not simply count on."""
    torn: dict[int, int] = field(default_factory=dict)
    """Readings before which two devices spoke, and the first reading of the second of them."""
    known: set[int] = field(default_factory=set)
    """Those of them of which a person knows already."""
    troubles: list[tuple[int, int]] = field(default_factory=list)
    """Where readings did not fit: the last reading before, and the first after; between them none starts a ledger."""
    settled: int = 0
    """The last place up to which later readings change nothing; −1 where there is none."""


def trust(ms: Ints, totals: Floats, plausible: Plausible, decided: Sequence[Epoch], *, marked: bool) -> Trust:
    """Choose the readings to believe; `decided` are epochs about two devices."""
    count = len(ms)
    misfits = np.flatnonzero(~plausible.fits(ms, totals))
    result = Trust(np.arange(count), settled=max(count - 1 - BACK, -1))
    parts: list[Ints] = []
    reached, place = 0, 0
    while place < len(misfits):
        trouble = _Trouble.at(misfits, place, after=reached - 1, count=count)
        low, high = trouble.low, trouble.high
        parts.append(np.arange(reached, low))
        nodes = [Node(*each) for each in zip(ms[low : high + 1].tolist(), totals[low : high + 1].tolist(), strict=True)]
        nodes[-1] = nodes[-1]._replace(weight=trouble.weight)
        care = Resolver(plausible, decided, marked=marked or low > 0, many=trouble.many, open=trouble.open)
        chosen = (
            care.resolve(nodes) if not trouble.cut else care.resolve(nodes).cut(trouble.end - low, nodes, plausible)
        )
        parts.append(np.array(chosen.places, np.int64) + low)
        result.links |= {low + at: link for at, link in chosen.links.items()}
        result.torn |= {low + at: low + torn for at, torn in chosen.torn.items()}
        result.known |= {low + at for at in chosen.known}
        last = low + chosen.places[-1]
        result.troubles.append((low, last if trouble.cut else trouble.last + 1))
        if trouble.open:
            result.settled = min(result.settled, low if marked or low > 0 else -1)
        reached = last + 1 if trouble.cut or last == high else count  # what is undecided at the end stays so
        place = int(np.searchsorted(misfits, last if trouble.cut else trouble.last + 1))
    if parts:
        result.places = np.concatenate([*parts, np.arange(reached, count)])
    return result


@dataclass(frozen=True, slots=True)
class _Trouble:
    """A stretch in which readings do not fit, from the last reading before it to where it is decided."""

    low: int
    high: int
    last: int
    """Its last misfit."""
    end: int
    """Where it is cut if it lasts too long: the rest is looked at by itself."""
    weight: float
    """Of its last reading, with the calm ones that follow."""
    many: bool
    cut: bool
    open: bool
    """Whether readings that are yet to come may change what is believed."""

    @classmethod
    def at(cls, misfits: Ints, place: int, *, after: int, count: int) -> "_Trouble":
        """Find the trouble that begins with a misfit, after the last reading that was decided."""
        first = int(misfits[place])
        final = place
        while final + 1 < len(misfits) and misfits[final + 1] - misfits[final] <= CALM:
            if misfits[final + 1] - first >= LONGEST:
                break
            final += 1
        last = int(misfits[final])
        cut = final + 1 < len(misfits) and misfits[final + 1] - last <= CALM
        end = first + LONGEST
        high = min(end + AHEAD if cut else last + 1 + SETTLE, count - 1)
        return cls(
            low=max(first - BACK, after, 0),
            high=high,
            last=last,
            end=end,
            weight=1.0 if cut else 1.0 + min(count - 1 - high, CALM),
            many=final - place + 1 >= FEWEST,
            cut=bool(cut),
            open=count - 1 < end + AHEAD if cut else count - 1 - last <= CALM,
        )

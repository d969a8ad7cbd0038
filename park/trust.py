"""Which of a register's readings are believed: clean stretches at once, the troubled ones between them with care."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median_low

import numpy as np

from park.belief import AHEAD, Link, Node, Path, believed
from park.epoch import REACH_MS, Epoch, Kind
from park.instant import to_ms
from park.plausible import Plausible
from park.rivals import Rivals, rivals
from park.series import Floats, Ints

CALM = 24
"""So many readings in a row that fit one another end a trouble; what comes later no longer changes it."""
BACK = 3
"""So many readings before a misfit are looked at again: what went up may be what was wrong."""
SETTLE = 3
"""So many of them are looked at one by one."""
LONGEST = 2_048
"""A trouble of so many readings is cut, or a register that never fits would be read from its beginning for ever."""
LEAP = 50.0
"""So many times the usual pace around is a leap: not impossible, but two of them are less likely than a bad sample."""
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
        care = _Care(plausible, decided, marked=marked or low > 0, many=trouble.many)
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


@dataclass(slots=True)
class _Chosen:
    places: list[int] = field(default_factory=list)
    links: dict[int, Link] = field(default_factory=dict)
    torn: dict[int, int] = field(default_factory=dict)
    known: list[int] = field(default_factory=list)

    def cut(self, end: int, nodes: Sequence[Node], plausible: Plausible) -> "_Chosen":
        """Give what was chosen up to a place, or to where two devices were last heard; and always get on."""
        end = max(end, *(self.torn or (0,)))
        places = [place for place in self.places if place <= end]
        links = {place: link for place, link in self.links.items() if place <= end}
        if len(places) == 1:
            places.append(end)
            links[end] = plausible.link(nodes[places[0]], nodes[end])
        return _Chosen(places, links, self.torn, self.known)

    def follow(self, path: Path, places: Sequence[int]) -> None:
        """Take a path over some of the places."""
        self.places += [places[place] for place in path.places]
        self.links |= {
            places[place]: link
            for place, link in zip(path.places, path.links, strict=True)
            if link not in {Link.GAIN, Link.LEAP}
        }


@dataclass(frozen=True, slots=True)
class _Care:
    """How one trouble is resolved."""

    plausible: Plausible
    decided: Sequence[Epoch]
    marked: bool
    many: bool

    def resolve(self, nodes: Sequence[Node]) -> _Chosen:
        """Choose among the readings of one trouble."""
        chosen = _Chosen()
        places = range(len(nodes))
        both = rivals(nodes, self.plausible.gains, unit=self.plausible.count) if self.many else None
        if both is None:
            chosen.follow(self._path(nodes, places, marked=self.marked), places)
            return chosen
        word = self._word(nodes, both)
        line = None if word is None else self._meant(word, nodes, both)
        if line is not None:
            meant = set(both.lines[line])
            kept = [place for place in places if place in meant or not both.first <= place < both.resume]
            chosen.follow(self._path(nodes, kept, marked=self.marked), kept)
            return chosen
        chosen.follow(self._path(nodes, places[: both.first], marked=self.marked), places[: both.first])
        chosen.follow(self._path(nodes, places[both.resume :], marked=False), places[both.resume :])
        torn = next(place for place in chosen.places if place >= both.resume)
        chosen.torn[torn] = both.first
        if word is not None:
            chosen.known.append(torn)
        return chosen

    def _path(self, nodes: Sequence[Node], places: Sequence[int], *, marked: bool) -> Path:
        chosen = [nodes[place] for place in places]
        usual = _usual(chosen)

        def link(before: Node, after: Node) -> Link:
            found = self.plausible.link(before, after)
            if not usual or found is not Link.GAIN:
                return found
            most = LEAP * usual * (after.ms - before.ms) + self.plausible.count
            return Link.LEAP if after.total - before.total > most else Link.GAIN

        return believed(chosen, link, marked=marked)

    def _word(self, nodes: Sequence[Node], both: Rivals) -> Epoch | None:
        """Find what a person said last of two devices here; it holds until somebody says something else."""
        until = nodes[both.resume].ms
        said = [each for each in self.decided if each.kind is Kind.TWO_DEVICES and to_ms(each.at) - REACH_MS <= until]
        return said[-1] if said else None

    def _meant(self, epoch: Epoch, nodes: Sequence[Node], both: Rivals) -> int | None:
        """Choose the line a person meant: nearest to their reading, later the one that goes on; None for none."""
        reading = epoch.closing if epoch.opening is None else epoch.opening
        if epoch.rejected:
            return 0
        if reading is None:
            return None
        if to_ms(epoch.at) + REACH_MS < nodes[both.first].ms:
            return 0
        total = reading * self.plausible.count

        def off(line: Sequence[int]) -> float:
            return min(abs(nodes[place].total - total) for place in line)

        return min((0, 1), key=lambda each: off(both.lines[each]))


def _usual(nodes: Sequence[Node]) -> float:
    """Give the usual pace among neighbours, in a millisecond."""
    paces = [(b.total - a.total) / (b.ms - a.ms) for a, b in pairwise(nodes) if b.total >= a.total]
    return median_low(paces) if paces else 0.0

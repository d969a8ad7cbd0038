"""Which of a register's readings are believed: clean stretches at once, the troubled ones between them with care."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from park.belief import Link, Node, Path, believed
from park.epoch import REACH_MS, Epoch, Kind
from park.instant import to_ms
from park.plausible import Plausible
from park.rivals import Rivals, rivals
from park.series import Floats, Ints

CALM = 24
"""So many readings in a row that fit one another end a trouble; what comes later no longer changes it."""
SETTLE = 3
"""So many of them are looked at one by one."""
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
    troubles: list[tuple[int, int]] = field(default_factory=list)
    """Where readings did not fit: the last reading before, and the first after; between them none starts a ledger."""
    settled: int = 0
    """The last place up to which later readings change nothing; −1 where there is none."""


def trust(ms: Ints, totals: Floats, plausible: Plausible, decided: Sequence[Epoch], *, marked: bool) -> Trust:
    """Choose the readings to believe; `decided` are epochs about two devices."""
    count = len(ms)
    misfits = np.flatnonzero(~plausible.fits(ms, totals))
    result = Trust(np.empty(0, np.int64), settled=count - 2)
    if not len(misfits):
        result.places = np.arange(count)
        return result
    parts: list[NDArray[np.int64]] = []
    reached = 0
    for first, last in _troubles(misfits):
        low, high = max(first - 1, 0), min(last + 1 + SETTLE, count - 1)
        parts.append(np.arange(reached, low))
        nodes = [Node(*each) for each in zip(ms[low : high + 1].tolist(), totals[low : high + 1].tolist(), strict=True)]
        nodes[-1] = nodes[-1]._replace(weight=1.0 + min(count - 1 - high, CALM))
        care = _Care(plausible, decided, marked=marked or low > 0, many=_many(misfits, first, last))
        chosen = care.resolve(nodes)
        parts.append(np.array([low + place for place in chosen.places], np.int64))
        result.links |= {low + place: link for place, link in chosen.links.items()}
        result.torn |= {low + place: low + torn for place, torn in chosen.torn.items()}
        result.troubles.append((low, last + 1))
        if count - 1 - last <= CALM:
            result.settled = low if marked or low > 0 else -1
        reached = high + 1
        if low + chosen.places[-1] < high:  # only at the end: what is undecided stays so
            reached = count
    parts.append(np.arange(reached, count))
    result.places = np.concatenate(parts)
    return result


def _troubles(misfits: Ints) -> Iterator[tuple[int, int]]:
    """Give the first and last misfit of each trouble."""
    breaks = np.flatnonzero(np.diff(misfits) > CALM)
    firsts = misfits[np.append(0, breaks + 1)]
    lasts = misfits[np.append(breaks, len(misfits) - 1)]
    return zip(firsts.tolist(), lasts.tolist(), strict=True)


def _many(misfits: Ints, first: int, last: int) -> bool:
    return int(np.searchsorted(misfits, last, "right") - np.searchsorted(misfits, first, "left")) >= FEWEST


@dataclass(slots=True)
class _Chosen:
    places: list[int] = field(default_factory=list)
    links: dict[int, Link] = field(default_factory=dict)
    torn: dict[int, int] = field(default_factory=dict)

    def follow(self, path: Path, places: Sequence[int]) -> None:
        """Take a path over some of the places."""
        self.places += [places[place] for place in path.places]
        self.links |= {
            places[place]: link for place, link in zip(path.places, path.links, strict=True) if link is not Link.GAIN
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
        if word is not None:
            line = set(both.lines[self._meant(word, nodes, both)])
            kept = [place for place in places if place in line or not both.first <= place < both.resume]
            chosen.follow(self._path(nodes, kept, marked=self.marked), kept)
            return chosen
        chosen.follow(self._path(nodes, places[: both.first], marked=self.marked), places[: both.first])
        chosen.follow(self._path(nodes, places[both.resume :], marked=False), places[both.resume :])
        chosen.torn[next(place for place in chosen.places if place >= both.resume)] = both.first
        return chosen

    def _path(self, nodes: Sequence[Node], places: Sequence[int], *, marked: bool) -> Path:
        return believed([nodes[place] for place in places], self.plausible.link, marked=marked)

    def _word(self, nodes: Sequence[Node], both: Rivals) -> Epoch | None:
        """Find what a person said of these two devices, if that helps: that there are two does not."""
        start, end = nodes[both.first].ms - REACH_MS, nodes[both.resume].ms
        for epoch in self.decided:
            helps = epoch.rejected or epoch.closing is not None or epoch.opening is not None
            if epoch.kind is Kind.TWO_DEVICES and helps and start <= to_ms(epoch.at) <= end:
                return epoch
        return None

    def _meant(self, epoch: Epoch, nodes: Sequence[Node], both: Rivals) -> int:
        """Choose the line a person meant: the one there before, or the one nearest to the reading they gave."""
        reading = epoch.closing if epoch.opening is None else epoch.opening
        if epoch.rejected or reading is None:
            return 0
        total = reading * self.plausible.count

        def off(line: Sequence[int]) -> float:
            return min(abs(nodes[place].total - total) for place in line)

        return min((0, 1), key=lambda place: off(both.lines[place]))

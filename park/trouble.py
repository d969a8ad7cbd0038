"""How a trouble in a register's readings is resolved: by what is cheapest to believe, or by what a person said."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median_low

from park.belief import Link, Node, Path, believed
from park.epoch import REACH_MS, Epoch, Kind
from park.instant import to_ms
from park.plausible import Plausible
from park.rivals import Lines, Rivals, lines_of, refrain, rivals

LEAP = 50.0
"""So many times the usual pace around is a leap: not impossible, but two of them are less likely than a bad sample."""


@dataclass(slots=True)
class Chosen:
    """What is believed of one trouble, as places in it; the names are those of `park.trust.Trust`."""

    places: list[int] = field(default_factory=list)
    links: dict[int, Link] = field(default_factory=dict)
    torn: dict[int, int] = field(default_factory=dict)
    known: list[int] = field(default_factory=list)

    def cut(self, end: int, nodes: Sequence[Node], plausible: Plausible) -> "Chosen":
        """Give what was chosen up to a place, or to where two devices were last heard; and always get on."""
        end = max(end, *(self.torn or (0,)))
        places = [place for place in self.places if place <= end]
        links = {place: link for place, link in self.links.items() if place <= end}
        if len(places) == 1:
            places.append(end)
            links[end] = plausible.link(nodes[places[0]], nodes[end])
        return Chosen(places, links, self.torn, self.known)

    def among(self, places: Sequence[int]) -> "Chosen":
        """Give the same, where some of the readings were left aside before."""
        return Chosen(
            [places[place] for place in self.places],
            {places[place]: link for place, link in self.links.items()},
            {places[place]: places[first] for place, first in self.torn.items()},
            [places[place] for place in self.known],
        )

    def follow(self, path: Path, places: Sequence[int]) -> None:
        """Take a path over some of the places."""
        self.places += [places[place] for place in path.places]
        self.links |= {
            places[place]: link
            for place, link in zip(path.places, path.links, strict=True)
            if link not in {Link.GAIN, Link.LEAP}
        }


@dataclass(frozen=True, slots=True)
class Resolver:
    """How one trouble is resolved."""

    plausible: Plausible
    decided: Sequence[Epoch]
    marked: bool
    """Whether the first reading was believed before."""
    many: bool
    """Whether there are misfits enough for two devices."""
    open: bool
    """Whether readings that are yet to come may change what is believed."""

    def resolve(self, nodes: Sequence[Node]) -> Chosen:
        """Choose among the readings of one trouble."""
        lines = lines_of(nodes, self.plausible.gains) if self.many else []
        idle = refrain(nodes, lines, marked=self.marked)
        if not idle:
            return self._resolve(nodes, lines)
        kept = [place for place in range(len(nodes)) if place not in idle]
        rest = [nodes[place] for place in kept]
        return self._resolve(rest, lines_of(rest, self.plausible.gains)).among(kept)

    def _resolve(self, nodes: Sequence[Node], lines: Lines) -> Chosen:
        chosen = Chosen()
        places = range(len(nodes))
        both = rivals(nodes, lines, unit=self.plausible.count)
        if both is None:
            chosen.follow(self._path(nodes, places, marked=self.marked), places)
            return chosen
        word = self._word(nodes, both)
        line = None if word is None else self._meant(word, nodes, both)
        if line is not None:
            return self._meaning(line, nodes, both)
        chosen.follow(self._path(nodes, places[: both.first], marked=self.marked), places[: both.first])
        chosen.follow(self._path(nodes, places[both.resume :], marked=False), places[both.resume :])
        torn = next(place for place in chosen.places if place >= both.resume)
        chosen.torn[torn] = both.first
        if word is not None:
            chosen.known.append(torn)
        return chosen

    def _meaning(self, line: int, nodes: Sequence[Node], both: Rivals) -> Chosen:
        """Believe one of two devices from where the other came in."""
        chosen = Chosen()
        meant = set(both.lines[line])
        # Which line a reading after the last turn is of, the readings to come will tell.
        other = {place for place in both.lines[1 - line] if self.open or place < both.resume}
        inside = range(both.first, both.resume)
        kept = [
            place
            for place in range(len(nodes))
            if place < both.first or (place not in other and (place in meant or place not in inside))
        ]
        chosen.follow(self._path(nodes, kept, marked=self.marked), kept)
        newcomer = next((place for place in chosen.places if place >= both.first), None)
        if (
            line and newcomer is not None
        ):  # what was believed before it was another device, and says nothing of this one
            chosen.torn[newcomer] = both.first
            chosen.known.append(newcomer)
            chosen.links.pop(newcomer, None)
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

"""Which samples of a register to believe where neighbours do not fit one another.

Each way through the samples has a price: to leave one out, to say that the register began anew.  The cheapest is
taken.  One bad sample is thereby left out, and a register that stays where it jumped to is another one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import pairwise
from math import inf
from typing import NamedTuple


class Link(IntEnum):
    """How a sample follows another."""

    GAIN = 0
    """The register counted on."""
    ROLLOVER = 1
    """It ran past its width, and both sides are plausible by what it is rated."""
    BREAK = 2
    """It is not the same register, or it was set back."""
    DIP = 3
    """As BREAK, but so little lower that it may soon be back."""
    LEAP = 4
    """It counted on, but by far more than it did around."""


PRICE = {Link.GAIN: 0.0, Link.ROLLOVER: 0.5, Link.BREAK: 1.5, Link.DIP: 6.5, Link.LEAP: 0.4}
GOES_ON = frozenset({Link.GAIN, Link.LEAP, Link.ROLLOVER})
LEFT_OUT = 1.0
LATE_START = 1.6
"""The price of leaving out the very first sample: more than of a break, so that a meter replaced at once is seen."""
MOST = 2.5
"""The price of leaving out a run of any length, if the register then goes on: less than of two breaks."""
AHEAD = 64
"""So many samples in a row may be left out."""


class Node(NamedTuple):
    """One sample, and how many clean ones follow that stand and fall with it."""

    ms: int
    total: float
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Path:
    """The samples believed, as places, and how each follows the one before; the first follows nothing."""

    places: tuple[int, ...]
    links: tuple[Link, ...]


def believed(nodes: Sequence[Node], link: Callable[[Node, Node], Link], *, marked: bool) -> Path:
    """Choose the samples to believe; `marked` says that the first was believed before.

    Samples after the last believed one are undecided: another sample may yet speak for them.
    """
    way = _Way(nodes, _runs(nodes, link), link)
    befores: list[int] = []
    for place in range(len(nodes)):
        price, before = way.cheapest(place)
        start = inf if marked and place else place * LATE_START
        way.come(min(price, start))
        befores.append(before if price < start else -1)
    prices = way.prices
    after, last, least = 0.0, 0, inf
    for place in range(len(nodes) - 1, -1, -1):
        if prices[place] + after < least:
            least, last = prices[place] + after, place
        after += nodes[place].weight * LEFT_OUT
    places = [last]
    while befores[places[-1]] >= 0:
        places.append(befores[places[-1]])
    places.reverse()
    links = [Link.GAIN, *(link(nodes[a], nodes[b]) for a, b in pairwise(places))]
    return Path(tuple(places), tuple(links))


@dataclass(slots=True)
class _Way:
    """The prices of coming to each sample so far."""

    nodes: Sequence[Node]
    runs: Sequence[int]
    """Which run of neighbours that go on from one another each sample is in: a run is left out as a whole."""
    link: Callable[[Node, Node], Link]
    prices: list[float] = field(default_factory=list)
    lowest: list[float] = field(default_factory=list)
    """The least of the prices up to each: further back nothing is cheaper."""

    def come(self, price: float) -> None:
        """Note the price of the next sample."""
        self.prices.append(price)
        self.lowest.append(min(price, self.lowest[-1] if self.lowest else inf))

    def cheapest(self, place: int) -> tuple[float, int]:
        """Give the cheapest way to come to a place from one before it, and from which."""
        best, before = inf, -1
        closed, open_run, run = 0.0, 0.0, -1
        for earlier in range(place - 1, max(place - 2 - AHEAD, -1), -1):
            if earlier < place - 1:  # one more is left out, in the same run as the one after it or in another
                if self.runs[earlier + 1] != run:
                    closed, open_run, run = closed + min(open_run, MOST), 0.0, self.runs[earlier + 1]
                open_run += LEFT_OUT
            together = closed + min(open_run, MOST)
            if self.lowest[earlier] + together >= best:
                break
            if self.prices[earlier] + together >= best:
                continue
            how = self.link(self.nodes[earlier], self.nodes[place])
            price = (
                self.prices[earlier] + PRICE[how] + (together if how in GOES_ON else (place - earlier - 1) * LEFT_OUT)
            )
            if price < best:
                best, before = price, earlier
        return best, before


def _runs(nodes: Sequence[Node], link: Callable[[Node, Node], Link]) -> list[int]:
    """Number the runs of neighbours that go on from one another."""
    runs = [0]
    for before, after in pairwise(nodes):
        runs.append(runs[-1] + (link(before, after) not in GOES_ON))
    return runs

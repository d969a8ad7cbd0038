"""Two devices under one id: two totals that both go on, each taking turns with the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from park.belief import Node

TURNS = 6
"""So often it must change from one to the other: meters replaced and bad samples do so less."""
SAMPLES = 4
"""So many samples each must have."""
SHARE = 0.2
"""Of the samples between its first and last the lesser line must have this share: bad samples are rarer."""
APART = 10.0
"""Lines nearer than so many of their usual gains are one register that flickers."""
LINES = 6
Lines = list[list[int]]
"""Samples that go on from one another, as places."""


@dataclass(frozen=True, slots=True)
class Rivals:
    """Two lines that take turns, as places in the stretch."""

    lines: tuple[tuple[int, ...], tuple[int, ...]]
    """The one that was there before first."""
    first: int
    """The place of the first sample that was not of the line before."""
    resume: int
    """The first sample after the last turn."""


def rivals(nodes: Sequence[Node], lines: Lines, *, unit: float) -> Rivals | None:
    """Find two devices among the lines the samples fall into."""
    lines = [line for line in lines if len(line) >= SAMPLES and _counts(nodes, line)]
    if len(lines) < 2:  # noqa: PLR2004  # two devices
        return None
    first, second = sorted(sorted(lines, key=len, reverse=True)[:2], key=lambda line: line[0])
    turns = _turns(first, second)
    if len(turns) < TURNS or not _apart(nodes, first, second, unit):
        return None
    least = min(sum(turns[0] <= place < turns[-1] for place in line) for line in (first, second))
    if least < SHARE * (turns[-1] - turns[0]):
        return None
    return Rivals((tuple(first), tuple(second)), turns[0], turns[-1])


def refrain(nodes: Sequence[Node], lines: Lines, *, marked: bool) -> set[int]:
    """Find the samples of a total that comes back again and again and never moves, while another line counts on.

    It is a modem's word for `none`, as long as it takes turns; a register that was believed before is never one.
    """
    still = [line for line in lines if not _counts(nodes, line) and not (marked and 0 in line)]
    counting = max((line for line in lines if len(line) >= SAMPLES and _counts(nodes, line)), key=len, default=None)
    found: set[int] = set()
    for line in still if counting else ():
        turns = _turns(line, counting or ())
        if len(turns) >= TURNS:
            found |= {place for place in line if place < turns[-1]}
    return found


def lines_of(nodes: Sequence[Node], gains: Callable[[Node, Node], bool]) -> Lines:
    """Give each sample to the line it continues with the least gain, or begin another.

    `gains` says whether one register can go from one sample to the other.
    """
    lines: list[list[int]] = []
    for place, node in enumerate(nodes):
        fitting = [line for line in lines if gains(nodes[line[-1]], node)]
        if fitting:
            min(fitting, key=lambda line: node.total - nodes[line[-1]].total).append(place)
            continue
        # What went up and came down again may have been two lines taken for one: part them.
        parted = next((line for line in lines if len(line) > 1 and gains(nodes[line[-2]], node)), None)
        lines.append([place] if parted is None else [parted.pop()])
        if parted is not None:
            parted.append(place)
        if len(lines) > LINES:
            lines.remove(min(lines[:-1], key=lambda line: (len(line), line[-1])))
    return lines


def _turns(first: Sequence[int], second: Sequence[int]) -> list[int]:
    """Give the places at which one line takes over from the other."""
    owners = sorted([*((place, 0) for place in first), *((place, 1) for place in second)])
    return [here[0] for before, here in pairwise(owners) if before[1] != here[1]]


def _counts(nodes: Sequence[Node], line: Sequence[int]) -> bool:
    """Tell whether a line counts: a total that never moves adds nothing, and may be a modem's word for `none`."""
    return nodes[line[-1]].total > nodes[line[0]].total


def _apart(nodes: Sequence[Node], first: Sequence[int], second: Sequence[int], unit: float) -> bool:
    before = max((place for place in first if place < second[0]), default=first[0])
    apart = abs(nodes[second[0]].total - nodes[before].total)
    usual = max(median(nodes[b].total - nodes[a].total for a, b in pairwise(line)) for line in (first, second))
    return apart > max(unit, APART * usual)

"""Booking what is believed: a step for every two neighbours, and at every joint what was found or said of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum, isfinite
from typing import NamedTuple

import numpy as np

from park.belief import Link, Node
from park.claims import claims
from park.epoch import Epoch, Kind
from park.instant import to_ms
from park.joint import Joint, Pair, Piece, changed, found, pieces, told
from park.plausible import Plausible
from park.register import Timeline
from park.series import Floats, Ints
from park.steps import CODE, HOUR_MS, Bools, Steps, joined


class Finding(NamedTuple):
    """An event that waits for a person's word."""

    kind: Kind
    at: int
    before: Node
    after: Node
    booked: float
    evidence: Mapping[str, float | str]


@dataclass(frozen=True, slots=True)
class Book:
    """What was booked."""

    steps: Steps
    findings: tuple[Finding, ...]
    owed: float
    """Σ (closing − opening) over the epochs, each with its multiplier."""


@dataclass(slots=True)
class Books:
    """The believed readings of one register, on its scale, on their way to being booked."""

    at: Ints
    totals: Floats
    unmeasured: Bools
    links: dict[int, Link]
    """How the reading after a place follows, where it did not simply count on."""
    torn: dict[int, Node]
    """Places after which two devices spoke, with the first reading of the second."""
    known: Collection[int]
    """Those of them of which a person knows already."""
    plausible: Plausible
    pieces: dict[int, list[Piece]] = field(default_factory=dict)
    joints: dict[int, list[Joint]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def book(self, epochs: Sequence[Epoch], *, marked: bool) -> Book:
        """Book them, by what people said where they said something."""
        claimed = claims(self.at, self.links, self.torn, epochs, marked=marked)
        worth = self._worth(claimed)
        for place in sorted({*self.links, *claimed, *self._changing(worth)} - self.torn.keys()):
            self._join(place, claimed.get(place, ()), worth)
        for place in sorted(self.torn.keys() - set(self.known)):
            other = self.torn[place]
            pair = self._pair(place)
            evidence = {"hours": _hours(pair), "resumed": self.plausible.restored(*pair.after[:2])}
            self.findings.append(Finding(Kind.TWO_DEVICES, other.ms, pair.before, other, 0.0, evidence))
        self.findings.sort(key=lambda each: (each.at, each.kind))
        return Book(self._steps(worth), tuple(self.findings), self._owed(worth))

    def _pair(self, place: int) -> Pair:
        before, after = (Node(int(self.at[each]), float(self.totals[each])) for each in (place, place + 1))
        stood = place
        while stood and self.totals[stood - 1] == self.totals[place]:
            stood -= 1
        return Pair(before, after, self.links.get(place, Link.GAIN), int(self.at[stood]))

    def _worth(self, claimed: Mapping[int, Sequence[Epoch]]) -> Timeline:
        """Give what a count is worth, with each change where the register shows it."""
        moved = {
            to_ms(epoch.at): min(max(to_ms(epoch.at), int(self.at[place])), int(self.at[place + 1]))
            for place, epochs in claimed.items()
            for epoch in epochs
        }
        return self.plausible.worth(moved)

    def _changing(self, worth: Timeline) -> Iterable[int]:
        """Give the places between whose readings the multiplier changes."""
        places = np.searchsorted(self.at, worth.since, "left") - 1
        inside = (places >= 0) & (places < len(self.at) - 1)
        inside &= self.at[np.minimum(places + 1, len(self.at) - 1)] > worth.since
        return [int(place) for place in places[inside]]

    def _join(self, place: int, epochs: Sequence[Epoch], worth: Timeline) -> None:
        pair = self._pair(place)
        joints = self._said(pair, epochs, worth)
        if not epochs and pair.link is not Link.GAIN:
            joint, kind = found(pair, self.plausible)
            joints = [joint]
            if any(joint.estimated):
                booked = fsum(piece.amount for piece in pieces(pair, joints, worth))
                self.findings.append(
                    Finding(kind, pair.after.ms, pair.before, pair.after, booked, self._evidence(pair))
                )
        if pair.link is Link.GAIN:
            said = {joint.at for joint in joints}
            inside = [int(ms) for ms in worth.since if pair.before.ms < ms < pair.after.ms and ms not in said]
            joints = sorted([*joints, *(changed(pair, ms) for ms in inside)], key=lambda joint: joint.at)
        self.joints[place] = joints
        self.pieces[place] = pieces(pair, joints, worth)

    def _said(self, pair: Pair, epochs: Sequence[Epoch], worth: Timeline) -> list[Joint]:
        """Join by what people said, one epoch after the other."""
        joints: list[Joint] = []
        stage = pair
        for number, epoch in enumerate(epochs, 1):
            last = number == len(epochs)
            joint, wrong = told(stage, epoch, self.plausible, last=last)
            if wrong:
                booked = fsum(piece.amount for piece in pieces(stage, [joint], worth))
                evidence = {**self._evidence(pair), "contradiction": wrong}
                self.findings.append(Finding(epoch.kind, to_ms(epoch.at), pair.before, pair.after, booked, evidence))
            joints.append(joint)
            if not last:
                before = Node(min(joint.at, pair.after.ms - 1), joint.opening)
                stage = Pair(before, pair.after, self.plausible.link(before, pair.after))
        return joints

    def _evidence(self, pair: Pair) -> dict[str, float | str]:
        """Give what speaks for an event: how long it took, the most the register could count meanwhile, its width."""
        evidence: dict[str, float | str] = {"hours": _hours(pair)}
        if isfinite(most := self.plausible.most(pair.before.ms, pair.after.ms)):
            evidence["most"] = most
        width = self.plausible.width(pair.after.ms)
        if width is not None:
            evidence["width"] = width
        return evidence

    def _steps(self, worth: Timeline) -> Steps:
        """Put the plain differences and the pieces together, in order of time."""
        amount = np.diff(self.totals)
        if not self.plausible.plain:
            amount *= worth.at(self.at[:-1])
        plain = Steps(self.at[:-1], self.at[1:], amount, np.zeros(len(amount), np.int8), self.unmeasured[1:])
        if not self.pieces and not self.torn:
            return plain
        parts, reached = [], 0
        for place in sorted({*self.pieces, *self.torn}):
            parts.append(plain.part(slice(reached, place)))
            unmeasured = bool(self.unmeasured[place + 1])
            parts.append(of_pieces(self.pieces.get(place, ()), unmeasured=unmeasured))
            reached = place + 1
        parts.append(plain.part(slice(reached, None)))
        return joined(parts)

    def _owed(self, worth: Timeline) -> float:
        """Add up closing − opening of every stretch of one register and one multiplier."""
        parts: list[float] = []
        opening, price = float(self.totals[0]), worth.of(int(self.at[0]))
        for place in sorted({*self.joints, *self.torn}):
            if place in self.torn:
                parts.append((float(self.totals[place]) - opening) * price)
                opening, price = float(self.totals[place + 1]), worth.of(int(self.at[place + 1]))
            for joint in self.joints.get(place, ()):
                parts.append((joint.closing - opening) * price)
                opening, price = joint.opening, worth.of(joint.at)
        parts.append((float(self.totals[-1]) - opening) * price)
        return fsum(parts)


def of_pieces(made: Sequence[Piece], *, unmeasured: bool) -> Steps:
    """Give pieces as columns."""
    return Steps(
        np.array([piece.start_ms for piece in made], np.int64),
        np.array([piece.end_ms for piece in made], np.int64),
        np.array([piece.amount for piece in made], np.float64),
        np.array([CODE[piece.cause] for piece in made], np.int8),
        np.array([piece.estimated or unmeasured for piece in made], np.bool_),
    )


def _hours(pair: Pair) -> float:
    return (pair.after.ms - pair.before.ms) / HOUR_MS

"""Where one register ends and another begins: what is booked there, and what was said of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from park.belief import Link, Node
from park.epoch import REACH_MS, Epoch, Kind, Standing
from park.instant import to_ms
from park.plausible import Plausible
from park.register import Timeline
from park.steps import Cause

DAY_MS = 86_400_000


class Joint(NamedTuple):
    """One end and one beginning.  Totals are on the register's scale."""

    at: int
    closing: float
    opening: float
    cause: Cause
    estimated: tuple[bool, bool]
    """Whether what is booked before it, and after it, is an estimate."""


class Piece(NamedTuple):
    """A part of a step."""

    start_ms: int
    end_ms: int
    amount: float
    cause: Cause
    estimated: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two neighbouring believed samples."""

    before: Node
    after: Node
    link: Link
    stood: int | None = None
    """Since when the register has shown what it shows before; None where it had just come there."""

    @property
    def unseen_since(self) -> int:
        """Since when it may have counted on unseen.

        Who stood still as long as an epoch reaches may have stood for a day: what lies further back is not looked at,
        or where a ledger starts would decide it.
        """
        if self.stood is None or self.before.ms - self.stood < REACH_MS:
            return self.before.ms if self.stood is None else self.stood
        return self.after.ms - DAY_MS

    def between(self, at: int) -> float:
        """Give the total at an instant, had it grown evenly."""
        share = (at - self.before.ms) / (self.after.ms - self.before.ms)
        return self.before.total + (self.after.total - self.before.total) * share


CAUSE = {
    Kind.REPLACEMENT: Cause.REPLACEMENT,
    Kind.RESET: Cause.RESET,
    Kind.ROLLOVER: Cause.ROLLOVER,
    Kind.MULTIPLIER: Cause.MULTIPLIER,
}


def found(pair: Pair, plausible: Plausible) -> tuple[Joint, Kind]:
    """Say what we make of a break by ourselves."""
    before, after = pair.before, pair.after
    sure = pair.link is Link.ROLLOVER
    width = plausible.width(after.ms)
    if width is not None and plausible.rolled(before, after):
        return Joint(after.ms, width, 0.0, Cause.ROLLOVER, (not sure, not sure)), Kind.ROLLOVER
    if plausible.from_zero(before, after):
        return Joint(after.ms, before.total, 0.0, Cause.RESET, (True, True)), Kind.RESET
    return Joint(after.ms, before.total, after.total, Cause.REPLACEMENT, (True, True)), Kind.REPLACEMENT


def told(pair: Pair, epoch: Epoch, plausible: Plausible, *, last: bool) -> tuple[Joint, str]:
    """Say what a person's word makes of a pair, and which of their readings contradicts the samples.

    A register that stood still may have counted on unseen, behind a gateway that repeated itself.
    Where it is not the last word on the pair, the sample after says nothing of what it opened with.
    """
    before, after = pair.before, pair.after
    at = min(max(to_ms(epoch.at), before.ms), after.ms)
    closing, opening = _readings(epoch, plausible, after.ms)
    most = plausible.most(before.ms, after.ms)
    unseen = plausible.most(pair.unseen_since, after.ms)
    wrong = []
    if closing is not None and not -plausible.count <= closing - before.total <= unseen:
        wrong.append("closing")
        closing = None
    if last and opening is not None and not -plausible.count <= after.total - opening <= most:
        wrong.append("opening")
        opening = None
    sure = epoch.standing is Standing.CONFIRMED
    estimated = (not sure and closing is None, not sure and opening is None)
    if closing is None and opening is None:
        joint = _unread(pair, at, plausible)
    else:
        joint = Joint(
            at,
            before.total if closing is None else max(closing, before.total),
            _opening(pair, plausible, opening, last=last),
            CAUSE[epoch.kind],
            (False, False),
        )
    return joint._replace(cause=CAUSE[epoch.kind], estimated=estimated), " ".join(wrong)


def _readings(epoch: Epoch, plausible: Plausible, ms: int) -> tuple[float | None, float | None]:
    """Give a person's readings on the register's scale, with those that go without saying."""
    closing, opening = (None if each is None else each * plausible.count for each in (epoch.closing, epoch.opening))
    if epoch.kind is Kind.MULTIPLIER:  # the register itself goes on: one reading is both
        return (opening if closing is None else closing), (closing if opening is None else opening)
    if epoch.kind is Kind.ROLLOVER:
        width = plausible.width(ms)
        return (width if closing is None else closing), (0.0 if opening is None and width is not None else opening)
    if epoch.kind is Kind.RESET and closing is not None and opening is None:
        return closing, 0.0
    return closing, opening


def _unread(pair: Pair, at: int, plausible: Plausible) -> Joint:
    """Join without readings: by what the samples show, or evenly where they show nothing."""
    if pair.link is not Link.GAIN:
        return found(pair, plausible)[0]
    total = pair.between(at)
    return Joint(at, total, total, Cause.METERED, (True, True))


def _opening(pair: Pair, plausible: Plausible, read: float | None, *, last: bool) -> float:
    """Give what the register opened with: as read, or else 0 where it can have come from there."""
    if read is not None:
        return min(read, pair.after.total) if last else read
    return 0.0 if not last or plausible.from_zero(pair.before, pair.after) else pair.after.total


def changed(pair: Pair, at: int) -> Joint:
    """Join where the multiplier changes between two samples and nobody read the register."""
    total = pair.between(at)
    return Joint(at, total, total, Cause.MULTIPLIER, (True, True))


def pieces(pair: Pair, joints: Sequence[Joint], worth: Timeline) -> list[Piece]:
    """Book a pair with its joints, in order of time."""
    made: list[Piece] = []
    start, total, carried = pair.before.ms, pair.before.total, 0.0
    cause, doubtful, price = Cause.METERED, False, worth.of(pair.before.ms)
    for joint in joints:
        carried += max(joint.closing - total, 0.0) * price
        cause, before = joint.cause, doubtful or joint.estimated[0]
        if start < joint.at < pair.after.ms:
            made.append(Piece(start, joint.at, carried, cause, before))
            start, carried, before = joint.at, 0.0, False
        doubtful = before or joint.estimated[1]
        total, price = joint.opening, worth.of(max(joint.at, start))
    carried += max(pair.after.total - total, 0.0) * price
    made.append(Piece(start, pair.after.ms, carried, cause, doubtful))
    return made

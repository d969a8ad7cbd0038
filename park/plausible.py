"""What one register can do between two samples, in the numbers its samples are compared in."""

from collections.abc import Mapping
from operator import itemgetter

import numpy as np

from park.belief import Link, Node
from park.epoch import Epoch
from park.instant import to_ms
from park.register import Rule, Timeline, stored, true
from park.series import Floats, Ints
from park.steps import HOUR_MS, Bools

GRACE_MS = 60_000
"""Samples are stamped a little late or early; a burst after a break in the line is not a burst of energy."""
NEAR = 0.9
"""A register rolls over from the last tenth of its width, and is then seen in the first."""


class Plausible:
    """The scale of one register, and what is plausible on it.

    A register whose multiplier never changes is compared as stored, so that differences of totals stay exact.  Any
    other is compared in counts of its display, or new transformers would look like consumption.
    """

    def __init__(self, rule: Rule, epochs: tuple[Epoch, ...]) -> None:
        """Take what is known of the register and what people said of it."""
        self.rule = rule
        self._stored = stored(rule)
        self._true = true(rule, epochs)
        widths = [(to_ms(each.at), each.width) for each in epochs if each.width is not None and not each.rejected]
        self._width = Timeline(widths, np.nan if rule.width is None else rule.width)
        self.plain = len({*self._stored.values.tolist()}) == 1 and np.array_equal(
            self._true.values, self._stored.values
        )
        self.count = rule.unit * float(self._stored.values[0]) if self.plain else 1.0
        """What one count of the display is on this scale."""

    def scaled(self, ms: Ints, totals: Floats) -> Floats:
        """Give stored totals on this scale."""
        return totals if self.plain else totals / (self.rule.unit * self._stored.at(ms))

    def restored(self, ms: int, total: float) -> float:
        """Give a total of this scale as it is stored."""
        return total if self.plain else total * self.rule.unit * self._stored.of(ms)

    def worth(self, moved: Mapping[int, int]) -> Timeline:
        """Give what a count of this scale is in the metric's unit, in truth; `moved` says when it really changed."""
        if self.plain:
            return Timeline([], 1.0)
        before, *values = (self._true.values * self.rule.unit).tolist()
        since = (moved.get(ms, ms) for ms in self._true.since.tolist())
        return Timeline(sorted(zip(since, values, strict=True), key=itemgetter(0)), before)

    def fits(self, ms: Ints, totals: Floats) -> Bools:
        """Tell of each pair of neighbours whether the register can simply have counted on."""
        gains = np.diff(totals)
        fitting = gains >= 0
        return fitting & (gains <= self.most_of(ms[1:], np.diff(ms))) if np.isfinite(self.rule.rated) else fitting

    def most_of(self, ms: Ints, times: Ints) -> Floats:
        """Give the most it can count in times that end at instants."""
        most: Floats = (times + GRACE_MS).astype(np.float64) / HOUR_MS
        most *= self.rule.rated if self.plain else self.rule.rated / (self.rule.unit * self._true.at(ms))
        most += self.count
        return most

    def most(self, start_ms: int, end_ms: int) -> float:
        """Give the most it can count between two instants: by its rating, and one step of its last digit."""
        rated = self.rule.rated if self.plain else self.rule.rated / (self.rule.unit * self._true.of(end_ms))
        return rated * (end_ms - start_ms + GRACE_MS) / HOUR_MS + self.count

    def gains(self, before: Node, after: Node) -> bool:
        """Tell whether it can simply have counted on."""
        gain = after.total - before.total
        return 0 <= gain <= self.most(before.ms, after.ms)

    def link(self, before: Node, after: Node) -> Link:
        """Tell how one sample can follow another."""
        if self.gains(before, after):
            return Link.GAIN
        if after.total < before.total and self.rolled(before, after):
            return Link.ROLLOVER if np.isfinite(self.rule.rated) else Link.BREAK
        dip = before.total - after.total
        return Link.DIP if 0 < dip <= self.rule.dip * before.total else Link.BREAK

    def width(self, ms: int) -> float | None:
        """Give where it rolls over, None where nobody has said."""
        width = self._width.of(ms)
        return None if np.isnan(width) else width * self.count

    def rolled(self, before: Node, after: Node) -> bool:
        """Tell whether it can have run past its width; where it is not rated, that is only a suspicion."""
        width = self.width(after.ms)
        if width is None or before.total < NEAR * width or before.total > width or after.total >= before.total:
            return False
        gain = width - before.total + after.total
        return gain <= (self.most(before.ms, after.ms) if np.isfinite(self.rule.rated) else (1 - NEAR) * 2 * width)

    def from_zero(self, before: Node, after: Node) -> bool:
        """Tell whether a register that began again from 0 can have come so far."""
        if after.total > before.total:
            return False
        if np.isfinite(self.rule.rated):
            return after.total <= self.most(before.ms, after.ms)
        return after.total <= max(self.rule.dip * before.total, 0.0)

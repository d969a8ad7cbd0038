"""What was used between neighbouring believed samples of a register, as columns, each with its cause."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from park.series import Floats, Ints

HOUR_MS = 3_600_000
Bools = NDArray[np.bool_]


class Cause(StrEnum):
    """Why a step has the amount it has."""

    METERED = "metered"
    """The difference of two samples of one register."""
    ROLLOVER = "rollover"
    RESET = "reset"
    REPLACEMENT = "replacement"
    MULTIPLIER = "multiplier"
    """The transformers changed within it."""


CAUSES = tuple(Cause)
"""By the number that stands in a column."""
CODE = {cause: code for code, cause in enumerate(CAUSES)}


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """Steps in order of time, none overlapping; between two that do not touch nothing is known."""

    start_ms: Ints
    end_ms: Ints
    amount: Floats
    """In the metric's unit, never below 0."""
    cause: NDArray[np.int8]
    estimated: Bools
    """Waiting for a person's word, or between samples that were themselves estimated."""

    def __len__(self) -> int:
        return len(self.start_ms)

    def within(self, start_ms: int, end_ms: int) -> "Steps":
        """Give the steps that end after `start_ms` and begin before `end_ms`, whole."""
        first = int(np.searchsorted(self.end_ms, start_ms, "right"))
        return self.part(slice(first, max(first, int(np.searchsorted(self.start_ms, end_ms, "left")))))

    def part(self, place: slice) -> "Steps":
        """Give some of the rows."""
        return Steps(
            self.start_ms[place], self.end_ms[place], self.amount[place], self.cause[place], self.estimated[place]
        )

    def causes(self) -> dict[str, int]:
        """Count the steps by cause; a cause without any is not named."""
        counted = Counter(dict(enumerate(np.bincount(self.cause, minlength=len(CAUSES)).tolist())))
        return {CAUSES[code].value: number for code, number in counted.items() if number}


NO_STEPS = Steps(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0, np.int8), np.empty(0, np.bool_))


def joined(parts: list[Steps]) -> Steps:
    """Put steps after one another."""
    if not parts:
        return NO_STEPS
    return Steps(
        np.concatenate([part.start_ms for part in parts]),
        np.concatenate([part.end_ms for part in parts]),
        np.concatenate([part.amount for part in parts]),
        np.concatenate([part.cause for part in parts]),
        np.concatenate([part.estimated for part in parts]),
    )

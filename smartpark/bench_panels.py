"""How long a panel of each board waits for its answers, over a day, a month and a year, on the stores of this park."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from grafana.expand import Window
from grafana.run import Asked, Stores, choices, panels, questions

WIDTH = 1_000
"""Points that a panel has room for."""


@dataclass(frozen=True, slots=True)
class Waited:
    """What one range came to; milliseconds from asking to having every row of a panel, one question after the other."""

    range: str
    panels: int
    p50_ms: float
    p95_ms: float
    longest_ms: float
    slowest: str
    """The board and panel that took longest."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one run measured."""

    ranges: tuple[Waited, ...]

    def as_json(self) -> dict[str, object]:
        """Give it for a program to read."""
        return asdict(self)

    def report(self) -> str:
        """Say it to a person."""
        return "\n".join(
            f"{one.range:>6}: {one.panels} panels, p50 {one.p50_ms:,.0f} ms, p95 {one.p95_ms:,.0f} ms, "
            f"longest {one.longest_ms:,.0f} ms ({one.slowest})"
            for one in self.ranges
        )


@dataclass(frozen=True, slots=True)
class Bench:
    """What is asked, where, how often."""

    boards: Mapping[str, Mapping[str, Any]]
    stores: Stores
    times: int
    clock: Callable[[], float] = time.perf_counter

    def measure(self, end: datetime, ranges: Mapping[str, timedelta]) -> Result:
        """Ask every panel over every range that ends then, and take the middle of its times."""
        return Result(tuple(self._range(name, Window(end - length, end, WIDTH)) for name, length in ranges.items()))

    def _range(self, name: str, window: Window) -> Waited:
        took: list[tuple[float, str]] = []
        for uid, board in self.boards.items():
            chosen = choices(board, window, self.stores)
            for panel in panels(board):
                asked = list(questions(panel, window, chosen))
                rounds = sorted(self._once(asked) for _ in range(self.times))
                took.append((rounds[self.times // 2], f"{uid}: {panel['title']}"))
        took.sort()
        middle, ninth = took[len(took) // 2], took[ceil(0.95 * len(took)) - 1]
        return Waited(name, len(took), middle[0], ninth[0], took[-1][0], took[-1][1])

    def _once(self, asked: Sequence[Asked]) -> float:
        start = self.clock()
        for question in asked:
            self.stores.ask(question)
        return 1_000 * (self.clock() - start)

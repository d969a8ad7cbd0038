"""The telemetry port: what any store of readings must do.  One contract suite runs over every adapter.

Errors:
    TelemetryError
    ├── StoreUnavailable  not now: keep the readings and try again
    │   └── StoreHeld     not before a person has mended something: try again, but slowly
    └── StoreRefused      these readings, with these reasons, never; the others of the batch are stored

"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol

from park.alert_point import AlertPoint
from park.figure_point import FigurePoint
from park.interval import IntervalBatch, Intervals, IntervalSum
from park.reading import Reading
from park.series import Series
from park.stretch import Width


class TelemetryError(Exception):
    """The store did not do what was asked."""


class StoreUnavailable(TelemetryError):
    """The store cannot be reached or cannot write now; the same call may succeed later."""

    def __init__(self, words: str, *, retry_after: timedelta | None = None) -> None:
        """Keep how long the store itself asks to be left alone, where it does."""
        super().__init__(words)
        self.retry_after = retry_after


class StoreHeld(StoreUnavailable):
    """The store answers and will not do it as things are: a key, a bucket or a setting is wrong; words say which."""


class StoreRefused(TelemetryError):
    """The store will never take these readings; all others of the same call are stored."""

    def __init__(self, refused: Sequence[tuple[Reading, str]]) -> None:
        """Keep each refused reading with the store's own words."""
        super().__init__(f"{len(refused)} readings refused, first: {refused[0][1] if refused else ''}")
        self.refused = tuple(refused)


class Aggregate(StrEnum):
    """How the readings of one window become one value."""

    MEAN = "mean"
    MIN = "min"
    MAX = "max"
    FIRST = "first"
    LAST = "last"
    COUNT = "count"


class Slot(NamedTuple):
    """The value of one window; windows without readings have no slot."""

    start: datetime
    value: float


class Extent(NamedTuple):
    """How much the store holds; `first` is None where it holds nothing."""

    readings: int | None
    """None where counting them would cost too much."""
    first: datetime | None
    last: datetime | None


class Telemetry(Protocol):
    """A store of readings.  Writing the same identity again replaces value and quality."""

    def write(self, readings: Sequence[Reading]) -> None:
        """Store all, or raise StoreUnavailable (nothing is promised) or StoreRefused (the rest is stored)."""

    def latest(self, meters: Sequence[str]) -> list[Reading]:
        """Give the reading with the greatest `at` of each (meter, metric)."""

    def readings(
        self, meter: str, metric: str, start: datetime, end: datetime, *, limit: int = 10_000
    ) -> list[Reading]:
        """Give the readings of `start` ≤ at < `end` in order of time, the first `limit` of them."""

    def series(self, meters: Collection[str], metric: str, start: datetime, end: datetime) -> Mapping[str, Series]:
        """Give all readings of `start` ≤ at < `end` as columns; meters without any have no entry."""

    def aggregate(
        self,
        meters: Sequence[str],
        metric: str,
        start: datetime,
        end: datetime,
        *,
        every: timedelta,
        how: Aggregate,
    ) -> Mapping[str, list[Slot]]:
        """Give for each meter the windows of `start` ≤ at < `end`, aligned to the site's midnight."""

    def extent(self) -> Extent:
        """Say how much is stored, and from when to when."""

    def close(self) -> None:
        """Let go of the store; nothing written is lost."""


class IntervalStore(Protocol):
    """A store of consumption in slots, and of the figures made of it."""

    def write_intervals(self, batches: Sequence[IntervalBatch]) -> None:
        """Replace all that is stored of each batch's meter and carrier within its days; of the same days the last wins.

        A batch is stored whole or not at all.  Raises ValueError for a batch that is not made of whole local days of
        slots, before anything is stored; StoreUnavailable where some batches are stored and others not: doing it again
        gives the same.
        """

    def intervals(
        self, meters: Collection[str], carrier: str, start: datetime, end: datetime
    ) -> Mapping[str, Intervals]:
        """Give the slots that begin within `start` ≤ t < `end`; meters without any have no entry."""

    def interval_sums(
        self,
        start: datetime,
        end: datetime,
        *,
        every: Width,
        carriers: Collection[str] | None = None,
        meters: Collection[str] | None = None,
    ) -> list[IntervalSum]:
        """Sum the slots that begin within `start` ≤ t < `end` by windows aligned to the site's midnight.

        In order of meter, carrier and time; None stands for all.  Windows are cut at `start` and `end`, and coverage is
        of what is left of them.  Raises ValueError for a width that no slots add up to.
        """

    def write_figures(self, points: Sequence[FigurePoint]) -> None:
        """Store figures for those who draw them; a point without a value takes the earlier one back."""

    def write_alerts(self, points: Sequence[AlertPoint]) -> None:
        """Store changes of alerts for those who draw them; of one rule, meter and time the last counts."""


class TelemetryStore(Telemetry, IntervalStore, Protocol):
    """What every store that the settings may name can do."""

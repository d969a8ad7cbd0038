"""Parts that are there and say nothing."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from adapters.settings import Settings, load
from park.alert_point import AlertPoint
from park.figure_point import FigurePoint
from park.interval import IntervalBatch, Intervals, IntervalSum
from park.reading import Reading
from park.series import Series
from park.stretch import Width
from park.telemetry import Aggregate, Extent, Slot, StoreUnavailable


class EmptyTelemetry:
    """A store that holds nothing; `down` makes it one that cannot be reached."""

    def __init__(self) -> None:
        self.down = False

    def _ask(self) -> None:
        if self.down:
            raise StoreUnavailable("disk on fire at /secret/path")

    def write(self, readings: Sequence[Reading]) -> None:  # noqa: ARG002  # the port's form
        self._ask()

    def latest(self, meters: Sequence[str]) -> list[Reading]:  # noqa: ARG002  # the port's form
        self._ask()
        return []

    def readings(
        self,
        meter: str,  # noqa: ARG002  # the port's form
        metric: str,  # noqa: ARG002  # the port's form
        start: datetime,  # noqa: ARG002  # the port's form
        end: datetime,  # noqa: ARG002  # the port's form
        *,
        limit: int = 10_000,  # noqa: ARG002  # the port's form
    ) -> list[Reading]:
        self._ask()
        return []

    def series(
        self,
        meters: Collection[str],  # noqa: ARG002  # the port's form
        metric: str,  # noqa: ARG002  # the port's form
        start: datetime,  # noqa: ARG002  # the port's form
        end: datetime,  # noqa: ARG002  # the port's form
    ) -> Mapping[str, Series]:
        self._ask()
        return {}

    def write_intervals(self, batches: Sequence[IntervalBatch]) -> None:  # noqa: ARG002  # the port's form
        self._ask()

    def intervals(
        self,
        meters: Collection[str],  # noqa: ARG002  # the port's form
        carrier: str,  # noqa: ARG002  # the port's form
        start: datetime,  # noqa: ARG002  # the port's form
        end: datetime,  # noqa: ARG002  # the port's form
    ) -> Mapping[str, Intervals]:
        self._ask()
        return {}

    def interval_sums(
        self,
        start: datetime,  # noqa: ARG002  # the port's form
        end: datetime,  # noqa: ARG002  # the port's form
        *,
        every: Width,  # noqa: ARG002  # the port's form
        carriers: Collection[str] | None = None,  # noqa: ARG002  # the port's form
        meters: Collection[str] | None = None,  # noqa: ARG002  # the port's form
    ) -> list[IntervalSum]:
        self._ask()
        return []

    def write_figures(self, points: Sequence[FigurePoint]) -> None:  # noqa: ARG002  # the port's form
        self._ask()

    def write_alerts(self, points: Sequence[AlertPoint]) -> None:  # noqa: ARG002  # the port's form
        self._ask()

    def aggregate(
        self,
        meters: Sequence[str],
        metric: str,  # noqa: ARG002  # the port's form
        start: datetime,  # noqa: ARG002  # the port's form
        end: datetime,  # noqa: ARG002  # the port's form
        *,
        every: timedelta,  # noqa: ARG002  # the port's form
        how: Aggregate,  # noqa: ARG002  # the port's form
    ) -> Mapping[str, list[Slot]]:
        self._ask()
        return {meter: [] for meter in meters}

    def extent(self) -> Extent:
        self._ask()
        return Extent(0, None, None)

    def close(self) -> None:
        """Nothing is held."""


def no_broker() -> Settings:
    """Settings of an installation whose broker nobody runs."""
    return load(environ={}, mqtt_url="mqtt://127.0.0.1:9")

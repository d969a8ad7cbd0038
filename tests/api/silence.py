"""Parts that are there and say nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from adapters.settings import Settings, load
from park.reading import Reading
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

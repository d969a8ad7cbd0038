"""A meter and a moment for tests that need one."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from park.metric import Medium
from park.place import Enterprise, Meter, Multiplier, Park, Role
from park.registry import Registry

NOW = datetime(2026, 11, 23, 0, 0, 0, 123_000, tzinfo=UTC)


def meter(
    name: str = "m1",
    *,
    medium: Medium = Medium.ELECTRICITY,
    multipliers: tuple[Multiplier, ...] = (),
    units: Mapping[str, str] | None = None,
) -> Meter:
    """Make a boundary meter of enterprise e01."""
    return Meter(
        id=name,
        enterprise="e01",
        park="hengkou",
        medium=medium,
        role=Role.BOUNDARY,
        name="一号变总表",
        period=timedelta(seconds=15),
        metrics=("ep_imp", "p"),
        multipliers=multipliers,
        units=units or {},
    )


def registry(*meters: Meter) -> Registry:
    """Make a park of one enterprise with these meters."""
    return Registry((Park("hengkou", "恒口"),), (Enterprise("e01", "hengkou", "富硒食品"),), meters)

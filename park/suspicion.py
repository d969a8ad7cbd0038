"""Suspicions: what the ledger found and will not decide by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from park.epoch import Kind


@dataclass(frozen=True, slots=True)
class Suspicion:
    """One event we suspect; its identity is meter, metric, at and kind."""

    meter: str
    metric: str
    at: datetime
    kind: Kind
    before: tuple[datetime, float]
    """The last believed sample before it, and its total as stored."""
    after: tuple[datetime, float]
    """The first sample after it."""
    booked: float
    """What is booked meanwhile."""
    evidence: Mapping[str, float | str]

"""What came to the watch and what became of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(slots=True)
class Tally:
    """What came and what became of it, for whoever watches."""

    messages: int = 0
    readings: int = 0
    refused: int = 0
    changes: int = 0
    ticks: int = 0
    heard: datetime | None = None
    """When the last message came."""
    lag: timedelta | None = None
    """How old the newest reading of the last batch was."""
    held: int = 0
    """Messages that are not acknowledged yet."""
    let_go: int = 0
    """Messages acknowledged although nothing could be written down."""
    looked: datetime | None = None
    """When the thread last went round."""

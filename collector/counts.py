"""What the collector counts about itself.  Plain numbers, each written by one thread only."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Counts:
    """Counters since the start, and the state of each stage; read from any thread."""

    received: int = 0
    """Messages taken from the broker."""
    retained: int = 0
    """Retained messages on data topics, passed over: they were heard when they were new."""
    spooled: int = 0
    acknowledged: int = 0
    reconnects: int = 0
    takeovers: int = 0
    """Times another program took our session at the broker, as it said or as it seems."""
    stored: int = 0
    """Readings the store confirmed."""
    handled: int = 0
    """Messages whose readings are stored or whose refusal is held."""
    refused: dict[str, int] = field(default_factory=dict)
    """Refusals by reason."""
    remarks: dict[str, int] = field(default_factory=dict)
    """What was wrong with messages and let pass, by its word."""
    asked: int = 0
    """Requests to devices, such as to say all their names again."""
    evicted: int = 0
    """Quarantined messages that had to go because the quarantine was full."""
    turned_away: int = 0
    """Times the spool could not keep a batch; the batch stayed with the broker or in memory, un-acknowledged."""
    lost: int = 0
    """Messages sent with QoS 0 that a full spool could not keep: their broker had let go of them already."""
    connected: bool = False
    subscribed: bool = False
    """Whether the broker has confirmed that it hands us the meters' messages; from then on it keeps them for us."""
    heard: datetime | None = None
    """When the last message came."""
    trouble: dict[str, str] = field(default_factory=dict)
    """What is wrong now, by stage: a sentence each; empty is well."""

    def remark(self, word: str) -> None:
        """Count something let pass."""
        self.remarks[word] = self.remarks.get(word, 0) + 1

    def refuse(self, reason: str, count: int = 1) -> None:
        """Count refusals."""
        self.refused[reason] = self.refused.get(reason, 0) + count

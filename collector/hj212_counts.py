"""What the HJ 212 listener counts about itself.  Plain numbers, written by its thread only."""

from dataclasses import dataclass


@dataclass(slots=True)
class ListenerCounts:
    """Counters since the start; written by the listener's thread only."""

    connections: int = 0
    """Loggers that are connected now."""
    accepted: int = 0
    turned_away: int = 0
    frames: int = 0
    published: int = 0
    refused: int = 0
    answered: int = 0
    broken: int = 0
    garbage_bytes: int = 0
    strangers: int = 0
    held_back: int = 0
    wrong_password: int = 0

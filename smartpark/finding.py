"""What one of the doctor's looks showed."""

from dataclasses import asdict, dataclass
from enum import StrEnum


class State(StrEnum):
    """How a part is."""

    WELL = "well"
    NOTE = "note"
    """Works, and somebody should know."""
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One part and how it is, in both languages."""

    part: str
    state: State
    zh: str
    en: str

    def as_json(self) -> dict[str, str]:
        """Give it for a program to read."""
        return asdict(self)

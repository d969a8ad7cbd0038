"""One thing that a sync did, or would do."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What became of it."""

    MADE = "made"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    """It was left as it is, and the sync has not succeeded."""


STATES: dict[State, tuple[str, str]] = {
    State.MADE: ("已建立", "made"),
    State.CHANGED: ("已更新", "changed"),
    State.UNCHANGED: ("未变", "unchanged"),
    State.REFUSED: ("未改", "refused"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A folder, board, annotation, organisation or data source, and what became of it."""

    kind: str
    name: str
    state: State
    zh: str = ""
    en: str = ""

    def line(self, language: str) -> str:
        """Say it in one line."""
        zh, en = STATES[self.state]
        state, note = (zh, self.zh) if language == "zh" else (en, self.en)
        return f"{state}  {self.kind} {self.name}" + (f"  {note}" if note else "")

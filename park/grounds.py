"""The grounds on which a published figure became another, and what the stores know of who brought that about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Cause(StrEnum):
    """What kind of change it was."""

    LATE_DATA = "late_data"
    """Readings came in, or were replaced, after it was published."""
    EPOCH = "epoch"
    """Somebody declared or decided an event in a register's life."""
    STATEMENT = "statement"
    ENTRY = "entry"
    FACTOR = "factor"
    POLICY = "policy"
    PANEL = "panel"
    """An enterprise came in or fell out."""
    METERS = "meters"
    """Another meter counts, or one counts no more."""
    STATE = "state"
    """The value is the same; how far it can be relied on is not."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason with the amounts before and after."""

    cause: Cause
    subject: str
    """The meter, statement, entry, factor or enterprise it is about."""
    zh: str
    en: str
    before: float | None = None
    after: float | None = None
    unit: str = ""
    figure: str = ""
    """The figure in whose inputs it was found, where that is another one."""

    def sentence(self, language: str = "zh") -> str:
        """Say it in one language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Said:
    """Who did something and what for, as the stores have it."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What happened beside the inputs since the earlier revision; pure comparison cannot know who did it."""

    epochs: Mapping[str, Said] = field(default_factory=dict)
    """Meter → what was declared or decided."""
    statements: Mapping[tuple[str, str], Said] = field(default_factory=dict)
    """(enterprise, term) → who revised it and why."""
    entries: Mapping[tuple[str, str], Said] = field(default_factory=dict)
    """(enterprise, item) → who revised it and why."""
    days: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(meter, carrier) → the days whose amounts changed, written out."""


NOTHING_KNOWN = Evidence()

"""Epochs: what people declare of a register, and what they decide about what we found."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What happened to a register."""

    REPLACEMENT = "replacement"
    """Another meter stands in its place."""
    RESET = "reset"
    """It began again, by itself or by hand."""
    ROLLOVER = "rollover"
    """It ran past its width and began from 0."""
    MULTIPLIER = "multiplier"
    """Other transformers or pulse weights stand before it."""
    TWO_DEVICES = "two_devices"
    """Two devices spoke under its id."""


class Standing(StrEnum):
    """How we know."""

    DECLARED = "declared"
    """A person said so of their own accord."""
    CONFIRMED = "confirmed"
    """We found it and a person agreed."""
    CORRECTED = "corrected"
    """We found it and a person knew better."""
    REJECTED = "rejected"
    """We found it and a person said that there was no such event: the samples are not to be believed."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """One event in a register's life."""

    meter: str
    metric: str
    at: datetime
    kind: Kind
    standing: Standing = Standing.DECLARED
    closing: float | None = None
    """What the display showed last before it: counts, before any multiplier."""
    opening: float | None = None
    """What the display showed first after it."""
    multiplier: float | None = None
    """The true multiplier from here on."""
    width: float | None = None
    note: str = ""
    who: str = ""
    recorded_at: datetime | None = None

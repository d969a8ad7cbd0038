"""Entered figures as they go over the wire: exact, as JSON carries every digit that may be entered."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from park.amount import Amount
from park.entered import read_number
from park.registry_notes import Notes

Number = int | float
Written = int | float | str | None


class PartItem(BaseModel):
    """One entry that went into an amount."""

    term: str
    value: Number
    status: str
    revision: int


class ConflictItem(BaseModel):
    """A term whose own entry is not what its parts add up to."""

    term: str
    own: Number
    parts: Number
    used: Number = Field(description="The one that counts.")


class AmountItem(BaseModel):
    """What was entered of one thing over a term, or why there is no figure."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "value_added",
                    "unit": "万元",
                    "value": 3704.5,
                    "state": "verified",
                    "parts": [{"term": "2026-Q3", "value": 3704.5, "status": "verified", "revision": 2}],
                    "conflicts": [],
                    "why": None,
                    "lacking": [],
                    "instead": None,
                }
            ]
        }
    )

    name: str
    unit: str
    value: Number | None = Field(description="Null where it cannot be said; never 0 for that.")
    state: str | None = Field(description="verified where every part is; else flash.")
    parts: list[PartItem]
    conflicts: list[ConflictItem]
    why: str | None = Field(description="Why there is no value.")
    lacking: list[str] = Field(description="The terms that would have to be entered.")
    instead: str | None = Field(description="The shortest longer term for which there is a value.")


def number(value: Decimal | None) -> Number | None:
    """Write a figure as JSON does: a whole number as such, no figure as null."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def known_number(value: Decimal) -> Number:
    """Write a figure that is there."""
    return int(value) if value == value.to_integral_value() else float(value)


def read(notes: Notes, path: str, value: Written, **bounds: Any) -> Decimal | None:  # noqa: ANN401  # read_number's own
    """Read a figure; null withdraws it."""
    return None if value is None else read_number(notes, path, value, **bounds)


def amount_item(name: str, unit: str, amount: Amount, lang: str) -> AmountItem:
    """Write an amount."""
    why = amount.why
    return AmountItem(
        name=name,
        unit=unit,
        value=number(amount.value),
        state=amount.state.value if amount.state else None,
        parts=[
            PartItem(
                term=str(part.term), value=known_number(part.value), status=part.status.value, revision=part.revision
            )
            for part in amount.parts
        ],
        conflicts=[
            ConflictItem(
                term=str(one.term),
                own=known_number(one.own),
                parts=known_number(one.parts),
                used=known_number(one.used),
            )
            for one in amount.conflicts
        ],
        why=why.sentence(lang) if why else None,
        lacking=[str(term) for term in why.lacking] if why else [],
        instead=str(why.instead) if why and why.instead else None,
    )


class Kept(BaseModel):
    """What keeping some entries did."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"added": 12, "changed": 1, "unchanged": 3}]})

    added: int = Field(description="Entered for the first time.")
    changed: int = Field(description="New revisions of what was there.")
    unchanged: int = Field(description="Said nothing new; no revision was made.")


def numbers(values: Mapping[str, Decimal | None]) -> dict[str, Number | None]:
    """Write figures by name."""
    return {name: number(value) for name, value in values.items()}


def when(at: datetime | None) -> datetime:
    """Give when an entry was kept; one that is kept has a time."""
    if at is None:
        raise ValueError("not kept yet")
    return at

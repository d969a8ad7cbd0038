"""A virtual meter as a person enters it: every field read, and every one that cannot be noted with its place."""

from collections.abc import Mapping
from typing import Any

from park import term
from park.place import Role
from park.registry_notes import Notes, show
from park.term import Span, Term
from park.virtual_meter import ROLES, VirtualMeter

REQUIRED = ("id", "enterprise", "carrier", "role", "name", "formula")
FIELDS = (*REQUIRED, "since", "until", "reason")


def read(notes: Notes, document: Mapping[str, Any], place: str = "") -> VirtualMeter:
    """Read one.  What is noted stands in it as an empty text, so that the rest can be checked as well."""
    inside = f"{place}." if place else ""
    found = notes.mapping(place, {key: value for key, value in document.items() if value is not None}, FIELDS, REQUIRED)
    texts = {
        key: notes.text(f"{inside}{key}", found[key]) or ""
        for key in ("id", "enterprise", "carrier", "name")
        if key in found
    }
    formula = found.get("formula", "")
    if not isinstance(formula, str):
        notes.add(
            f"{inside}formula", "公式应是文字, 如 e01-main + e01-pv。", "A formula is text, as e01-main + e01-pv."
        )
    reason = found.get("reason", "")
    if not isinstance(reason, str):
        notes.add(f"{inside}reason", "原因应是文字。", "A reason is text.")
    role = notes.choice(f"{inside}role", found["role"], [each.value for each in ROLES]) if "role" in found else None
    return VirtualMeter(
        id=texts.get("id", ""),
        enterprise=texts.get("enterprise", ""),
        carrier=texts.get("carrier", ""),
        role=Role(role) if role in {each.value for each in ROLES} else Role.BOUNDARY,
        name=texts.get("name", ""),
        formula=formula if isinstance(formula, str) else "",
        since=_month(notes, f"{inside}since", found.get("since")),
        until=_month(notes, f"{inside}until", found.get("until")),
        reason=reason.strip() if isinstance(reason, str) else "",
    )


def dump(one: VirtualMeter) -> dict[str, str | None]:
    """Write one as a document: `read` gives it back."""
    return {
        "id": one.id,
        "enterprise": one.enterprise,
        "carrier": one.carrier,
        "role": one.role.value,
        "name": one.name,
        "formula": one.formula,
        "since": None if one.since is None else str(one.since),
        "until": None if one.until is None else str(one.until),
    }


def _month(notes: Notes, place: str, value: object) -> Term | None:
    if value is None or value == "":
        return None
    try:
        found = term.read(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or found.span is not Span.MONTH:
        notes.add(
            place, f"应为月份, 如 2026-10, 而不是 {show(value)}。", f"Write a month, as 2026-10, not {show(value)}."
        )
        return None
    return found

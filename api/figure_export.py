"""A closed term in one file, to be held up as evidence: each figure with revision, coverage, factors and a hash."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from adapters.relational.closings import Closed, Pair
from adapters.relational.figures import said_of
from api.services import Services
from park.indicator import indicators

COLUMNS = (
    "figure", "scope", "subject", "indicator", "name", "term", "basis", "value", "unit", "measured", "estimated",
    "missing", "state", "why", "revision", "at", "policy", "factors", "print", "now", "now_revision",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula at the head of a cell."""


def write(parts: Services, closed: Closed, pairs: Sequence[Pair], form: str, lang: str) -> tuple[bytes, str, str]:
    """Give the file, its media type and the SHA-256 of its bytes."""
    rows = list(_rows(parts, pairs, lang))
    head = {
        "park": closed.park,
        "term": str(closed.term),
        "closed_at": parts.local(closed.at).isoformat(),
        "closed_by": closed.who,
        "note": closed.note,
        "forced": closed.forced,
        "digest": closed.digest,
    }
    content = _json(head, rows) if form == "json" else _csv(head, rows)
    media = "application/json" if form == "json" else "text/csv; charset=utf-8"
    return content, media, hashlib.sha256(content).hexdigest()


def _rows(parts: Services, pairs: Sequence[Pair], lang: str) -> Iterator[dict[str, Any]]:
    for frozen, now in pairs:
        figure = frozen.figure
        yield {
            "figure": figure.id,
            "scope": figure.scope.value,
            "subject": figure.subject,
            "indicator": figure.indicator,
            "name": indicators()[figure.indicator].called(lang),
            "term": str(figure.term),
            "basis": "" if figure.basis is None else figure.basis.value,
            "value": figure.value,
            "unit": figure.unit,
            "measured": round(figure.coverage.measured, 6),
            "estimated": round(figure.coverage.estimated, 6),
            "missing": round(figure.coverage.missing, 6),
            "state": figure.state.value,
            "why": "" if figure.why is None else figure.why.sentence(lang),
            "revision": frozen.revision,
            "at": parts.local(frozen.at).isoformat(),
            "policy": figure.policy,
            "factors": "; ".join(f"{one.id} {one.value:g} {one.unit}" for one in figure.factors),
            "print": said_of(figure),
            "now": now.figure.value,
            "now_revision": now.revision,
        }


def _json(head: dict[str, str], rows: Sequence[dict[str, Any]]) -> bytes:
    return json.dumps(head | {"items": list(rows)}, ensure_ascii=False, indent=1).encode()


def _csv(head: dict[str, str], rows: Sequence[dict[str, Any]]) -> bytes:
    """Write it for a spreadsheet: a mark of order first, or Excel would misread the Chinese."""
    told = io.StringIO()
    writer = csv.writer(told, lineterminator="\r\n")
    for key, value in head.items():
        writer.writerow([key, _harmless(value)])
    writer.writerow([])
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_harmless(row[key]) for key in COLUMNS])
    return "\ufeff".encode() + told.getvalue().encode()


def _harmless(value: object) -> object:
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value

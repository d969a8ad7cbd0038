"""A closed term in one file, to be held up as evidence: each figure with revision, coverage, factors and a hash."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from adapters.relational.closings import Closed, Pair
from adapters.relational.figures import said_of
from api import figure_report
from api.report_answer import written
from api.report_words import BASES, word
from api.services import Services
from park.indicator import indicators
from park.report import Report

COLUMNS = (
    "figure", "scope", "subject", "indicator", "name", "term", "basis", "value", "unit", "measured", "estimated",
    "missing", "state", "why", "revision", "at", "policy", "factors", "print", "now", "now_revision",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula at the head of a cell."""


def write(
    parts: Services, closed: Closed, pairs: Sequence[Pair], form: str, lang: str, *, exported: str
) -> tuple[bytes, str]:
    """Give the file and its SHA-256: that of its bytes, or of the JSON where the file is a workbook or a PDF.

    `exported` says when and for whom.
    """
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
    content = _csv(head, rows) if form == "csv" else _json(head, rows)
    digest = hashlib.sha256(content).hexdigest()
    if form in {"xlsx", "pdf"}:
        return written(_report(parts, closed, pairs, lang, (exported, digest)), form), digest
    return content, digest


def _report(parts: Services, closed: Closed, pairs: Sequence[Pair], lang: str, exported: tuple[str, str]) -> Report:
    """Put it together for people: when and for whom it was exported, and the hash, come last."""
    found = [pair.frozen for pair in pairs]
    park = next((one for one in parts.registry.current().parks if one.id == closed.park), None)
    facts = [
        (word("park", lang), closed.park if park is None else figure_report.called(park.name, park.name_en, lang)),
        (word("term", lang), str(closed.term)),
        (word("basis", lang), ", ".join(basis.pick(lang) for basis in BASES.values())),
        (word("closed", lang), f"{parts.local(closed.at).isoformat(timespec='seconds')} {closed.who}"),
        (word("note", lang), closed.note),
        (word("forced", lang), closed.forced),
        (word("closing_digest", lang), closed.digest),
        *figure_report.facts(found, lang),
        (word("exported", lang), exported[0]),
    ]
    return Report(
        title=f"{word('closing', lang)} {closed.term} · {facts[0][1]}",
        facts=tuple(facts),
        tables=figure_report.tables(parts, found, lang, later={pair.now.figure.id: pair.now for pair in pairs}),
        digest=exported[1],
    )


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

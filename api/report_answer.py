"""A report as the answer to a request: a workbook or a PDF, with the hash of its content in a header."""

from typing import Any

from fastapi import Response

from adapters import pdf_report, report_sheet
from park.report import Report

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": report_sheet.MEDIA_TYPE,
    "pdf": pdf_report.MEDIA_TYPE,
    "html": "text/html; charset=utf-8",
}
WORKBOOK: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}, "example": "PK…"}
PAPER: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}, "example": "%PDF-1.4…"}


def respond(report: Report, form: str, name: str) -> Response:
    """Write the report in one of the forms; `name` is the file's without its ending."""
    return attached(written(report, form), form, name, report.digest)


def written(report: Report, form: str) -> bytes:
    """Write the report in one of the forms."""
    return pdf_report.write(report) if form == "pdf" else report_sheet.write(report)


def attached(content: bytes, form: str, name: str, digest: str) -> Response:
    """Give a file to be saved, never kept by anything on the way."""
    file = f"{name}.{form}".replace("/", "-").encode("ascii", "replace").decode()
    return Response(
        content,
        media_type=MEDIA[form],
        headers={
            "Content-Disposition": f'attachment; filename="{file}"',
            "X-Content-SHA256": digest,
            "Cache-Control": "no-store",
        },
    )

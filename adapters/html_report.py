"""A report as one page of HTML that needs nothing else: to be read, printed, and checked against its seal.

What was sealed is in the page, so that the page alone can be checked.
"""

import base64
import re
from html import escape
from typing import Final, NamedTuple

from park.report import Report

MEDIA_TYPE: Final = "text/html; charset=utf-8"
STYLE: Final = (
    "body{font:14px/1.6 'Noto Sans CJK SC','Microsoft YaHei',sans-serif;color:#16242c;max-width:62rem;margin:2rem auto;"
    "padding:0 1rem}h1{font-size:1.5rem}dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}"
    "dt{color:#51636e}dd{margin:0;overflow-wrap:anywhere}table{border-collapse:collapse;width:100%;margin:1rem 0}"
    "th,td{border:1px solid #c3d0d6;padding:.3rem .6rem;text-align:left;vertical-align:top}th{background:#e3eef1}"
    "tr.bad td{background:#fdeceb}footer{color:#51636e;font-size:.8rem;overflow-wrap:anywhere}"
    ".sign{display:flex;gap:2rem;flex-wrap:wrap;margin:2rem 0}@media print{body{margin:0}}"
)
KEPT: Final = re.compile(
    r'<script type="application/octet-stream" id="content" data-seal="([0-9a-f]*)">([A-Za-z0-9+/=]*)</script>'
)


class Sealed(NamedTuple):
    """What a page says was sealed, and the seal."""

    content: bytes
    seal: str


def write(report: Report, sealed: Sealed, *, language: str, bad: frozenset[str] = frozenset()) -> bytes:
    """Write the page; rows that have one of the cells `bad` stand out."""
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in report.facts)
    tables = []
    for table in report.tables:
        head = "".join(f"<th>{escape(column.title)}</th>" for column in table.columns)
        rows = "".join(
            f"<tr{' class=bad' if bad.intersection(map(str, row)) else ''}>"
            + "".join(f"<td>{escape('—' if cell is None else str(cell))}</td>" for cell in row)
            + "</tr>"
            for row in table.rows
        )
        tables.append(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")
    signs = "".join(f"<span>{escape(signer)}: ____________________</span>" for signer in report.signers)
    kept = base64.b64encode(sealed.content).decode()
    return (
        f'<!doctype html><html lang="{"en" if language == "en" else "zh-CN"}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(report.title)}</title><style>{STYLE}</style></head><body><h1>{escape(report.title)}</h1>"
        f'<dl>{facts}</dl>{"".join(tables)}<div class="sign">{signs}</div>'
        f"<footer>SHA-256 {report.digest}</footer>"
        f'<script type="application/octet-stream" id="content" data-seal="{escape(sealed.seal)}">{kept}</script>'
        "</body></html>"
    ).encode()


def read(page: bytes) -> Sealed | None:
    """Give what a page says was sealed; None for any other file."""
    found = KEPT.search(page.decode(errors="replace"))
    return None if found is None else Sealed(base64.b64decode(found[2]), found[1])

"""A report as a PDF: what it is of at the head of each page, the hash at its foot.

Chinese is set in STSong-Light, which every reader of PDF brings along or has a substitute for: no font is shipped.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from park.report import Cell, Column, Kind, Report, Table

MEDIA_TYPE = "application/pdf"
CHINESE, LATIN = "STSong-Light", "Helvetica"
WIDTH, HEIGHT = landscape(A4)
EDGE, FOOT = 34.0, 40.0
PLAIN, SMALL, LARGE = 7.5, 7.0, 13.0
LINE, PAD, GAP = 1.3, 3.0, 18.0
INK, FAINT, SHADE, RULE = "#16242c", "#51636e", "#e3eef1", "#c3d0d6"
WORDS = re.compile(r"[!-~]+|.", re.DOTALL)
ALIKE = str.maketrans({"−": "–", "₂": "2", "\n": " ", "\r": " ", "\t": " "})
"""What neither font has, by what looks alike."""
NEVER_FIRST = frozenset("、，。；：！？）】》”,.;:!?)]%")
"""What stands over the edge rather than at the head of a line."""
TALLEST = 35
"""Lines of a row: one with more goes on in another below it."""
DIGITS, SOME, MANY = 4, 1.0, 1_000.0


def write(report: Report) -> bytes:
    """Write the file."""
    pages = _Pages(report)
    for table in report.tables:
        pages.table(table)
    for note in report.notes:
        pages.note(note)
    pages.signatures(report.signers)
    return pages.bytes()


class _Pages:
    """Pages filled from the top; those that are full are drawn at the end, when their number is known."""

    def __init__(self, report: Report) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))
        self._report = report
        self._content = BytesIO()
        self._canvas = Canvas(self._content, pagesize=(WIDTH, HEIGHT), pageCompression=1)
        self._canvas.setTitle(report.title)
        self._canvas.setSubject(f"SHA-256 {report.digest}")
        self._states: list[dict[str, object]] = []
        self._y = 0.0
        self._open()

    def table(self, table: Table) -> None:
        """Set a table; its head stands again on each page."""
        self._room(PLAIN * 8)
        self._text(EDGE, 10.0, table.name, 10.0)
        self._down(10.0 * LINE + 2)
        whole = sum(column.width for column in table.columns)
        widths = [column.width / whole * (WIDTH - 2 * EDGE) for column in table.columns]

        def lines(cells: Sequence[str]) -> list[list[str]]:
            return [wrapped(cell, wide - 2 * PAD, PLAIN) for cell, wide in zip(cells, widths, strict=True)]

        head = lines([column.title for column in table.columns])
        self._row(head, table.columns, widths, head=True)
        for cells in table.rows:
            said = lines([written(cell, column.kind) for cell, column in zip(cells, table.columns, strict=True)])
            for first in range(0, max(map(len, said)), TALLEST):
                some = [one[first : first + TALLEST] for one in said]
                if not self._row(some, table.columns, widths, head=False):
                    self._turn()
                    self._row(head, table.columns, widths, head=True)
                    self._row(some, table.columns, widths, head=False, whatever=True)
        self._down(8.0)

    def note(self, note: str) -> None:
        """Set a line under the tables."""
        for line in wrapped(note, WIDTH - 2 * EDGE, 9.0):
            self._room(9.0 * LINE)
            self._text(EDGE, 9.0, line, 9.0)
            self._down(9.0 * LINE)

    def signatures(self, signers: Sequence[str]) -> None:
        """Leave room to sign."""
        if not signers:
            return
        self._room(40.0)
        self._down(22.0)
        each = (WIDTH - 2 * EDGE) / len(signers)
        for place, signer in enumerate(signers):
            self._text(EDGE + place * each, 9.0, f"{signer}: ____________________", 9.0)
        self._down(9.0 * LINE)

    def bytes(self) -> bytes:
        """Number the pages and close the file."""
        self._states.append(dict(self._canvas.__dict__))
        for number, state in enumerate(self._states, 1):
            self._canvas.__dict__.update(state)
            self._y = FOOT - 12.0
            self._text(EDGE, SMALL, f"SHA-256 {self._report.digest}", SMALL, FAINT)
            said = f"{number} / {len(self._states)}"
            self._text(WIDTH - EDGE - width(said, SMALL), SMALL, said, SMALL, FAINT)
            self._canvas.showPage()
        self._canvas.save()
        return self._content.getvalue()

    def _open(self) -> None:
        self._y = HEIGHT - EDGE
        self._text(EDGE, LARGE, self._report.title, LARGE)
        self._down(LARGE * LINE + 3)
        for line in _flowing([f"{name}: {value}" for name, value in self._report.facts if value]):
            x = EDGE
            for piece in line:
                self._text(x, SMALL, piece, SMALL, FAINT)
                x += width(piece, SMALL) + GAP
            self._down(SMALL * LINE)
        self._down(6.0)

    def _turn(self) -> None:
        self._states.append(dict(self._canvas.__dict__))
        self._canvas._startPage()  # type: ignore[attr-defined]  # noqa: SLF001  # the library's own way to number pages later
        self._open()

    def _room(self, height: float) -> None:
        if self._y - height < FOOT:
            self._turn()

    def _down(self, by: float) -> None:
        self._y -= by

    def _row(
        self,
        lines: Sequence[Sequence[str]],
        columns: Sequence[Column],
        widths: Sequence[float],
        *,
        head: bool,
        whatever: bool = False,
    ) -> bool:
        """Set a row; tells whether there was room, and sets nothing where there was none."""
        height = max(map(len, lines)) * PLAIN * LINE + 2 * PAD
        if self._y - height < FOOT and not whatever:
            return False
        x, top = EDGE, self._y
        if head:
            self._canvas.setFillColor(SHADE)
            self._canvas.rect(EDGE, top - height, sum(widths), height, stroke=0, fill=1)
        for said, column, wide in zip(lines, columns, widths, strict=True):
            self._y = top - PAD
            for line in said:
                left = x + PAD if column.kind is Kind.TEXT else x + wide - PAD - width(line, PLAIN)
                self._text(left, PLAIN, line, PLAIN)
                self._down(PLAIN * LINE)
            x += wide
        self._y = top - height
        self._canvas.setStrokeColor(RULE)
        self._canvas.setLineWidth(0.4)
        self._canvas.line(EDGE, self._y, WIDTH - EDGE, self._y)
        return True

    def _text(self, x: float, drop: float, said: str, size: float, ink: str = INK) -> None:
        self._canvas.setFillColor(ink)
        for font, run in _runs(said.translate(ALIKE)):
            self._canvas.setFont(font, size)
            self._canvas.drawString(x, self._y - drop, run)
            x += width(run, size)


def written(cell: Cell, kind: Kind) -> str:
    """Write a cell for the eye; a workbook and the canonical content have every digit."""
    if cell is None:
        return "—"
    if isinstance(cell, str | int):
        return str(cell)
    if kind is Kind.SHARE:
        return f"{cell * 100:.1f}%"
    if 0 < abs(cell) < SOME:
        return f"{cell:.{DIGITS}g}"
    return f"{cell:,.1f}" if abs(cell) >= MANY else f"{cell:,.{DIGITS}f}".rstrip("0").rstrip(".")


def wrapped(said: str, room: float, size: float) -> list[str]:
    """Break a text into lines: Chinese anywhere, other words between them, or within where one is too long."""
    lines, line, long = [], "", 0.0
    for word in WORDS.findall(said.translate(ALIKE)):
        for piece in (word,) if width(word, size) <= room else word:
            wide = width(piece, size)
            if line and long + wide > room and piece not in NEVER_FIRST:
                lines.append(line.rstrip())
                line, long = "", 0.0
            if line or not piece.isspace():
                line, long = line + piece, long + wide
    return [*lines, line.rstrip()]


def width(said: str, size: float) -> float:
    """Give how wide a text is."""
    return sum(map(_wide, said.translate(ALIKE))) * size


@cache
def _wide(character: str) -> float:
    return pdfmetrics.stringWidth(character, _font(character), 1.0)


@cache
def _font(character: str) -> str:
    try:
        character.encode("cp1252")
    except UnicodeEncodeError:
        if CHINESE not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))
        return CHINESE
    return LATIN


def _runs(said: str) -> Iterator[tuple[str, str]]:
    run, font = "", LATIN
    for character in said:
        other = _font(character)
        if run and other != font:
            yield font, run
            run = ""
        run, font = run + character, other
    if run:
        yield font, run


def _flowing(facts: Sequence[str]) -> Iterator[list[str]]:
    """Put facts beside one another as long as they fit."""
    room, line, long = WIDTH - 2 * EDGE, list[str](), 0.0
    for fact in facts:
        for piece in wrapped(fact, room, SMALL):
            wide = width(piece, SMALL)
            if line and long + wide > room:
                yield line
                line, long = [], 0.0
            line.append(piece)
            long += wide + GAP
    if line:
        yield line

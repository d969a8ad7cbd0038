"""A report as a workbook and as a PDF."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from adapters import pdf_report, report_sheet
from adapters.pdf_report import PLAIN, width, wrapped
from park.report import Column, Kind, Report, Table, canonical, digest

COLUMNS = (Column("企业", 2.0), Column("值", 1.0, Kind.NUMBER), Column("实测", 1.0, Kind.SHARE))


def report(*rows: tuple[str, float | None, float], name: str = "企业") -> Report:
    return Report("能碳指标 2026-10", (("园区", "恒口"), ("期间", "2026-10")), (Table(name, COLUMNS, rows),), "ab" * 32)


def pages(content: bytes) -> int:
    return content.count(b"/Type /Page\n")


def test_a_workbook_says_of_what_it_is_on_every_sheet_and_keeps_every_digit() -> None:
    book = load_workbook(BytesIO(report_sheet.write(report(("e01", 1 / 3, 0.98)))))
    told = list(book["企业"].iter_rows(values_only=True))
    assert told[0][0] == "能碳指标 2026-10"
    assert [row[:2] for row in told[1:4]] == [("园区", "恒口"), ("期间", "2026-10"), ("SHA-256", "ab" * 32)]
    assert told[5:] == [("企业", "值", "实测"), ("e01", 1 / 3, 0.98)]
    assert book["企业"]["C7"].number_format == "0.0%"
    foot = book["企业"].oddFooter
    assert foot is not None
    assert foot.left is not None
    assert foot.left.text == f"SHA-256 {'ab' * 32}"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x")'])
def test_what_looks_like_a_formula_stays_text_in_a_workbook(text: str) -> None:
    book = load_workbook(BytesIO(report_sheet.write(report((text, None, 1.0)))))
    cell = book["企业"]["A7"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    assert book["企业"]["B7"].value is None


def test_a_name_a_sheet_cannot_have_and_a_character_no_file_may_hold_are_mended() -> None:
    book = load_workbook(BytesIO(report_sheet.write(report(("e\x0001", 1.0, 1.0), name="a/b:c" * 9))))
    (sheet,) = book.sheetnames
    assert (len(sheet), sheet[:5]) == (31, "a b c")
    assert book[sheet]["A7"].value == "e01"


def test_a_long_table_goes_over_pages_each_with_a_number() -> None:
    one, many = (pdf_report.write(report(*[("安康某富硒食品有限公司", 1.0, 1.0)] * rows)) for rows in (3, 200))
    assert pages(one) == 1
    assert pages(many) > 5
    assert b"STSong-Light" in many


def test_a_row_higher_than_a_page_goes_on_over_the_next() -> None:
    assert pages(pdf_report.write(report(("富硒" * 4_000, 1.0, 1.0)))) > 4


@pytest.mark.parametrize(
    "text", ["安康某富硒食品有限公司", "Value added per CO2, market-based", "x" * 90, "值 (市场法)", ""]
)
def test_a_wrapped_text_loses_nothing_and_fits(text: str) -> None:
    lines = wrapped(text, 40.0, PLAIN)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line, PLAIN) <= 40.0 + PLAIN for line in lines)


def test_a_closing_mark_does_not_begin_a_line() -> None:
    assert [
        line[0]
        for line in wrapped("二氧化碳排放量 (市场法), 二氧化碳排放量 (位置法)。", 60.0, PLAIN)
        if line[0] in ")。,"
    ] == []


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        (None, Kind.NUMBER, "—"),
        (0.0, Kind.NUMBER, "0"),
        (0.0245812, Kind.NUMBER, "0.02458"),
        (12.29, Kind.NUMBER, "12.29"),
        (-3.5, Kind.NUMBER, "-3.5"),
        (1_234_567.89, Kind.NUMBER, "1,234,567.9"),
        (0.98, Kind.SHARE, "98.0%"),
        (3, Kind.NUMBER, "3"),
    ],
)
def test_a_number_on_paper_is_written_for_the_eye(value: float | None, kind: Kind, said: str) -> None:
    assert pdf_report.written(value, kind) == said


def test_the_canonical_content_does_not_depend_on_the_order_of_its_keys() -> None:
    assert canonical({"a": 1, "b": "硒"}) == canonical({"b": "硒", "a": 1}) == '{"a":1,"b":"硒"}'.encode()
    assert digest(canonical({"a": 1})) != digest(canonical({"a": 2}))

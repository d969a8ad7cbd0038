"""A seal tells what was written here and not changed; the page that carries it can be checked by itself."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import html_report
from adapters.html_report import Sealed
from adapters.seal import NAME, Seal
from park.report import Column, Report, Table

REPORT = Report("报告 <1>", (("设备", "e01 & co"),), (Table("T", (Column("结论"),), (("FAIL",), ("pass",))),), "00ff")


def test_a_seal_holds_for_its_content_and_for_no_other(tmp_path: Path) -> None:
    seal = Seal(tmp_path)
    signed = seal.sign(b"one")
    assert seal.holds(b"one", signed)
    assert not seal.holds(b"two", signed)
    assert not seal.holds(b"one", "nonsense ☂")
    assert not Seal(tmp_path / "elsewhere").holds(b"one", signed)


def test_the_key_outlives_the_program_and_is_its_owners_alone(tmp_path: Path) -> None:
    signed = Seal(tmp_path).sign(b"one")
    assert Seal(tmp_path).holds(b"one", signed)
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


@given(st.binary(max_size=300))
def test_a_page_carries_what_was_sealed(content: bytes) -> None:
    page = html_report.write(REPORT, Sealed(content, "ab12"), language="zh")
    assert html_report.read(page) == Sealed(content, "ab12")


def test_what_failed_stands_out_and_nothing_is_taken_for_markup() -> None:
    page = html_report.write(REPORT, Sealed(b"", ""), language="en", bad=frozenset({"FAIL"})).decode()
    assert page.count("class=bad") == 1
    assert "报告 &lt;1&gt;" in page
    assert "e01 &amp; co" in page


@pytest.mark.parametrize("other", [b"", b"<html></html>", b"\xff\xfe", b"%PDF-1.4"])
def test_any_other_file_carries_nothing(other: bytes) -> None:
    assert html_report.read(other) is None

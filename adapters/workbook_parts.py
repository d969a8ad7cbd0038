"""A workbook is a zip of XML parts: looked through before a library unpacks it, so that nobody is drowned by one.

Errors:
    SheetError  the file cannot be read as a sheet, and how to mend it

"""

import io
import re
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812  # it is a class

UNPACKED = 32 * 1024 * 1024
"""Bytes of all parts together; a sheet of 1,000 enterprises and 12 months has some 8 MB."""
PARTS = 500
MERGED_CELLS = 100_000
"""Cells of all merged areas together: the library visits each, and one area can span a whole sheet."""
HEAD = 4_096
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']")
DECLARED = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)")
ENCODINGS = {b"utf-8", b"utf8", b"us-ascii", b"ascii"}
LETTERS = 26


class SheetError(ValueError):
    """A file that cannot be read as a sheet."""

    def __init__(self, zh: str, en: str) -> None:
        """Keep the sentence in both languages."""
        super().__init__(en)
        self.zh = zh
        self.en = en

    def sentence(self, language: str = "zh") -> str:
        """Say it in one language."""
        return self.zh if language == "zh" else self.en


def look_inside(content: bytes) -> bool:
    """Tell whether a workbook has formulas.  Raises SheetError where it would unpack into too much.

    Parts that declare entities of their own, or hide from this look in another encoding, are refused too.
    """
    formulas, left, merged = False, UNPACKED, 0
    try:
        with ZipFile(io.BytesIO(content)) as parts:
            if len(parts.infolist()) > PARTS:
                raise too_much()
            for part in parts.infolist():
                with parts.open(part) as stream:
                    unpacked = stream.read(left + 1)  # what the directory says about sizes may be a lie
                left -= len(unpacked)
                if left < 0:
                    raise too_much()
                _check_head(unpacked[:HEAD])
                merged += sum(_cells(area) for area in MERGED.finditer(unpacked))
                if merged > MERGED_CELLS:
                    raise too_much()
                formulas = formulas or FORMULA.search(unpacked) is not None
    except (BadZipFile, ZlibError, NotImplementedError, RuntimeError, OSError) as error:
        raise unreadable() from error
    return formulas


def _check_head(head: bytes) -> None:
    declared = DECLARED.search(head)
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff")) or (b"<" in head[:4] and b"\0" in head[:4])
    if b"<!DOCTYPE" in head or wide or (declared is not None and declared[1].lower() not in ENCODINGS):
        raise unreadable()


def _cells(area: re.Match[bytes]) -> int:
    left, top, right, bottom = _column(area[1]), int(area[2]), _column(area[3]), int(area[4])
    return (abs(right - left) + 1) * (abs(bottom - top) + 1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * LETTERS + letter - ord("A") + 1
    return number


def too_much() -> SheetError:
    """Refuse a file for its size."""
    return SheetError(
        "文件内容过多, 不像一份报表; 请删去多余的工作表和空白行列, 或分成几个文件。",
        "The file holds too much to be a table of statements; delete what is not needed, or split it.",
    )


def unreadable() -> SheetError:
    """Refuse a file for its form."""
    return SheetError(
        "无法读取这个文件; 请提供 .xlsx (不加密) 或 .csv (UTF-8 或 GB 18030 编码)。",
        "This file cannot be read; give plain .xlsx, or .csv in UTF-8 or GB 18030.",
    )

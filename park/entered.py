"""A number as people enter it, in a form, a sheet or JSON: read exactly, or refused with how to mend it."""

import re
import unicodedata
from decimal import Decimal
from math import isfinite

from park.registry_notes import Notes, kind, kind_zh, show

NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?", re.ASCII)
LONGEST = 40
MOST = Decimal(10) ** 12
SHEET_DIGITS = 15
"""What a sheet keeps and shows of a number; the digits behind it are left from binary arithmetic."""
BLANK = ""
WITHDRAWN = {"-", "--", "—", "——", "–", "−", "无", "n/a", "/"}
"""What people write where there is no value."""


def is_blank(value: object) -> bool:
    """Tell whether nothing was written."""
    return value is None or (isinstance(value, str) and not value.strip())


def is_withdrawn(value: object) -> bool:
    """Tell whether it was written that there is no value."""
    return isinstance(value, str) and unicodedata.normalize("NFKC", value).strip().casefold() in WITHDRAWN


def read_number(
    notes: Notes, path: str, value: object, *, unit: str, digits: int, least: Decimal | None = None
) -> Decimal | None:
    """Read one number in a unit; None after noting why it cannot be one.

    Thousands may be set apart by commas.  A percentage may carry its sign, where the unit is %.
    """
    number = _number(notes, path, value, unit)
    if number is None:
        return None
    if abs(number) >= MOST:
        notes.add(
            path,
            f"{show(value)} 过大 (上限 10¹² {unit}); 请核对单位是否为{unit}。",
            f"{show(value)} is too large (10¹² {unit} is the limit); check that it is in {unit}.",
        )
        return None
    if number != number.quantize(Decimal(1).scaleb(-digits)):
        notes.add(
            path,
            f"{show(value)} 的小数超过 {digits} 位; 请四舍五入 (表格中可用 ROUND(…, 2))。",
            f"{show(value)} has more than {digits} decimals; round it (in a sheet with ROUND(…, 2)).",
        )
        return None
    if len(number.normalize().as_tuple().digits) > SHEET_DIGITS:
        notes.add(
            path,
            f"{show(value)} 的有效数字超过 {SHEET_DIGITS} 位, 表格与接口都保存不下; 请四舍五入。",
            f"{show(value)} has more than {SHEET_DIGITS} digits, which neither sheets nor the API can carry; round it.",
        )
        return None
    if least is not None and number < least:
        notes.add(
            path,
            f"{show(value)} 小于下限 {least} {unit}; 请核对。",
            f"{show(value)} is below the least possible, {least} {unit}; check it.",
        )
        return None
    return number


def _number(notes: Notes, path: str, value: object, unit: str) -> Decimal | None:
    if isinstance(value, Decimal) and value.is_finite():
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, float) and isfinite(value):
        return Decimal(f"{value:.{SHEET_DIGITS}g}")
    if isinstance(value, str):
        return _text(notes, path, value, unit)
    notes.add(
        path,
        f"这里应是数字, 而不是{kind_zh(value)} {show(value)}。",
        f"This must be a number, not {kind(value)} {show(value)}.",
    )
    return None


def _text(notes: Notes, path: str, value: str, unit: str) -> Decimal | None:
    plain = unicodedata.normalize("NFKC", value).strip().replace("−", "-")
    if unit == "%":
        plain = plain.removesuffix("%").rstrip()
    if len(plain) <= LONGEST and NUMBER.fullmatch(plain):
        return Decimal(plain.replace(",", ""))
    notes.add(
        path,
        f"{show(value)} 不是数字; 请只写数字, 如 1234.56 或 1,234.56, 不写单位 (单位为{unit})。",
        f"{show(value)} is not a number; write digits only, as 1234.56 or 1,234.56, without a unit (it is {unit}).",
    )
    return None

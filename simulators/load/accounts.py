"""As whom each device comes in: the file that `smartpark broker credentials` hands out, or one of the same form."""

import csv
from pathlib import Path
from typing import Final

from simulators.load.packet import Door

HEADER: Final = ["meter", "user", "password"]


class WrongAccounts(ValueError):
    """A file of accounts cannot be read; the sentence names every line."""


def read(file: Path) -> dict[str, Door]:
    """Read `meter,user,password` lines: the meter's id is its client id.  Raises WrongAccounts, OSError."""
    doors: dict[str, Door] = {}
    mistakes: list[str] = []
    try:
        rows = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
    except (UnicodeDecodeError, csv.Error) as error:
        raise WrongAccounts(f"{file.name}: 不是 CSV 文本 / no CSV text: {error}") from error
    for number, row in enumerate(rows, 1):
        if not row or row == HEADER:
            continue
        if len(row) != len(HEADER) or not all(row):
            mistakes.append(
                f"{file.name}:{number}: 应为 meter,user,password 三项且不空 / must be meter,user,password, none empty"
            )
        elif row[0] in doors:
            mistakes.append(f"{file.name}:{number}: 设备 {row[0]} 出现两次 / meter {row[0]} stands there twice")
        else:
            doors[row[0]] = Door(row[0], row[1], row[2])
    if mistakes:
        raise WrongAccounts("\n".join(mistakes))
    return doors

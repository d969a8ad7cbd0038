"""InfluxDB line protocol as a text: `measurement,tag=value field=1.5,other=2i 1795420800000000000`.

A backslash before a comma, an equals sign or a blank makes that part of a name; before anything else it is itself.
A text in quotes may hold anything, a line break too.  Lines that begin with `#` say nothing.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from park.malformed import Malformed
from park.reason import Reason

MEASUREMENT = r"(?:[^\\, \n\r]|\\[, ]|\\(?![, \n\r]))++"
NAME = r"(?:[^\\,= \n\r]|\\[,= ]|\\(?![,= \n\r]))++"
TEXT = r'"(?:[^"\\]|\\.)*+"'
BARE = r'[^",= \n\r\\]+'
HEAD = re.compile(rf"({MEASUREMENT})((?:,{NAME}={NAME})*+) +")
TAG = re.compile(rf",({NAME})=({NAME})")
FIELD = re.compile(rf"({NAME})=({TEXT}|{BARE})(,|)", re.DOTALL)
TAIL = re.compile(r" *(?:(-?\d{1,19}) *)?\r?(?:\n|\Z)", re.ASCII)
NUMBER = re.compile(r"[+-]?(?:\d++\.?\d*+|\.\d++)(?:[eE][+-]?\d{1,4})?", re.ASCII)
WHOLE = re.compile(r"(-?\d{1,20})i|(\d{1,20})u", re.ASCII)
TRUE: Final = frozenset({"t", "T", "true", "True", "TRUE"})
FALSE: Final = frozenset({"f", "F", "false", "False", "FALSE"})
BLANK = " \t\r\n"
SPECIAL = ",= "

Value = float | bool | str


class Line(NamedTuple):
    """One line."""

    measurement: str
    tags: dict[str, str]
    fields: dict[str, Value]
    time: int | None


def lines_of(payload: bytes) -> Iterator[Line]:
    """Read every line.  Raises Malformed."""
    try:
        text = payload.decode()
    except UnicodeDecodeError as error:
        raise Malformed(Reason.NOT_READABLE, str(error)[:200]) from None
    at = _start(text, 0)
    while at < len(text):
        if text[at] == "#":
            at = text.find("\n", at)
            if at < 0:
                return
        else:
            line, at = _line(text, at)
            yield line
        at = _start(text, at)


def _start(text: str, at: int) -> int:
    """Skip blanks and empty lines."""
    while at < len(text) and text[at] in BLANK:
        at += 1
    return at


def _line(text: str, start: int) -> tuple[Line, int]:
    head = HEAD.match(text, start)
    if head is None:
        raise _unreadable(text, start)
    tags = {_plain(key): _plain(value) for key, value in TAG.findall(head[2])} if head[2] else {}
    if head[2] and len(tags) != len(TAG.findall(head[2])):
        raise Malformed(Reason.METRIC_TWICE, head[2][:60])
    fields: dict[str, Value] = {}
    at = head.end()
    while True:
        field = FIELD.match(text, at)
        if field is None:
            raise _unreadable(text, at)
        name = _plain(field[1])
        if name in fields:
            raise Malformed(Reason.METRIC_TWICE, name[:60])
        fields[name] = _value(field[2], name)
        at = field.end()
        if not field[3]:
            break
    tail = TAIL.match(text, at)
    if tail is None:
        raise _unreadable(text, at)
    return Line(_plain(head[1], ", "), tags, fields, int(tail[1]) if tail[1] else None), tail.end()


def _unreadable(text: str, at: int) -> Malformed:
    line = text.count("\n", 0, at) + 1
    return Malformed(Reason.NOT_READABLE, f"line {line}: {text[at : at + 40].partition(chr(10))[0]}")


def _plain(name: str, letters: str = SPECIAL) -> str:
    return re.sub(rf"\\([{letters}])", r"\1", name) if "\\" in name else name


def _value(written: str, name: str) -> Value:
    if written[0] == '"':
        return re.sub(r'\\(["\\])', r"\1", written[1:-1])
    if NUMBER.fullmatch(written):
        return float(written)
    whole = WHOLE.fullmatch(written)
    if whole is not None:
        return float(int(whole[1] or whole[2]))
    if written in TRUE or written in FALSE:
        return written in TRUE
    raise Malformed(Reason.NOT_READABLE, f"{name[:40]}: {written[:40]}")


def escape(name: str, letters: str = SPECIAL) -> str:
    """Write a name so that `lines_of` reads it; raises ValueError for what no line can carry."""
    if not name or "\n" in name or "\r" in name or name.endswith("\\"):
        raise ValueError(f"no line can carry the name {name!r}")
    return "".join(f"\\{letter}" if letter in letters else letter for letter in name)

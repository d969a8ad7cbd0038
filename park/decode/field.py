"""A field of a foreign message: which metric it is, in which unit, and how its value is written.

In the registry either the metric's name alone, or a mapping: `{metric: p, unit: W, factor: 0.1, quoted: true,
words: {ON: 1, OFF: 0}}`.
"""

import math
from collections.abc import Mapping
from typing import Final, NamedTuple

from park.decode.names import KEYS as NAMED
from park.decode.names import check_named
from park.malformed import Malformed
from park.reason import Reason
from park.registry_notes import Notes, join, kind, kind_zh, show

KEYS: Final = (*NAMED, "factor", "quoted", "words")


class Field(NamedTuple):
    """One field."""

    metric: str
    unit: str | None = None
    """None means the meter's registered one."""
    factor: float = 1.0
    """What the written number is multiplied by before its unit counts; below 0 for a clamp put on backwards."""
    quoted: bool = False
    """Whether its numbers may stand in quotes."""
    words: Mapping[str, float] | None = None
    """Texts that stand for numbers, as ON and OFF."""


def plan_field(value: object) -> Field:
    """Make a field of what the registry's check has let pass."""
    if isinstance(value, str):
        return Field(value)
    given = dict(value) if isinstance(value, Mapping) else {}
    words = given.get("words")
    return Field(
        str(given.get("metric")),
        given.get("unit"),
        float(given.get("factor", 1.0)),
        bool(given.get("quoted", False)),
        {str(word): float(number) for word, number in words.items()} if isinstance(words, Mapping) else None,
    )


def number_of(value: object, field: Field, place: str) -> float | None:
    """Give the number that a field holds, None for null.  Raises Malformed for what is no number."""
    if value is None:
        return None
    if isinstance(value, str):
        if field.words is not None and value in field.words:
            return field.words[value]
        if not field.quoted:
            raise Malformed(Reason.WRONG_FORM, f"{place}: {value[:60]!r}")
        try:
            number = float(value) if value.isascii() and "_" not in value else math.nan
        except ValueError:
            raise Malformed(Reason.WRONG_FORM, f"{place}: {value[:60]!r}") from None
    elif isinstance(value, int | float):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
    else:
        raise Malformed(Reason.WRONG_FORM, f"{place}: {'object' if isinstance(value, dict) else 'list'}")
    number *= field.factor
    if not math.isfinite(number):
        raise Malformed(Reason.NOT_FINITE, f"{place}: {str(value)[:60]}")
    return number


def check_field(notes: Notes, path: str, value: object, names: tuple[str, ...]) -> str | None:
    """Note the mistakes of one field; give its metric where that is one of the meter's."""
    if not isinstance(value, Mapping):
        text = notes.text(path, value)
        return None if text is None else check_named(notes, path, text, names)
    given = notes.mapping(path, value, KEYS, ())
    metric = check_named(notes, path, {key: given[key] for key in NAMED if key in given}, names)
    if "factor" in given:
        _number(notes, join(path, "factor"), given["factor"], nothing=False)
    if not isinstance(given.get("quoted", False), bool):
        notes.add(join(path, "quoted"), "请写 true 或 false。", "Write true or false.")
    if "words" in given:
        for word, number in notes.table(join(path, "words"), given["words"]).items():
            _number(notes, join(join(path, "words"), word), number, nothing=True)
    return metric


def _number(notes: Notes, path: str, value: object, *, nothing: bool) -> None:
    """Note what is no finite number, or 0 where that stands for nothing."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        notes.add(
            path,
            f"这里应是数字, 而不是{kind_zh(value)} {show(value)}。",
            f"This must be a number, not {kind(value)} {show(value)}.",
        )
    elif not math.isfinite(value) or (not value and not nothing):
        notes.add(
            path,
            f"{show(value)} 不可用; 请写不为 0 的有限数, 如 0.1。",
            f"{show(value)} cannot be used; write a finite number other than 0, such as 0.1.",
        )

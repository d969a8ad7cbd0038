"""The faults of a scenario file: read by what each kind says of itself."""

from collections.abc import Collection, Mapping
from dataclasses import MISSING, Field, fields
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, get_type_hints

from park.metric import metrics
from park.registry import Registry
from park.registry_notes import Notes, join, near, show
from park.rule_words import read_flag, read_time
from park.units import UnitError, conversion
from simulators.faults.fault import Fault
from simulators.faults.table import FAULTS
from simulators.scenario.moment import read_moment

MOMENTS: Final = frozenset({"at", "until"})


def read_faults(notes: Notes, path: str, value: object, registry: Registry) -> tuple[tuple[str, Fault], ...]:
    """Read a list of faults, in the order they act."""
    found = (_fault(notes, f"{path}[{place}]", item, registry) for place, item in enumerate(notes.items(path, value)))
    return tuple(one for one in found if one is not None)


def _fault(notes: Notes, path: str, value: object, registry: Registry) -> tuple[str, Fault] | None:
    before = len(notes.mistakes)
    name = value.get("fault") if isinstance(value, Mapping) else None
    if not isinstance(name, str) or name not in FAULTS:
        zh, en = near(str(name), FAULTS)
        notes.add(join(path, "fault"), f"没有 {show(name)} 这种故障; {zh}", f"There is no fault {show(name)}; {en}")
        return None
    kind = FAULTS[name].kind
    own = {one.name: one for one in fields(kind) if one.name != "meters"}
    required = ["fault", "meter", *(key for key, one in own.items() if _needed(one))]
    given = notes.mapping(path, value, ("fault", "meter", *own), required)
    hints = get_type_hints(kind)
    read: dict[str, Any] = {
        key: _value(notes, join(path, key), item, hints[key], moment=key in MOMENTS)
        for key, item in given.items()
        if key in own
    }
    meters = _meters(notes, join(path, "meter"), given.get("meter"), registry.by_meter)
    _check(notes, path, kind, read)
    if len(notes.mistakes) > before:
        return None
    return name, kind(meters=meters, **read)


def _needed(one: Field[Any]) -> bool:
    return one.default is MISSING and one.default_factory is MISSING


def _value(notes: Notes, path: str, value: object, hint: object, *, moment: bool) -> object:
    """Read one parameter by its type."""
    if moment:
        return read_moment(notes, path, value)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        word = notes.choice(path, value, tuple(hint))
        return None if word is None else hint(word)
    if hint is timedelta:
        return read_time(notes, path, value)
    if hint is bool:
        return read_flag(notes, path, value, default=False)
    return notes.text(path, value) if hint is str else _number(notes, path, value, whole=hint is int)


def _number(notes: Notes, path: str, value: object, *, whole: bool) -> float | None:
    if isinstance(value, int if whole else int | float) and not isinstance(value, bool):
        return value if whole else float(value)
    notes.add(
        path,
        f"这里应是{'整数' if whole else '数字'}, 而不是 {show(value)}。",
        f"This must be {'a whole number' if whole else 'a number'}, not {show(value)}.",
    )
    return None


def _meters(notes: Notes, path: str, value: object, known: Collection[str]) -> tuple[str, ...]:
    """Read one meter or several, each of the scenario's own registry."""
    words = (value,) if isinstance(value, str) else tuple(notes.items(path, value))
    for word in words:
        if str(word) not in known:
            zh, en = near(str(word), known)
            notes.add(path, f"情景的台账中没有 {show(word)}; {zh}", f"The scenario has no meter {show(word)}; {en}")
    return tuple(str(word) for word in words)


def _check(notes: Notes, path: str, kind: type[Fault], read: Mapping[str, Any]) -> None:
    """Find what each part alone does not show."""
    at, until = read.get("at"), read.get("until")
    if until is not None and not kind.ENDS:
        notes.add(
            join(path, "until"), "此故障发生在一个时刻, 没有 until。", "This fault happens at one moment: no until."
        )
    elif at is not None and until is not None and until <= at:
        notes.add(join(path, "until"), "until 须晚于 at。", "until must be later than at.")
    for key in ("times", "samples", "every", "copies", "catch_up", "width", "before", "after", "peak", "on", "off"):
        number = read.get(key)
        if number is not None and not number > type(number)(0):
            notes.add(join(path, key), "须大于 0。", "This must be above 0.")
    metric = read.get("metric")
    if metric is not None and metric not in metrics():
        zh, en = near(metric, metrics())
        notes.add(join(path, "metric"), f"没有指标 {show(metric)}; {zh}", f"There is no metric {show(metric)}; {en}")
    elif metric is not None and "unit" in read:
        try:
            conversion(read["unit"] or "", metrics()[metric].unit, metrics()[metric].molar_mass)
        except UnitError:
            notes.add(
                join(path, "unit"),
                f"{show(read['unit'])} 不能换算为 {metrics()[metric].unit}。",
                f"{show(read['unit'])} is no unit of {metrics()[metric].unit}.",
            )

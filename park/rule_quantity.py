"""Limits as people write them, `25 %LEL` or `0.35 MPa`, in the unit of the metric they limit."""

import re
from enum import Enum

from park.metric import Metric
from park.registry_notes import Notes, kind, kind_zh, show
from park.units import UnknownUnit, WrongDimension, conversion

QUANTITY = re.compile(r"\s*([+-]?\d{1,15}(?:\.\d{1,9})?(?:[eE][+-]?\d{1,2})?)\s*(\D.{0,23})?\s*", re.DOTALL)
BARE = {"1", "pH"}
"""Units that nobody writes beside a number."""


class Sense(Enum):
    """What a quantity is of a metric."""

    VALUE = "value"
    DIFFERENCE = "difference"
    """Between two values: of temperatures, degrees without an origin."""
    SUM = "sum"
    """What went through: of kW, kWh; of m³/h, m³."""


def summed(unit: str) -> str:
    """Give the unit of what went through, for the unit of a flow an hour."""
    return unit.removesuffix("/h") if unit.endswith("/h") else f"{unit}h" if unit in {"kW", "kvar"} else unit


def read_quantity(  # noqa: PLR0911  # each mistake ends it
    notes: Notes, path: str, value: object, metric: Metric, sense: Sense = Sense.VALUE
) -> float | None:
    """Read a quantity; None where a mistake was noted."""
    unit = summed(metric.unit) if sense is Sense.SUM else metric.unit
    example = "0.9" if unit == "1" else f"25 {unit}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        if unit in BARE:
            return float(value)
        notes.add(
            path,
            f"请写出 {show(value)} 的单位, 如 {example}。",
            f"Say the unit of {show(value)}, such as {example}.",
        )
        return None
    found = QUANTITY.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        notes.add(
            path,
            f"这里应是数值加单位 (如 {example}), 而不是{kind_zh(value)} {show(value)}。",
            f"This must be a number with its unit (such as {example}), not {kind(value)} {show(value)}.",
        )
        return None
    said = (found[2] or "").strip()
    if not said and unit not in BARE:
        notes.add(path, f"请写出单位, 如 {found[1]} {unit}。", f"Say the unit, such as {found[1]} {unit}.")
        return None
    try:
        way = conversion(said or unit, unit, metric.molar_mass if sense is not Sense.SUM else None)
    except UnknownUnit:
        notes.add(
            path,
            f"无法识别单位 {show(said)}; {metric.name} 的单位是 {unit}。",
            f"Unit {show(said)} is not known; the unit of {metric.name} is {unit}.",
        )
        return None
    except WrongDimension:
        notes.add(
            path,
            f"单位 {show(said)} 不能换算为 {metric.name} 的单位 {unit}。",
            f"Unit {show(said)} does not convert to {unit}, the unit of {metric.name}.",
        )
        return None
    number = float(found[1]) * way.factor + (way.offset if sense is Sense.VALUE else 0.0)
    return float(f"{number:.12g}")


def read_share(notes: Notes, path: str, value: object) -> float | None:
    """Read a share above 0 and of at most 1, written `75 %` or `0.75`."""
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    if isinstance(value, str) and value.strip().endswith("%"):
        try:
            number = float(value.strip()[:-1]) / 100
        except ValueError:
            number = None
    if number is None or not 0 < number <= 10:  # noqa: PLR2004  # a deviation may be of several times the usual
        notes.add(
            path,
            f"这里应是份额, 如 75 % 或 0.75, 而不是 {show(value)}。",
            f"This must be a share such as 75 % or 0.75, not {show(value)}.",
        )
        return None
    return float(number)

"""Limits as people write them, `25 %LEL` or `0.35 MPa`, in the unit of the metric they limit."""

import math
import re
from enum import Enum
from typing import NamedTuple

from park.metric import Metric
from park.registry_notes import Notes, kind, kind_zh, show
from park.units import UnknownUnit, WrongDimension, conversion

QUANTITY = re.compile(r"\s*([+-]?\d{1,15}(?:\.\d{1,9})?(?:[eE][+-]?\d{1,2})?)\s*(\D.{0,23})?\s*", re.DOTALL)
BARE = {"1", "pH"}
"""Units that nobody writes beside a number."""
LARGEST = 1e15
SHARE = re.compile(r"\s*(\d{1,4}(?:\.\d{1,6})?)\s*%\s*")
RATED = re.compile(r"\s*(?:额定(?:值)?的?)?\s*(\d{1,3}(?:\.\d{1,3})?)\s*%\s*(?:额定|of rated)?\s*")
RATED_WORDS = ("额定", "of rated")


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
        if unit in BARE and abs(value) < LARGEST:
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


class Limit(NamedTuple):
    """A limit, in the metric's unit or as a share of what the meter is rated for."""

    number: float
    rated: bool = False


def read_limit(notes: Notes, path: str, value: object, metric: Metric) -> Limit | None:
    """Read a limit: a quantity, or `80 % of rated`."""
    if isinstance(value, str) and any(word in value for word in RATED_WORDS):
        found = RATED.fullmatch(value)
        if found is not None and is_flow(metric):
            return Limit(float(found[1]) / 100, rated=True)
        notes.add(
            path,
            f"额定值的份额写成 80 % of rated, 只用于功率和流量, 不能是 {show(value)}。",
            f"A share of the rated maximum is written `80 % of rated`, for powers and flows; {show(value)} is none.",
        )
        return None
    number = read_quantity(notes, path, value, metric)
    return None if number is None else Limit(number)


def is_flow(metric: Metric) -> bool:
    """Tell whether a metric is what goes through in an hour, for which meters are rated."""
    return summed(metric.unit) != metric.unit


def read_share(notes: Notes, path: str, value: object, *, most: float = 10.0) -> float | None:
    """Read a share above 0, written `75 %` or `0.75`; a deviation may be of several times the usual."""
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
    if isinstance(value, str) and (found := SHARE.fullmatch(value)):
        number = float(found[1]) / 100
    if not 0 < number <= most:
        notes.add(
            path,
            f"这里应是份额, 如 75 % 或 0.75 (不超过 {most:.0%}), 而不是 {show(value)}。",
            f"This must be a share such as 75 % or 0.75 (up to {most:.0%}), not {show(value)}.",
        )
        return None
    return float(number)

"""What the registry says a sender's own names stand for, as several codecs have it: `{their name: metric}`.

    names: {"Meter/P": p, "Meter/Energy": {metric: ep_imp, unit: Wh}}

The unit stands for what the payload says of none, and goes before what it says: a person wrote it after looking.
"""

from collections.abc import Mapping
from typing import NamedTuple

from park.metric import metrics
from park.registry_notes import Notes, join, near, show
from park.units import UnknownUnit, WrongDimension, conversion

KEYS = ("metric", "unit")


class Named(NamedTuple):
    """One of our metrics, and the unit it comes in; None where the payload or the meter's units say it."""

    metric: str
    unit: str | None = None


def meaning(names: Mapping[str, object], name: str) -> Named | None:
    """Give what a sender's name stands for, None where the registry leaves it out."""
    given = names.get(name)
    if isinstance(given, str):
        return Named(given)
    if isinstance(given, Mapping):
        unit = given.get("unit")
        return Named(str(given.get("metric")), unit if isinstance(unit, str) else None)
    return None


def names_of(options: Mapping[str, object], key: str = "names") -> Mapping[str, object] | None:
    """Give the names a meter's options list, or None where they list none at all."""
    given = options.get(key)
    return given if isinstance(given, Mapping) else None


def check_names(
    notes: Notes, path: str, value: object, known: tuple[str, ...], told: dict[str, str] | None = None
) -> None:
    """Note every mistake in a table of names; `known` are the metrics of the meter, `told` those of tables before."""
    told = {} if told is None else told
    table = notes.table(path, value)
    if isinstance(value, Mapping) and not table:
        notes.add(path, "至少需要一个名称, 或去掉这个键。", "At least one name is needed, or leave the key out.")
    for name, given in table.items():
        here = join(path, name)
        metric = check_named(notes, here, given, known)
        if metric is None:
            continue
        if metric in told:
            notes.add(
                here,
                f"{show(told[metric])} 已对应指标 {metric}; 一个指标只能有一个来源, 请删去一个。",
                f"{show(told[metric])} already stands for {metric}; a metric has one source: leave one out.",
            )
        told.setdefault(metric, name)


def check_named(notes: Notes, path: str, given: object, known: tuple[str, ...]) -> str | None:
    """Note every mistake in what one name stands for, and give its metric where that is one of the meter's."""
    whole = {"metric": given} if isinstance(given, str) else notes.mapping(path, given, KEYS, ("metric",))
    at = path if isinstance(given, str) else join(path, "metric")
    metric = notes.text(at, whole["metric"]) if "metric" in whole else None
    unit = notes.text(join(path, "unit"), whole["unit"]) if "unit" in whole else None
    if metric is None:
        return None
    if metric not in known:
        zh, en = near(metric, known)
        notes.add(
            at,
            f"该设备的 metrics 中没有 {show(metric)}; {zh}",
            f"{show(metric)} is not among this meter's metrics; {en}",
        )
        return None
    if unit is not None and metric in metrics():
        _check_unit(notes, join(path, "unit"), metric, unit)
    return metric


def _check_unit(notes: Notes, path: str, name: str, unit: str) -> None:
    metric = metrics()[name]
    try:
        conversion(unit, metric.unit, metric.molar_mass)
    except UnknownUnit:
        notes.add(
            path,
            f"无法识别单位 {show(unit)}; {name} 的标准单位是 {metric.unit}。",
            f"Unit {show(unit)} is not known; the unit of {name} is {metric.unit}.",
        )
    except WrongDimension:
        notes.add(
            path,
            f"单位 {show(unit)} 不能换算为 {name} 的标准单位 {metric.unit}; 请核对设备说明书。",
            f"Unit {show(unit)} does not convert to {metric.unit}, the unit of {name}; check the device's manual.",
        )


def check_filter(notes: Notes, path: str, value: object) -> str | None:
    """Note every mistake in a topic filter of a device's own, and give it where there is none."""
    text = notes.text(path, value)
    if text is None:
        return None
    levels = text.split("/")
    if levels[0] in {"+", "#"} or text.startswith("$"):
        notes.add(
            path,
            f"主题 {show(text)} 的第一级不能是通配符, 也不能以 $ 开头; 请写出第一级。",
            f"The first level of topic {show(text)} may be no wildcard nor start with $; write it out.",
        )
    elif any(set(level) & set("+#") and len(level) > 1 for level in levels) or "#" in levels[:-1]:
        notes.add(
            path,
            f"主题 {show(text)} 不可用: + 和 # 只能单独占一级, # 只能在最后一级。",
            f"Topic {show(text)} cannot be used: + and # take a level of their own, # only the last.",
        )
    else:
        return text
    return None

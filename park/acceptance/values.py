"""Items about the values themselves: all there, plausible, and one device's."""

from collections import Counter
from collections.abc import Iterator

from park.acceptance.item import Finding, Item, failed, noted, passed
from park.acceptance.listened import Listened
from park.metric import metrics
from park.quality import BY_NAME, Quality
from park.reading import Reading

USELESS = Quality.FAULT | Quality.MAINTENANCE | Quality.CALIBRATION
SHOWN = 3


def examine(listened: Listened) -> Iterator[Finding]:
    """Look at each item."""
    readings = [one for each in listened.taken for one in each.readings]
    yield _metrics(listened, readings)
    yield _range(readings)
    yield _quality(readings)
    yield _identity(readings)


def _metrics(listened: Listened, readings: list[Reading]) -> Finding:
    came = {one.metric for one in readings}
    wanted = set(listened.meter.metrics)
    if missing := [name for name in listened.meter.metrics if name not in came]:
        told = ", ".join(missing)
        return failed(
            Item.METRICS,
            f"登记了却没有收到: {told}; 请在设备上打开这些测点, 或从台账中去掉。",
            f"Registered and never heard: {told}; switch them on in the device, or take them out of the registry.",
        )
    if extra := sorted(came - wanted):
        told = ", ".join(extra)
        return noted(
            Item.METRICS,
            f"收到了台账中没有的指标: {told}; 会照常保存, 建议补入台账。",
            f"Heard and not registered: {told}; they are stored all the same; add them to the registry.",
        )
    return passed(Item.METRICS, f"{len(wanted)} 个指标齐全。", f"All {len(wanted)} metrics came.")


def _range(readings: list[Reading]) -> Finding:
    if not readings:
        return noted(Item.RANGE, "没有收到可检查的值。", "No value came that could be looked at.")
    odd = [one for one in readings if one.quality & Quality.IMPLAUSIBLE]
    if odd:
        told = ", ".join(dict.fromkeys(_beyond(one) for one in odd[:SHOWN]))
        return failed(
            Item.RANGE,
            f"{len(odd)} 个值超出合理范围: {told}; 请核对单位、倍率与接线。",
            f"{len(odd)} values are beyond what is plausible: {told}; check unit, multiplier and wiring.",
        )
    return passed(Item.RANGE, f"{len(readings)} 个值均在合理范围内。", f"All {len(readings)} values are plausible.")


def _beyond(one: Reading) -> str:
    metric = metrics()[one.metric]
    return f"{one.metric} = {one.value:g} {metric.unit} ({metric.low:g} … {metric.high:g})"


def _quality(readings: list[Reading]) -> Finding:
    if not readings:
        return noted(Item.QUALITY, "没有收到可检查的值。", "No value came that could be looked at.")
    own = [one.quality & ~int(Quality.IMPLAUSIBLE | Quality.RECEIVE_TIME) for one in readings]
    flagged = Counter(name for quality in own for name, flag in BY_NAME.items() if flag and quality & flag)
    told = ", ".join(f"{name} {count / len(own):.0%}" for name, count in flagged.items())
    if all(quality & USELESS for quality in own):
        return failed(
            Item.QUALITY,
            f"设备没有给出一个有效值 ({told}); 请检查传感器与运行状态。",
            f"The device gave no valid value at all ({told}); check the sensor and its mode.",
        )
    if flagged:
        return noted(
            Item.QUALITY,
            f"设备自己标记了部分值: {told}; 请确认符合现场情况。",
            f"The device marks some of its own values: {told}; make sure that this is so on site.",
        )
    return passed(Item.QUALITY, "所有值均标记为正常。", "Every value is marked good.")


def _identity(readings: list[Reading]) -> Finding:
    said: dict[tuple[str, object], float] = {}
    timed = [one for one in readings if not one.quality & Quality.RECEIVE_TIME]
    clashing = [one for one in timed if said.setdefault((one.metric, one.at), one.value) != one.value]
    if clashing:
        one = clashing[0]
        first = said[one.metric, one.at]
        return failed(
            Item.IDENTITY,
            f"同一时刻同一指标有不同的值 ({len(clashing)} 处, 如 {one.metric} {first:g} 与 {one.value:g}): "
            "可能有两台设备共用编号, 请逐台核对。",
            f"The same metric at the same instant has two values ({len(clashing)} times, as {one.metric} {first:g} and "
            f"{one.value:g}): two devices may share the id; look at each.",
        )
    return passed(Item.IDENTITY, "没有互相矛盾的值。", "No two values contradict each other.")

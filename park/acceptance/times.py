"""Items about time: whose clock, how far off, how fine, and how regular."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from park.acceptance.item import Finding, Item, failed, noted, passed
from park.acceptance.listened import Listened
from park.instant import to_ms
from park.quality import Quality

OFFSET = timedelta(seconds=5)
"""A clock that is further off puts energy into the wrong quarter of an hour, and alerts into the wrong order."""
FEW = 3
TOLERANCE = 0.1
JITTER = 0.5
"""Of a period: a step longer than 1.5 periods is what a rule on silence would notice."""
UNEVEN = 0.05
MINUTE_MS = 60_000


def examine(listened: Listened) -> Iterator[Finding]:
    """Look at each item."""
    stamps = _stamps(listened)
    yield _time(listened, stamps)
    yield _offset(listened, stamps)
    yield _resolution(stamps)
    yield from _period(listened, stamps)


def _stamps(listened: Listened) -> list[tuple[datetime, datetime]]:
    """Give, of each live message, when it came and the device's own time of its newest value."""
    return [
        (each.message.at, max(own))
        for each in listened.live
        if (own := [one.at for one in each.readings if not one.quality & Quality.RECEIVE_TIME])
    ]


def _time(listened: Listened, stamps: list[tuple[datetime, datetime]]) -> Finding:
    without = sum(bool(each.readings) for each in listened.live) - len(stamps)
    if without:
        return failed(
            Item.TIME,
            f"{without} 条报文没有设备时间, 只能以接收时间为准, 补发会全部错位; 请让网关带上时间 (ts)。",
            f"{without} messages carry no time of the device, so what is sent late lands in the wrong place; send ts.",
        )
    if not stamps:
        return noted(Item.TIME, "没有收到可检查的报文。", "Nothing was heard that could be looked at.")
    return passed(Item.TIME, "报文均带设备时间。", "Every message carries the device's time.")


def _offset(listened: Listened, stamps: list[tuple[datetime, datetime]]) -> Finding:
    if not stamps:
        return noted(Item.OFFSET, "没有设备时间可比。", "There is no time of the device to compare.")
    offsets = [(came - own).total_seconds() for came, own in stamps]
    middle, worst = median(offsets), max(offsets, key=abs)
    slack = OFFSET.total_seconds()
    # What is averaged over a period is stamped with its beginning by some devices: late by up to a period is no fault.
    late = slack + (listened.meter.period.total_seconds() if listened.meter.codec == "hj212" else 0.0)
    figure = f"{middle:+.1f} s"
    if not -slack <= middle <= late:
        ahead = middle < 0
        return failed(
            Item.OFFSET,
            f"设备时钟比本平台{'快' if ahead else '慢'} {abs(middle):.1f} s (允许 {slack:.0f} s); "
            "请校时 (NTP), 或检查时区。",
            f"The device's clock is {abs(middle):.1f} s {'ahead' if ahead else 'behind'} ({slack:.0f} s are allowed); "
            "set it (NTP), or check its time zone.",
        )
    return passed(
        Item.OFFSET,
        f"到达比设备时间晚 {figure} (中位数; 最大 {worst:+.1f} s)。",
        f"Messages arrive {figure} after the device's time (median; at most {worst:+.1f} s).",
    )


def _resolution(stamps: list[tuple[datetime, datetime]]) -> Finding:
    if len(stamps) < FEW:
        return noted(Item.RESOLUTION, "报文太少, 无法判断。", "Too few messages to tell.")
    coarse = all(to_ms(own) % MINUTE_MS == 0 for _, own in stamps)
    steps = [after - before for (_, before), (_, after) in pairwise(stamps)]
    if coarse and median(step.total_seconds() for step in steps) < MINUTE_MS / 1000:
        return failed(
            Item.RESOLUTION,
            "设备时间只到整分, 而周期不足一分钟: 同一分钟的值会互相覆盖; 请发送到秒或毫秒。",
            "Times are whole minutes while values come faster, so those of one minute overwrite each other; send "
            "seconds or milliseconds.",
        )
    whole = all(to_ms(own) % 1000 == 0 for _, own in stamps)
    unit = ("整分", "whole minutes") if coarse else ("秒", "seconds") if whole else ("毫秒", "milliseconds")
    return passed(Item.RESOLUTION, f"设备时间精确到{unit[0]}。", f"Times are given in {unit[1]}.")


def _period(listened: Listened, stamps: list[tuple[datetime, datetime]]) -> Iterator[Finding]:
    wanted = listened.meter.period.total_seconds()
    plug = listened.session.plug
    times = sorted({own for came, own in stamps if plug is None or came < plug.asked})
    # What came between and could not be read, or not be taken, was there all the same.
    unread = [each.message.at for each in listened.live if each.broken is not None or each.refusals]
    arrival = {own: came for came, own in stamps}
    steps = [
        (after - before).total_seconds()
        for before, after in pairwise(times)
        if not any(arrival[before] <= at <= arrival[after] for at in unread)
    ]
    if len(steps) < FEW:
        said = (
            f"收到 {len(times)} 次, 不足以判断周期 (登记 {wanted:g} s); 请延长监听。",
            f"{len(times)} instants do not tell a period (registered: {wanted:g} s); listen longer.",
        )
        yield noted(Item.PERIOD, *said)
        yield noted(Item.JITTER, *said)
        return
    middle = median(steps)
    if abs(middle - wanted) > TOLERANCE * wanted:
        yield failed(
            Item.PERIOD,
            f"实际周期 {middle:g} s, 台账登记 {wanted:g} s; 请改正设备设置或台账, 否则失联告警与完整率不准。",
            f"The period is {middle:g} s and {wanted:g} s is registered; correct the device or the registry, or "
            "silence alerts and coverage will be wrong.",
        )
    else:
        yield passed(
            Item.PERIOD, f"周期 {middle:g} s (登记 {wanted:g} s)。", f"Every {middle:g} s ({wanted:g} s is registered)."
        )
    late = [step for step in steps if step > (1 + JITTER) * middle]
    lowest, highest = min(steps), max(steps)
    if len(late) > UNEVEN * len(steps):
        yield failed(
            Item.JITTER,
            f"{len(late)} / {len(steps)} 个间隔超过 1.5 个周期 (最长 {highest:g} s): 有缺报; 请检查采集与链路。",
            f"{len(late)} of {len(steps)} steps are longer than 1.5 periods (at most {highest:g} s): values are "
            "missing; check sampling and line.",
        )
    else:
        yield passed(Item.JITTER, f"间隔 {lowest:g}–{highest:g} s。", f"Steps of {lowest:g} to {highest:g} s.")

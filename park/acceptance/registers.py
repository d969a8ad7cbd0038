"""Items about registers: that they only grow, finely enough, as fast as the power says and the plate allows."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Final, NamedTuple

from park.acceptance.item import Finding, Item, failed, noted, passed
from park.acceptance.listened import Listened
from park.metric import Kind, metrics
from park.quality import Quality
from park.register import rated

HOUR: Final = timedelta(hours=1)
QUARTER: Final = timedelta(minutes=15)
PAIRS: Final = {
    "ep_imp": "p", "volume": "flow", "gas_volume": "gas_flow", "steam_mass": "steam_flow", "heat_energy": "heat_power",
}  # fmt: skip
"""Registers, and the rate whose integral they are."""
AGREEMENT: Final = 0.05
LIKE: Final = 0.1
"""How close a ratio must come to a known mistake to be called that."""
LEAP: Final = 1_000
"""So many times the usual step is no counting."""
STEPS: Final = 20
"""Steps of the register's last digit that make a ratio mean something."""
MISTAKES: Final = (
    (1000.0, "单位差千倍 (Wh 与 kWh、W 与 kW)", "units are a thousand apart (Wh and kWh, W and kW)"),
    (3.6, "单位可能是 MJ 而不是 kWh", "the unit may be MJ, not kWh"),
    (3600.0, "单位可能是每秒而不是每小时", "the rate may be per second, not per hour"),
)


class Course(NamedTuple):
    """One register over the session, in its metric's unit."""

    metric: str
    ms: list[datetime]
    totals: list[float]

    @property
    def growth(self) -> float:
        """What it counted; at a step back or a leap, as much as otherwise."""
        steps = [after - before for before, after in pairwise(self.totals)]
        counted = len(self.moves) + steps.count(0)
        return sum(self.moves) * len(steps) / max(1, counted)

    @property
    def moves(self) -> list[float]:
        """What it counted from each value to the next, where it only counted: no step back, and no leap."""
        ahead = [after - before for before, after in pairwise(self.totals) if after > before]
        most = LEAP * median(ahead) if ahead else 0.0
        return [move for move in ahead if move <= most]

    @property
    def lasted(self) -> timedelta:
        """From its first value to its last."""
        return self.ms[-1] - self.ms[0]

    @property
    def step(self) -> float:
        """The smallest step it was seen to make; 0 where it never moved."""
        return min(self.moves, default=0.0)


def examine(listened: Listened) -> Iterator[Finding]:
    """Look at each item."""
    names = [name for name in listened.meter.metrics if metrics()[name].kind is Kind.REGISTER]
    courses = [course for name in names if len((course := _course(listened, name)).totals) > 1]
    if not courses:
        said = (
            ("该设备没有累计表码。", "This device has no register.")
            if not names
            else ("表码不足两个, 无法判断。", "Fewer than two values of the register came.")
        )
        for item in (Item.MONOTONY, Item.REGISTER_STEP, Item.MULTIPLIER, Item.RATING):
            yield noted(item, *said)
        return
    yield _monotony(listened, names)
    yield _step(courses)
    yield _multiplier(listened, courses)
    yield _rating(listened, courses)


def _course(listened: Listened, metric: str) -> Course:
    """Give a register's good values by the device's own time, each instant once."""
    found = {one.at: one.value for _, one in listened.series(metric) if not one.quality & Quality.IMPLAUSIBLE}
    ordered = sorted(found)
    return Course(metric, ordered, [found[at] for at in ordered])


def _monotony(listened: Listened, names: list[str]) -> Finding:
    for name in names:
        course = _course(listened, name)
        back = [(b, a) for b, a in pairwise(course.totals) if a < b]
        if not back:
            continue
        before, after = back[0]
        if _to_and_fro(course):
            return failed(
                Item.MONOTONY,
                f"{name} 在两组表码之间来回跳动 (如 {before:g} → {after:g}, {len(back)} 次): 可能有两台设备共用编号。",
                f"{name} jumps to and fro (as {before:g} → {after:g}, {len(back)} times): two devices may share an id.",
            )
        return failed(
            Item.MONOTONY,
            f"{name} 倒退 {len(back)} 次 (如 {before:g} → {after:g}); "
            "请检查寄存器地址、字节顺序与数据类型, 换表请先登记。",
            f"{name} went back {len(back)} times (as {before:g} → {after:g}); check register address, byte order and "
            "type; declare a swap before it.",
        )
    return passed(Item.MONOTONY, f"{', '.join(names)} 只增不减。", f"{', '.join(names)} only grew.")


def jumps_to_and_fro(listened: Listened) -> bool:
    """Tell whether a register jumps between two courses, as those of two devices do."""
    names = [name for name in listened.meter.metrics if metrics()[name].kind is Kind.REGISTER]
    return any(_to_and_fro(_course(listened, name)) for name in names)


def _to_and_fro(course: Course) -> bool:
    back = sum(after < before for before, after in pairwise(course.totals))
    return back > 2 and back > len(course.totals) / 4  # noqa: PLR2004  # again and again


def _step(courses: list[Course]) -> Finding:
    course = courses[0]
    if not course.step or not course.lasted:
        return noted(
            Item.REGISTER_STEP,
            f"{course.metric} 在监听期间没有变化, 无法判断; 请带负荷再试。",
            f"{course.metric} did not move while we listened; try again under load.",
        )
    unit = metrics()[course.metric].unit
    quarter = course.growth * (QUARTER / course.lasted)
    zh = f"{course.metric} 每步 {course.step:.4g} {unit}, 目前负荷下每 15 分钟 {quarter:.4g} {unit}"
    en = f"{course.metric} moves in steps of {course.step:.4g} {unit}, and by {quarter:.4g} {unit} in 15 min at present"
    if course.step > quarter / 2:
        return failed(
            Item.REGISTER_STEP,
            f"{zh}: 15 分钟电量全靠取整; 请改用更高分辨力的寄存器。",
            f"{en}: a quarter of an hour is lost in rounding; read a finer register.",
        )
    if course.step > quarter / 10:
        return noted(Item.REGISTER_STEP, f"{zh}; 略粗, 低负荷时段误差较大。", f"{en}; coarse when load is low.")
    return passed(Item.REGISTER_STEP, f"{zh}。", f"{en}.")


def _multiplier(listened: Listened, courses: list[Course]) -> Finding:
    for course in courses:
        rate = PAIRS.get(course.metric)
        if rate not in listened.meter.metrics:
            continue
        flowed = _integral(listened, rate, course)
        if flowed is not None and not course.step and flowed > STEPS * _digit(listened, course):
            return _stuck(course, rate, flowed)
        if flowed is None or not course.step or course.growth < STEPS * course.step or flowed <= 0:
            continue
        return _ratio(listened, course, rate, flowed)
    return noted(
        Item.MULTIPLIER,
        "没有可以互相印证的功率 (流量) 与表码, 或变化太小; 请核对铭牌上的 CT×PT。",
        "No rate and register that could bear each other out, or too little moved; check CT×PT on the plate.",
    )


def _digit(listened: Listened, course: Course) -> float:
    """Give what the last digit of a register that stands still is worth at most."""
    multiplier = listened.meter.multiplier(course.ms[-1]) or 1.0
    shown = f"{course.totals[-1] / multiplier:.6f}".rstrip("0")
    return float(multiplier * 10.0 ** -len(shown.partition(".")[2]))


def _stuck(course: Course, rate: str, flowed: float) -> Finding:
    unit = metrics()[course.metric].unit
    return failed(
        Item.MULTIPLIER,
        f"{course.metric} 停在 {course.totals[-1]:g} {unit}, 而 {rate} 积分为 {flowed:.4g} {unit}: 表码没有更新; "
        "请检查寄存器地址与网关的采集。",
        f"{course.metric} stands at {course.totals[-1]:g} {unit} while {rate} integrates to {flowed:.4g} {unit}: the "
        "register is not read any more; check its address and the gateway's sampling.",
    )


def _integral(listened: Listened, rate: str, course: Course) -> float | None:
    """Integrate a rate (trapezoid) over the time of a register, in the register's unit."""
    # By the time of arrival, a late message would be taken for much energy.
    unfit = Quality.IMPLAUSIBLE | Quality.RECEIVE_TIME
    found = {one.at: one.value for _, one in listened.series(rate) if not one.quality & unfit}
    times = sorted(at for at in found if course.ms[0] <= at <= course.ms[-1])
    if len(times) < 2 or (times[-1] - times[0]) < course.lasted * (1 - AGREEMENT):  # noqa: PLR2004  # two ends
        return None
    flowed = sum((found[a] + found[b]) / 2 * ((b - a) / HOUR) for a, b in pairwise(times))
    return flowed * (course.lasted / (times[-1] - times[0]))


def _ratio(listened: Listened, course: Course, rate: str, flowed: float) -> Finding:
    ratio = course.growth / flowed
    unit = metrics()[course.metric].unit
    zh = f"{course.metric} 增加 {course.growth:.4g} {unit}, {rate} 积分为 {flowed:.4g} {unit}"
    en = f"{course.metric} grew by {course.growth:.4g} {unit}, and {rate} integrates to {flowed:.4g} {unit}"
    if abs(ratio - 1) <= AGREEMENT:
        return passed(Item.MULTIPLIER, f"{zh}, 相符 ({ratio - 1:+.1%})。", f"{en}: they agree ({ratio - 1:+.1%}).")
    why = (f"相差 {ratio:.4g} 倍", f"they differ by a factor of {ratio:.4g}")
    own = listened.meter.multiplier(course.ms[-1]) or 1.0
    known = [*MISTAKES]
    if own != 1:
        known.insert(
            0,
            (
                own,
                f"倍率 {own:g} 只乘了其中一个 (设备可能已经乘过一次)",
                f"the multiplier {own:g} is in one of the two only (the device may have applied it already)",
            ),
        )
    for factor, zh_why, en_why in known:
        if any(abs(ratio / like - 1) <= LIKE for like in (factor, 1 / factor)):
            why = (zh_why, en_why)
            break
    return failed(
        Item.MULTIPLIER,
        f"{zh}: {why[0]}; 请核对倍率、单位与寄存器地址。",
        f"{en}: {why[1]}; check multiplier, units and register addresses.",
    )


def _rating(listened: Listened, courses: list[Course]) -> Finding:
    meter = listened.meter
    for course in courses:
        most = rated(meter, metrics()[course.metric])
        if most == float("inf"):
            continue
        if (grown := _beyond(course, most)) is not None:
            return failed(
                Item.RATING,
                f"{course.metric} 增加 {grown[0]:g} 只用了 {grown[1] / HOUR * 3600:.0f} s, 超过额定 "
                f"{meter.register.rated} 的 1.25 倍; 请核对倍率与额定值。",
                f"{course.metric} grew by {grown[0]:g} in {grown[1] / HOUR * 3600:.0f} s, more than 1.25 × its rating "
                f"of {meter.register.rated} allows; check multiplier and rating.",
            )
        return passed(
            Item.RATING, f"未超过额定 {meter.register.rated}。", f"Never beyond its rating of {meter.register.rated}."
        )
    return noted(
        Item.RATING,
        "台账没有登记额定最大值 (register.rated), 无法判断突变与倍率是否合理; 请补上。",
        "No rated maximum is registered (register.rated), so a jump cannot be told from load; add it.",
    )


def _beyond(course: Course, most: float) -> tuple[float, timedelta] | None:
    """Give growth that is more than `most` an hour allows, over the whole or in one step, and how long it took."""
    highest = course.totals[0]
    for (start, _), (end, total) in pairwise(zip(course.ms, course.totals, strict=True)):
        if total - highest > most * ((end - start + timedelta(minutes=1)) / HOUR) + course.step:
            return total - highest, end - start
        highest = max(highest, total)
    grown = course.totals[-1] - course.totals[0]
    whole = grown > most * (course.lasted / HOUR) + course.step
    return (grown, course.lasted) if whole else None

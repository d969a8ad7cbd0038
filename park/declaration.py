"""Checking what a person declares of a register, or decides about what we found, before it is written down."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from park.epoch import Epoch, Kind, Standing
from park.metric import Kind as MetricKind
from park.metric import metrics
from park.mistake import Mistake
from park.place import Meter
from park.suspicion import Suspicion

AHEAD = timedelta(minutes=5)
"""Clocks differ by so much; what lies beyond has not happened yet."""
WRITTEN: dict[Kind, frozenset[str]] = {
    Kind.REPLACEMENT: frozenset({"closing", "opening", "multiplier", "width"}),
    Kind.RESET: frozenset({"closing", "opening"}),
    Kind.ROLLOVER: frozenset({"width"}),
    Kind.MULTIPLIER: frozenset({"closing", "opening", "multiplier"}),
    Kind.TWO_DEVICES: frozenset({"closing"}),  # what the right one of the two showed
}
"""What each kind of epoch can be told with."""
KINDS: dict[Kind, tuple[str, str]] = {
    Kind.REPLACEMENT: ("换表", "A replacement"),
    Kind.RESET: ("表底清零", "A reset"),
    Kind.ROLLOVER: ("表底翻转", "A rollover"),
    Kind.MULTIPLIER: ("倍率变更", "A change of multiplier"),
    Kind.TWO_DEVICES: ("两台设备共用编号", "Two devices under one id"),
}
NUMBERS = {
    "closing": ("止码", "a closing reading"),
    "opening": ("起码", "an opening reading"),
    "multiplier": ("倍率", "a multiplier"),
    "width": ("满度", "a width"),
}


class Wish(NamedTuple):
    """What a person wants written down; readings are those of the display, before any multiplier."""

    kind: Kind
    at: datetime
    metric: str | None = None
    """None where the meter has only one register."""
    closing: float | None = None
    opening: float | None = None
    multiplier: float | None = None
    width: float | None = None
    note: str = ""


class Checked(NamedTuple):
    """The epoch, or every mistake that keeps it from being one."""

    epoch: Epoch | None
    mistakes: tuple[Mistake, ...] = ()


def registers(meter: Meter) -> list[str]:
    """Name the registers of a meter, in its own order."""
    table = metrics()
    return [name for name in meter.metrics if name in table and table[name].kind is MetricKind.REGISTER]


def declare(meter: Meter, wish: Wish, *, who: str, now: datetime) -> Checked:
    """Make an epoch of what a person says of their own accord."""
    mistakes = [*_register(meter, wish), *_time(wish, now), *_numbers(meter, wish)]
    return Checked(None, tuple(mistakes)) if mistakes else Checked(_epoch(meter, wish, Standing.DECLARED, who, now))


def decide(
    meter: Meter, found: Suspicion, standing: Standing, wish: Wish | None, *, note: str, who: str, now: datetime
) -> Checked:
    """Make an epoch of what a person decides about a suspicion; only a correction brings numbers with it."""
    said = (wish or Wish(found.kind, found.at))._replace(kind=found.kind, at=found.at, metric=found.metric, note=note)
    mistakes = list(_numbers(meter, said)) if standing in {Standing.CORRECTED, Standing.CONFIRMED} else []
    if standing is Standing.CORRECTED and all(getattr(said, name) is None for name in NUMBERS):
        mistakes = [_mistake(
            "", "更正必须给出止码、起码、倍率或满度之一; 如无更正, 请直接确认。",
            "A correction gives a closing or opening reading, a multiplier or a width; without one, confirm it.",
        )]  # fmt: skip
    return Checked(None, tuple(mistakes)) if mistakes else Checked(_epoch(meter, said, standing, who, now))


def _epoch(meter: Meter, wish: Wish, standing: Standing, who: str, now: datetime) -> Epoch:
    return Epoch(
        meter=meter.id,
        metric=wish.metric or registers(meter)[0],
        at=wish.at,
        kind=wish.kind,
        standing=standing,
        closing=wish.closing,
        opening=wish.opening,
        multiplier=wish.multiplier,
        width=wish.width,
        note=wish.note.strip(),
        who=who,
        recorded_at=now,
    )


def _register(meter: Meter, wish: Wish) -> Iterator[Mistake]:
    own = registers(meter)
    names = ", ".join(own)
    if not own:
        yield _mistake(
            "metric",
            f"设备 {meter.id} 没有累计量, 无从登记表底变化。",
            f"Meter {meter.id} counts nothing: there is no register to say anything of.",
        )
    elif wish.metric is not None and wish.metric not in own:
        yield _mistake(
            "metric",
            f"{wish.metric[:64]} 不是设备 {meter.id} 的累计量; 请改用 {names}。",
            f"{wish.metric[:64]} is no register of meter {meter.id}; take one of {names}.",
        )
    elif wish.metric is None and len(own) > 1:
        yield _mistake(
            "metric",
            f"设备 {meter.id} 有多个累计量 ({names}); 请指明是哪一个。",
            f"Meter {meter.id} has several registers ({names}); say which.",
        )


def _time(wish: Wish, now: datetime) -> Iterator[Mistake]:
    if wish.at > now + AHEAD and wish.kind is not Kind.MULTIPLIER:
        yield _mistake(
            "at",
            "时间在将来; 只有倍率可以预先登记, 其余请在发生后登记。",
            "This time is to come; only a multiplier can be declared beforehand, anything else once it has happened.",
        )
    if wish.kind is Kind.TWO_DEVICES:
        yield _mistake(
            "kind",
            "两台设备共用编号只能由平台发现, 不能登记; 请为其中一台登记新编号。",
            "Two devices under one id is for us to find, not to declare; register one of them under an id of its own.",
        )


def _numbers(meter: Meter, wish: Wish) -> Iterator[Mistake]:
    given = {name: getattr(wish, name) for name in NUMBERS if getattr(wish, name) is not None}
    for name, value in given.items():
        zh, en = NUMBERS[name]
        if name not in WRITTEN[wish.kind]:
            what_zh, what_en = KINDS[wish.kind]
            yield _mistake(name, f"{what_zh}不需要{zh}; 请去掉。", f"{what_en} has no {name}; leave it out.")
        elif name in {"multiplier", "width"} and not value > 0:
            yield _mistake(name, f"{zh}必须大于 0。", f"{en.capitalize()} is above 0.")
        elif value < 0:
            yield _mistake(name, f"{zh}不得小于 0。", f"{en.capitalize()} is not below 0.")
        elif name == "closing" and meter.register.width is not None and value >= meter.register.width:
            width = f"{meter.register.width:g}"
            yield _mistake(
                name, f"止码 {value:g} 超出表底满度 {width}; 请核对是否已乘倍率。",
                f"The closing reading {value:g} is beyond the width {width}; see that it is not multiplied yet.",
            )  # fmt: skip
    if wish.kind is Kind.REPLACEMENT and ("closing" in given) != ("opening" in given):
        lacking = "opening" if "closing" in given else "closing"
        yield _mistake(
            lacking,
            "换表的止码与起码要么都填, 要么都不填; 都不填时按估算入账, 待复核。",
            "A swap has both a closing and an opening reading, or neither; with neither it is booked as estimated.",
        )
    if wish.kind is Kind.MULTIPLIER and "multiplier" not in given:
        yield _mistake("multiplier", "请填写新的倍率。", "Give the new multiplier.")
    if wish.kind is Kind.ROLLOVER and "width" not in given and meter.register.width is None:
        yield _mistake(
            "width",
            "台账中没有该设备的表底满度; 请在此填写, 如 1000000。",
            "The registry does not have this register's width; give it here, such as 1000000.",
        )


def _mistake(path: str, zh: str, en: str) -> Mistake:
    return Mistake(path, None, zh, en)

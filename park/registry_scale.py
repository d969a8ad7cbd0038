"""Checking what turns a meter's counts into amounts: its multipliers and its register."""

import re
from datetime import UTC, date, datetime

from park import instant
from park.metric import Kind, Medium, metrics
from park.place import Multiplier, Register
from park.registry_notes import Notes, join, show
from park.units import UnknownUnit, WrongDimension, conversion
from park.window import SITE

ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
"""Since when a multiplier without a date is in force: before any reading that is let in."""
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
YEARS = range(1900, 2200)
QUANTITY = re.compile(r"\s*(\d{1,15}(?:\.\d{1,9})?)\s*(\D.{0,30})")


def read_multipliers(notes: Notes, path: str, value: object) -> tuple[Multiplier, ...]:
    """Read one number in force always, or a list of dates with numbers, in order of time."""
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        number = notes.number(path, value, example="[{from: 2024-01-01, value: 120}]")
        return () if number is None else (Multiplier(ALWAYS, number),)
    found: list[Multiplier] = []
    for place, item in enumerate(value):
        here = f"{path}[{place}]"
        given = notes.mapping(here, item, ("from", "value"), ("from", "value"))
        since = _since(notes, join(here, "from"), given["from"]) if "from" in given else None
        number = notes.number(join(here, "value"), given["value"], example="120") if "value" in given else None
        if since is not None and found and since <= found[-1].since:
            notes.add(
                join(here, "from"),
                f"倍率应按日期先后排列且不重复; {show(given['from'])} 不晚于它的前一项。",
                f"Multipliers stand in order of date, none twice; {show(given['from'])} is not after the one before.",
            )
        if since is not None and number is not None:
            found.append(Multiplier(since, number))
    return tuple(found)


def _since(notes: Notes, path: str, value: object) -> datetime | None:
    """Read a date, meaning the local midnight it begins with, or an instant."""
    text = value.isoformat() if isinstance(value, date) else value
    if isinstance(text, str):
        try:
            at = datetime.combine(date.fromisoformat(text), datetime.min.time(), SITE) if DATE.fullmatch(text) else None
            at = at or instant.from_text(text)
        except ValueError:
            at = None
        if at is not None and at.year in YEARS:
            return at.astimezone(UTC)
    notes.add(
        path,
        f"日期 {show(value)} 无法识别; 请写成 2024-01-01 (当地零点起生效), 或带时区的时刻 2024-01-01T08:00:00+08:00。",
        f"Date {show(value)} is not understood; write 2024-01-01 (in force from local midnight), "
        "or an instant with its offset, 2024-01-01T08:00:00+08:00.",
    )
    return None


def read_register(notes: Notes, path: str, value: object, names: tuple[str, ...], medium: Medium | None) -> Register:
    """Read where a counter rolls over, and what it can at most move."""
    if value is None:
        return Register()
    given = notes.mapping(path, value, ("width", "rated"), ())
    width = notes.number(join(path, "width"), given["width"], example="1000000") if "width" in given else None
    rated = notes.text(join(path, "rated"), given["rated"]) if "rated" in given else None
    if rated is not None and medium is not None:
        _check_rated(notes, join(path, "rated"), rated, _rate(names, medium))
    return Register(width, rated or "")


def _rate(names: tuple[str, ...], medium: Medium) -> str | None:
    """Give the unit in which the meter's first counter moves, None for a medium without any."""
    counters = [metric for metric in metrics().values() if metric.kind is Kind.REGISTER and medium in metric.media]
    own = [metric for metric in counters if metric.name in names]
    return f"{(own or counters)[0].unit}/h" if counters else None


def _check_rated(notes: Notes, path: str, rated: str, rate: str | None) -> None:
    if rate is None:
        notes.add(
            path,
            "这种介质的设备没有累计量, 不需要额定值; 请去掉 register。",
            "A meter of this medium counts nothing, so it has no rated maximum; leave register out.",
        )
        return
    plain = rate.removesuffix("h/h")  # a kWh an hour is a kW
    example = f"2000 {plain}"
    found = QUANTITY.fullmatch(rated)
    number, unit = (float(found[1]), found[2].strip()) if found else (0.0, rated)
    try:
        conversion(unit, rate)
    except UnknownUnit:
        notes.add(
            path,
            f"额定值 {show(rated)} 无法识别; 请写成数字加单位, 如 {example}。",
            f"Rated maximum {show(rated)} is not understood; write a number and its unit, such as {example}.",
        )
        return
    except WrongDimension:
        notes.add(
            path,
            f"额定值 {show(rated)} 的单位与介质不符; 应能换算为 {plain}, 如 {example}。",
            f"Rated maximum {show(rated)} does not fit the medium; it must convert to {plain}, such as {example}.",
        )
        return
    if not number:
        notes.add(path, f"额定值应大于 0, 如 {example}。", f"A rated maximum is above 0, such as {example}.")

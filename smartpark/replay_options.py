"""Options of the command line that are read closer than typer does; a wrong one ends with exit code 2."""

import codecs
import sys
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from adapters.settings import Settings, SettingsError, load
from park import period
from park.metric import metrics
from simulators.sheet import Wanted

MISUSED = 2


def misuse(sentence: str) -> NoReturn:
    """Say what is wrong with the options, and end."""
    typer.echo(sentence, err=True)
    raise typer.Exit(MISUSED)


def settings(config: Path | None, url: str | None, version: str | None) -> Settings:
    """Read the settings, with what the command line gives."""
    try:
        return load(config, mqtt_url=url, mqtt_version=version)
    except SettingsError as error:
        misuse(str(error))


def encoding(name: str) -> str:
    """Check the name of an encoding."""
    try:
        return codecs.lookup(name).name if name != "utf-8-sig" else name
    except LookupError:
        misuse(f"--encoding {name!r}: 没有这种编码 / no such encoding; e.g. gb18030")


def wanted(text: str) -> Wanted:
    """Read `column=metric` or `column=metric:unit`."""
    name, equals, rest = text.rpartition("=")
    metric, _, unit = rest.partition(":")
    if not equals or not name:
        misuse(f"--column {text!r}: 须写成 列=指标 / must be column=metric, e.g. Usage_kWh=ep_imp")
    if metric not in metrics():
        misuse(f"--column {text!r}: 没有指标 {metric!r} / no such metric; {', '.join(metrics())}")
    return Wanted(name, metric, unit or None)


def zone(name: str) -> ZoneInfo:
    """Read the name of a time zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        misuse(f"--timezone {name!r}: 没有这个时区 / no such zone; e.g. Asia/Shanghai")


def moment(option: str, text: str) -> datetime:
    """Read an instant with its offset."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        misuse(f"{option} {text!r}: 须为带时区的 RFC 3339 / must be RFC 3339 with an offset: 2026-11-01T00:00:00+08:00")
    return at


def length(option: str, text: str) -> timedelta:
    """Read a length of time such as 15m."""
    try:
        return period.read(text)
    except ValueError:
        misuse(f"{option} {text!r}: 须为 15s、15m、1h、1d 之类 / must look like 15s, 15m, 1h or 1d")


def decimal(text: str) -> Decimal:
    """Read the number of --start-total exactly."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("nan")
    if not value.is_finite():
        misuse(f"--start-total {text!r}: 不是数字 / not a number")
    return value


def speed(text: str) -> float | None:
    """Read a speed; None is as fast as can be."""
    if text == "max":
        return None
    try:
        value = float(text.lower().lstrip("x×"))
    except ValueError:
        value = 0.0
    if not 0 < value < sys.maxsize:
        misuse(f"--speed {text!r}: 须为 max 或倍数 / must be max or a factor such as x60")
    return value

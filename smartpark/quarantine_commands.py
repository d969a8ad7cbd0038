"""`smartpark quarantine`: what was not let in and why, and asking the collector to try it again."""

import time
from collections.abc import Sequence
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import Engine

from adapters import clock
from adapters.relational import quarantine
from adapters.relational.quarantine import Group
from park.reason import Reason, sentence
from smartpark.mistake_lines import many
from smartpark.opening import Config, DataDir, Json, Opening, fail, misuse, print_json, start, who

app = typer.Typer(no_args_is_help=True, help="隔离区 / Quarantine: messages that were not let in.")

OfReason = Annotated[
    Reason | None, typer.Option("--reason", show_default=False, help="只看一种原因 / only this reason.")
]
OfMeter = Annotated[str | None, typer.Option("--meter", show_default=False, help="只看一台设备 / only this meter.")]
LOOK = 0.25
"""Seconds between looks for the collector's answer."""


@app.command("list", epilog="例 / Example: smartpark quarantine list --reason unknown_meter")
def list_command(
    *,
    reason: OfReason = None,
    meter: OfMeter = None,
    config: Config = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """按原因与设备列出隔离的报文, 及处理办法 / What is held, by reason and meter, and how to mend it."""
    opening = start(config, data_dir)
    with opening.store() as engine:
        groups = _fitting(engine, reason, meter)
    if as_json:
        print_json([_plain(opening, group) for group in groups])
        return
    zone = ZoneInfo(opening.settings.timezone)
    for group in groups:
        named = group.meter or opening.say("(主题中没有设备)", "(topic names no meter)")
        first, last = (f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}" for at in (group.first, group.last))
        typer.echo(opening.say(f"{group.count} 条", many(group.count, "message")) + f"  {group.reason}  {named}")
        typer.echo(f"    {first} … {last}")
        typer.echo(f"    {sentence(group.reason, group.subject, opening.settings.language)}")
    total = sum(group.count for group in groups)
    typer.echo(
        opening.say(f"共隔离 {total} 条报文。", f"{many(total, 'message')} held.")
        if total
        else opening.say("没有符合条件的隔离报文。", "Nothing is held that fits.")
    )


@app.command("replay", epilog="例 / Example: smartpark quarantine replay --reason unknown_meter --meter e01-new")
def replay_command(
    *,
    reason: OfReason = None,
    meter: OfMeter = None,
    everything: Annotated[bool, typer.Option("--all", help="全部回放 / everything that is held.")] = False,
    timeout: Annotated[
        float, typer.Option(min=1, help="无进展时最多等待多少秒 / seconds to wait without progress.")
    ] = 60.0,
    config: Config = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """改正原因后回放: 由采集服务重新处理 / Try messages again once the cause is mended; the collector does it."""
    opening = start(config, data_dir)
    if everything == (reason is not None or meter is not None):
        misuse(
            opening.say(
                "请给出 --reason 和/或 --meter, 或只给 --all (全部回放)。",
                "Say which: --reason and/or --meter, or --all alone for everything.",
            )
        )
    with opening.store() as engine:
        held = _count(engine, reason, meter)
        if not held:
            _tell(opening, None, 0, 0, as_json=as_json)
            return
        number = quarantine.request_replay(
            engine, who=who(), now=clock.now(), reason=reason.value if reason else None, meter=meter
        )
        answer = _await(opening, engine, number, held, timeout)
    if answer is None or answer.replayed is None or answer.refused_again is None:
        fail(
            opening.say(
                f"{timeout:g} 秒内采集服务没有应答; 请确认 smartpark up 或 smartpark collector 正在运行。"
                f"回放请求 {number} 已保存, 采集服务运行后会处理。",
                f"No collector answered within {timeout:g} s; check that smartpark up or smartpark collector runs. "
                f"Request {number} is kept, and the next collector that runs takes it.",
            )
        )
    _tell(opening, number, answer.replayed, answer.refused_again, as_json=as_json)


def _fitting(engine: Engine, reason: Reason | None, meter: str | None) -> Sequence[Group]:
    return [
        group
        for group in quarantine.summary(engine)
        if reason in {None, group.reason} and (meter is None or meter == group.meter)
    ]


def _count(engine: Engine, reason: Reason | None, meter: str | None) -> int:
    return sum(group.count for group in _fitting(engine, reason, meter))


def _await(opening: Opening, engine: Engine, number: int, held: int, timeout: float) -> quarantine.Request | None:
    """Wait for the collector's answer, showing how many have left; None where none came in time."""
    request = quarantine.replay_status(engine, number)
    if request is None:
        return None
    reason = Reason(request.reason) if request.reason else None
    left = seen = held
    until = time.monotonic() + timeout
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(opening.say("回放", "replay"), total=held)
        while request is not None and request.finished_at is None and time.monotonic() < until:
            time.sleep(LOOK)
            left = min(left, _count(engine, reason, request.meter))
            if left < seen:
                seen, until = left, time.monotonic() + timeout  # somebody is at work
            bar.update(task, completed=held - left)
            request = quarantine.replay_status(engine, number)
    return request if request is not None and request.finished_at is not None else None


def _tell(opening: Opening, number: int | None, replayed: int, again: int, *, as_json: bool) -> None:
    if as_json:
        print_json({"request": number, "replayed": replayed, "refused_again": again})
    elif number is None:
        typer.echo(opening.say("没有符合条件的隔离报文。", "Nothing is held that fits."))
    else:
        typer.echo(
            opening.say(
                f"已回放 {replayed} 条, 仍被拒收 {again} 条。",
                f"{many(replayed, 'message')} let in, {again} refused again.",
            )
        )
        if again:
            typer.echo(
                opening.say(
                    "原因见 smartpark quarantine list; 改正后再回放。",
                    "See smartpark quarantine list for why; mend it and replay again.",
                )
            )


def _plain(opening: Opening, group: Group) -> dict[str, object]:
    zone = ZoneInfo(opening.settings.timezone)
    return {
        "reason": group.reason,
        "meter": group.meter,
        "count": group.count,
        "bytes": group.bytes,
        "first": group.first.astimezone(zone),
        "last": group.last.astimezone(zone),
        "sentence": sentence(group.reason, group.subject, opening.settings.language),
    }

"""`smartpark rules backtest`: how often rules would have told of something, for how long, and how nervously."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from adapters import clock, rule_yaml
from park.message import lasting
from park.rule import Rule
from smartpark.mistake_lines import mistake_lines
from smartpark.opening import FAILED, Config, DataDir, Json, Opening, fail, failures, misuse, print_json, start
from smartpark.replay_options import moment

if TYPE_CHECKING:
    from park.backtest import Tried
    from park.backtest_summary import Summary

DAYS = 30
Overlay = Callable[[Sequence[Rule]], Sequence[Rule]]


def backtest_command(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            exists=True,
            readable=True,
            help="规则文件或文件夹, 缺省为现行规则 / Files or folders; by default the rules in force.",
        ),
    ] = None,
    *,
    begin: Annotated[
        str | None, typer.Option("--from", help="起 (RFC 3339), 缺省 30 天前 / from; by default 30 days ago.")
    ] = None,
    end: Annotated[str | None, typer.Option("--to", help="止, 缺省现在 / to; by default now.")] = None,
    rule: Annotated[
        list[str] | None, typer.Option("--rule", help="只试此规则, 停用的也试, 可多次 / only these, also switched off.")
    ] = None,
    episodes: Annotated[bool, typer.Option("--episodes", help="逐次列出 / Name every time it burned.")] = False,
    config: Config = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """用历史数据试规则: 会报几次、多久、抖动多少 / Try rules on stored history: how often, how long, how nervously."""
    opening = start(config, data_dir)
    until = moment("--to", end) if end else clock.now()
    since = moment("--from", begin) if begin else until - timedelta(days=DAYS)
    if since >= until:
        misuse(opening.say("--from 须早于 --to。", "--from must lie before --to."))
    with failures():
        from adapters import stores
        from adapters.backtest import backtest
        from adapters.relational import registry_store, rules_store

        engine = stores.relational(opening.settings)
        try:
            rules = _rules(opening, files, rule, partial(rules_store.overlay, engine))
            registry = registry_store.load(engine)
            telemetry = stores.telemetry(opening.settings, engine)
            try:
                with _bar() as bar:
                    task = bar.add_task("设备 / meters", total=None)
                    found = backtest(
                        rules,
                        registry,
                        telemetry,
                        since,
                        until,
                        progress=lambda done, of: bar.update(task, completed=done, total=of),
                    )
            finally:
                telemetry.close()
        finally:
            engine.dispose()
    if as_json:
        print_json(as_data(found, since, until))
    else:
        _say(opening, found, since, until, episodes=episodes)


def as_data(found: "list[Tried]", since: datetime, until: datetime) -> dict[str, object]:
    """Give what was found for a program to read; times in seconds."""
    from park.backtest_summary import summed

    return {
        "from": since,
        "to": until,
        "rules": [_plain(summary) for summary in summed(found, until)],
        "alerts": [
            {
                "rule": one.key.rule,
                "meter": one.key.meter,
                "readings": one.readings,
                "nearly": one.nearly,
                "relapses": one.relapses,
                "chattering": one.chattering,
                "episodes": [episode._asdict() for episode in one.episodes],
            }
            for one in found
            if one.episodes or one.nearly
        ],
    }


def _plain(summary: "Summary") -> dict[str, object]:
    return {
        name: value.total_seconds() if isinstance(value, timedelta) else value
        for name, value in summary._asdict().items()
    }


def _rules(opening: Opening, files: list[Path] | None, wanted: list[str] | None, overlay: Overlay) -> list[Rule]:
    shelf = rule_yaml.load_all(files) if files else rule_yaml.shipped()
    if shelf.mistakes:
        for file, mistake in shelf.mistakes:
            for line in mistake_lines(file, [mistake], opening.settings.language):
                typer.echo(line, err=True)
        raise typer.Exit(FAILED)
    rules = list(shelf.rules if files else overlay(shelf.rules))
    if not wanted:
        return rules
    known = {rule.id: rule for rule in rules}
    unknown = [name for name in wanted if name not in known]
    if unknown:
        names = ", ".join(unknown)
        fail(opening.say(f"没有规则 {names}。", f"There is no rule {names}."))
    return [replace(known[name], enabled=True) for name in wanted]


def _say(opening: Opening, found: "list[Tried]", since: datetime, until: datetime, *, episodes: bool) -> None:
    from park.backtest_summary import summed

    language = opening.settings.language
    summaries = summed(found, until)
    days = (until - since) / timedelta(days=1)
    total = sum(summary.raised for summary in summaries)
    typer.echo(
        opening.say(
            f"{days:.1f} 天, {len(summaries)} 条规则: 会报 {total} 次, 平均每天 {total / days:.2f} 次。",
            f"{days:.1f} days, {len(summaries)} rules: {total} alerts, {total / days:.2f} a day.",
        )
    )
    for one in summaries:
        typer.echo(_line(opening, one))
        for tried in found if episodes else ():
            if tried.key.rule == one.rule:
                for episode in tried.episodes:
                    ended = "…" if episode.ended is None else f"{episode.ended:%m-%d %H:%M:%S}"
                    lasted = lasting(episode.lasted(until), language)
                    typer.echo(f"    {tried.key.meter}  {episode.began:%Y-%m-%d %H:%M:%S}Z – {ended}Z  {lasted}")


def _line(opening: Opening, one: "Summary") -> str:
    language = opening.settings.language
    burned, longest = lasting(one.burned, language), lasting(one.longest, language)
    zh = (
        f"  {one.rule}: {one.meters} 台, 会报 {one.raised} 次, 共 {burned}, 最长 {longest}; 未到时限 {one.nearly} 次, "
        f"复燃 {one.relapses} 次, 抖动 {one.chattering} 阵, 一小时最多 {one.busiest_hour} 次"
    )
    en = (
        f"  {one.rule}: {one.meters} meters, {one.raised} alerts, {burned} in all, {longest} at most; {one.nearly} "
        f"short of the hold, {one.relapses} relapses, {one.chattering} chattering bursts, {one.busiest_hour} an hour "
        "at most"
    )
    unheard = opening.say(f"; {one.unheard} 台无数据", f"; {one.unheard} without data") if one.unheard else ""
    return opening.say(zh, en) + unheard


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )

"""`smartpark rules check` and `rules test`: rule files read, and their examples lived through by the real engine."""

from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from adapters import registry_yaml, rule_yaml
from adapters.rule_yaml import Shelf
from park.rule import Rule
from park.rulebook import bind
from park.timeline import Timeline, play, written
from smartpark.mistake_lines import many, mistake_lines
from smartpark.opening import FAILED, Config, DataDir, Json, Opening, print_json, start

Files = Annotated[
    list[Path] | None,
    typer.Argument(
        exists=True,
        readable=True,
        help="规则文件或文件夹, 缺省为自带规则 / Files or folders; the shipped rules by default.",
    ),
]


def check_command(
    files: Files = None,
    *,
    registry: Annotated[
        Path | None,
        typer.Option(
            "--registry", exists=True, dir_okay=False, help="按此台账说明各规则管到几台设备 / count the meters."
        ),
    ] = None,
    config: Config = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """检查规则文件, 指出每一处错误 / Check rule files and name every mistake."""  # two languages
    opening = start(config, data_dir)
    shelf = _shelf(files)
    watched = _watched(opening, registry, shelf)
    if as_json:
        print_json(
            {
                "ok": not shelf.mistakes,
                "rules": [_rule(rule, watched) for rule in shelf.rules],
                "mistakes": [{"file": str(file), **asdict(mistake)} for file, mistake in shelf.mistakes],
            }
        )
    else:
        _say_mistakes(opening, shelf)
        _say_rules(opening, shelf, watched)
    if shelf.mistakes:
        raise typer.Exit(FAILED)


def try_command(files: Files = None, *, config: Config = None, data_dir: DataDir = None, as_json: Json = False) -> None:
    """用真实引擎试演规则旁的时间线, 与所写不符即失败 / Live through the examples beside the rules."""
    opening = start(config, data_dir)
    shelf = _shelf(files)
    lived = [(rule, timeline, play(rule, timeline)) for rule, timeline in _timelines(shelf)]
    wrong = sum(timeline.phases != letters for _, timeline, letters in lived)
    without = [rule.id for rule in shelf.rules if not shelf.timelines.get(rule.id)]
    if as_json:
        print_json(
            {
                "ok": not shelf.mistakes and not wrong,
                "timelines": [
                    {"rule": rule.id, "name": timeline.name, "phases": timeline.phases, "lived": letters}
                    for rule, timeline, letters in lived
                ],
                "without": without,
                "mistakes": [{"file": str(file), **asdict(mistake)} for file, mistake in shelf.mistakes],
            }
        )
    else:
        _say_mistakes(opening, shelf)
        width = max((len(rule.id) for rule, _, _ in lived), default=0)
        for rule, timeline, letters in lived:
            typer.echo("\n".join(_lines(opening, rule.id.ljust(width), timeline, letters)))
        for name in without:
            typer.echo(opening.say(f"? {name}: 没有时间线。", f"? {name}: has no timeline."))
        zh, en = f"{len(lived)} 条时间线, {wrong} 条不符。", f"{many(len(lived), 'timeline')}, {wrong} of them differ."
        typer.echo(opening.say(zh, en))
    if shelf.mistakes or wrong:
        raise typer.Exit(FAILED)


def _shelf(files: list[Path] | None) -> Shelf:
    return rule_yaml.load_all(files) if files else rule_yaml.shipped()


def _timelines(shelf: Shelf) -> Iterator[tuple[Rule, Timeline]]:
    for rule in shelf.rules:
        for timeline in shelf.timelines.get(rule.id, ()):
            yield rule, timeline


def _lines(opening: Opening, name: str, timeline: Timeline, letters: str) -> Iterator[str]:
    """Give a line for an example that went as it says, and what differed for one that did not."""
    if letters == timeline.phases:
        yield f"  {name}  {written(letters)}  {timeline.name}"
        return
    place = next(n for n, (wanted, lived) in enumerate(zip(timeline.phases, letters, strict=True)) if wanted != lived)
    yield f"! {name}  {timeline.name}"
    yield opening.say(f"    所写 {written(timeline.phases)}", f"    written {written(timeline.phases)}")
    yield opening.say(
        f"    实际 {written(letters)}  (第 {place + 1} 步起, {place * timeline.every} 时)",
        f"    lived   {written(letters)}  (from step {place + 1} on, at {place * timeline.every})",
    )


def _watched(opening: Opening, registry: Path | None, shelf: Shelf) -> dict[str, int] | None:
    """Count the meters each rule watches by a registry file; None where none is given."""
    if registry is None:
        return None
    checked = registry_yaml.load(registry)
    if checked.registry is None:
        for line in mistake_lines(registry, checked.mistakes, opening.settings.language):
            typer.echo(line, err=True)
        raise typer.Exit(FAILED)
    names = sorted(key.rule for key in bind(shelf.rules, checked.registry).watches)
    return {name: len(list(same)) for name, same in groupby(names)}


def _rule(rule: Rule, watched: dict[str, int] | None) -> dict[str, object]:
    counted = {} if watched is None else {"meters": watched.get(rule.id, 0)}
    return {
        "id": rule.id,
        "name": {"zh": rule.name.zh, "en": rule.name.pick("en")},
        "severity": rule.severity.word,
        "standard": rule.standard,
        "verified": rule.verified,
        "enabled": rule.enabled,
        **counted,
    }


def _say_mistakes(opening: Opening, shelf: Shelf) -> None:
    for file, some in groupby(shelf.mistakes, key=lambda pair: pair[0]):
        for line in mistake_lines(file, [mistake for _, mistake in some], opening.settings.language):
            typer.echo(line, err=True)


def _say_rules(opening: Opening, shelf: Shelf, watched: dict[str, int] | None) -> None:
    for rule in shelf.rules if watched is not None else ():
        count = watched.get(rule.id, 0) if watched is not None else 0
        off = "" if rule.enabled else opening.say(" (停用)", " (switched off)")
        typer.echo(f"{count:6}  {rule.id}  {rule.name.pick(opening.settings.language)}{off}")
    if not shelf.mistakes:
        on = sum(rule.enabled for rule in shelf.rules)
        unproved = sum(not rule.verified for rule in shelf.rules)
        typer.echo(
            opening.say(
                f"没有错误: {len(shelf.rules)} 条规则, 启用 {on} 条, 待核 {unproved} 条。",
                f"No mistakes: {many(len(shelf.rules), 'rule')}, {on} switched on, {unproved} not verified.",
            )
        )

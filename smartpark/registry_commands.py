"""`smartpark registry`: check, import and export the file in which people write down parks, enterprises and meters."""

import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from adapters import clock, registry_yaml
from adapters.relational import registry_store
from park.registry import Registry
from park.registry_difference import Difference, Item
from park.registry_file import Checked, dump
from smartpark.mistake_lines import many, mistake_lines
from smartpark.opening import FAILED, Config, DataDir, Json, Opening, print_json, start, who

app = typer.Typer(no_args_is_help=True, help="台账文件 / The registry file: parks, enterprises, meters.")

File = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="台账文件 / Registry file (YAML).")
]
KINDS = {"park": "园区", "enterprise": "企业", "meter": "设备"}


@app.command("check", epilog="例 / Example: smartpark registry check park.yaml")
def check_command(file: File, *, config: Config = None, data_dir: DataDir = None, as_json: Json = False) -> None:
    """检查台账文件, 指出每一处错误 / Check a registry file and name every mistake."""  # two languages
    opening = start(config, data_dir)
    checked = registry_yaml.load(file)
    if as_json:
        print_json(_checked(checked))
    else:
        _say_checked(opening, file, checked)
    if checked.mistakes:
        raise typer.Exit(FAILED)


@app.command("import", epilog="例 / Example: smartpark registry import park.yaml --dry-run")
def import_command(
    file: File,
    *,
    prune: Annotated[
        bool, typer.Option("--prune", help="删除文件中没有的 / Remove what the file does not name.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只说明会改什么 / Say what would change, change nothing.")
    ] = False,
    config: Config = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """导入台账文件: 全部导入或全不导入 / Import a registry file, all of it or nothing."""  # two languages
    opening = start(config, data_dir)
    checked = registry_yaml.load(file)
    if checked.registry is None:
        if as_json:
            print_json(_checked(checked))
        else:
            _say_checked(opening, file, checked)
        raise typer.Exit(FAILED)
    with opening.store() as engine:
        if dry_run:
            difference = registry_store.compare(engine, checked.registry, prune=prune)
        else:
            difference = registry_store.replace(engine, checked.registry, who=who(), now=clock.now(), prune=prune)
    if as_json:
        print_json({"dry_run": dry_run, **asdict(difference)})
    else:
        _say_difference(opening, difference, dry_run=dry_run)


@app.command("export", epilog="例 / Example: smartpark registry export park.yaml")
def export_command(
    file: Annotated[
        Path | None, typer.Argument(dir_okay=False, help="缺省为标准输出 / Standard output by default.")
    ] = None,
    *,
    config: Config = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """导出台账, 可再导入 / Export the registry in the form that can be imported again."""  # two languages
    opening = start(config, data_dir)
    with opening.store() as engine:
        registry = registry_store.load(engine)
    if as_json and file is None:
        print_json(dump(registry))
    elif file is None:
        typer.echo(registry_yaml.write(registry), nl=False)
    else:
        _write(opening, file, registry)
        if as_json:
            print_json({"file": str(file), **_counts(registry)})
        else:
            typer.echo(
                opening.say(f"已导出 {_sizes(registry)[0]} 至 {file}。", f"Exported {_sizes(registry)[1]} to {file}.")
            )


def _write(opening: Opening, file: Path, registry: Registry) -> None:
    """Replace the file in one go: a full disk leaves the old one."""
    part = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        part.write_text(registry_yaml.write(registry), encoding="utf-8")
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        sentence = opening.say(f"无法写入 {file}: {error.strerror}。", f"Cannot write {file}: {error.strerror}.")
        typer.echo(sentence, err=True)
        raise typer.Exit(FAILED) from None


def _checked(checked: Checked) -> dict[str, object]:
    counts = {} if checked.registry is None else _counts(checked.registry)
    return {"ok": checked.registry is not None, **counts, "mistakes": [asdict(mistake) for mistake in checked.mistakes]}


def _counts(registry: Registry) -> dict[str, int]:
    return {
        "parks": len(registry.parks),
        "enterprises": len(registry.enterprises),
        "meters": len(registry.meters),
    }


def _sizes(registry: Registry) -> tuple[str, str]:
    parks, enterprises, meters = _counts(registry).values()
    return (
        f"{parks} 个园区、{enterprises} 家企业、{meters} 台设备",
        f"{many(parks, 'park')}, {many(enterprises, 'enterprise')} and {many(meters, 'meter')}",
    )


def _say_checked(opening: Opening, file: Path, checked: Checked) -> None:
    if checked.registry is not None:
        zh, en = _sizes(checked.registry)
        typer.echo(opening.say(f"{file}: 没有错误 ({zh})。", f"{file}: no mistakes ({en})."))
        return
    for line in mistake_lines(file, checked.mistakes, opening.settings.language):
        typer.echo(line, err=True)


def _say_difference(opening: Opening, difference: Difference, *, dry_run: bool) -> None:
    for mark, items in (("+", difference.added), ("~", difference.changed), ("-", difference.removed)):
        for item in items:
            typer.echo(f"{mark} {_item(opening, item)}")
    added, changed, removed = len(difference.added), len(difference.changed), len(difference.removed)
    kept = len(difference.kept)
    zh = f"新增 {added}、修改 {changed}、删除 {removed}; 文件中没有而保留 {kept}。"
    en = f"{added} added, {changed} changed, {removed} removed; {kept} not in the file and kept."
    if dry_run:
        zh, en = f"试运行, 未作改动: {zh}", f"Dry run, nothing changed: {en}"
    typer.echo(opening.say(zh, en))


def _item(opening: Opening, item: Item) -> str:
    return f"{opening.say(KINDS[item.kind], item.kind)} {item.id} {item.name}"

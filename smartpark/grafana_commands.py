"""`smartpark grafana …`: the boards."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from smartpark.grafana_preview import preview_command
from smartpark.grafana_sync import sync_command
from smartpark.opening import FAILED, Config, DataDir, Json, Opening, print_json, start

app = typer.Typer(no_args_is_help=True, help="Grafana 看板 / Grafana's boards.")
app.command("sync")(sync_command)
app.command("preview")(preview_command)


@app.command("build")
def build_command(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="只检查, 不写 / only tell whether what is kept is what would be made.")
    ] = False,
    language: Annotated[Literal["zh", "en"], typer.Option(help="标题的语言 / the language of titles.")] = "zh",
    out: Annotated[
        Path | None, typer.Option(file_okay=False, help="写到何处, 缺省为程序自带处 / where to; the shipped ones.")
    ] = None,
    config: Config = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """由代码生成看板, 并检查编号、布局、单位、数据源与链接 / Build the boards out of their code, and look them over.

    例 / Example: smartpark grafana build --check

    例 / Example: smartpark grafana build --language en --out boards

    --check: 与所存不符则退出码 1 / exit code 1 where what is kept differs.
    """
    from grafana import build, lint

    opening = start(config, data_dir)
    try:
        boards = build.made(language)
    except build.NoLibrary as error:
        typer.echo(
            opening.say(
                f"未安装生成看板的库 ({error}); 它只供开发: 请在源码中运行 scripts/check 一次。所存看板可直接使用。",
                f"The library that builds boards is not installed ({error}). It is for development: run scripts/check "
                "once in a checkout. The boards that are shipped need no building.",
            ),
            err=True,
        )
        raise typer.Exit(FAILED) from error
    wrong = lint.mistakes({name: json.loads(text) for name, text in boards.items()})
    folder = build.folder() if out is None else out
    there = {file.name: file.read_text("utf-8") for file in folder.glob("*.json")} if folder.is_dir() else {}
    changed = list(build.differences(there, boards)) if check else build.write(folder, boards)
    if as_json:
        print_json(
            {
                "ok": not wrong and not (check and changed),
                "boards": sorted(boards),
                "changed": changed,
                "mistakes": [asdict(one) for one in wrong],
            }
        )
    else:
        for one in wrong:
            typer.echo(f"! {one.path}: {one.sentence(opening.settings.language)}", err=True)
        _say(opening, changed, len(boards), check=check)
    if wrong or (check and changed):
        raise typer.Exit(FAILED)


def _say(opening: Opening, changed: list[str], count: int, *, check: bool) -> None:
    for name in changed:
        typer.echo(f"! {name}")
    if check and changed:
        zh, en = "与代码不符; 请运行 smartpark grafana build 并提交。", "differs from the code; build again and commit."
    else:
        zh, en = f"{count} 个看板, 改动 {len(changed)} 个。", f"{count} boards, {len(changed)} changed."
    typer.echo(opening.say(zh, en), err=check and bool(changed))

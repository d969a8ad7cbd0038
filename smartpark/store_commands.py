"""`smartpark store`: make the stores ready."""

from pathlib import Path
from typing import Annotated

import typer

from smartpark.opening import Config, DataDir, Json, Opening, failures, print_json, start

app = typer.Typer(no_args_is_help=True, help="数据库准备 / Stores: make them ready.")

Tokens = Annotated[
    Path | None,
    typer.Option(
        "--tokens",
        file_okay=False,
        show_default=False,
        help="令牌文件夹, 缺省为数据目录下的 tokens / Folder for tokens, by default `tokens` in the data folder.",
    ),
]


@app.callback()
def _group() -> None:
    """Keep `init` a command of its own even while it is the only one."""


@app.command("init", epilog="例 / Example: SMARTPARK_INFLUX_TOKEN_FILE=admin.token smartpark store init --json")
def init(*, tokens: Tokens = None, config: Config = None, data_dir: DataDir = None, as_json: Json = False) -> None:
    """建立数据表、InfluxDB 存储桶与专用令牌, 可重复运行 / Make tables, buckets and narrow accounts; repeatable.

    令牌只写入文件 (0600), 从不显示 / Secrets go into files (0600) and are never shown.
    """
    opening = start(config, data_dir)
    with failures():
        from adapters.relational.initialise import init_relational

        relational = init_relational(opening.settings)
        if not as_json:
            typer.echo(relational.sentence(opening.settings.language))
        steps = _telemetry(opening, tokens or opening.settings.data_dir / "tokens", quiet=as_json)
    if as_json:
        print_json({"relational": {"was": relational.was, "now": relational.now}, "telemetry": steps})


def _telemetry(opening: Opening, folder: Path, *, quiet: bool) -> list[dict[str, str]]:
    """Make the telemetry store ready, telling each step as it is done."""
    from adapters.influx import admin
    from adapters.influx.resolution import ALL
    from adapters.influx.upkeep import State

    settings = opening.settings
    target = settings.influx_target()
    if target is None:
        if not quiet:
            typer.echo(opening.say("内置时序库无需准备。", "The embedded telemetry store needs nothing."))
        return []
    states = {
        State.MADE: opening.say("已建立", "made"),
        State.CHANGED: opening.say("已更新", "changed"),
        State.KEPT: opening.say("已存在", "kept"),
    }
    keeping = settings.influx_keeping()
    steps = []
    for step in admin.init(target, {resolution: keeping[resolution.name] for resolution in ALL}, folder):
        steps.append(step.as_json())
        if not quiet:
            typer.echo(f"{states[step.state]}  {step.kind} {step.name}  {step.note}")
    return steps

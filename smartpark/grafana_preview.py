"""`smartpark grafana preview`: a picture of each board with what the stores really answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from adapters.settings import Settings
from smartpark.opening import FAILED, Config, DataDir, Json, Opening, fail, failures, misuse, print_json, start

if TYPE_CHECKING:
    from grafana.run import Stores

RANGES = {"day": timedelta(days=1), "month": timedelta(days=31), "year": timedelta(days=365)}
Range = Literal["day", "month", "year"]
Until = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%dT%H:%M:%S%z"], help="结束, 缺省为现在 / its end; now.")
]


def preview_command(
    *,
    board: Annotated[
        list[str] | None,
        typer.Option(help="只画这些看板 / only these boards, by uid.", show_default=False),
    ] = None,
    out: Annotated[Path, typer.Option(file_okay=False, help="图片写到何处 / where pictures go.")] = Path("preview"),
    span: Annotated[Range, typer.Option("--range", help="时间范围 / the range of time.")] = "day",
    until: Until = None,
    config: Config = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """把看板画成图片 (matplotlib, 不是 Grafana) / Draw boards with what the stores answer; this is no Grafana.

    开发辅助: 看数值与形状是否合理。需要 InfluxDB 与 PostgreSQL 的设置 / An aid for whoever makes boards, to see
    whether numbers and shapes make sense.  It asks the InfluxDB and the PostgreSQL that the settings name.

    例 / Example: smartpark grafana preview --board park-overview --range month --out preview
    """
    from grafana import build

    opening = start(config, data_dir)
    boards = {name.removesuffix(".json"): text for name, text in build.kept().items()}
    wanted = board or list(boards)
    if strange := [name for name in wanted if name not in boards]:
        misuse(
            opening.say(
                f"没有看板 {', '.join(strange)}; 有: {', '.join(boards)}",
                f"no board is called {', '.join(strange)}; there are: {', '.join(boards)}",
            )
        )
    end = until or datetime.now(UTC)  # noqa: TID251  # what a command looks at by default
    try:
        pictures = _draw(opening, {name: boards[name] for name in wanted}, out, end, span)
    except ModuleNotFoundError as error:
        fail(
            opening.say(
                f"未安装画图的库 ({error.name}); 它只供开发: 请在源码中运行 scripts/check 一次。",
                f"{error.name}, which draws, is not installed; it is for development: run scripts/check in a checkout.",
            )
        )
    if as_json:
        print_json({"pictures": pictures})
    else:
        for one in pictures:
            typer.echo(f"{one['file']}")
            for failed in one["failed"]:
                typer.echo(f"  ! {failed['panel']}: {failed['why']}", err=True)
    if any(one["failed"] for one in pictures):
        raise typer.Exit(FAILED)


@contextmanager
def stores(opening: Opening) -> Iterator["Stores"]:
    """Open the two stores that boards ask; where the settings name others, say so and end."""
    from adapters.influx.query import Queries
    from adapters.influx.server import Server
    from adapters.relational import engine as engines
    from grafana.run import Stores

    settings: Settings = opening.settings
    target = settings.influx_target()
    if target is None or not settings.database().startswith("postgresql"):
        misuse(
            opening.say(
                "看板查询 InfluxDB 与 PostgreSQL: 请设置 SMARTPARK_TELEMETRY_URL 与 SMARTPARK_DATABASE_URL "
                "(内嵌的 DuckDB 与 SQLite 由控制台显示)。",
                "Boards ask InfluxDB and PostgreSQL: set SMARTPARK_TELEMETRY_URL and SMARTPARK_DATABASE_URL (what the "
                "embedded DuckDB and SQLite hold is shown by the console).",
            )
        )
    with failures():
        engine, server = engines.connect(settings.database()), Server(target)
        try:
            yield Stores(Queries(server), engine)
        finally:
            server.close()
            engine.dispose()


def _draw(opening: Opening, boards: dict[str, str], out: Path, end: datetime, span: Range) -> list[dict[str, Any]]:
    import msgspec

    from grafana import preview

    try:
        preview.font()
    except preview.NoFont:
        fail(
            opening.say(
                "没有含汉字的字体: 请安装 Debian 的 fonts-noto-cjk。",
                "No font with Chinese characters is installed: install Debian's fonts-noto-cjk.",
            )
        )
    out.mkdir(parents=True, exist_ok=True)
    done: list[dict[str, Any]] = []
    with stores(opening) as asked:
        for name, text in boards.items():
            path = out / f"{name}-{span}.png"
            failed = preview.picture(msgspec.json.decode(text), asked, end - RANGES[span], end, path)
            done.append({"file": str(path), "failed": [{"panel": one.title, "why": one.why} for one in failed]})
    return done

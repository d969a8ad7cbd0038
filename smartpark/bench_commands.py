"""`smartpark bench`: measure, on this machine, what docs/benchmarks.md states."""

from typing import Annotated, Literal

import typer

from smartpark.grafana_preview import RANGES, Until, stores
from smartpark.opening import Config, DataDir, Json, print_json, start

app = typer.Typer(no_args_is_help=True, help="性能测量 / Measure this machine.")


@app.callback()
def _group() -> None:
    """Keep `ingest` a command of its own even while it is the only one."""


@app.command("ingest")
def ingest(
    *,
    messages: Annotated[int, typer.Option(min=1_000, help="报文条数 / messages.")] = 200_000,
    meters: Annotated[int, typer.Option(min=1, help="设备台数 / meters.")] = 100,
    broker: Annotated[Literal["auto", "mosquitto", "embedded"], typer.Option(help="消息服务器 / broker.")] = "auto",
    store: Annotated[Literal["duckdb", "influx"], typer.Option(help="时序库 / telemetry store.")] = "duckdb",
    version: Annotated[Literal["auto", "5", "3.1.1"], typer.Option(help="MQTT 版本 / version.")] = "auto",
    as_json: Json = False,
) -> None:
    """采集全程: 服务器 → 缓存 → 入库, 含应答 / Broker to store, acknowledgements and all.

    例 / Example: scripts/bench ingest --messages 500000 --store influx
    """
    from smartpark.bench_ingest import measure

    result = measure(messages=messages, meters=meters, broker=broker, store=store, version=version)
    if as_json:
        print_json(result.as_json())
    else:
        typer.echo(result.report())


@app.command("accounts")
def accounts(
    *,
    samples: Annotated[int, typer.Option(min=1_000, help="示数个数 / readings of registers.")] = 10_000_000,
    enterprises: Annotated[int, typer.Option(min=1, help="企业家数 / enterprises.")] = 1_000,
    as_json: Json = False,
) -> None:
    """示数 → 用量时段 (单核) → 一个月的指标 / Registers to intervals on one core, and a month of them to figures.

    例 / Example: scripts/bench accounts --samples 2000000 --enterprises 200 --json
    """
    from smartpark import bench_accounts, bench_figures

    ledger = bench_accounts.measure(samples=samples)
    figures = bench_figures.measure(enterprises=enterprises)
    if as_json:
        print_json(ledger.as_json() | {"figures": figures.as_json()})
    else:
        typer.echo(f"{ledger.report()}\n{figures.report()}")


@app.command("alerts")
def alerts(
    *,
    seconds: Annotated[int, typer.Option(min=5, max=400, help="测量时长 / seconds measured.")] = 60,
    rate: Annotated[int, typer.Option(min=1, help="每秒报文 / messages a second.")] = 1_000,
    meters: Annotated[int, typer.Option(min=100, max=99_900, help="设备台数 / meters.")] = 5_000,
    rules: Annotated[int, typer.Option(min=1, help="规则条数 / rules.")] = 200,
    broker: Annotated[Literal["auto", "mosquitto", "embedded"], typer.Option(help="消息服务器 / broker.")] = "auto",
    version: Annotated[Literal["auto", "5", "3.1.1"], typer.Option(help="MQTT 版本 / version.")] = "auto",
    as_json: Json = False,
) -> None:
    """告警全程: 读数发布 → 通知到手 (HTTP 与 SMTP) / A reading published until its notice is in hand.

    例 / Example: scripts/bench alerts --seconds 120 --json
    """
    from smartpark.bench_alerts import measure

    result = measure(seconds=seconds, rate=rate, meters=meters, rules=rules, broker=broker, version=version)
    if as_json:
        print_json(result.as_json())
    else:
        typer.echo(result.report())


@app.command("decode")
def decode(
    *,
    messages: Annotated[int, typer.Option(min=10, help="每种编码的报文条数 / messages of each codec.")] = 50_000,
    as_json: Json = False,
) -> None:
    """各种编码的解码时间 (单核) / What each codec takes over a message of six values, on one core.

    例 / Example: scripts/bench decode --messages 200000 --json
    """
    from smartpark.bench_decode import measure

    result = measure(messages=messages)
    if as_json:
        print_json(result.as_json())
    else:
        typer.echo(result.report())


@app.command("panels")
def panels(
    *,
    times: Annotated[int, typer.Option(min=1, help="每个面板问几次, 取中位 / how often each panel is asked.")] = 5,
    until: Until = None,
    config: Config = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Grafana 每个面板等多久 (设置所指的库) / How long panels wait, on the stores that the settings name.

    例 / Example: scripts/bench panels --config production.env --times 5
    """
    from datetime import UTC, datetime

    import msgspec

    from grafana import build
    from smartpark import bench_panels

    boards = {name.removesuffix(".json"): msgspec.json.decode(text) for name, text in build.kept().items()}
    end = until or datetime.now(UTC)  # noqa: TID251  # what is looked at by default
    with stores(start(config, data_dir)) as asked:
        result = bench_panels.Bench(boards, asked, times).measure(end, RANGES)
    if as_json:
        print_json(result.as_json())
    else:
        typer.echo(result.report())

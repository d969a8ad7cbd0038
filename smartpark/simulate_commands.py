"""`smartpark simulate` and `smartpark replay`."""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from adapters import log
from adapters.clock import now
from adapters.settings import Settings
from park.place import IDENTIFIER
from park.topic import Address, Channel, build
from simulators.sheet import Layout, Midnight, SheetError, Unread, read
from smartpark import replay_options as options

if TYPE_CHECKING:
    from simulators.bootstrap import Broker
    from simulators.replay import Replayed

FAILED = 1
DRAIN = 60.0
LONGEST_HISTORY = 3_650

Config = Annotated[Path | None, typer.Option("--config", help="配置文件 / settings file.")]
Url = Annotated[str | None, typer.Option("--mqtt-url", help="MQTT 服务器 / broker: mqtt://[user@]host:port.")]
Protocol = Annotated[
    Literal["5", "3.1.1"] | None,
    typer.Option("--mqtt-version", help="MQTT 版本, 缺省自动 / version; by default what the broker speaks."),
]


def _broker(settings: Settings) -> "Broker":
    from simulators.bootstrap import Broker

    password = settings.mqtt_password
    return Broker(
        url=settings.mqtt_url.get_secret_value(),
        password=password.get_secret_value() if password else None,
        ca_file=settings.mqtt_ca_file,
        version=settings.mqtt_version,
        fall_back="mqtt_version" not in settings.model_fields_set,
        prefix=settings.mqtt_prefix,
    )


def simulate(
    context: typer.Context,
    *,
    mqtt_url: Url = None,
    mqtt_version: Protocol = None,
    history_days: Annotated[
        int, typer.Option(min=0, max=LONGEST_HISTORY, help="先补发多少天历史 / days of history to send as well.")
    ] = 0,
    register_days: Annotated[
        int,
        typer.Option(
            min=0,
            max=LONGEST_HISTORY,
            help="总表表码再往前补到多少天 / days of history of the boundary registers, beyond --history-days.",
        ),
    ] = 0,
    seed: Annotated[int, typer.Option(help="随机种子 / seed: the same one gives the same park.")] = 1,
    speed: Annotated[
        float, typer.Option(min=1, help="倍速 / times as fast as the clock, from --start until it has caught up.")
    ] = 1.0,
    start: Annotated[
        str | None,
        typer.Option(help="模拟起点 / where simulated time starts (RFC 3339); by default now, or a day ago."),
    ] = None,
    config: Config = None,
) -> None:
    """模拟园区 / Run the simulated park: 24 enterprises, 160 meters, live until Ctrl-C.

    例 / Example: smartpark simulate --mqtt-url mqtt://127.0.0.1:1883 --history-days 30

    例 / Example: smartpark simulate --speed 60 --start 2026-11-01T00:00:00+08:00
    """
    if context.invoked_subcommand is not None:
        return
    from adapters.publisher import PublisherError
    from simulators import bootstrap

    settings = options.settings(config, mqtt_url, mqtt_version)
    log.configure(settings.log_level)
    began = options.moment("--start", start) if start else None
    if began and began > now():
        options.misuse(f"--start {start} 在将来 / lies in the future")
    try:
        clean = bootstrap.run(
            _broker(settings),
            history_days=history_days,
            register_days=register_days,
            seed=seed,
            speed=speed,
            start=began,
            clock=now,
        )
    except (PublisherError, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(FAILED) from error
    if not clean:
        typer.echo("有报文未被服务器确认 / some messages were never acknowledged", err=True)
        raise typer.Exit(FAILED)


def replay(  # noqa: PLR0917  # every option goes by its name
    file: Annotated[
        Path, typer.Argument(help="CSV 或 Parquet 文件 / file.", exists=True, dir_okay=False, readable=True)
    ],
    meter: Annotated[str, typer.Option(help="设备编号 / meter id.")],
    column: Annotated[
        list[str],
        typer.Option(
            help="列=指标[:单位] / column=metric[:unit]; 可重复 / may be repeated; 无表头用列号 / or a number."
        ),
    ],
    park: Annotated[str, typer.Option(help="园区编号 / park id.")] = "hengkou",
    enterprise: Annotated[
        str | None,
        typer.Option(help="企业编号, 演示园区的设备可省略 / enterprise id; a meter of the demo park needs none."),
    ] = None,
    time_column: Annotated[
        list[str] | None, typer.Option(help="时间列, 日期与时间分列时重复 / repeat for date and time.")
    ] = None,
    time_format: Annotated[
        str | None, typer.Option(help='strptime, 如 / e.g. "%d-%m-%Y %H:%M"; 缺省 ISO 8601.')
    ] = None,
    timezone: Annotated[str, typer.Option(help="文件中时间的时区 / zone of the file's times.")] = "Asia/Shanghai",
    first_at: Annotated[
        str | None, typer.Option(help="没有时间列时: 首行时间 / without times: the first row's (RFC 3339).")
    ] = None,
    every: Annotated[
        str | None, typer.Option(help="没有时间列时: 行间隔 / without times: between rows, e.g. 1h.")
    ] = None,
    midnight: Annotated[
        Midnight,
        typer.Option(help="00:00 行属于其日期的开始还是结束 / a 00:00 row is the start or the end of its date."),
    ] = Midnight.START,
    header: Annotated[
        bool, typer.Option("--header/--no-header", help="首行是否表头 / whether line 1 names columns.")
    ] = True,
    delimiter: Annotated[str, typer.Option(help="分隔符 / delimiter.")] = ",",
    encoding: Annotated[str, typer.Option(help="编码, 如 gb18030 / encoding.")] = "utf-8-sig",
    cumulate: Annotated[
        bool, typer.Option("--cumulate", help="把每段用量累加成表码 / amounts become a register.")
    ] = False,
    start_total: Annotated[str, typer.Option(help="累加的起始表码 / register before the first row.")] = "0",
    opening: Annotated[
        str | None,
        typer.Option(help="在首行之前这么久发布起始表码 / publish the opening total this long before, e.g. 15m."),
    ] = None,
    batch: Annotated[int, typer.Option(min=1, max=1000, help="每条报文的记录数 / records a message.")] = 1,
    speed: Annotated[
        str, typer.Option(help="max, 或倍速 / or times as fast as the file's own time, e.g. x60.")
    ] = "max",
    channel: Annotated[Literal["data", "backfill"], typer.Option(help="主题类别 / topic kind.")] = "data",
    mqtt_url: Url = None,
    mqtt_version: Protocol = None,
    as_json: Annotated[bool, typer.Option("--json", help="结果以 JSON 输出 / result as JSON.")] = False,
    config: Config = None,
) -> None:
    """回放真实数据 / Publish a CSV or Parquet of real data as a meter would, in the file's order, duplicates and all.

    例 / Example: smartpark replay steel.csv --meter e09-main --column Usage_kWh=ep_imp
    --time-column date --time-format "%d-%m-%Y %H:%M" --midnight end --cumulate --opening 15m

    例 / Example: smartpark replay water.csv --meter e01-water --column Volume_CuM=volume
    --time-column Date --time-column Time --time-format "%d/%m/%Y %H:%M:%S" --timezone Etc/GMT-12

    不能读取的行逐行报告, 其余照发, 退出码 1 / rows that cannot be read are named, the others sent; exit code 1.
    """
    from adapters import parquet
    from adapters.publisher import PublisherError
    from simulators.replay import Cumulation, Replay

    settings = options.settings(config, mqtt_url, mqtt_version)
    log.configure(settings.log_level)
    if not time_column and not (first_at and every):
        options.misuse("请给出 --time-column, 或 --first-at 与 --every / give --time-column, or --first-at and --every")
    if file.suffix in parquet.SUFFIXES and (not header or delimiter != ","):
        options.misuse(
            "Parquet 自带列名, 没有分隔符 / a Parquet file has names and no delimiter: leave these options out"
        )
    if len(delimiter) != 1:
        options.misuse(f"--delimiter {delimiter!r}: 须为一个字符 / must be one character")
    if (opening or start_total != "0") and not cumulate:
        options.misuse("--opening 与 --start-total 只用于 --cumulate / go with --cumulate only")
    layout = Layout(
        wanted=tuple(options.wanted(text) for text in column),
        time_columns=tuple(time_column or ()),
        time_format=time_format,
        zone=options.zone(timezone),
        header=header,
        delimiter=delimiter,
        midnight=midnight,
        first_at=options.moment("--first-at", first_at) if first_at else None,
        every=options.length("--every", every) if every else None,
    )
    cumulation = Cumulation(options.decimal(start_total), options.length("--opening", opening) if opening else None)
    enterprise = enterprise or _enterprise(meter)
    for name, value in (("--park", park), ("--enterprise", enterprise), ("--meter", meter)):
        if not IDENTIFIER.fullmatch(value):
            options.misuse(f"{name} {value!r}: 只能用小写字母、数字、_ 和 - / only a-z, 0-9, _ and -")
    broker = _broker(settings)
    topic = build(Address(park, enterprise, meter, Channel(channel)), broker.prefix)
    pace = options.speed(speed)
    try:
        with broker.publisher(f"replay-{os.getpid()}") as publisher, _lines(file, options.encoding(encoding)) as lines:
            player = Replay(publisher, topic, cumulation=cumulation if cumulate else None, batch=batch, speed=pace)
            try:
                player.run(read(lines, layout), clock=now, stop=Event(), report=_say, drain=DRAIN)
            except KeyboardInterrupt:
                publisher.drain(DRAIN)
    except (SheetError, parquet.NotParquet) as error:
        options.misuse(f"{file.name}: {error}")
    except (PublisherError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(FAILED) from error
    _conclude(player.done, as_json=as_json)


def _enterprise(meter: str) -> str:
    from simulators.demo import demo_registry

    found = demo_registry().by_meter.get(meter)
    if found is None:
        options.misuse(f"{meter} 不在演示园区; 请给出 --enterprise / is no meter of the demo park: give --enterprise")
    return found.enterprise


@contextmanager
def _lines(file: Path, encoding: str) -> Iterator[Iterator[str]]:
    """Open the file as lines, with a progress over them; what cannot be decoded shows as � and fails its own row."""
    from adapters import parquet
    from simulators.progress import progress

    if file.suffix in parquet.SUFFIXES:
        with progress(file.name, "replay", parquet.rows(file)) as advance:
            yield _counted(parquet.lines(file), advance)
        return
    with file.open("rb") as raw:
        total = sum(chunk.count(b"\n") for chunk in iter(lambda: raw.read(1 << 20), b""))
    with (
        file.open(encoding=encoding, errors="replace", newline="") as text,
        progress(file.name, "replay", total) as advance,
    ):
        yield _counted(text, advance)


def _counted(lines: Iterable[str], advance: Callable[[int], None]) -> Iterator[str]:
    for line in lines:
        advance(1)
        yield line


def _say(row: Unread) -> None:
    typer.echo(f"第 {row.line} 行 / line {row.line}: {row.reason}", err=True)


def _conclude(done: "Replayed", *, as_json: bool) -> None:
    whole = done.complete and done.all_acknowledged
    if as_json:
        plain = vars(done) | {
            name: value.isoformat() if value else None for name, value in (("first", done.first), ("last", done.last))
        }
        typer.echo(json.dumps(plain, ensure_ascii=False))
    else:
        typer.echo(
            f"已发布 {done.records} 条记录 ({done.messages} 条报文), 未能读取 {done.unread} 行 / "
            f"{done.records} records published in {done.messages} messages, {done.unread} rows not readable"
        )
        for name, total in done.totals.items():
            typer.echo(f"{name}: 末值 / last {total:.6g}" if total < 1 else f"{name}: 末值 / last {total:.3f}")
    if not whole:
        typer.echo("回放未完成 / the replay did not finish", err=True)
    if not whole or done.unread:
        raise typer.Exit(FAILED)

"""`smartpark simulate load`: thousands of devices from one process."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from smartpark.load_display import closing, plain, watching
from smartpark.opening import FAILED, Config, Json, Opening, fail, misuse, print_json, start

if TYPE_CHECKING:
    from adapters.endpoint import Endpoint
    from simulators.load.packet import Door

MOST_DEVICES: Final = 99_999
SHARED: Final = 4
SECOND: Final = timedelta(seconds=1)

Url = Annotated[
    str | None,
    typer.Option("--mqtt-url", help="MQTT 服务器 / broker: mqtt://[user@]host:port.", show_default=False),
]
RegistryFile = Annotated[
    Path | None,
    typer.Option(
        "--registry",
        help="只写出登记这些设备的台账文件, 供 registry import / only write the file that registers them, to import.",
        show_default=False,
        dir_okay=False,
    ),
]
Minutes = Annotated[
    float | None,
    typer.Option(min=0.01, help="运行多久, 缺省到 Ctrl-C / how long; by default until Ctrl-C.", show_default=False),
]


def load(
    *,
    devices: Annotated[int, typer.Option(min=1, max=MOST_DEVICES, help="设备台数 / devices.")] = 10_000,
    connections: Annotated[
        int | None,
        typer.Option(min=1, help=f"全部设备共用几个连接, 缺省 {SHARED} / connections they share.", show_default=False),
    ] = None,
    each: Annotated[bool, typer.Option("--each", help="每台设备一个连接 / a connection for each device.")] = False,
    rate: Annotated[
        float, typer.Option(min=0.01, help="每秒报文数 (全部设备) / messages a second, all devices together.")
    ] = 1_000.0,
    minutes: Minutes = None,
    dialect: Annotated[str, typer.Option(help="编码方式, 见 codec list / one of smartpark codec list.")] = "native",
    ramp: Annotated[
        float, typer.Option(min=1, help="每秒最多建立几个连接 / connections opened a second, at most.")
    ] = 500.0,
    accounts: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            readable=True,
            show_default=False,
            help="各设备的账号, 即 broker credentials 的 handout.csv / the devices' accounts (with --each).",
        ),
    ] = None,
    registry: RegistryFile = None,
    mqtt_url: Url = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """压力测试: 一个进程中的上万台设备 / Ten thousand devices from one process.

    例 / Example: smartpark simulate load --devices 10000 --rate 1000 --registry load.yaml

    例 / Example: smartpark simulate load --devices 10000 --each --rate 1000 --minutes 10

    全部报文得到应答则退出码 0, 否则 1 / The exit code is 1 where a message was never acknowledged.
    """
    opening = start(config, None, **({} if mqtt_url is None else {"mqtt_url": mqtt_url}))
    period = _period(devices, rate, dialect, each=each, connections=connections)
    from adapters import clock, log
    from simulators.load import meters
    from simulators.load.crowd import NoBroker, Way
    from simulators.load.limits import TooFewFiles
    from simulators.load.run import run

    if dialect not in meters.MANNERS:
        misuse(f"--dialect {dialect}: {', '.join(meters.MANNERS)}")
    log.configure(opening.settings.log_level)
    known = meters.registry(devices, dialect=dialect, period=period)
    if registry is not None:
        written(opening, registry, known, devices)
        return
    target = broker(opening)
    doors = _doors(accounts, each=each)
    speakers = meters.speakers(known, doors, prefix=opening.settings.mqtt_prefix, otherwise=door(target))
    way = Way(target=target, connections=None if each else connections or SHARED, ramp=ramp)
    lasts = None if minutes is None else timedelta(minutes=minutes)
    try:
        with watching(opening) as show:
            found = run(speakers, way, lasts=lasts, show=show, clock=clock.now)
    except (NoBroker, TooFewFiles) as error:
        fail(str(error))
    if as_json:
        print_json(plain(found))
    else:
        closing(opening, found)
    if found.in_flight or not found.acked:
        raise typer.Exit(FAILED)


def _period(devices: int, rate: float, dialect: str, *, each: bool, connections: int | None) -> timedelta:
    """Give how often one device speaks, in whole milliseconds."""
    if each and connections is not None:
        misuse("--each 与 --connections 只能给一个 / give --each or --connections, not both")
    period = timedelta(milliseconds=round(1_000 * devices / rate))
    if not period:
        misuse("--rate 太高: 每台设备每毫秒最多一条 / too high a rate: a device says one message a millisecond at most")
    if dialect in {"hj212", "json"} and period % SECOND:
        misuse(
            f"{dialect}: 时间只到整秒, 设备数除以 --rate 须为整秒 / times are whole seconds: the devices divided by "
            f"--rate must be whole seconds, and is {period.total_seconds():g}"
        )
    return period


def _doors(accounts: Path | None, *, each: bool) -> "dict[str, Door]":
    from simulators.load.accounts import WrongAccounts, read

    if accounts is None:
        return {}
    if not each:
        misuse("--accounts 只用于 --each / goes with --each only")
    try:
        return read(accounts)
    except (WrongAccounts, OSError) as error:
        misuse(str(error))


def written(opening: Opening, file: Path, known: object, devices: int) -> None:
    """Write a registry's file, and say what to do with it."""
    from adapters.registry_yaml_write import write
    from park.registry import Registry

    if not isinstance(known, Registry):
        raise TypeError("no registry")
    try:
        file.write_text(write(known), encoding="utf-8")
    except OSError as error:
        fail(f"{file}: {error.strerror}")
    typer.echo(
        opening.say(
            f"已写入 {devices} 台设备; 导入: smartpark registry import {file}",
            f"{devices} devices written; import them: smartpark registry import {file}",
        )
    )


def broker(opening: Opening) -> "Endpoint":
    """Give where the broker is."""
    from adapters.broker_endpoint import broker_endpoint

    try:
        return broker_endpoint(opening.settings)
    except ValueError as error:
        misuse(str(error))


def door(target: "Endpoint") -> "Door":
    """Give the account in a broker's address, as the door of a device that has none of its own."""
    from simulators.load.packet import Door

    return Door("", target.user, target.password)

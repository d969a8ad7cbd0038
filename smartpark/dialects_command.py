"""`smartpark simulate dialects`: a device for each dialect, at any broker."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from smartpark.load_command import Minutes, RegistryFile, Url, broker, door, written
from smartpark.load_display import closing, plain, watching
from smartpark.opening import FAILED, Config, Json, fail, misuse, print_json, start

if TYPE_CHECKING:
    from simulators.load.speaker import Service

LAST_PORT = 65_535


def dialects(
    *,
    period: Annotated[int, typer.Option(min=1, max=3600, help="上报周期, 秒 / seconds between messages.")] = 10,
    seed: Annotated[int, typer.Option(help="随机种子 / seed: the same one gives the same devices.")] = 1,
    minutes: Minutes = None,
    hj212_tcp: Annotated[
        str | None,
        typer.Option(
            "--hj212-tcp",
            help="烟囱数采仪改用 TCP 连到监听, 主机:端口 / the stack's logger calls this listener instead, host:port.",
            show_default=False,
        ),
    ] = None,
    registry: RegistryFile = None,
    mqtt_url: Url = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """每种编码一台模拟设备 / One simulated device for each dialect: JSON, lines, Sparkplug B, SenML, HJ 212.

    例 / Example: smartpark simulate dialects --registry dialects.yaml

    例 / Example: smartpark simulate dialects --mqtt-url mqtt://127.0.0.1:1883 --minutes 5
    """
    opening = start(config, None, **({} if mqtt_url is None else {"mqtt_url": mqtt_url}))
    from adapters import clock, log
    from simulators import dialects as park
    from simulators.load.crowd import NoBroker, Way
    from simulators.load.run import run

    log.configure(opening.settings.log_level)
    every = timedelta(seconds=period)
    if registry is not None:
        written(opening, registry, park.registry(every), len(park.CAST))
        return
    target = broker(opening)
    speakers = park.speakers(
        park.devices(seed, every),
        prefix=opening.settings.mqtt_prefix,
        account=door(target),
        listener=None if hj212_tcp is None else _service(hj212_tcp),
    )
    lasts = None if minutes is None else timedelta(minutes=minutes)
    try:
        with watching(opening) as show:
            found = run(speakers, Way(target=target), lasts=lasts, show=show, clock=clock.now)
    except NoBroker as error:
        fail(str(error))
    if as_json:
        print_json(plain(found))
    else:
        closing(opening, found)
    if found.in_flight or not found.acked:
        raise typer.Exit(FAILED)


def _service(text: str) -> "Service":
    """Read `host:port`."""
    from simulators.load.speaker import Service

    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal() or not 0 < int(port) <= LAST_PORT:
        misuse(f"--hj212-tcp {text}: 应为 主机:端口, 如 127.0.0.1:9212 / must be host:port, such as 127.0.0.1:9212")
    return Service(host.strip("[]"), int(port))

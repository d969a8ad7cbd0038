"""`smartpark up`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from smartpark.opening import FAILED, Config, DataDir, failures, start

if TYPE_CHECKING:
    from smartpark.up import Running

Port = Annotated[int | None, typer.Option(min=1, max=65535, show_default=False)]


def up(
    *,
    data_dir: DataDir = None,
    http_port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, show_default=False, help="网页与接口端口, 缺省 8000 / console and API port."),
    ] = None,
    mqtt_port: Annotated[
        int | None,
        typer.Option(
            min=1, max=65535, show_default=False, help="内置消息服务器端口, 缺省 1883 / embedded broker's port."
        ),
    ] = None,
    park: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            readable=True,
            show_default=False,
            help="导入自己的台账, 不用演示园区 / your own registry file instead of the demo park.",
        ),
    ] = None,
    simulator: Annotated[
        bool | None,
        typer.Option(
            "--simulator/--no-simulator",
            show_default=False,
            help="是否运行模拟园区, 缺省: 演示台账时运行 / the simulated park; by default with the demo registry.",
        ),
    ] = None,
    config: Config = None,
) -> None:
    """启动全部服务 / Start everything: broker, collector, API and console, and a simulated park.

    例 / Example: smartpark up --http-port 8080 --data-dir var

    例 / Example: smartpark up --park park.yaml
    """
    settings = start(config, data_dir, http_port=http_port, mqtt_port=mqtt_port).settings
    with failures():
        typer.echo("正在启动 / starting …", err=True)
        from adapters import log
        from smartpark.up import run

        log.configure(settings.log_level)
        if not run(settings, park=park, simulator=simulator, ready=_greet):
            raise typer.Exit(FAILED)


def _greet(running: "Running") -> None:
    """Say where to look, and the first password: once, to the person at the terminal only."""
    settings, prepared = running.settings, running.prepared
    lines = [f"控制台 / console   {running.server.url}"]
    if running.password:
        lines.append(f"首次登录 / sign in   用户 admin  密码 {running.password}  (只显示一次 / shown only once)")
    broker = f"mqtt://127.0.0.1:{settings.mqtt_port}" if running.broker else "外部 / external (SMARTPARK_MQTT_URL)"
    lines.append(f"消息服务 / broker    {broker}")
    lines.append(f"数据 / data          {settings.data_dir.resolve()}")
    if not prepared.meters:
        lines.append("台账为空 / no meters yet: smartpark registry import park.yaml")
    lines.append("Ctrl-C 停止, 不丢数据 / stops, and nothing is lost")
    typer.echo("\n" + "\n".join(f"  {line}" for line in lines) + "\n", err=True)

"""`smartpark rules`: bare, the service as compose runs it; with a word behind it, what is done about alarm rules."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import typer

from smartpark.opening import FAILED, Config, DataDir, fail, failures, start
from smartpark.rule_backtest import backtest_command
from smartpark.rule_drill import drill_command
from smartpark.rule_files import check_command, try_command
from smartpark.service_commands import WATCH, until_told

app = typer.Typer(
    help="计算服务 (不带子命令即运行) 与报警规则 / The rules service, which runs where no command is named."
)
app.command("check", epilog="例 / Example: smartpark rules check my-rules.yaml")(check_command)
app.command("test", epilog="例 / Example: smartpark rules test my-rules.yaml")(try_command)
app.command("backtest", epilog="例 / Example: smartpark rules backtest --from 2026-10-01T00:00:00+08:00")(
    backtest_command
)
app.command("drill", epilog="例 / Example: smartpark rules drill --receiver duty")(drill_command)


@app.callback(invoke_without_command=True)
def rules(context: typer.Context, *, data_dir: DataDir = None, config: Config = None) -> None:
    """只运行计算服务; 或检查、试演报警规则 / Run the rules service alone; or check and try the rules.

    例 / Example: SMARTPARK_TELEMETRY_URL='influxdb://influxdb:8086?org=park' smartpark rules
    """
    if context.invoked_subcommand is None:
        run(data_dir, config)


def run(data_dir: Path | None, config: Path | None) -> None:
    """Run the service until told to stop."""
    settings = start(config, data_dir).settings
    with failures():
        from adapters import clock, log, stores
        from adapters.relational import engine as engines
        from adapters.relational import lease
        from adapters.rule_yaml import shipped
        from rules.alerting import Alerting
        from rules.bootstrap import Rules, Say
        from rules.service import Opened, RulesService
        from rules.standby import Standby
        from rules.telling import Telling
        from smartpark.status_server import status_page

        log.configure(settings.log_level)
        if settings.influx_target() is None:
            fail(
                "内置时序库只由 smartpark up 使用, 无需单独的计算服务 / "
                "the embedded store is used by smartpark up alone, which needs no separate rules service"
            )

        def opening(say: Say) -> Opened:
            with ExitStack() as undo:
                opened = stores.relational(settings)
                undo.callback(opened.dispose)
                telemetry = stores.telemetry(settings, opened)
                undo.callback(telemetry.close)
                rules = Rules(settings=settings, engine=opened, telemetry=telemetry, clock=clock.now, say=say)
                undo.pop_all()
            return Opened(opened, telemetry, rules)

        engine, quick = engines.connect(settings.database()), lease.connect(settings.database())
        known = shipped().rules  # read before the lease is taken: to take over must be quick

        def make(may: Callable[[], bool]) -> RulesService:
            alerting = Alerting(
                settings=settings,
                engine=engine,
                clock=clock.now,
                shipped=known,
                make_telling=Telling,
                may=may,
            )
            return RulesService(alerting=alerting, opening=partial(opening, alerting.watch.say), clock=clock.now)

        service = Standby(engine=quick, folder=settings.data_dir, make=make, clock=clock.now)
        page = status_page(settings, health=service.health, instruments=service, role=lambda: service.role)
        with until_told() as stop, page:
            service.start()
            while not stop.wait(WATCH) and service.alive():
                pass
            died = not service.alive()
            service.stop()
        quick.dispose()
        engine.dispose()
        if died:
            raise typer.Exit(FAILED)

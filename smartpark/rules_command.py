"""`smartpark rules`: what is worked out of the readings, as compose runs it."""

from functools import partial

import typer

from smartpark.opening import FAILED, Config, DataDir, fail, failures, start
from smartpark.service_commands import WATCH, until_told


def rules(*, data_dir: DataDir = None, config: Config = None) -> None:
    """只运行计算服务 / Run the rules service alone: readings → slots, consumption, figures.

    例 / Example: SMARTPARK_TELEMETRY_URL='influxdb://influxdb:8086?org=park' smartpark rules
    """
    settings = start(config, data_dir).settings
    with failures():
        from adapters import clock, log, stores
        from rules.account_instruments import AccountsInstruments
        from rules.bootstrap import Rules
        from rules.instruments import RulesInstruments, health
        from smartpark.status_server import status_page

        log.configure(settings.log_level)
        if settings.influx_target() is None:
            fail(
                "内置时序库只由 smartpark up 使用, 无需单独的计算服务 / "
                "the embedded store is used by smartpark up alone, which needs no separate rules service"
            )
        engine = stores.relational(settings)
        telemetry = stores.telemetry(settings, engine)
        service = Rules(settings=settings, engine=engine, telemetry=telemetry, clock=clock.now)
        counted = RulesInstruments(service, AccountsInstruments(service.accounts, clock.now))
        with (
            until_told() as stop,
            status_page(settings, health=partial(health, service), instruments=counted),
        ):
            service.start()
            while not stop.wait(WATCH) and service.alive():
                pass
            died = not service.alive()
            service.stop()
        telemetry.close()
        engine.dispose()
        if died:
            raise typer.Exit(FAILED)

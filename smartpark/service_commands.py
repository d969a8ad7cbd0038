"""`smartpark collector` and `smartpark api`: one service each, as compose runs them."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event

import typer

from smartpark.opening import FAILED, Config, DataDir, failures, start

WATCH = 1.0


def collector(*, data_dir: DataDir = None, config: Config = None) -> None:
    """只运行采集服务 / Run the collector alone: broker → spool → telemetry store.

    例 / Example: SMARTPARK_MQTT_URL=mqtt://broker:1883 smartpark collector
    """
    settings = start(config, data_dir).settings
    with failures():
        from adapters import clock, log, stores
        from adapters.registry_cache import RegistryCache
        from adapters.relational import registry_store
        from collector.bootstrap import Collector
        from collector.instruments import CollectorInstruments, health
        from smartpark.status_server import status_page

        log.configure(settings.log_level)
        engine = stores.relational(settings)
        registry = RegistryCache(partial(registry_store.load, engine), partial(registry_store.version, engine))
        telemetry = stores.telemetry(settings, engine, registry=registry.current)
        service = Collector(
            settings=settings,
            engine=engine,
            telemetry=telemetry,
            registry=registry.current,
            fresh=registry.refresh,
            clock=clock.now,
        )
        with (
            until_told() as stop,
            status_page(settings, health=partial(health, service), instruments=CollectorInstruments(service)),
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


def api(*, data_dir: DataDir = None, config: Config = None) -> None:
    """只运行接口与控制台 / Run the API and console alone.

    例 / Example: SMARTPARK_HTTP_PORT=8080 smartpark api
    """
    settings = start(config, data_dir).settings
    with failures():
        from adapters import clock, log, stores
        from api import bootstrap

        log.configure(settings.log_level)
        engine = stores.relational(settings)
        telemetry = stores.telemetry(settings, engine)
        app = bootstrap.build(settings=settings, engine=engine, telemetry=telemetry, clock=clock.now)
        server = bootstrap.server(app)
        server.start()
        typer.echo(f"控制台 / console   {server.url}", err=True)
        with until_told() as stop:
            while not stop.wait(WATCH) and server.alive:
                pass
        died = not server.alive
        server.stop()
        telemetry.close()
        engine.dispose()
        if died:
            raise typer.Exit(FAILED)


@contextmanager
def until_told() -> Iterator[Event]:
    """Give an event that SIGINT and SIGTERM set."""
    stop = Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

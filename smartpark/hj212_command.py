"""`smartpark hj212`: the listener for data loggers that speak TCP only, as compose runs it."""

from functools import partial

import typer

from smartpark.opening import FAILED, Config, DataDir, failures, misuse, start
from smartpark.service_commands import WATCH, until_told


def hj212(*, data_dir: DataDir = None, config: Config = None) -> None:
    """只运行 HJ 212 数采仪监听 / Run the listener for HJ 212 data loggers alone: TCP → broker.

    例 / Example: SMARTPARK_HJ212_HOST=0.0.0.0 SMARTPARK_HJ212_PORT=9212 smartpark hj212
    """
    settings = start(config, data_dir).settings
    if settings.hj212_port is None:
        misuse(
            "请设置 SMARTPARK_HJ212_PORT, 如 9212: 数采仪连接的 TCP 端口 / "
            "set SMARTPARK_HJ212_PORT, such as 9212: the TCP port that loggers connect to"
        )
    with failures():
        from adapters import clock, log, stores
        from adapters.registry_cache import RegistryCache
        from adapters.relational import registry_store
        from collector.hj212_bootstrap import ListenerService
        from smartpark.status_server import status_page

        log.configure(settings.log_level)
        engine = stores.relational(settings)
        registry = RegistryCache(partial(registry_store.load, engine), partial(registry_store.version, engine))
        registry.current()
        service = ListenerService(settings, registry=registry.current, clock=clock.now)
        with (
            until_told() as stop,
            status_page(settings, health=service.troubles, instruments=service.instruments),
        ):
            service.start()
            while not stop.wait(WATCH) and service.alive():
                pass
            died = not service.alive()
            service.stop()
        engine.dispose()
        if died:
            raise typer.Exit(FAILED)

"""Put the API together.  The only module that knows every part; tests call it with small real ones."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib import metadata
from zoneinfo import ZoneInfo

from fastapi import APIRouter, FastAPI
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool

from adapters import rule_yaml
from adapters.clock import Clock
from adapters.influx.passage import Passage
from adapters.page_address import origin
from adapters.registry_cache import RegistryCache
from adapters.relational import accounts, registry_store
from adapters.settings import Settings
from api import openapi, problem, session
from api.acceptances import Acceptances
from api.account_instruments import AccountInstruments
from api.alarms import Alarms
from api.beside import Beside
from api.body_limit import BodyLimit
from api.guard import Guard
from api.headers import SecurityHeaders
from api.instruments import Instruments, Measured
from api.live import Live
from api.routes import (
    acceptances,
    activities,
    alarm_quality,
    alerts,
    audit,
    backtest,
    balances,
    budgets,
    closings,
    commissioning,
    duty,
    enterprises,
    epochs,
    evaluations,
    factors,
    figures,
    grafana,
    handover,
    health,
    intensity,
    intensity_export,
    intervals,
    keys,
    maintenance,
    me,
    meters,
    parks,
    policies,
    projects,
    quality,
    quarantine,
    readings,
    receivers,
    reviews,
    rules,
    schemes,
    site_plan,
    statement_sheets,
    statements,
    stream,
    targets,
    users,
    virtual_meters,
    what_if,
)
from api.routes import accounts as account_routes
from api.routes import session as session_routes
from api.security import recognise
from api.server import Server
from api.services import Services
from park.principal import Access
from park.telemetry import Telemetry, TelemetryStore

ROUTERS = (
    session_routes,
    me,
    parks,
    enterprises,
    meters,
    acceptances,
    account_routes,
    readings,
    stream,
    quarantine,
    commissioning,
    quality,
    intervals,
    epochs,
    reviews,
    factors,
    policies,
    statements,
    statement_sheets,
    activities,
    intensity,
    intensity_export,
    figures,
    closings,
    schemes,
    what_if,
    evaluations,
    targets,
    budgets,
    projects,
    virtual_meters,
    balances,
    alerts,
    alarm_quality,
    handover,
    site_plan,
    rules,
    backtest,
    receivers,
    maintenance,
    duty,
    users,
    keys,
    audit,
    grafana,
)
ADMIN_KEY = "settings"
"""The name of the key that SMARTPARK_ADMIN_API_KEY gives."""
GRAFANA_KEY = "grafana"
"""The name of the key that SMARTPARK_GRAFANA_API_KEY gives."""


def live_of(*, settings: Settings, engine: Engine, telemetry: Telemetry, clock: Clock) -> Live:
    """Make the live values, not yet started, with the registry they are read by."""
    registry = RegistryCache(partial(registry_store.load, engine), partial(registry_store.version, engine))
    return Live(settings=settings, registry=registry, telemetry=telemetry, clock=clock)


def build(
    *,
    settings: Settings,
    engine: Engine,
    telemetry: TelemetryStore,
    clock: Clock,
    live: Live | None = None,
    console: bool = True,
) -> FastAPI:
    """Make the application.  Its lifespan starts and stops `live`; engine and telemetry stay their owner's.

    The relational store must be migrated already.  Raises AccountRefused for an admin key that cannot be one.
    """
    live = live or live_of(settings=settings, engine=engine, telemetry=telemetry, clock=clock)
    services = Services(
        settings=settings,
        engine=engine,
        telemetry=telemetry,
        live=live,
        clock=clock,
        registry=live.registry,
        sessions=session.Sessions(session.secret(settings.data_dir)),
        instruments=Instruments(live, clock),
        zone=ZoneInfo(settings.timezone),
        alarms=Alarms(engine, lambda: rule_yaml.shipped().rules),
        passage=Passage(target) if (target := settings.influx_target()) else None,
        acceptances=Acceptances(settings, engine, clock, live.registry.current),
    )
    services.instruments.add(AccountInstruments(engine))
    _keys(engine, settings, clock)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        live.start()
        try:
            yield
        finally:
            await run_in_threadpool(services.acceptances.close)
            await run_in_threadpool(live.stop)
            if services.passage is not None:
                services.passage.close()

    app = FastAPI(
        title=openapi.TITLE,
        version=metadata.version("smartpark"),
        openapi_url=openapi.PATH,
        docs_url=None,  # their pages load scripts from the internet
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.services = services
    app.state.language = settings.language
    problem.install(app)
    openapi.install(
        app,
        parks.ParkDocument,
        enterprises.EnterpriseDocument,
        meters.MeterDocument,
        factors.FactorDocument,
        policies.PolicyDocument,
        virtual_meters.VirtualMeterDocument,
    )
    app.include_router(health.router)
    version1 = APIRouter(prefix="/api/v1")
    for routes in ROUTERS:
        version1.include_router(routes.router)
    app.include_router(version1)
    if console:
        _mount_console(app, services)
    # The last one added is the first to see a request.
    app.add_middleware(Guard, recognise=partial(recognise, services))
    app.add_middleware(BodyLimit)
    app.add_middleware(Measured, instruments=services.instruments)
    app.add_middleware(SecurityHeaders, frames=origin(settings.grafana_url) if settings.grafana_url else None)
    return app


def server(app: FastAPI) -> Server:
    """Make the web server of an application.  Raises PortTaken."""
    services: Services = app.state.services
    return Server(
        app, host=services.settings.http_host, port=services.settings.http_port, release=services.live.release
    )


def _keys(engine: Engine, settings: Settings, clock: Clock) -> None:
    """Make the keys that the settings give."""
    given = (
        (ADMIN_KEY, Access.ADMIN, settings.admin_api_key),
        (GRAFANA_KEY, Access.VIEWER, settings.grafana_api_key),
    )
    for name, access, secret in given:
        if secret is not None:
            accounts.create_key(
                engine, name=name, access=access, now=clock(), who="settings", secret=secret.get_secret_value()
            )


def _mount_console(app: FastAPI, services: Services) -> None:
    from api.console.install import install  # noqa: PLC0415  # it takes a second to import, which tests need not spend

    install(app, services)
    app.router.routes[-1] = Beside(app.router.routes[-1])

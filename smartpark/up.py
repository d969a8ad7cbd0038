"""Everything in one process tree: broker, collector, API and console, and a simulated park."""

import signal
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event
from types import FrameType

import structlog
from pydantic import SecretStr
from sqlalchemy import Engine

from adapters import clock, stores
from adapters.embedded_broker import EmbeddedBroker
from adapters.log import logger
from adapters.rule_yaml import shipped
from adapters.settings import Settings
from api import bootstrap as api
from api.server import Server
from collector.bootstrap import Collector
from collector.hj212_bootstrap import ListenerService
from collector.instruments import CollectorInstruments, health
from park.telemetry import TelemetryStore
from rules.account_instruments import AccountsInstruments
from rules.alert_instruments import AlertInstruments
from rules.alerting import Alerting
from rules.bootstrap import Rules
from rules.instruments import RulesInstruments
from rules.standby import Claim
from rules.telling import Telling
from smartpark.first_start import Prepared, first_password, past_missing, prepare, read_park
from smartpark.simulated import Simulator

WATCH = 1.0
SUBSCRIBED_WITHIN = timedelta(seconds=10)
DRAIN = timedelta(seconds=10)
"""The embedded broker keeps its messages in memory: a stop takes them out first."""


@dataclass(slots=True)
class Running:
    """One installation, running until `stop` is set."""

    settings: Settings
    prepared: Prepared
    server: Server
    collector: Collector
    rules: Rules
    alerting: Alerting
    broker: EmbeddedBroker | None
    stop: Event
    listener: ListenerService | None = None
    simulator: Simulator | None = None
    password: str | None = None
    """The administrator's one-time password, only when it was made now."""
    log: structlog.stdlib.BoundLogger = field(default_factory=lambda: logger(__name__))

    def watch(self) -> bool:
        """Wait for the end; tell whether it was asked for.  A part that dies by itself ends the whole, with a word."""
        parts: dict[str, Callable[[], bool]] = {
            "web server": lambda: self.server.alive,
            "collector": self.collector.alive,
            "rules": self.rules.alive,
            "alerts": self.alerting.alive,
        }
        if self.listener is not None:
            parts["HJ 212 listener"] = self.listener.alive
        if self.broker is not None:
            parts["embedded broker"] = self.broker.alive
        while not self.stop.wait(WATCH):
            dead = [name for name, alive in parts.items() if not alive()]
            if dead:
                self.log.error("a part ended by itself; stopping", parts=dead)
                return False
            if self.simulator is not None and self.simulator.exit_code() is not None:
                self.log.warning("the simulator ended; the rest goes on", exit_code=self.simulator.exit_code())
                self.simulator = None
        return True


def run(
    settings: Settings,
    *,
    park: Path | None,
    simulator: bool | None,
    ready: Callable[[Running], None],
) -> bool:
    """Start everything, call `ready`, and run until SIGINT or SIGTERM; tell whether it ended as asked.

    Parts stop in the order of the stream: devices, web server, collector, stores, broker, so that nothing is lost.
    """
    registry = read_park(park, settings.language) if park else None
    with ExitStack() as parts:
        stop = _listen_to_signals(parts)
        settings, broker = _broker(settings, parts)
        wanted = simulator is not False and (park is None or simulator is True)
        simulated = Simulator(settings) if wanted else None  # it loads while we do
        if simulated:
            parts.callback(simulated.stop)
        engine = stores.relational(settings)
        parts.callback(engine.dispose)
        telemetry = stores.telemetry(settings, engine)
        parts.callback(telemetry.close)
        prepared = prepare(engine, park=registry, simulator=simulator, now=clock.now())
        running = _start(settings, engine, telemetry, prepared, broker=broker, stop=stop, parts=parts)
        if simulated and prepared.demo:
            parts.callback(simulated.stop)  # before all that was started meanwhile: devices stop first
            running.simulator = simulated
            _await_collector(running)
            past = past_missing(telemetry, clock.now())
            simulated.start(history_days=past.days, register_days=past.register_days)
        elif simulated:
            simulated.stop()
        running.password = first_password(engine, now=clock.now())
        ready(running)
        return running.watch()


def _broker(settings: Settings, parts: ExitStack) -> tuple[Settings, EmbeddedBroker | None]:
    """Start the embedded broker unless the settings name another."""
    if "mqtt_url" in settings.model_fields_set:
        return settings, None
    broker = EmbeddedBroker("127.0.0.1", settings.mqtt_port)
    broker.start()
    parts.callback(broker.stop)
    url = SecretStr(f"mqtt://127.0.0.1:{settings.mqtt_port}")
    return settings.model_copy(update={"mqtt_url": url, "mqtt_version": "3.1.1"}), broker


def _start(
    settings: Settings,
    engine: Engine,
    telemetry: TelemetryStore,
    prepared: Prepared,
    *,
    broker: EmbeddedBroker | None,
    stop: Event,
    parts: ExitStack,
) -> Running:
    """Start the web server and the collector; a port that is taken is found out before the collector takes anything."""
    app = api.build(settings=settings, engine=engine, telemetry=telemetry, clock=clock.now)
    services = app.state.services
    server = api.server(app)
    parts.callback(server.close)
    collector = Collector(
        settings=settings,
        engine=engine,
        telemetry=telemetry,
        registry=services.registry.current,
        fresh=services.registry.refresh,
        clock=clock.now,
    )
    services.instruments.add(CollectorInstruments(collector))
    services.troubles.append(partial(health, collector))
    collector.start()
    parts.callback(partial(collector.stop, drain=DRAIN if broker else timedelta(0)))
    server.start()
    parts.callback(server.stop)
    alerting = Alerting(
        settings=settings,
        engine=engine,
        clock=clock.now,
        shipped=shipped().rules,
        make_telling=Telling,
        draw=telemetry.write_alerts,
    )
    services.instruments.add(AlertInstruments(alerting, clock.now))
    services.troubles.append(alerting.troubles)
    claim = Claim(engine, clock.now)
    claim.start()
    parts.callback(claim.stop)
    alerting.start()
    parts.callback(alerting.stop)
    rules = Rules(settings=settings, engine=engine, telemetry=telemetry, clock=clock.now, say=alerting.watch.say)
    services.instruments.add(RulesInstruments(rules, AccountsInstruments(rules.accounts, clock.now)))
    rules.start()
    parts.callback(rules.stop)
    listener = None
    if settings.hj212_port is not None:
        listener = ListenerService(settings, registry=services.registry.current, clock=clock.now)
        services.instruments.add(listener.instruments)
        services.troubles.append(listener.troubles)
        listener.start()
        parts.callback(listener.stop)
    return Running(settings, prepared, server, collector, rules, alerting, broker, stop, listener)


def _await_collector(running: Running) -> None:
    """Wait until the broker keeps messages for the collector: what is published before that, nobody hears."""
    until = clock.now() + SUBSCRIBED_WITHIN
    while not running.collector.counts.subscribed and not running.stop.wait(0.02):
        if clock.now() > until:
            running.log.warning("the collector is not connected yet; the simulated park starts without it")
            return


def _listen_to_signals(parts: ExitStack) -> Event:
    """Give an event that SIGINT and SIGTERM set, from the first part's start to the last part's end.

    A second one meanwhile changes nothing: stopping must not be cut short.
    """
    stop = Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.signal(number, ask)
        parts.callback(signal.signal, number, before)
    return stop

"""The real services on a clock that leaps: broker, collector, alerts and accounts, on a folder that is thrown away.

Nothing waits for the clock: it leaps to the next moment as soon as what was said has been heard, so a day takes as long
as its messages do, and an alert that is raised by time alone is raised at the same moment on a slow machine and a fast
one.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import SecretStr

from adapters import clock as clocks
from adapters import stores
from adapters.embedded_broker import EmbeddedBroker
from adapters.publisher import Publisher
from adapters.registry_cache import RegistryCache
from adapters.relational import alerts, migrate, registry_store
from adapters.settings import Settings
from collector.bootstrap import Collector
from park.alert import Phase
from park.instant import from_ms
from park.registry import Registry
from park.rule import Rule
from park.topic import PREFIX, Address, Channel, alert_topic, build
from rules.alerting import Alerting
from rules.bootstrap import Rules
from rules.standby import Claim
from rules.telling import Telling
from simulators.scenario.script import Line
from smartpark.leaping_clock import LeapingClock

LOOK = 0.001
PATIENCE = 60.0
"""Seconds within which what was said must have been heard: a machine may be busy, but not for ever."""
HEARD = frozenset({Channel.DATA, Channel.BACKFILL})
WHO = "scenario"


class StageFailed(Exception):
    """The services did not take what was said."""


class Stage:
    """The services, from `with` to its end; every call waits until they have done what it asks of them."""

    def __init__(
        self, folder: Path, *, start: datetime, registry: Registry, rules: Sequence[Rule], url: str | None, port: int
    ) -> None:
        """Take the parts: `url` names a broker of somebody else's, else one is started on `port`."""
        self.clock = LeapingClock(clocks.now, start=start)
        self._parts = ExitStack()
        self._broker = None if url else EmbeddedBroker("127.0.0.1", port)
        self.settings = Settings(
            data_dir=folder,
            mqtt_url=SecretStr(url or f"mqtt://127.0.0.1:{port}"),
            mqtt_version="5" if url else "3.1.1",
            mqtt_prefix=f"{WHO}/{PREFIX}" if url else PREFIX,
        )
        self._registry, self._rules_in_force = registry, rules
        self._said = self._live = 0
        self._lines: dict[str, Publisher] = {}

    def __enter__(self) -> Self:
        with ExitStack() as parts:
            self._open(parts)
            self._parts = parts.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._parts.close()

    def _open(self, parts: ExitStack) -> None:
        """Start everything, what hears before what speaks."""
        settings, clock = self.settings, self.clock
        if self._broker is not None:
            self._broker.start()
            parts.callback(self._broker.stop)
        parts.callback(self._hang_up)
        self._line("scenario")  # whoever cannot be reached is told of at once
        self.engine = engine = stores.relational(settings)
        parts.callback(engine.dispose)
        migrate.upgrade(engine)
        registry_store.replace(engine, self._registry, who=WHO, now=clock())
        self.telemetry = telemetry = stores.telemetry(settings, engine, now=clock)
        parts.callback(telemetry.close)
        self.cache = RegistryCache(
            partial(registry_store.load, engine), partial(registry_store.version, engine), look_every=0.0
        )
        self.collector = Collector(
            settings=settings, engine=engine, telemetry=telemetry, registry=self.cache.current,
            fresh=self.cache.refresh, clock=clock,
        )  # fmt: skip
        self.collector.start()
        parts.callback(partial(self.collector.stop, drain=timedelta(seconds=5)))
        self.alerting = Alerting(
            settings=settings, engine=engine, clock=clock, shipped=list(self._rules_in_force), make_telling=Telling,
            draw=telemetry.write_alerts,
        )  # fmt: skip
        claim = Claim(engine, clock)
        claim.start()
        parts.callback(claim.stop)
        self.alerting.start()
        parts.callback(self.alerting.stop)
        self.rules = Rules(
            settings=settings, engine=engine, telemetry=telemetry, clock=clock, say=self.alerting.watch.say
        )
        watch = self.alerting.watch
        self._until(lambda: self.collector.counts.subscribed and watch.trouble is None, "the services are connected")
        self._until(self._bound, "the rules are bound")
        parts.callback(self._hang_up)

    def _bound(self) -> bool:
        known = self.alerting.wanted.known()
        return known is not None and self.alerting.watch.watches == len(known.book.watches)

    def leap(self, ms: int) -> None:
        """Let it be later, and everything that time alone changes be seen."""
        self.clock.leap(from_ms(ms))
        self._look()

    def say(self, lines: Sequence[Line]) -> None:
        """Have devices say something; all of it is heard when this returns."""
        for meter, said in lines:
            line = self._line("scenario") if not said.connects else self._connected(meter.id, said.connects)
            where = build(Address(meter.park, meter.enterprise, meter.id, said.channel), self.settings.mqtt_prefix)
            line.publish(where, said.content)
            self._said += said.channel in HEARD
            self._live += said.channel is Channel.DATA
        counts, tally = self.collector.counts, self.alerting.watch.tally
        self._until(
            lambda: counts.received >= self._said and tally.messages >= self._live, "all that was said is heard"
        )

    def account(self) -> None:
        """Have all that was heard stored, and the accounts look."""
        counts = self.collector.counts
        self._until(lambda: counts.handled >= self._said, "all that was heard is stored")
        self.rules.once()
        self._look()

    def registered(self) -> None:
        """Let everybody know a registry that was changed."""
        self.cache.refresh()
        self.alerting.wanted.look()
        self._look()

    def sweep(self) -> None:
        """Take what stands on the alert topics away again, from a broker that goes on without us."""
        if self._broker is None:
            meters = self._registry.by_meter
            for key in {record.key for record in alerts.alerts(self.engine, phases=tuple(Phase))}:
                meter, prefix = meters[key.meter], self.settings.mqtt_prefix
                where = alert_topic(meter.park, meter.enterprise, meter.id, key.rule, prefix)
                self._line("scenario").publish(where, b"", retain=True)
            self._line("scenario").drain(PATIENCE)

    def _look(self) -> None:
        """Wait until the watch has gone round whole once more."""
        tally = self.alerting.watch.tally
        after = tally.ticks + 2
        while tally.ticks < after:
            self.alerting.watch.waker.wake()
            ticks = tally.ticks
            self._until(lambda: tally.ticks > ticks, "the watch goes round")  # noqa: B023  # it is waited for here

    def _line(self, name: str) -> Publisher:
        """Give a line that stands; it is opened where there is none."""
        if name not in self._lines:
            url, version = self.settings.mqtt_url.get_secret_value(), self.settings.mqtt_version
            line = Publisher(url, client_id=f"device-{name}", version=version, fall_back=True)
            line.__enter__()
            self._lines[name] = line
        return self._lines[name]

    def _connected(self, name: str, times: int) -> Publisher:
        """Give a line of a device's own, after so many connections of which each takes the place of the last."""
        for _ in range(times):
            if (before := self._lines.pop(name, None)) is not None:
                before.__exit__(None, None, None)
            line = self._line(name)
        return line

    def _hang_up(self) -> None:
        while self._lines:
            self._lines.popitem()[1].__exit__(None, None, None)

    def _until(self, holds: Callable[[], bool], words: str) -> None:
        """Wait until something holds.  Raises StageFailed where a part has ended, or it takes far too long."""
        end = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > end:
                troubles = {**self.collector.counts.trouble, **self.alerting.troubles()}
                raise StageFailed(f"{words}: not within {PATIENCE:g} s; {troubles or 'no part complains'}")
            time.sleep(LOOK)

"""The rules service alone: alerts at once, and what needs the databases as soon as they are there.

A database that is away, or refuses us, must not keep alerts from being told; so it is asked for again and again, and
what is wrong with it is said on the status page.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from threading import Event, Thread
from typing import NamedTuple

from prometheus_client.core import Metric
from prometheus_client.registry import Collector as PrometheusCollector
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from adapters.clock import Clock
from adapters.log import logger
from adapters.relational.migrate import MigrationError
from adapters.relational.trouble import DatabaseError
from park.telemetry import TelemetryError, TelemetryStore
from rules.account_instruments import AccountsInstruments
from rules.alert_instruments import AlertInstruments
from rules.alerting import Alerting
from rules.bootstrap import Rules
from rules.instruments import RulesInstruments, health

AGAIN = 5.0
"""Seconds between two attempts to open the databases."""
log = logger(__name__)


class Opened(NamedTuple):
    """The databases, and the work on them, not started yet."""

    engine: Engine
    telemetry: TelemetryStore
    rules: Rules


class RulesService(PrometheusCollector):
    """From `start` to `stop`; as a collector of Prometheus it gives what all its parts count."""

    def __init__(self, *, alerting: Alerting, opening: Callable[[], Opened], clock: Clock) -> None:
        """Take the parts; `opening` opens the databases or raises what they raise."""
        self._alerting = alerting
        self._opening = opening
        self._clock = clock
        self._opened: Opened | None = None
        self._trouble: str | None = "not opened yet"
        self._stop = Event()
        self._thread = Thread(target=self._open, name="rules-open")

    def start(self) -> None:
        """Begin; returns at once."""
        self._alerting.start()
        self._thread.start()

    def alive(self) -> bool:
        """Tell whether every part is at work, or on its way."""
        opened = self._opened
        working = self._thread.is_alive() if opened is None else opened.rules.alive()
        return self._alerting.alive() and working

    def stop(self, *, lost: bool = False) -> None:
        """End everything after its present step: the alerts last, or first where another tells them now."""
        self._stop.set()
        if lost:
            self._alerting.stop()
        if self._thread.ident is not None:
            self._thread.join()
        if self._opened is not None:
            self._opened.rules.stop()
        if not lost:
            self._alerting.stop()
        if self._opened is not None:
            self._opened.telemetry.close()
            self._opened.engine.dispose()

    def ousted(self) -> datetime | None:
        """Say when another last took our session at the broker; None where nobody did."""
        return self._alerting.watch.ousted

    def health(self) -> dict[str, str]:
        """Say what is wrong now, by part; nothing is well."""
        opened = self._opened
        rest = {"databases": self._trouble or ""} if opened is None else health(opened.rules)
        return self._alerting.troubles() | rest

    def collect(self) -> Iterable[Metric]:
        """Give what every part counts."""
        yield from AlertInstruments(self._alerting, self._clock).collect()
        if self._opened is not None:
            yield from RulesInstruments(
                self._opened.rules, AccountsInstruments(self._opened.rules.accounts, self._clock)
            ).collect()

    def _open(self) -> None:
        while not self._stop.is_set():
            try:
                opened = self._opening()
            except (TelemetryError, DatabaseError, MigrationError, DBAPIError, OSError) as error:
                words = str(getattr(error, "orig", None) or error)
                if self._trouble != words:
                    log.warning("the databases cannot be opened; alerts are told all the same", why=words)
                self._trouble = words
                self._stop.wait(AGAIN)
                continue
            opened.rules.start()
            self._alerting.mirror.draw = opened.telemetry.write_alerts
            self._opened = opened
            log.info("databases opened")
            return

"""The meters' accounts for Prometheus: the sums, and by meter only those of which most is missing."""

from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from adapters.log import logger
from adapters.relational import meter_account

MOST_METERS = 50
"""As many meters get a series of their own; more would make a series of every meter in a bad hour."""
COUNTERS = {
    "received": "Messages received, none twice.",
    "duplicates": "Messages that came again.",
    "restarts": "Times a device's numbers began anew.",
    "unnumbered": "Messages without a readable number.",
    "accepted": "Readings let in.",
    "refused": "Readings refused.",
    "stored": "Readings the store confirmed.",
}
log = logger(__name__)


class AccountInstruments(Collector):
    """Reads the accounts when asked; the relational store may be away meanwhile."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def describe(self) -> Iterable[Metric]:
        """Name nothing beforehand: registering must not ask the database."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Give the state as last copied by the collector."""
        try:
            totals, with_gaps = meter_account.totals(self._engine)
            worst = meter_account.worst(self._engine, MOST_METERS)
        except SQLAlchemyError as error:
            log.warning("the meters' accounts cannot be read", error=type(error).__name__)
            return
        for name, words in COUNTERS.items():
            yield CounterMetricFamily(f"smartpark_account_{name}", words, value=getattr(totals, name))
        yield GaugeMetricFamily("smartpark_account_missing", "Numbers that never came.", value=totals.missing)
        yield GaugeMetricFamily("smartpark_account_held", "Messages in quarantine, by the accounts.", value=totals.held)
        yield GaugeMetricFamily("smartpark_account_meters_with_gaps", "Meters with missing numbers.", value=with_gaps)
        by_meter = GaugeMetricFamily(
            "smartpark_account_meter_missing",
            f"Numbers that never came, of the {MOST_METERS} meters that lack most.",
            labels=["meter"],
        )
        for meter, missing in worst:
            by_meter.add_metric([meter], missing)
        yield by_meter

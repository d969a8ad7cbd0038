"""What the accounts count, for Prometheus: how far they are, what waits for a person, whether the sums are right."""

from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector as PrometheusCollector

from adapters.clock import Clock
from park.epoch import Kind
from rules.accounts import Accounts


class AccountsInstruments(PrometheusCollector):
    """Reads how the accounts stand when asked."""

    def __init__(self, accounts: Accounts, clock: Clock) -> None:
        self._accounts = accounts
        self._clock = clock

    def collect(self) -> Iterable[Metric]:
        """Give the state of the moment."""
        standing = self._accounts.standing
        yield CounterMetricFamily("smartpark_accounts_rounds", "Rounds that went through.", value=standing.rounds)
        yield CounterMetricFamily(
            "smartpark_accounts_days", "Days of registers and gauges that were reckoned.", value=standing.days
        )
        if standing.until is not None:
            lag = (self._clock() - standing.until).total_seconds()
            yield GaugeMetricFamily("smartpark_accounts_lag_seconds", "How far the accounts are behind.", value=lag)
        yield GaugeMetricFamily("smartpark_accounts_due", "Meters and days that wait.", value=standing.due)
        waiting = GaugeMetricFamily(
            "smartpark_accounts_suspicions", "Suspicions that wait for a person.", labels=["kind"]
        )
        for kind in Kind:
            waiting.add_metric([kind.value], standing.waiting.get(kind.value, 0))
        yield waiting
        yield GaugeMetricFamily(
            "smartpark_accounts_broken",
            "Registers whose booked amounts are not what their readings say: should be 0.",
            value=standing.broken,
        )

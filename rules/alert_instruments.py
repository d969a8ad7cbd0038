"""What the alerts count, for Prometheus: whether we listen, how soon, what burns, and what is still to be told."""

from collections import Counter
from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector as PrometheusCollector

from adapters.alert_store import AlertStoreBroken
from adapters.clock import Clock
from park.severity import Severity
from rules.alerting import Alerting


class AlertInstruments(PrometheusCollector):
    """Reads how the alerts stand when asked."""

    def __init__(self, alerting: Alerting, clock: Clock) -> None:
        self._alerting = alerting
        self._clock = clock

    def collect(self) -> Iterable[Metric]:
        """Give the state of the moment."""
        watch, now = self._alerting.watch, self._clock()
        tally = watch.tally
        for name, words, count in (
            ("messages", "Messages that came.", tally.messages),
            ("readings", "Readings in them.", tally.readings),
            ("refused", "Messages that said nothing we could use; the collector keeps them.", tally.refused),
            ("changes", "Changes of alerts.", tally.changes),
            ("ticks", "Looks at what time alone changes.", tally.ticks),
            ("let_go", "Messages acknowledged although nothing could be written down: should be 0.", tally.let_go),
            ("untold", "Changes that a defect kept from being told: should be 0.", self._alerting.ledger.untold),
        ):
            yield CounterMetricFamily(f"smartpark_alerts_{name}", words, value=count)
        yield GaugeMetricFamily("smartpark_alerts_connected", "1 while we listen.", value=float(watch.trouble is None))
        yield GaugeMetricFamily("smartpark_alerts_watches", "Alerts there may be.", value=watch.watches)
        yield GaugeMetricFamily("smartpark_alerts_held", "Messages not acknowledged yet.", value=tally.held)
        if tally.lag is not None:
            lag = tally.lag.total_seconds()
            yield GaugeMetricFamily("smartpark_alerts_lag_seconds", "Age of the newest reading as it came.", value=lag)
        for name, words, at in (
            ("heard", "When the last message came.", tally.heard),
            ("looked", "When the watch last went round.", tally.looked),
        ):
            if at is not None:
                yield GaugeMetricFamily(f"smartpark_alerts_{name}_timestamp_seconds", words, value=at.timestamp())
        burning = GaugeMetricFamily("smartpark_alerts_burning", "Alerts that burn.", labels=["severity"])
        counts = Counter(one.severity for one in list(self._alerting.ledger.records.values()) if one.open)
        for severity in Severity:
            burning.add_metric([severity.word], counts[severity])
        yield burning
        try:
            waiting = self._alerting.store.outstanding()
        except AlertStoreBroken:
            return
        yield GaugeMetricFamily("smartpark_alerts_notices_waiting", "Notices not delivered.", value=waiting.notices)
        age = 0.0 if waiting.oldest is None else max(0.0, (now - waiting.oldest).total_seconds())
        yield GaugeMetricFamily("smartpark_alerts_notices_age_seconds", "How overdue the oldest of them is.", value=age)
        yield GaugeMetricFamily(
            "smartpark_alerts_unmirrored", "Changes that the databases do not have.", value=waiting.changes
        )
        trouble = GaugeMetricFamily("smartpark_alerts_trouble", "1 for a part in trouble.", labels=["part"])
        for part in self._alerting.troubles() | self._alerting.mirror.troubles:
            trouble.add_metric([part], 1)
        yield trouble

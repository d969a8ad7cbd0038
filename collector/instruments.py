"""What the collector counts, for Prometheus."""

from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector as PrometheusCollector

from collector.bootstrap import Collector
from collector.pipeline import REFUSED
from collector.receiver import RAW

COUNTERS = {
    "received": "Messages taken from the broker.",
    "retained": "Retained messages passed over.",
    "spooled": "Messages committed to the spool.",
    "acknowledged": "Messages acknowledged to the broker.",
    "reconnects": "Connections lost.",
    "takeovers": "Times another program took the session at the broker.",
    "stored": "Readings the store confirmed.",
    "handled": "Messages whose readings are stored or whose refusal is held.",
    "evicted": "Quarantined messages that had to go because the quarantine was full.",
    "turned_away": "Times the spool could not keep a batch.",
    "asked": "Requests published to devices, such as for a rebirth.",
    "lost": "Messages sent with QoS 0 that a full spool could not keep.",
}

STAGES = ("broker", "rival", "subscription", "spool", "store", "quarantine", "account")
ENDED = "stages"
"""What `health` calls a thread that has ended."""


def health(collector: Collector) -> dict[str, str]:
    """Say what is wrong with a collector now, by stage; nothing is well."""
    wrong = collector.counts.trouble.copy()
    if not collector.alive():
        wrong[ENDED] = "有工作线程已退出 / a stage has ended"
    return wrong


class CollectorInstruments(PrometheusCollector):
    """Reads the counts when asked."""

    def __init__(self, collector: Collector) -> None:
        self._collector = collector

    def collect(self) -> Iterable[Metric]:
        """Give the state of the moment."""
        counts, spool = self._collector.counts, self._collector.spool
        for name, words in COUNTERS.items():
            yield CounterMetricFamily(f"smartpark_collector_{name}", words, value=getattr(counts, name))
        refused = CounterMetricFamily("smartpark_collector_refused", "Refusals by reason.", labels=["reason"])
        for reason, count in counts.refused.copy().items():
            refused.add_metric([reason], count)
        yield refused
        remarks = CounterMetricFamily("smartpark_collector_remarks", "Faults let pass, by word.", labels=["word"])
        for word, count in counts.remarks.copy().items():
            remarks.add_metric([word], count)
        yield remarks
        yield GaugeMetricFamily("smartpark_collector_connected", "1 while the broker answers.", value=counts.connected)
        size = GaugeMetricFamily("smartpark_collector_spool_bytes", "Bytes waiting in the spool.", labels=["lane"])
        for lane in (RAW, REFUSED):
            size.add_metric([lane], spool.bytes_in(lane))
        yield size
        trouble = GaugeMetricFamily("smartpark_collector_trouble", "1 for a stage in trouble.", labels=["stage"])
        for stage in STAGES:
            trouble.add_metric([stage], stage in counts.trouble)
        yield trouble
        if counts.heard:
            heard = counts.heard.timestamp()
            yield GaugeMetricFamily(
                "smartpark_collector_heard_timestamp_seconds", "When the last message came.", value=heard
            )

"""What the HJ 212 listener counts, for Prometheus."""

from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector as PrometheusCollector

from collector.hj212_counts import ListenerCounts

COUNTERS = {
    "accepted": "Connections of loggers.",
    "turned_away": "Connections beyond the most that are kept.",
    "frames": "Frames that came, whole or not.",
    "published": "Frames the broker took.",
    "refused": "Frames the broker refused, or that nobody heard.",
    "answered": "Answers sent to loggers.",
    "broken": "Frames whose length, checksum or form is wrong.",
    "garbage_bytes": "Bytes that belonged to no frame.",
    "strangers": "Frames passed on of stations nobody registered.",
    "held_back": "Frames of strangers, or broken ones, not passed on because one was a moment ago.",
    "wrong_password": "Frames not passed on because their PW is not the registered one.",
}


class ListenerInstruments(PrometheusCollector):
    """Reads the counts when asked."""

    def __init__(self, counts: ListenerCounts) -> None:
        self._counts = counts

    def collect(self) -> Iterable[Metric]:
        """Give the state of the moment."""
        for name, words in COUNTERS.items():
            yield CounterMetricFamily(f"smartpark_hj212_{name}", words, value=getattr(self._counts, name))
        yield GaugeMetricFamily("smartpark_hj212_connections", "Loggers connected now.", value=self._counts.connections)

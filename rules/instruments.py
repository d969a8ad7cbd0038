"""What the rules service counts, for Prometheus, and whether it is well."""

from collections.abc import Iterable

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector as PrometheusCollector

from rules.bootstrap import Rules


def health(rules: Rules) -> dict[str, str]:
    """Say what is wrong now, by piece of work; nothing is well."""
    wrong = {rounds.name: rounds.trouble for rounds in rules.rounds if rounds.trouble}
    return wrong | {rounds.name: "工作线程已退出 / its thread has ended" for rounds in rules.rounds if not rounds.alive}


class RulesInstruments(PrometheusCollector):
    """Reads the state of each piece of work when asked, and what the pieces beside count."""

    def __init__(self, rules: Rules, *beside: PrometheusCollector) -> None:
        self._rules = rules
        self._beside = beside

    def collect(self) -> Iterable[Metric]:
        """Give the state of the moment."""
        trouble = GaugeMetricFamily("smartpark_rules_trouble", "1 for a piece of work in trouble.", labels=["work"])
        finished = GaugeMetricFamily(
            "smartpark_rules_finished_timestamp_seconds", "When its last round went through.", labels=["work"]
        )
        for rounds in self._rules.rounds:
            trouble.add_metric([rounds.name], float(rounds.trouble is not None or not rounds.alive))
            if rounds.finished is not None:
                finished.add_metric([rounds.name], rounds.finished.timestamp())
        yield trouble
        yield finished
        for each in self._beside:
            yield from each.collect()

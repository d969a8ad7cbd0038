"""What no device measures and rules watch all the same: figures of the accounts, as readings of an enterprise."""

from functools import cache

from park.metric import Kind, Metric, metrics

LOSS_RATE = "loss_rate"
"""The share of what a boundary meter counted that its sub-meters did not."""
BUDGET_USED = "budget_used"
"""The share of a year's energy budget that is used up, over the share of the year that is gone."""

DERIVED = (
    Metric(LOSS_RATE, Kind.GAUGE, "%", -100.0, 100.0, scaled=False, media=(), zh="线损率", en="Loss rate"),
    Metric(BUDGET_USED, Kind.GAUGE, "%", 0.0, 10_000.0, scaled=False, media=(), zh="预算进度比", en="Budget used"),
)


@cache
def watchable() -> dict[str, Metric]:
    """Every metric a rule may look at, by name: what devices measure, and what is worked out."""
    return metrics() | {metric.name: metric for metric in DERIVED}

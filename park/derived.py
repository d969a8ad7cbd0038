"""What no device measures and rules watch all the same: figures of the accounts, of an enterprise or of a meter."""

from functools import cache

from park.metric import Kind, Metric, metrics

LOSS_RATE = "loss_rate"
"""The share of what a boundary meter counted that its sub-meters did not."""
BUDGET_USED = "budget_used"
"""The share of a year's budget of energy or carbon that is used up, over the share of the year that is gone."""
TWO_DEVICES = "two_devices"
"""Whether two devices seem to speak under one meter's id, and nobody has said yet what is so."""

DERIVED = (
    Metric(LOSS_RATE, Kind.GAUGE, "%", -100.0, 100.0, scaled=False, media=(), zh="线损率", en="Loss rate"),
    Metric(BUDGET_USED, Kind.GAUGE, "%", 0.0, 10_000.0, scaled=False, media=(), zh="预算进度比", en="Budget used"),
    Metric(
        TWO_DEVICES,
        Kind.STATE,
        "1",
        0.0,
        1.0,
        scaled=False,
        media=(),
        zh="两台设备共用编号",
        en="Two devices under one id",
    ),
)


@cache
def watchable() -> dict[str, Metric]:
    """Every metric a rule may look at, by name: what devices measure, and what is worked out."""
    return metrics() | {metric.name: metric for metric in DERIVED}

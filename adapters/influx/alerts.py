"""Alerts in InfluxDB, for those who draw them: the measurement `alert` in the bucket that keeps longest."""

from collections.abc import Sequence

from adapters.influx.put import put
from adapters.influx.resolution import DAY
from adapters.influx.server import Server
from park.alert_point import AlertPoint
from park.instant import to_ms
from park.line import escape

MEASUREMENT = "alert"


def write(server: Server, points: Sequence[AlertPoint]) -> None:
    """Store changes; of one rule, meter and time the last counts.  Raises StoreUnavailable."""
    put(server, DAY, [_line(one) for one in {(one.rule, one.meter, to_ms(one.at)): one for one in points}.values()])


def _line(one: AlertPoint) -> str:
    tags = {
        "drill": "true" if one.drill else "",
        "enterprise": one.enterprise,
        "meter": one.meter,
        "park": one.park,
        "rule": one.rule,
        "severity": one.severity,
    }
    head = ",".join([MEASUREMENT, *(f"{tag}={escape(value)}" for tag, value in tags.items() if value)])
    fields = [f"burning={int(one.burning)}i", f'kind="{one.kind}"']
    if one.value is not None:
        fields.append(f"value={float(one.value)!r}")
    return f"{head} {','.join(fields)} {to_ms(one.at)}"

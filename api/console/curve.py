"""The curve of one metric of one meter over a chosen span, with what is known against its readings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from api.console.chart import Options, base, color, gaps, lines, points, shifted
from api.console.tongue import UNITS, Tongue
from park.metric import Kind, Metric, metrics
from park.place import Meter
from park.quality import names
from park.reading import Reading
from park.telemetry import Aggregate, Slot, Telemetry
from park.window import DAY, day_start, month_start

MINUTE = timedelta(minutes=1)
MOST_READINGS = 10_000


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time and the width of its windows; `marked` spans are short enough to read every reading."""

    key: str
    every: timedelta
    marked: bool = False

    def start(self, now: datetime) -> datetime:
        """Give where it begins."""
        starts = {
            "6h": now - timedelta(hours=6), "today": day_start(now), "7d": now - 7 * DAY, "month": month_start(now),
            "30d": now - 30 * DAY,
        }  # fmt: skip
        return starts[self.key]


SPANS: Mapping[str, Span] = {
    span.key: span
    for span in (
        Span("6h", MINUTE, marked=True),
        Span("today", 5 * MINUTE, marked=True),
        Span("7d", 30 * MINUTE),
        Span("month", 120 * MINUTE),
        Span("30d", 120 * MINUTE),
    )
}


@dataclass(frozen=True, slots=True)
class Curve:
    """What the store says of one metric over a span."""

    metric: Metric
    start: datetime
    end: datetime
    every: timedelta
    middle: list[Slot]
    low: list[Slot]
    high: list[Slot]
    marked: list[Reading]
    """Readings with something against them; only of short spans."""


def read(telemetry: Telemetry, meter: Meter, name: str, span: Span, now: datetime) -> Curve:
    """Read a curve.  Raises TelemetryError."""
    metric = metrics()[name]
    start = span.start(now)
    every = max(span.every, meter.period)

    def ask(how: Aggregate) -> list[Slot]:
        return list(telemetry.aggregate([meter.id], name, start, now, every=every, how=how).get(meter.id, []))

    gauge = metric.kind is Kind.GAUGE
    how = {Kind.GAUGE: Aggregate.MEAN, Kind.REGISTER: Aggregate.LAST, Kind.STATE: Aggregate.MAX}[metric.kind]
    marked = telemetry.readings(meter.id, name, start, now, limit=MOST_READINGS) if span.marked else []
    return Curve(
        metric=metric,
        start=start,
        end=now,
        every=every,
        middle=ask(how),
        low=ask(Aggregate.MIN) if gauge else [],
        high=ask(Aggregate.MAX) if gauge else [],
        marked=[reading for reading in marked if reading.quality],
    )


def options(curve: Curve, t: Tongue) -> Options:
    """Draw it: the mean as a line, smallest to largest as a band, marked readings as points with their names."""
    unit = UNITS.get(curve.metric.unit, curve.metric.unit)
    long = curve.end - curve.start > 2 * DAY
    made = base(unit, digits=2, zero=False, legend=True, dates=long)
    made["legend"]["data"] = [t(f"line_{curve.metric.kind}"), *([t("marked")] if curve.marked else [])]
    made["xAxis"] |= {"min": shifted(curve.start, t), "max": shifted(curve.end, t)}
    middle = lines(t(f"line_{curve.metric.kind}"), points(gaps(curve.middle, patience(curve)), t), "--accent")
    if curve.metric.kind is Kind.STATE:
        middle["step"] = "end"
        made["yAxis"] |= {"min": 0, "max": 1, "interval": 1}
    made["series"] = [*_band(curve, t), middle]
    if curve.marked:
        made["series"].append(_marks(curve, t))
    return made


def patience(curve: Curve) -> timedelta:
    """Say how long a stretch without windows is still no gap: half again what is usual in this curve.

    History that was handed in by the quarter of an hour is whole, and not a row of lonely points.
    """
    apart = sorted(later.start - slot.start for slot, later in pairwise(curve.middle))
    usual = apart[len(apart) // 2] if apart else curve.every
    return max(usual, curve.every) * 1.5


def _band(curve: Curve, t: Tongue) -> list[Options]:
    series = []
    for key, slots in (("line_min", curve.low), ("line_max", curve.high)):
        if slots:
            line = lines(t(key), points(gaps(slots, patience(curve)), t), "--before", width=1)
            line["lineStyle"] |= {"opacity": 0.55}
            series.append(line)
    return series


def _marks(curve: Curve, t: Tongue) -> Options:
    data = [
        {"value": [shifted(reading.at, t), reading.value], "name": quality(reading.quality, t)}
        for reading in curve.marked
    ]
    return {
        "type": "scatter", "name": t("marked"), "data": data, "symbolSize": 5,
        "itemStyle": {":color": color("--warn")}, "tooltip": {":valueFormatter": "(value) => sp.number(value, 2)"},
        "z": 5,
    }  # fmt: skip


def quality(bits: int, t: Tongue) -> str:
    """Say what is known against a reading, in words."""
    return t("comma").join(t(f"quality_{name}") if not name.isdigit() else name for name in names(bits))

"""The register around an event, small: what it showed before and after, and where the event is."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from api.console.chart import Options, base, color, draw, lines, points, shifted
from api.console.tongue import UNITS, Tongue
from park.metric import metrics
from park.reading import Reading
from park.suspicion import Suspicion
from park.telemetry import Telemetry

AROUND = timedelta(hours=6)
MOST = 6_000
SHOWN = 400
"""Readings that are drawn; those beside the event all are."""
BESIDE = 40


def read(telemetry: Telemetry, found: Suspicion) -> list[Reading]:
    """Read the register around an event.  Raises TelemetryError."""
    start, end = min(found.before[0], found.at - AROUND), max(found.after[0], found.at) + AROUND
    early = telemetry.readings(found.meter, found.metric, max(start, found.at - 4 * AROUND), found.at, limit=MOST)
    return early + telemetry.readings(found.meter, found.metric, found.at, end, limit=MOST)


def thinned(readings: Sequence[Reading], at: datetime) -> list[Reading]:
    """Leave out readings far from the event where there are many; an event is seen by its neighbours."""
    step = max(1, len(readings) // SHOWN)
    place = next((n for n, reading in enumerate(readings) if reading.at >= at), len(readings))
    return [reading for n, reading in enumerate(readings) if n % step == 0 or abs(n - place) <= BESIDE]


def chart(t: Tongue, found: Suspicion, readings: Sequence[Reading]) -> None:
    """Draw it here."""
    metric = metrics()[found.metric]
    unit = UNITS.get(metric.unit, metric.unit)
    draw(_options(t, found, readings, unit), f"{t(f'epoch_kind_{found.kind}')} {found.meter}")


def _options(t: Tongue, found: Suspicion, readings: Sequence[Reading], unit: str) -> Options:
    made = base(unit, digits=2, zero=False)
    line = lines(
        t("line_register"), points([(one.at, one.value) for one in thinned(readings, found.at)], t), "--accent"
    )
    line["showSymbol"] = len(readings) < SHOWN
    line["symbolSize"] = 3
    line["markLine"] = {
        "symbol": "none", "silent": True, "data": [{"xAxis": shifted(found.at, t)}],
        "lineStyle": {":color": color("--warn"), "type": "dashed", "width": 1.5},
        "label": {"formatter": t("review_at"), ":color": color("--ink-2"), "position": "insideEndTop"},
    }  # fmt: skip
    made["series"] = [line]
    return made

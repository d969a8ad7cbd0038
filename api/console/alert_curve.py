"""The curve of an alert's metric around its episode, with the limits that hold there, and where it began and ended."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.alert_store import Numbered
from api import alert_words
from api.console import curve
from api.console.chart import Options, base, color, draw, shifted
from api.console.curve import Curve, Span
from api.console.frame import Visit
from api.console.parts import text
from api.console.tongue import number
from park import condition_words
from park.alert_change import Kind
from park.alert_record import AlertRecord
from park.metric import metrics
from park.rulebook import Key
from park.telemetry import TelemetryError

BEFORE = timedelta(hours=1)
AFTER = timedelta(minutes=30)
LONGEST = timedelta(days=7)
WINDOWS = 240
MARKED = {Kind.RAISED: "--bad", Kind.CLEARED: "--ok", Kind.ACKNOWLEDGED: "--accent"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Around(Span):
    """A stretch around an episode."""

    begin: datetime

    def start(self, now: datetime) -> datetime:  # noqa: ARG002  # a span's own form
        """Give where it begins."""
        return self.begin


class AlertCurve:
    """Read again when the alert changed."""

    def __init__(self, visit: Visit, key: Key) -> None:
        self._visit = visit
        self._key = key
        self._chart = draw(base(""), visit.t("alerts_curve"))
        self._note = text("p", visit.t("alerts_curve_none"), "nothing-here")
        self._note.set_visibility(visible=False)

    async def tell(self, record: AlertRecord, changes: Sequence[Numbered]) -> None:
        """Draw it."""
        services, t = self._visit.board.services, self._visit.t
        meter = services.registry.peek().by_meter.get(record.meter)
        now = services.clock()
        if meter is None or record.metric not in metrics():
            self._note.set_visibility(visible=True)
            return
        start, end = _stretch(record, changes, now)
        span = Around(key="", every=max((end - start) / WINDOWS, timedelta(seconds=1)), marked=True, begin=start)
        try:
            found = await asyncio.to_thread(curve.read, services.telemetry, meter, record.metric, span, end)
        except TelemetryError as error:
            self._note.set_text(t("store_down", why=str(error)))
            self._note.set_visibility(visible=True)
            return
        self._note.set_visibility(not found.middle)
        options = curve.options(found, t)
        limits = self._limits(record)
        options["yAxis"] |= _room(found, limits)
        options["series"][-1 if not found.marked else -2]["markLine"] = self._lines(limits, changes, start, end)
        self._chart.options.clear()
        self._chart.options.update(options)
        self._chart.update()

    def _limits(self, record: AlertRecord) -> list[float]:
        """Give the limits that hold on the meter for the metric that is drawn."""
        rule = self._visit.board.services.alarms.rules().get(self._key.rule)
        if rule is None:
            return []
        when = rule.permits.get(self._key.meter, rule.when)
        return [limit.value for limit in condition_words.limits(when) if limit.metric == record.metric]

    def _lines(self, limits: list[float], changes: Sequence[Numbered], start: datetime, end: datetime) -> Options:
        t = self._visit.t
        lines = [
            _line({"yAxis": limit}, f"{t('alerts_limit')} {number(limit)}", "--bad", "insideEndTop") for limit in limits
        ]
        for one in changes:
            change = one.change
            if change.kind in MARKED and start <= change.at <= end:
                words = alert_words.say(alert_words.KINDS[change.kind], t.language)
                lines.append(_line({"xAxis": shifted(change.at, t)}, words, MARKED[change.kind], "insideEndBottom"))
        return {"symbol": "none", "silent": True, "data": lines}


def _room(found: Curve, limits: list[float]) -> Options:
    """Give the axis room for the limits, which may lie far from what was measured."""
    values = [slot.value for slots in (found.middle, found.low, found.high) for slot in slots]
    if not limits or not values:
        return {}
    low, high = min(*values, *limits), max(*values, *limits)
    room = (high - low) * 0.08 or 1.0
    return {"min": 0 if 0 <= low <= room else float(f"{low - room:.3g}"), "max": float(f"{high + room:.3g}")}


def _line(place: Options, label: str, hue: str, position: str) -> Options:
    return place | {
        "lineStyle": {":color": color(hue), "type": "dashed", "width": 1.5},
        "label": {"formatter": label, ":color": color(hue), "position": position},
    }


def _stretch(record: AlertRecord, changes: Sequence[Numbered], now: datetime) -> tuple[datetime, datetime]:
    """Give the stretch to draw: from before the newest episode to after it, or to now."""
    episode = [one.change for one in changes if one.change.episode == record.episode]
    begin = min((one.at for one in episode), default=record.raised_at or record.since)
    over = [one.at for one in episode if one.kind is Kind.CLEARED]
    end = min(max(over) + AFTER, now) if over and not record.open else now
    start = max(begin - BEFORE, end - LONGEST)
    return start, max(end, start + timedelta(minutes=1))

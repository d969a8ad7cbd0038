"""One meter: what it is, what it says now, the curve of any of its metrics, and what its register counted each day."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from nicegui import ui
from nicegui.element import Element

from api.console import curve
from api.console.account_panel import AccountPanel
from api.console.board import Pulse
from api.console.chart import base, draw
from api.console.daily import DailyChart
from api.console.frame import Visit
from api.console.meter_table import main_metric, mark, written
from api.console.meter_table import newest as last_of
from api.console.parts import button, panel, tag, text
from api.console.tongue import MISSING, Tongue
from api.console.used_chart import UsedChart
from park.metric import Kind, metrics
from park.place import Meter, Multiplier
from park.principal import Right
from park.subject import subjects
from park.telemetry import TelemetryError

REDRAW_EVERY = 30
"""Ticks between two readings of the curve from the store."""


async def build(visit: Visit, meter: Meter) -> str:
    """Fill the page; whether the visitor may see this meter was asked before."""
    t = visit.t
    pulse = await visit.board.pulse()
    name = t.pick(meter.name, meter.name_en)
    owner = pulse.registry.by_enterprise.get(meter.enterprise)
    with tag("div", "page-head"):
        with tag("p", "crumb"):
            if owner is not None:
                text("a", t.pick(owner.name, owner.name_en), href=f"/enterprises/{owner.id}")
            text("span", " / ")
            text("span", meter.id, "mono")
        text("h1", name)
        with tag("span", "dot never") as dot:
            state = text("span", t("never"))
        heard = text("span", "", "sub")
    counts = next(subjects(meter), None) is not None or _register(meter) is not None
    with tag("div", "stack"):
        with tag("div", "two"):
            with panel(t("curve"), body="chart") as head:
                redraw = _curve(visit, meter, head)
            with panel(t("newest_values"), body="flush"):
                tell_newest = _newest(t, meter)
        with tag("div", "two" if counts else "stack"):
            tell_used = _used(visit, meter)
            with panel(t("master_data")):
                _facts(t, meter)
        with panel(t("account"), body="flush", sub=t("account_sub")):
            account = AccountPanel(visit, meter.id)

    beats = 0

    async def tick(now: Pulse) -> None:
        nonlocal beats
        mark(dot, state, now.online.get(meter.id), t)
        last = last_of(meter, now.latest)
        heard.set_text(t("last_heard", age=t.calm_age(last.at if last else None, now.now)))
        tell_newest(now)
        await account.tell(now)
        if beats % REDRAW_EVERY == 0:
            await redraw()
        beats += 1
        await tell_used(now)

    visit.every_second(tick)
    return name


def _register(meter: Meter) -> str | None:
    return next((m for m in meter.metrics if m in metrics() and metrics()[m].kind is Kind.REGISTER), None)


def _used(visit: Visit, meter: Meter) -> Callable[[Pulse], Awaitable[None]]:
    """Put what was used each day here: from the accounts, or from a register that is not accounted for."""
    t, subject, register = visit.t, next(subjects(meter), None), _register(meter)
    if subject is not None:
        with panel(t("daily"), body="chart", sub=t("used_sub")) as head:
            used = UsedChart(visit, subject)
        if visit.who.may(Right.KEEP_ACCOUNTS) and register is not None:
            with head:
                text("a", t("swap_start"), "more", href=f"/swap/{meter.id}")
                text("a", t("epoch_declare"), "more", href=f"/review/{meter.id}")
    elif register is not None:
        with panel(t("daily"), body="chart", sub=t("daily_sub", metric=_named(register, t))):
            daily = DailyChart(t, metrics()[register].unit)

    async def tell(now: Pulse) -> None:
        if subject is not None:
            await used.tell(now.now)
        elif register is not None:
            daily.tell(await visit.board.days(meter.id, [meter], register))

    return tell


def _named(name: str, t: Tongue) -> str:
    metric = metrics().get(name)
    return t.pick(metric.zh, metric.en) if metric else name


def _newest(t: Tongue, meter: Meter) -> Callable[[Pulse], None]:
    """Put the table of newest values here; what it gives fills it in."""
    rows = []
    with tag("table", "grid tight"):
        with tag("thead"), tag("tr"):
            text("th", t("col_metric"), scope="col")
            text("th", t("col_value"), "n", scope="col")
            text("th", t("col_at"), "n", scope="col")
        with tag("tbody"):
            for name in meter.metrics:
                with tag("tr"):
                    with tag("td"):
                        text("span", _named(name, t))
                        quality = text("small", "", "mark")
                    with tag("td", "n"):
                        value, unit = text("span", MISSING), text("span", "", "unit")
                    at = text("td", MISSING, "n")
                rows.append((name, value, unit, at, quality))

    def tell(now: Pulse) -> None:
        for name, value, unit, at, quality in rows:
            reading = now.latest.get((meter.id, name))
            shown, its_unit = written(reading, t)
            value.set_text(shown)
            unit.set_text(its_unit)
            at.set_text(t.moment(reading.at if reading else None, now.now))
            quality.set_text(f" {curve.quality(reading.quality, t)}" if reading and reading.quality else "")

    return tell


def _curve(visit: Visit, meter: Meter, head: Element) -> Callable[[], Awaitable[None]]:
    """Put the curve here with its choices in the head; what it gives reads and draws it again."""
    t = visit.t
    chosen = {"metric": main_metric(meter) or "", "span": "today"}

    async def redraw() -> None:
        if chosen["metric"] not in metrics():
            return
        services = visit.board.services
        span = curve.SPANS[chosen["span"]]
        found = await asyncio.to_thread(curve.read, services.telemetry, meter, chosen["metric"], span, services.clock())
        note.set_visibility(not found.middle)
        chart.options.clear()
        chart.options.update(curve.options(found, t))
        chart.update()

    async def choose(part: str, value: str) -> None:
        chosen[part] = value
        for key, press in presses.items():
            press.props["aria-pressed"] = "true" if key == chosen["span"] else "false"
        try:
            await redraw()
        except TelemetryError as error:
            ui.notify(t("store_down", why=str(error)))

    with head:
        with tag("label", "field inline"):
            text("span", t("col_metric"), "visually-hidden")
            with tag("select") as select:
                for name in meter.metrics:
                    option = text("option", _named(name, t), value=name)
                    if name == chosen["metric"]:
                        option.props["selected"] = True
        with tag("div", "seg more", role="group", aria_label=t("span")):
            presses = {key: button(t(f"span_{key}"), partial(choose, "span", key), "") for key in curve.SPANS}
    select.on("change", lambda event: choose("metric", str(event.args)), js_handler="(e) => emit(e.target.value)")
    presses["today"].props["aria-pressed"] = "true"
    chart = draw(base(""), t("curve"))
    note = text("p", t("no_readings"), "nothing-here")
    note.set_visibility(visible=False)
    return redraw


def _facts(t: Tongue, meter: Meter) -> None:
    """Put the master data here."""
    facts = [
        ("col_medium", t(f"medium_{meter.medium}")),
        ("col_role", t(f"role_{meter.role}")),
        ("period", t("seconds", n=f"{meter.period.total_seconds():g}")),
        ("codec", meter.codec),
        ("multiplier", "; ".join(_multiplier(t, m) for m in meter.multipliers) or "1"),
        ("register_width", f"{meter.register.width:,.0f}" if meter.register.width is not None else MISSING),
        ("rated", meter.register.rated or MISSING),
        (
            "units",
            ", ".join(f"{_named(name, t)}: {unit}" for name, unit in meter.units.items()) or t("canonical_units"),
        ),
        ("topic", f"…/{meter.park}/{meter.enterprise}/{meter.id}/data"),
    ]
    with tag("dl", "facts"):
        for key, value in facts:
            text("dt", t(key))
            text("dd", value, "mono" if key in {"topic", "codec"} else "")


def _multiplier(t: Tongue, multiplier: Multiplier) -> str:
    since = multiplier.since.astimezone(t.zone)
    return t("multiplier_since", value=f"{multiplier.value:,g}", date=f"{since:%Y-%m-%d}")

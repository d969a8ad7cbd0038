"""The picture of a run of days: totals, the curve against the run before, and where the energy goes."""

import json
from collections.abc import Iterable

from api.console import chart
from api.console.chart import Options, color
from api.console.energy_read import Against, Look, Windows
from api.console.explain_inputs import carrier as called
from api.console.figure_marks import shares, subject
from api.console.frame import Visit
from api.console.parts import panel, tag, text
from api.console.tongue import MISSING, Tongue, number, scaled
from api.consumed import Used
from park.carrier import carriers
from park.days import Run
from park.energy_flow import Flow, covered, known
from park.figure import Scope
from park.footprint_line import ENTERED
from park.window import DAY

MOST = 20
"""Enterprises with a place of their own in the picture; the rest are one."""
ROW = 32
DIGITS = 5
REST = ""
HUES = ("--accent", "--warn", "--ok", "--before", "--bad", "--focus")


def tiles(visit: Visit, look: Look) -> None:
    """Put the totals here: of the carrier, and of all carriers as standard coal."""
    t = visit.t
    used, unit = look.total.now, carriers()[look.choice.carrier].unit
    tce = known(look.flows)
    partial = sum(bool(one.gaps) for one in look.flows)
    with tag("div", "tiles"):
        _tile(
            f"{called(look.choice.carrier, t)}",
            *(scaled(used.amount, unit) if used is not None else (MISSING, "")),
            shares(used.coverage, t) if used is not None else t("energy_none"),
            t("energy_against", change=rate(look.total), before=_before(look.total, unit)),
            gap=used is None,
        )
        _tile(
            t("energy_all"),
            *scaled(tce, "tce" if tce is not None else ""),
            shares(covered(look.flows), t),
            t("energy_partial", n=partial) if partial else t(f"energy_basis_{look.basis}"),
            gap=tce is None,
        )


def _tile(title: str, figure: str, unit: str, *notes: str, gap: bool) -> None:
    with tag("section", "tile gap" if gap else "tile"):
        text("h2", title)
        with tag("p", "big"):
            text("span", figure, "num")
            text("span", unit, "unit")
        for note in notes:
            text("p", note, "note")


def rate(of: Against) -> str:
    """Write a change; a dash where nothing can be said."""
    return MISSING if of.rate is None else f"{of.rate * 100:+.1f} %".replace("-", "−")


def _before(of: Against, unit: str) -> str:
    return MISSING if of.before is None else " ".join(scaled(of.before.amount, unit))


def curve(visit: Visit, look: Look) -> None:
    """Draw the carrier over the run, the run before behind it."""
    t, days = visit.t, look.choice.days
    width = t("energy_by_day") if days.every >= DAY else t("energy_by_minutes", n=int(days.every.total_seconds() / 60))
    with panel(
        t("energy_curve", carrier=called(look.choice.carrier, t)),
        body="chart",
        sub=f"{width} · {t('energy_curve_sub')}",
    ):
        if not any(used for _, used in (*look.curve, *look.earlier)):
            text("p", t("energy_none"), "nothing-here")
            return
        chart.draw(curve_options(t, look), t("energy_curve", carrier=called(look.choice.carrier, t)))


def curve_options(t: Tongue, look: Look) -> Options:
    """Make the chart.  Windows are set side by side by their place in their run; a missing one is a gap."""
    days, unit = look.choice.days, carriers()[look.choice.carrier].unit
    daily = days.every >= DAY
    options = chart.base(unit, legend=True)
    labels = _labels(t, look, daily=daily)
    options["xAxis"] |= {"type": "category", "data": labels, "boundaryGap": daily}
    options["xAxis"]["axisLabel"].pop("formatter")
    told = [_told(t, at, look, unit) for at in range(len(labels))]
    options["tooltip"].pop(":valueFormatter")
    options["tooltip"][":formatter"] = (
        f"(rows) => {{ const told = {json.dumps(told)}; return rows[0].name + '<br>' + told[rows[0].dataIndex]; }}"
    )
    options["series"] = [
        _part(t("fig_measured"), _parts(look.curve, estimated=False), "--accent", daily=daily),
        _part(t("fig_estimated"), _parts(look.curve, estimated=True), "--bar", daily=daily),
        {
            "type": "line", "name": t("energy_before"), "showSymbol": False, "connectNulls": False,
            "step": False if daily else "end",
            "data": [None if used is None else digits(used.amount) for _, used in look.earlier],
            "lineStyle": {"width": 1.5, "type": "dashed", ":color": color("--ink-2")},
            "itemStyle": {":color": color("--ink-2")}, "emphasis": {"disabled": True},
        },
    ]  # fmt: skip
    return options


def _part(name: str, data: list[float | None], hue: str, *, daily: bool) -> Options:
    if daily:
        made = chart.bars(name, data, hue)
        made["itemStyle"] = {":color": color(hue)}
        return made | {"stack": "used"}
    made = chart.lines(name, [], hue, width=1)
    return made | {
        "data": data, "stack": "used", "step": "end",
        "areaStyle": {":color": color(hue), "opacity": 0.55}, "lineStyle": {"width": 0},
    }  # fmt: skip


def _labels(t: Tongue, look: Look, *, daily: bool) -> list[str]:
    form = "%m-%d" if daily else "%H:%M" if look.choice.days.count == 1 else "%m-%d %H:%M"
    days, zone = look.choice.days, t.zone
    begin, end, every = days.start(zone), days.end(zone), days.every
    if daily:
        whole = [(days.first + place * DAY).strftime(form) for place in range(days.count)]
        more = range(days.count + 1, len(look.earlier) + 1) if days.run is Run.MONTH else range(0)
        return whole + [f"{place:02}" for place in more]
    return [f"{(begin + place * every).astimezone(zone):{form}}" for place in range((end - begin) // every)]


def _told(t: Tongue, place: int, look: Look, unit: str) -> str:
    """Say one window: how much, how far to trust it, and what it was in the run before."""
    lines = []
    for name, windows in (("", look.curve), (t("energy_before"), look.earlier)):
        used = windows[place][1] if place < len(windows) else None
        if used is None:
            lines.append(f"{name} {MISSING}".strip())
        else:
            lines.append(f"{name} <b>{number(used.amount)}</b> {unit} · {shares(used.coverage, t)}".strip())
    return "<br>".join(lines)


def _parts(windows: Windows, *, estimated: bool) -> list[float | None]:
    return [None if used is None else digits(used.amount * _share(used, estimated=estimated)) for _, used in windows]


def _share(used: Used, *, estimated: bool) -> float:
    whole = used.coverage.measured + used.coverage.estimated
    return (used.coverage.estimated if estimated else used.coverage.measured) / whole if whole else 0.0


def digits(value: float) -> float:
    """Cut a number to what a picture shows."""
    return float(f"{value:.{DIGITS}g}")


def sankey(visit: Visit, look: Look) -> None:
    """Draw the energy from carriers to enterprises, and say beneath what is not in the picture."""
    t = visit.t
    drawn = [one for one in look.flows if one.tce is not None and one.tce > 0]
    with panel(t("energy_sankey"), body="chart", sub=t("energy_sankey_sub", basis=t(f"energy_basis_{look.basis}"))):
        if drawn:
            options, rows = sankey_options(t, look, drawn)
            box = chart.draw(options, t("energy_sankey")).parent_slot
            box.parent.style(f"min-height: {max(240, ROW * rows + 40)}px")  # type: ignore[union-attr]  # it has one
        else:
            text("p", t("energy_none"), "nothing-here")
    _left(visit, look)


def sankey_options(t: Tongue, look: Look, drawn: list[Flow]) -> tuple[Options, int]:
    """Make the chart, and say how many rows it has on its longer side."""
    size: dict[str, float] = {}
    for one in drawn:
        size[one.enterprise] = size.get(one.enterprise, 0.0) + (one.tce or 0.0)
    order = sorted(size, key=lambda one: (-size[one], one))
    own = set(order[:MOST] if len(order) > MOST + 1 else order)
    links: dict[tuple[str, str], float] = {}
    for one in drawn:
        key = (_carrier(one, t), one.enterprise if one.enterprise in own else REST)
        links[key] = links.get(key, 0.0) + (one.tce or 0.0)
    names = {one: subject(look.registry, Scope.ENTERPRISE, one, t) for one in own}
    names[REST] = t("energy_rest", n=len(order) - len(own))
    sources = list(dict.fromkeys(source for source, _ in links))
    targets = [*(one for one in order if one in own), *([REST] if len(order) > len(own) else [])]
    label = {":color": color("--ink"), "fontSize": 12, "fontFamily": "inherit", "overflow": "truncate", "width": 150}
    base = chart.base("tce")
    base["tooltip"] |= {"trigger": "item"}
    nodes = [
        {"name": f"c:{one}", "says": one, "itemStyle": {":color": color(HUES[place % len(HUES)])}}
        for place, one in enumerate(sources)
    ]
    nodes += [
        {
            "name": f"e:{one}", "says": names[one], "itemStyle": {":color": color("--before")},
            "label": {"position": "left"},
        }
        for one in targets
    ]  # fmt: skip
    made = {
        "animation": False,
        "tooltip": base["tooltip"],
        "series": [
            {
                "type": "sankey", "left": 8, "right": 8, "top": 10, "bottom": 10, "nodeWidth": 12, "nodeGap": 15,
                "draggable": False, "emphasis": {"focus": "adjacency"}, "layoutIterations": 0,
                "lineStyle": {"color": "source", "opacity": 0.32}, "data": nodes,
                "label": label | {":formatter": f"(p) => ({json.dumps(_says(nodes))})[p.name]"},
                "links": [
                    {"source": f"c:{source}", "target": f"e:{target}", "value": digits(value)}
                    for (source, target), value in links.items()
                ],
            }
        ],
    }  # fmt: skip
    made["tooltip"][":formatter"] = (
        f"(p) => {{ const says = {json.dumps(_says(nodes))}; const e = document.createElement('span');"
        " e.textContent = p.dataType === 'edge' ? says[p.data.source] + ' → ' + says[p.data.target] : says[p.name];"
        " return e.outerHTML + '<br><b>' + sp.number(p.value, 1) + '</b> tce'; }"
    )
    made["tooltip"].pop(":valueFormatter")
    return made, max(len(sources), len(targets))


def _says(nodes: Iterable[Options]) -> dict[str, str]:
    return {one["name"]: one["says"] for one in nodes}


def _carrier(one: Flow, t: Tongue) -> str:
    name = called(one.carrier, t)
    return t("energy_entered", carrier=name) if one.source == ENTERED else name


def _left(visit: Visit, look: Look) -> None:
    """Name what is not, or not wholly, in the picture, and how to mend it."""
    t = visit.t
    left = [one for one in look.flows if one.gaps]
    out = [one for one in look.flows if one.tce is not None and one.tce < 0]
    if not left and not out:
        return
    with panel(t("energy_left"), body="flush", sub=t("energy_left_sub")), tag("ul"):
        for one in [*left, *out][:MOST]:
            with tag("li", "held"), tag("div"):
                text("b", f"{subject(look.registry, Scope.ENTERPRISE, one.enterprise, t)} · {_carrier(one, t)}")
                words = [gap.sentence(t.language) for gap in one.gaps] or [t("energy_out", tce=number(one.tce))]
                for sentence in words[:2]:
                    text("p", sentence, "note")
    if len(left) + len(out) > MOST:
        text("p", t("fig_more", n=len(left) + len(out) - MOST), "note")

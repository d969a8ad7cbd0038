"""The picture of a month's balances: each enterprise's sub-meters as shares of what was supplied, and what is lost."""

from collections.abc import Mapping

from api.console import chart
from api.console.balance_read import Look
from api.console.chart import Options
from api.console.frame import Visit
from api.console.parts import panel, tag, text
from api.console.tongue import MISSING, Tongue, number, scaled
from park.balance import Balance, percent
from park.balance_reason import Verdict
from park.carrier import carriers

MOST_SHOWN = 20
"""Enterprises on one picture, those that lose most first."""
MOST_SUBS = 8
"""Sub-meters of one enterprise with a piece of their own; the rest are one."""
ROW = 30
HUES = {Verdict.OK: "--before", Verdict.EXCESS: "--bad", Verdict.NEGATIVE: "--bad", Verdict.NO_BOUND: "--before"}


def tiles(visit: Visit, look: Look) -> None:
    """Put what the month comes to here."""
    t, compared = visit.t, look.compared
    supplied = sum(one.supplied or 0.0 for one in compared)
    lost = sum(one.loss or 0.0 for one in compared)
    unit = carriers()[look.carrier].unit
    with tag("div", "tiles"):
        _tile(t("balance_tile_rate"), percent(lost / supplied) if supplied > 0 else MISSING, "",
              t("balance_tile_rate_of", n=len(compared), of=len(look.balances)), gap=supplied <= 0)  # fmt: skip
        _tile(t("balance_tile_lost"), *(scaled(lost, unit) if compared else (MISSING, "")),
              t("balance_tile_supplied", n=" ".join(scaled(supplied, unit))), gap=not compared)  # fmt: skip
        for verdict in (Verdict.EXCESS, Verdict.NEGATIVE, Verdict.NOT_COMPARABLE):
            found = look.of(verdict)
            _tile(t(f"balance_{verdict}"), str(len(found)), "", t(f"balance_note_{verdict}"), bad=bool(found) and
                  verdict is not Verdict.NOT_COMPARABLE)  # fmt: skip


def picture(visit: Visit, look: Look, names: Mapping[str, str]) -> None:
    """Draw the bars, longest loss first."""
    t = visit.t
    shown = sorted(look.compared, key=lambda one: -abs(one.rate or 0.0))[:MOST_SHOWN]
    more = len(look.compared) - len(shown)
    sub = t("balance_picture_sub") + (t("balance_more", n=more) if more else "")
    with panel(t("balance_picture"), body="chart", sub=sub):
        if not shown:
            text("p", t("balance_picture_none"), "nothing-here")
            return
        drawn = chart.draw(options(t, shown, names), t("balance_picture"))
    drawn.parent_slot.parent.style(f"min-height: {max(240, ROW * len(shown) + 80)}px")  # type: ignore[union-attr]  # it has one


def options(t: Tongue, shown: list[Balance], names: Mapping[str, str]) -> Options:
    """Make the chart: one bar an enterprise, 100 % is what was supplied, the band is where the rest may end."""
    made = chart.base("%", legend=True)
    label = {key: value for key, value in made["xAxis"]["axisLabel"].items() if key != "formatter"}
    line = made["yAxis"]["splitLine"]["lineStyle"]
    made.pop("useUTC")
    made["xAxis"] = {"type": "value", "min": 0, "axisLabel": label | {"formatter": "{value} %"},
                     "splitLine": {"lineStyle": line}, "splitNumber": 5}  # fmt: skip
    made["yAxis"] = {
        "type": "category", "inverse": True, "data": [names.get(one.enterprise, one.enterprise) for one in shown],
        "axisLabel": label | {"width": 130, "overflow": "truncate"}, "axisTick": {"show": False},
        "axisLine": {"lineStyle": line},
    }  # fmt: skip
    made["tooltip"] |= {
        "trigger": "item",
        ":formatter": "(p) => { const e = document.createElement('b'); e.textContent = p.name;"
        " const s = document.createElement('span'); s.textContent = p.data.says;"
        " return e.outerHTML + '<br>' + s.outerHTML; }",
    }
    made["tooltip"].pop(":valueFormatter")
    for place in range(min(max(len(one.subs) for one in shown), MOST_SUBS)):
        made["series"].append(_stack(t("balance_subs"), [_piece(t, one, place) for one in shown], "--bar",
                                     faint=bool(place % 2)))  # fmt: skip
    for name, verdicts in (("balance_loss", (Verdict.OK, Verdict.NO_BOUND)), ("balance_loss_bad", (Verdict.EXCESS,))):
        data = [_lost(t, one) if one.verdict in verdicts else None for one in shown]
        if any(data):
            made["series"].append(_stack(t(name), data, HUES[verdicts[0]]))
    made["legend"]["data"] = list(dict.fromkeys(series["name"] for series in made["series"]))
    made["series"][0]["markLine"] = {
        "silent": True, "symbol": "none", "data": [{"xAxis": 100}], "animation": False,
        "lineStyle": {":color": chart.color("--ink"), "width": 2, "type": "solid"},
        "label": {"formatter": t("balance_supplied"), ":color": chart.color("--ink-2"), "position": "start"},
    }  # fmt: skip
    bound = next((one.bound for one in shown if one.bound is not None), None)
    if bound is not None:
        made["series"][0]["markArea"] = {
            "silent": True, "data": [[{"xAxis": 100 - bound.high * 100}, {"xAxis": 100 - bound.low * 100}]],
            "itemStyle": {":color": chart.color("--ok"), "opacity": 0.16},
        }  # fmt: skip
    return made


def _stack(name: str, data: list[Options | None], hue: str, *, faint: bool = False) -> Options:
    made = chart.bars(name, [], hue)
    made["itemStyle"] |= {"borderRadius": 0, "opacity": 0.7 if faint else 1.0}
    return made | {"data": data, "stack": "used", "barMaxWidth": 20}


def _piece(t: Tongue, one: Balance, place: int) -> Options | None:
    """Give one sub-meter's piece; the last one stands for all that follow."""
    some = one.subs[place : place + 1] if place < MOST_SUBS - 1 else one.subs[place:]
    if not some or not one.supplied:
        return None
    amount = sum(entry.amount or 0.0 for entry in some)
    meters = some[0].meter if len(some) == 1 else t("balance_and_more", meter=some[0].meter, n=len(some) - 1)
    says = f"{meters}: {number(amount)} {one.carrier.unit} ({percent(amount / one.supplied)})"
    return {"value": round(amount / one.supplied * 100, 3), "says": says}


def _lost(t: Tongue, one: Balance) -> Options | None:
    if one.rate is None or one.rate <= 0:
        return None
    says = f"{t('balance_loss')}: {number(one.loss)} {one.carrier.unit} ({percent(one.rate)})"
    return {"value": round(one.rate * 100, 3), "says": says}


def _tile(title: str, figure: str, unit: str, note: str, *, gap: bool = False, bad: bool = False) -> None:
    with tag("section", "tile gap" if gap else "tile"):
        text("h2", title)
        with tag("p", "big"):
            text("span", figure, "num balance-bad" if bad else "num")
            text("span", unit, "unit")
        text("p", note, "note")

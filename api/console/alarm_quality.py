"""Whether alarms are such that people can act on them: beside their targets, from where, and shift by shift."""

import asyncio
from datetime import timedelta

from fastapi import Request
from sqlalchemy.exc import OperationalError

from api import alarm_report
from api.console.frame import Visit
from api.console.parts import Bars, Tile, link, panel, tag, text
from api.console.tongue import MISSING, number, percent
from park.alarm_quality import Lengths, Quality, Stretch
from park.alarm_target import Grade, Target, targets
from park.message import lasting
from park.rulebook import Key

SPANS = (7, 30, 90, 365)
USUAL = 30
SHIFTS = 9
MOST = 20
HEADS = (("aq_figure", ""), ("aq_value", "n"), ("aq_target", "n"), ("aq_grade", ""))
GRADES = {Grade.GOOD: "aq_good", Grade.FAIR: "aq_fair", Grade.POOR: "aq_poor", Grade.UNKNOWN: "aq_unknown"}


async def build(visit: Visit, request: Request) -> str:
    """Fill the page; the query of the address says how many days are looked at."""
    t = visit.t
    given = request.query_params.get("days", "")
    days = int(given) if given.isascii() and given.isdigit() and int(given) in SPANS else USUAL
    services = visit.board.services
    end = services.clock()
    start = end - timedelta(days=days)
    with tag("div", "page-head"):
        text("h1", t("room_alarm_quality"))
        sub = text("span", "", "sub", role="status")
    text("p", t("aq_lead"), "lead")
    _spans(visit, days)
    try:
        quality = await asyncio.to_thread(alarm_report.read, services, visit.who, start, end)
    except OperationalError:
        sub.set_text(t("database_down"))
        return t("room_alarm_quality")
    sub.set_text(t("aq_span", start=t.date(start), end=t.date(end)))
    if not quality.raised and not quality.stale:
        _none(visit)
        return t("room_alarm_quality")
    with tag("div", "stack"):
        _tiles(visit, quality)
        _targets(visit, quality)
        _actors(visit, quality)
        if quality.chattering:
            _chattering(visit, quality)
        if quality.stale:
            _stale(visit, quality)
        _stretches(visit, quality)
    return t("room_alarm_quality")


def _spans(visit: Visit, days: int) -> None:
    t = visit.t
    with tag("nav", "rooms", aria_label=t("aq_period")):
        for span in SPANS:
            entry = text("a", t("aq_days", n=span), href=f"/alarm-quality?days={span}")
            if span == days:
                entry.props["aria-current"] = "page"


def _none(visit: Visit) -> None:
    t = visit.t
    with tag("section", "panel"), tag("div", "empty"):
        text("h2", t("aq_none_title"))
        text("p", t("aq_none"))
        with tag("p", "act"):
            link(t("aq_to_rules"), "/rules", "button main")


def _tiles(visit: Visit, quality: Quality) -> None:
    t = visit.t
    days = (quality.end - quality.start) / timedelta(days=1)
    seen, over = quality.to_acknowledge, quality.to_clear
    with tag("div", "tiles"):
        Tile(t("aq_raised"), "alerts").show(
            f"{quality.raised:,}", t("aq_times"), t("aq_per_day", n=number(quality.raised / days)),
            t("aq_peak", n=quality.peak_hour),
        )  # fmt: skip
        Tile(t("aq_answered"), "online").show(
            _length(visit, seen.median), "", t("aq_missing", n=seen.missing), _ninth(visit, seen)
        )
        Tile(t("aq_cleared"), "online").show(
            _length(visit, over.median), "", t("aq_burning", n=over.missing), _ninth(visit, over)
        )
        worst = max((flood.raised for flood in quality.floods), default=0)
        Tile(t("aq_floods"), "alerts").show(
            str(len(quality.floods)), t("aq_times"), t("aq_flooded", share=percent(quality.flooded)),
            t("aq_worst", n=worst) if worst else "",
        )  # fmt: skip


def _ninth(visit: Visit, took: Lengths) -> str:
    return visit.t("aq_p90", time=_length(visit, took.p90)) if took.known else ""


def _length(visit: Visit, took: timedelta | None) -> str:
    return MISSING if took is None else lasting(took, visit.t.language)


def _targets(visit: Visit, quality: Quality) -> None:
    t = visit.t
    query = f"start={quality.start:%Y-%m-%dT%H:%M:%SZ}&end={quality.end:%Y-%m-%dT%H:%M:%SZ}"
    with panel(t("aq_targets"), body="flush") as head:
        with head:
            link(t("aq_excel"), f"/api/v1/alerts/report.xlsx?{query}", "button")
        with tag("table", "grid tight"):
            with tag("thead"), tag("tr"):
                for key, classes in (("figure", ""), ("value", "n"), ("target", "n"), ("grade", "")):
                    text("th", t(f"aq_{key}"), classes, scope="col")
            with tag("tbody"):
                for one in targets(quality):
                    with tag("tr"):
                        text("td", one.name.pick(t.language))
                        text("td", _shown(one, one.value), "n")
                        text("td", f"≤ {_shown(one, one.target)}", "n")
                        with tag("td"):
                            text("span", t(f"aq_{one.grade.value}"), f"badge {one.grade.value}")


def _shown(one: Target, value: float) -> str:
    return percent(value) if one.share else number(value)


def _actors(visit: Visit, quality: Quality) -> None:
    t = visit.t
    with panel(t("aq_actors"), sub=t("aq_actors_sub", share=percent(quality.top_share))):
        bars = Bars(len(quality.actors), t("aq_actors"), ranked=True)
        bars.show(
            [
                (_name(visit, one.key), f"/alerts/{one.key.rule}/{one.key.meter}", float(one.raised), t("aq_times"))
                for one in quality.actors
            ]
        )


def _chattering(visit: Visit, quality: Quality) -> None:
    t = visit.t
    title, sub = t("aq_chattering"), t("aq_chattering_sub")
    with panel(title, sub=sub, body="flush"), tag("table", "grid tight"), tag("tbody"):
        for one in quality.chattering[:MOST]:
            with tag("tr"):
                with tag("td"):
                    link(_name(visit, one.key), f"/rules/{one.key.rule}")
                text("td", t("aq_bursts", n=one.chattering), "n")


def _stale(visit: Visit, quality: Quality) -> None:
    t = visit.t
    with panel(t("aq_stale"), body="flush"), tag("table", "grid tight"), tag("tbody"):
        for one in quality.stale[:MOST]:
            with tag("tr"):
                with tag("td"):
                    link(_name(visit, one.spell.key), f"/alerts/{one.spell.key.rule}/{one.spell.key.meter}")
                text("td", t("aq_stood", time=lasting(one.stood, t.language)), "n")


def _stretches(visit: Visit, quality: Quality) -> None:
    t = visit.t
    with panel(t("aq_shifts"), body="flush"), tag("table", "grid tight"):
        with tag("thead"), tag("tr"):
            text("th", t("aq_from"), scope="col")
            for key in ("raised", "ten", "ack"):
                text("th", t(f"aq_{key}"), "n", scope="col")
        with tag("tbody"):
            _group(visit, t("aq_month"), quality.months[::-1])
            _group(visit, t("aq_shift"), quality.shifts[: -SHIFTS - 1 : -1])


def _group(visit: Visit, title: str, stretches: tuple[Stretch, ...]) -> None:
    t = visit.t
    with tag("tr"):
        text("th", title, scope="colgroup", colspan="4")
    for one in stretches:
        with tag("tr"):
            text("td", f"{t.date(one.start)} {t.minute(one.start)}")
            text("td", f"{one.raised:,}", "n")
            text("td", str(one.peak), "n")
            text("td", _length(visit, one.to_acknowledge.median), "n")


def _name(visit: Visit, key: Key) -> str:
    rule, meter = alarm_report.names(visit.board.services, key, visit.t.language)
    return f"{rule} · {meter}"

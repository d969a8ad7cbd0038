"""What every page says of alerts: how many nobody looks after, and a banner with a sound while grave ones burn."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from api import alert_view, alert_words
from api.console.parts import drawing, link, tag, text
from park.severity import Severity

if TYPE_CHECKING:
    from datetime import datetime

    from api.alarms import Standing
    from api.console.board import Pulse
    from api.console.frame import Visit
    from park.alert_change import AlertChange
    from park.alert_record import AlertRecord

LOUD = Severity.LARGER
"""From here on a banner and a sound stay until somebody has acknowledged it."""


def seen(visit: Visit, standing: Standing | None) -> list[AlertRecord]:
    """Give the open alerts that the visitor may see, the gravest first."""
    services = visit.board.services
    return [one for one in standing.open if alert_view.sees(services, visit.who, one.meter)] if standing else []


def unanswered(records: list[AlertRecord], standing: Standing, now: datetime) -> list[AlertRecord]:
    """Give those that nobody looks after."""
    return standing.unanswered(records, now)


def count(visit: Visit) -> None:
    """Put the number of alerts that nobody looks after beside the entry of the navigation."""
    badge = text("span", "", "alarm-count")
    badge.set_visibility(visible=False)
    shown: list[str] = []

    async def tell(pulse: Pulse) -> None:
        standing = await visit.board.standing()
        found = seen(visit, standing)
        waiting = unanswered(found, standing, pulse.now) if standing is not None else []
        words = str(len(waiting) or len(found) or "")
        level = f"sev-{max(waiting, key=_severity).severity.word}" if waiting else "answered"
        if shown == [words, level]:
            return
        shown[:] = [words, level]
        badge.set_text(words)
        badge.set_visibility(bool(words))
        badge.classes(replace=f"alarm-count {level}")
        badge.props["title"] = visit.t("alerts_count_title", n=len(waiting), of=len(found))
        badge.update()

    visit.every_second(tell)


def banner(visit: Visit) -> None:
    """Put the banner here; it is seen while anything grave burns that nobody looks after."""
    t = visit.t
    with tag("div", "alarm-banner no-print", role="alert") as box:
        mark = text("b", "", "alarm-mark")
        words = link("", "/alerts", "alarm-words")
        more = text("span", "", "alarm-more")
        with tag("button", "quiet", type="button", data_alarm="enable", title=t("alerts_sound_title")):
            drawing("sound")
            text("span", t("alerts_sound"))
    box.set_visibility(visible=False)
    signal = tag("span", "visually-hidden", data_alarm_state="[]")
    shown: list[str] = []

    async def tell(pulse: Pulse) -> None:
        standing = await visit.board.standing()
        if standing is None:
            return
        loud = [one for one in unanswered(seen(visit, standing), standing, pulse.now) if one.severity >= LOUD]
        state = json.dumps([_signal(visit, one) for one in loud[:20]], ensure_ascii=False)
        if shown == [state]:
            return
        shown[:] = [state]
        signal.props["data-alarm-state"] = state
        signal.update()
        box.set_visibility(bool(loud))
        if not loud:
            return
        first = loud[0]
        box.classes(replace=f"alarm-banner no-print sev-{first.severity.word}")
        mark.set_text(alert_words.severity(first.severity, t.language))
        words.set_text(_signal(visit, first)["title"])
        words.props["href"] = f"/alerts/{first.rule}/{first.meter}"
        words.update()
        more.set_text(t("alerts_and_more", n=len(loud) - 1) if len(loud) > 1 else "")

    visit.every_second(tell)


def title(visit: Visit, record: AlertRecord) -> str:
    """Name an alert: what, and where."""
    return _title(visit, record.rule, record.meter, drill=record.drill)


def change_title(visit: Visit, change: AlertChange) -> str:
    """Name the alert of a change."""
    return _title(visit, change.rule, change.meter, drill=change.drill)


def _title(visit: Visit, rule: str, meter: str, *, drill: bool) -> str:
    services, t = visit.board.services, visit.t
    known = alert_view.rule_of(services, rule)
    registry = services.registry.peek()
    place = registry.by_meter.get(meter)
    owner = registry.by_enterprise.get(alert_view.enterprise_of(services, meter))
    name = known.name.pick(t.language) if known is not None else rule
    where = t.pick(place.name, place.name_en) if place is not None else meter
    parts = [name, where, *([t.pick(owner.name, owner.name_en)] if owner is not None else [])]
    return (t("alerts_drill_mark") if drill else "") + " · ".join(parts)


def _signal(visit: Visit, record: AlertRecord) -> dict[str, str]:
    return {
        "key": f"{record.rule}|{record.meter}|{record.episode}",
        "level": record.severity.word,
        "title": title(visit, record),
    }


def _severity(record: AlertRecord) -> Severity:
    return record.severity

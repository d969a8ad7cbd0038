"""One alert: the curve around it and its limit, what to do, who looks after it, and all that happened; prints, too."""

import asyncio
from typing import NamedTuple

from fastapi import Request
from sqlalchemy.exc import OperationalError

from adapters.alert_store import NoticeRow, Numbered
from adapters.relational import alerts
from api import alert_view, alert_words
from api.console.alarm import title
from api.console.alert_answer import AnswerPanel
from api.console.alert_curve import AlertCurve
from api.console.alert_history import history
from api.console.alert_marks import mark
from api.console.alert_row import care_words
from api.console.board import Pulse
from api.console.frame import Visit
from api.console.parts import link, panel, tag, text
from api.console.tongue import UNITS, number
from api.services import Services
from park.alert_record import AlertRecord
from park.own_rule import OWN
from park.rule import Rule
from park.rulebook import Key

MOST = 200


class Look(NamedTuple):
    """What the page shows of the past."""

    record: AlertRecord | None
    changes: list[Numbered]
    notices: list[NoticeRow]


async def build(visit: Visit, request: Request) -> str:
    """Fill the page."""
    key = Key(str(request.path_params["rule"])[:64], str(request.path_params["meter"])[:64])
    await Sheet(visit, key).here()
    return visit.t("room_alert")


class Sheet:
    """The page, drawn again when anything about the alert changed."""

    def __init__(self, visit: Visit, key: Key) -> None:
        self._visit = visit
        self._key = key
        self._last: object = None

    async def here(self) -> None:
        """Put it here."""
        visit, t = self._visit, self._visit.t
        services = visit.board.services
        try:
            look = await asyncio.to_thread(_look, services, self._key, whole_park=visit.enterprise is None)
        except OperationalError:
            text("p", t("database_down"), "notice")
            return
        if look.record is None or not alert_view.sees(services, visit.who, self._key.meter):
            with tag("section", "panel"), tag("div", "empty"):
                text("h2", t("room_alert"))
                text("p", t("alerts_unknown"))
                link(t("room_alerts"), "/alerts")
            return
        rule = alert_view.rule_of(services, self._key.rule)
        text("p", t("alerts_report"), "print-only")
        self._head = tag("div", "page-head")
        with tag("div", "stack"):
            with tag("div", "two"):
                with panel(t("alerts_curve"), body="chart"):
                    self._curve = AlertCurve(visit, self._key)
                with panel(t("alerts_facts")):
                    self._facts = tag("dl", "facts")
            with tag("div", "half"):
                self._runbook(rule)
                self._answer = AnswerPanel(visit)
            with panel(t("alerts_timeline"), body="flush", sub=t("alerts_timeline_sub")):
                self._history = tag("div")
        await self._draw(look)
        visit.every_second(self._tick)

    async def _tick(self, _pulse: Pulse) -> None:
        visit = self._visit
        standing = await visit.board.standing()
        if standing is None:
            return
        seen = (standing.last, tuple(standing.waits(self._key)))
        if seen == self._last:
            return
        self._last = seen
        try:
            look = await asyncio.to_thread(_look, visit.board.services, self._key, whole_park=visit.enterprise is None)
        except OperationalError:
            return
        await self._draw(look)

    async def _draw(self, look: Look) -> None:
        visit, t, record = self._visit, self._visit.t, look.record
        if record is None:
            return
        standing = await visit.board.standing()
        waits = standing.waits(self._key) if standing is not None else []
        now = visit.board.services.clock()
        self._head.clear()
        with self._head:
            with tag("p", "crumb no-print"):
                link(t("room_alerts"), "/alerts")
                text("span", f" / {record.rule} / {record.meter}", "mono")
            mark(t, record.severity, large=True)
            text("h1", title(visit, record))
            text("span", alert_words.say(alert_words.PHASES[record.phase], t.language), f"phase {record.phase}")
            if record.drill:
                text("span", t("alerts_drill"), "badge drill")
            text("button", t("alerts_print"), "button no-print", type="button", data_alarm="print")
        self._facts.clear()
        with self._facts:
            self._draw_facts(record, care_words(visit, record, waits, now))
        self._answer.tell(record, waits, now)
        self._history.clear()
        with self._history:
            history(visit, look.changes, look.notices)
        await self._curve.tell(record, look.changes)

    def _draw_facts(self, record: AlertRecord, care: list[str]) -> None:
        visit, t = self._visit, self._visit.t
        services = visit.board.services
        rule, now = alert_view.rule_of(services, record.rule), services.clock()
        unit = alert_view.unit_of(record.metric)
        facts = [
            ("alerts_fact_condition", alert_view.condition_of(services, record.rule, record.meter, t.language)),
            ("alerts_fact_value", f"{number(record.value)} {UNITS.get(unit, unit)}".strip()),
            ("alerts_fact_why", alert_words.why(record.why, t.language)),
            ("alerts_fact_phase", alert_words.say(alert_words.PHASES[record.phase], t.language)),
            ("alerts_fact_raised", t.moment(record.raised_at, now)),
            ("alerts_fact_episode", str(record.episode)),
            ("alerts_fact_care", " · ".join(care)),
            ("alerts_fact_standard", rule.standard if rule is not None else ""),
        ]
        for key, words in facts:
            if words:
                text("dt", t(key))
                text("dd", words)
        text("dt", t("alerts_fact_where"))
        with tag("dd"):
            known = record.meter in services.registry.peek().by_meter
            link(record.meter, f"/meters/{record.meter}", "mono") if known else text("span", record.meter, "mono")

    def _runbook(self, rule: Rule | None) -> None:
        t = self._visit.t
        with panel(t("alerts_runbook")):
            runbook = rule.runbook if rule is not None else None
            text("p", runbook.pick(t.language) if runbook else t("alerts_runbook_none"), "" if runbook else "note")
            if rule is not None and rule.id not in OWN:
                with tag("p", "note no-print"):
                    link(f"{t('rules_name')}: {rule.id}", f"/rules/{rule.id}")


def _look(services: Services, key: Key, *, whole_park: bool) -> Look:
    record = alerts.one(services.engine, key)
    changes = alerts.changes(services.engine, key=key, limit=MOST)
    told = alerts.notices(services.engine, [one.id for one in changes]) if whole_park and changes else []
    return Look(record, changes, told)

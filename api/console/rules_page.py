"""Every rule as it holds: its level, its limit and where that is from, whether it is on, and what it watches."""

import asyncio

from fastapi import Request
from sqlalchemy.exc import OperationalError

from api import rule_view
from api.console.alert_marks import mark
from api.console.frame import Visit
from api.console.parts import link, panel, tag, text
from api.services import Services
from park import condition_words
from park.principal import Right
from park.rule import Rule


async def build(visit: Visit, _request: Request) -> str:
    """Fill the page."""
    t = visit.t
    with tag("div", "page-head"):
        text("h1", t("room_rules"))
        count = text("span", "", "sub")
        if visit.who.may(Right.KEEP_RULES):
            link(t("rules_new"), "/rules/new", "button main")
    text("p", t("rules_lead"), "lead")
    try:
        rules, meters = await asyncio.to_thread(_look, visit.board.services, visit.enterprise)
    except OperationalError:
        text("p", t("database_down"), "notice")
        return t("room_rules")
    on = sum(rule.enabled for rule in rules)
    count.set_text(t("rules_count", on=on, off=len(rules) - on))
    with panel(t("room_rules"), body="flush"):
        _table(visit, rules, meters)
    return t("room_rules")


def _look(services: Services, enterprise: str | None) -> tuple[list[Rule], dict[str, int]]:
    """Read the rules; an enterprise's user sees those that watch its meters."""
    meters = rule_view.watched_meters(services, enterprise)
    rules = [rule for rule in services.alarms.rules().values() if enterprise is None or meters.get(rule.id)]
    return sorted(rules, key=lambda rule: (not rule.enabled, -rule.severity, rule.id)), meters


def _table(visit: Visit, rules: list[Rule], meters: dict[str, int]) -> None:
    t = visit.t
    with tag("div", "scroll"), tag("table", "grid cards"):
        with tag("thead"), tag("tr"):
            for key in (
                "alerts_severity",
                "rules_name",
                "rules_condition",
                "rules_standard",
                "rules_meters",
                "rules_state",
            ):
                text("th", t(key))
        with tag("tbody"):
            for rule in rules:
                with tag("tr", "" if rule.enabled else "switched-off"):
                    with tag("td"):
                        mark(t, rule.severity)
                    with tag("td", "name wide rule-name"):
                        link(rule.name.pick(t.language), f"/rules/{rule.id}")
                        text("small", rule.id, "mono")
                    text("td", condition_words.words(rule.when, t.language), "wide")
                    with tag("td", "wide"):
                        text("span", rule.standard)
                        if rule.source == "console":
                            text("small", t("rules_source_console"))
                        elif rule.standard:
                            text("small", t("rules_verified") if rule.verified else t("rules_unverified"), _doubt(rule))
                    count = meters.get(rule.id, 0)
                    text(
                        "td", t("rules_meters_n", n=count) if count else "—", "n labelled", data_label=t("rules_meters")
                    )
                    with tag("td"):
                        text(
                            "span",
                            t("rules_on") if rule.enabled else t("rules_off"),
                            f"dot {'on' if rule.enabled else 'never'}",
                        )


def _doubt(rule: Rule) -> str:
    return "" if rule.verified else "mark"

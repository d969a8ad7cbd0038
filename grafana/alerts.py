"""Alerts on boards: the words for their codes, the list of open ones, and marks on curves."""

from grafana_foundation_sdk.models import dashboard as model

from adapters import rule_yaml
from grafana import links, sql
from grafana.limits import COLORS
from grafana.look import BLUE, GREEN, GREY, ORANGE, RED, YELLOW, Code, Codes, Column, Link
from grafana.query import Target, asked, ref
from grafana.sources import NAMES
from grafana.words import Said, Words
from park.alert import Phase
from park.severity import EN, ZH, Severity

OPEN = "a.phase IN ('firing', 'clearing', 'latched') AND NOT a.drill"
"""What a person should look at; a drill is not one of them."""
PHASES: Codes = {
    Phase.OK: Code(Said("正常", "Calm"), GREEN),
    Phase.PENDING: Code(Said("待确认", "Pending"), YELLOW),
    Phase.FIRING: Code(Said("报警", "Burning"), RED),
    Phase.CLEARING: Code(Said("恢复中", "Clearing"), ORANGE),
    Phase.LATCHED: Code(Said("已恢复待关闭", "Over, to be closed"), BLUE),
}
SEVERITIES: Codes = {str(one.value): Code(Said(ZH[one], EN[one]), COLORS[one]) for one in Severity}
ANSWERED: Codes = {
    "open": Code(Said("未确认", "Not acknowledged"), RED),
    "acknowledged": Code(Said("已确认", "Acknowledged"), GREEN),
    "shelved": Code(Said("搁置", "Shelved"), GREY),
}

RULE = Said("规则", "Rule")
SEVERITY = Said("级别", "Severity")
PHASE = Said("状态", "State")
ANSWER = Said("处理", "Answer")
ENTERPRISE = Said("企业", "Enterprise")
METER = Said("设备", "Meter")
SINCE = Said("开始", "Since")
VALUE = Said("数值", "Value")
CARED = {
    "acknowledged_by": Said("确认人", "Acknowledged by"),
    "acknowledged_at": Said("确认时间", "Acknowledged at"),
    "assigned_to": Said("指派给", "Given to"),
    "note": Said("备注", "Note"),
}
IDS = (Said("rule", "rule"), Said("meter", "meter"), Said("enterprise", "enterprise"))
"""Hidden columns that links are made of."""


def rule_codes() -> Codes:
    """Give the shipped rules by id; a rule made in the console is shown by its id."""
    return {rule.id: Code(Said(rule.name.zh, rule.name.pick("en"))) for rule in rule_yaml.shipped().rules}


def open_alerts(words: Words, *where: str, limit: int = 200, cared: bool = False) -> Target:
    """List the open alerts of the chosen enterprises as they stand, the gravest and oldest first.

    `cared` adds who acknowledged each and when, to whom it was given, and what was noted.
    """

    def called(said: Said) -> str:
        return sql.called(said, words)

    conditions = " AND ".join([OPEN, sql.chosen(), *where])
    care = ", ".join(f"a.{column} AS {called(said)}" for column, said in CARED.items()) + ", " if cared else ""
    return asked(
        f"SELECT a.severity AS {called(SEVERITY)}, a.rule AS {called(RULE)}, "  # noqa: S608  # our own words
        f"{sql.named('e', words)} AS {called(ENTERPRISE)}, {sql.named('m', words)} AS {called(METER)}, "
        f"a.phase AS {called(PHASE)}, CASE WHEN a.shelved_until > to_timestamp($__unixEpochTo()) THEN 'shelved' "
        f"WHEN a.acknowledged_at IS NULL THEN 'open' ELSE 'acknowledged' END AS {called(ANSWER)}, "
        f"coalesce(a.raised_at, a.since) AS {called(SINCE)}, a.value AS {called(VALUE)}, "
        f"{care}a.rule AS rule, a.meter AS meter, m.enterprise AS enterprise "
        "FROM alert a JOIN meter m ON m.id = a.meter JOIN enterprise e ON e.id = m.enterprise "
        f"WHERE {conditions} ORDER BY a.severity DESC, a.since LIMIT {limit}"
    )


def open_columns() -> list[Column]:
    """Show the columns of that list: words for codes, and ways to the alert, its meter and its enterprise."""
    return [
        Column(SEVERITY, codes=SEVERITIES, width=80),
        Column(RULE, codes=rule_codes(), links=(links.alert("rule", "meter"),)),
        Column(ENTERPRISE, links=(links.to_enterprise("enterprise"),)),
        Column(METER, links=(links.to_meter("enterprise", "meter"),)),
        Column(PHASE, codes=PHASES, width=110),
        Column(ANSWER, codes=ANSWERED, width=100),
        Column(SINCE, unit="moment", width=170),
        Column(VALUE, unit="1", decimals=2, width=90),
        *(Column(said, hidden=True) for said in IDS),
    ]


def door() -> Link:
    """Lead to the console's list of alerts."""
    return links.to_console("/alerts", Said("告警台", "The alarm desk"))


def marks(words: Words, *where: str, least: Severity = Severity.GENERAL) -> model.AnnotationQuery:
    """Mark on curves when alerts of the chosen enterprises were raised."""
    rules = sql.values([(id_of, words.title(code.said)) for id_of, code in rule_codes().items()])
    told = ("c.kind = 'raised'", "NOT c.drill", f"c.severity >= {least.value}")
    conditions = " AND ".join([*told, sql.chosen(), *where])
    query = (
        f"SELECT c.at AS time, coalesce(r.name, c.rule) || ': ' || {sql.named('m', words)} AS text, "  # noqa: S608  # our own words
        f"c.rule || ',' || c.meter AS tags FROM alert_change c JOIN meter m ON m.id = c.meter "
        f"JOIN enterprise e ON e.id = m.enterprise LEFT JOIN {rules} AS r(id, name) ON r.id = c.rule "
        f"WHERE $__timeFilter(c.at) AND {conditions} ORDER BY c.at DESC LIMIT 200"
    )
    return model.AnnotationQuery(
        name=words.title(Said("告警", "Alerts")),
        datasource=ref(NAMES),
        icon_color=RED,
        target=asked(query),
    )

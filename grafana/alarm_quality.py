"""Whether alarms are such that people can act on them, after ISA-18.2: how many, how soon answered, which are noise."""

from grafana import alerts, links, sql
from grafana.bars import Bars
from grafana.look import GREY, Column
from grafana.query import asked
from grafana.sources import ZONE
from grafana.table import Table
from grafana.words import Said, Words
from park.severity import Severity

OF = "JOIN meter m ON m.id = {0}.meter JOIN enterprise e ON e.id = m.enterprise"
END = "to_timestamp($__unixEpochTo())"
ACTIVE = "'firing', 'clearing'"
NONE = Said("时段内没有告警", "no alert within the range")


def raised() -> str:
    """Write where alerts of the chosen enterprises were raised within the range."""
    told = "c.kind = 'raised' AND NOT c.drill"
    return f"FROM alert_change c {OF.format('c')} WHERE {told} AND $__timeFilter(c.at) AND {sql.chosen()}"


def answered() -> str:
    """Write how many seconds passed from each raising to the first acknowledgement of its episode."""
    taken = "k.rule = c.rule AND k.meter = c.meter AND k.episode = c.episode AND k.kind = 'acknowledged'"
    within = raised().replace(" WHERE ", f" JOIN alert_change k ON {taken} WHERE ")
    return f"SELECT c.severity, extract(epoch FROM min(k.at) - c.at) AS took {within} GROUP BY c.id"  # noqa: S608


def daily(words: Words) -> Bars:
    """Count what was raised by day and severity."""
    said = {one: sql.called(alerts.SEVERITIES[str(one.value)].said, words) for one in Severity}
    counts = ", ".join(f"count(*) FILTER (WHERE c.severity = {one.value}) AS {name}" for one, name in said.items())
    day = f"to_char(c.at AT TIME ZONE '{ZONE}', 'MM-DD')"
    return Bars(
        key="daily",
        title=Said("每日发出的告警", "Alerts raised by day"),
        about=Said(
            "按级别; ISA-18.2 的目标是每位值班人每天不超过 150 条。",
            "By severity; ISA-18.2 aims at no more than 150 a day and operator.",
        ),
        asks=[asked(f"SELECT {day} AS day, {counts} {raised()} GROUP BY 1 ORDER BY 1")],  # our own words
        columns=[Column(code.said, color=code.color) for code in alerts.SEVERITIES.values()],
        lying=False,
        stacked=True,
        nothing=NONE,
    )


def answers(words: Words) -> Table:
    """Say by severity how many there were, and how soon they were acknowledged."""
    many, done = Said("发出", "Raised"), Said("已确认", "Acknowledged")
    median, ninth = Said("中位用时", "Median"), Said("九成以内", "Nine of ten")
    columns = ", ".join(
        f"{value} AS {sql.called(said, words)}"
        for value, said in (
            ("r.severity", alerts.SEVERITY),
            ("r.n", many),
            ("count(t.took)", done),
            ("percentile_cont(0.5) WITHIN GROUP (ORDER BY t.took)", median),
            ("percentile_cont(0.9) WITHIN GROUP (ORDER BY t.took)", ninth),
        )
    )
    return Table(
        key="answers",
        title=Said("确认情况", "How soon they were acknowledged"),
        about=Said(
            "按级别: 发出数、已确认数、从发出到首次确认的用时。",
            "By severity: how many were raised and acknowledged, and how long the first acknowledgement took.",
        ),
        asks=[
            asked(
                f"SELECT {columns} FROM (SELECT c.severity, count(*) AS n {raised()} GROUP BY 1) AS r "  # noqa: S608
                f"LEFT JOIN ({answered()}) AS t ON t.severity = r.severity "
                "GROUP BY r.severity, r.n ORDER BY r.severity DESC"
            )
        ],
        columns=[
            Column(alerts.SEVERITY, codes=alerts.SEVERITIES, width=100),
            Column(many, unit="count"),
            Column(done, unit="count"),
            Column(median, unit="s"),
            Column(ninth, unit="s"),
        ],
        nothing=NONE,
    )


def often(words: Words) -> Table:
    """List what was raised most often: a few bad actors make most of the noise."""
    times, share = Said("次数", "Times"), Said("占比", "Share")
    columns = ", ".join(
        f"{value} AS {sql.called(said, words)}"
        for value, said in (
            ("c.rule", alerts.RULE),
            (sql.named("m", words), alerts.METER),
            (sql.named("e", words), alerts.ENTERPRISE),
            ("count(*)", times),
            ("count(*) / sum(count(*)) OVER ()", share),
        )
    )
    return Table(
        key="often",
        title=Said("发出最多的十条", "The ten raised most often"),
        about=Said(
            "少数规则与设备往往占去大半告警: 先调它们。",
            "A few rules and meters often make most of the noise: look at these first.",
        ),
        asks=[
            asked(
                f"SELECT {columns}, c.rule AS rule, m.id AS meter, e.id AS enterprise {raised()} "
                "GROUP BY c.rule, m.id, e.id ORDER BY 4 DESC, 1, 2 LIMIT 10"
            )
        ],
        columns=[
            *_points(),
            Column(times, unit="count", width=80),
            Column(share, unit="share", decimals=0, bar=True, width=160),
            *(Column(said, hidden=True) for said in alerts.IDS),
        ],
        nothing=NONE,
    )


def standing(words: Words) -> Table:
    """List what has burned for more than a day."""
    stood = Said("已持续", "Stood")
    since = "coalesce(a.raised_at, a.since)"
    columns = ", ".join(
        f"{value} AS {sql.called(said, words)}"
        for value, said in (
            ("a.rule", alerts.RULE),
            (sql.named("m", words), alerts.METER),
            (f"extract(epoch FROM {END} - {since})", stood),
        )
    )
    burning = f"a.phase IN ({ACTIVE}) AND NOT a.drill AND {sql.chosen()}"
    return Table(
        key="standing",
        title=Said("持续超过 24 小时", "Burning for more than a day"),
        about=Said(
            "长期不消的告警会让人不再看告警: 处理、检修或改规则。",
            "Alerts that never end teach people not to look: see to them, mend the sensor, or change the rule.",
        ),
        asks=[
            asked(
                f"SELECT {columns}, a.rule AS rule, m.id AS meter, e.id AS enterprise FROM alert a "  # noqa: S608
                f"{OF.format('a')} WHERE {burning} AND {since} < {END} - interval '1 day' ORDER BY 3 DESC LIMIT 20"
            )
        ],
        columns=[
            *_points(),
            Column(stood, unit="s", width=110),
            *(Column(said, hidden=True) for said in alerts.IDS),
        ],
        base=GREY,
        nothing=Said("没有", "none"),
    )


def _points() -> list[Column]:
    return [
        Column(alerts.RULE, codes=alerts.rule_codes(), links=(links.alert("rule", "meter"),)),
        Column(alerts.METER, links=(links.to_meter("enterprise", "meter"),)),
    ]

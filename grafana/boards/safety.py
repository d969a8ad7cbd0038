"""安全: every point that is watched and how it stood, what burns and who sees to it, and how bearable alarms are."""

from grafana import alarm_quality, alerts, influxql, limits, sql, variable
from grafana.alarm_quality import ACTIVE, END, OF
from grafana.board import Board
from grafana.curve import Curve
from grafana.look import BLUE, GREEN, ORANGE, RED, YELLOW, Code, Column
from grafana.query import Target, asked
from grafana.sources import STORE
from grafana.stat import Stat
from grafana.table import Table
from grafana.timeline import Timeline
from grafana.words import Said, Words
from park.metric import Kind, Medium, metrics
from park.place import Role
from park.severity import Severity

UID = "park-safety"
START = "to_timestamp($__unixEpochFrom())"
GASES = ("lel", "h2s", "co", "nh3", "cl2")
POINTS = 60
"""Bands in one panel; beyond them nobody sees anything."""
# what a detector measures beside gases, each with a curve of its own
OTHERS = ("residual_current", "cable_temp", "temperature", "pressure", "level", "smoke")


def board(words: Words) -> Board:
    """Make the board."""
    made = Board(
        UID,
        words,
        Said("安全", "Safety"),
        Said(
            "探测点状态、告警与处理、告警质量。演练不在内。",
            "How each point stood, alerts and who sees to them, and the quality of alarms.  Drills are left out.",
        ),
        variables=[variable.enterprise(words), variable.peak()],
        refresh="10s",
        annotations=[alerts.marks(words)],
    )
    _heads(made)
    made.row("points", Said("探测点", "Points"))
    made.add(_timeline(words), width=24, height=11)
    made.row("open", Said("未关闭的告警", "Open alerts"))
    made.add(_open(words), width=24, height=8)
    made.row("gas", Said("气体浓度", "Gases"))
    for name in GASES[:4]:
        made.add(_curve(name), width=6)
    made.row("others", Said("电气火灾与其他", "Electrical fire and others"))
    for name in OTHERS:
        made.add(_curve(name), width=8)
    made.row("quality", Said("告警质量 (ISA-18.2)", "Quality of alarms (ISA-18.2)"))
    made.add(alarm_quality.daily(words), width=12).add(alarm_quality.answers(words), width=12)
    made.add(alarm_quality.often(words), width=14, height=10).add(alarm_quality.standing(words), width=10, height=10)
    return made


def _one(key: str, title: Said, about: Said, query: str, **more: object) -> Stat:
    return Stat(key=key, title=title, about=about, asks=[asked(query)], doors=[alerts.door()], **more)  # type: ignore[arg-type]  # a panel's own words


def _heads(made: Board) -> None:
    now = f"FROM alert a {OF.format('a')} WHERE {alerts.OPEN} AND {sql.chosen()}"
    past = f"FROM alert_change c {OF.format('c')} WHERE $__timeFilter(c.at) AND NOT c.drill AND {sql.chosen()}"
    grave = Severity.MAJOR.value
    heads = (
        _one(
            "grave",
            Said("重大及以上", "Major and above"),
            Said("当前未关闭的重大、特别重大告警。", "Open alerts of the two gravest levels."),
            f"SELECT count(*) AS value {now} AND a.severity >= {grave}",  # our own words
            limits=[(1, RED)],
        ),
        _one(
            "open",
            Said("未关闭告警", "Open alerts"),
            Said("当前未关闭的告警, 含已恢复待关闭。", "Alerts nobody has closed, those that are over as well."),
            f"SELECT count(*) AS value {now}",
            limits=[(1, YELLOW), (10, ORANGE)],
        ),
        _one(
            "unanswered",
            Said("未确认", "Not acknowledged"),
            Said("正在报警而无人确认。", "They burn, and nobody has acknowledged them."),
            f"SELECT count(*) AS value {now} AND a.acknowledged_at IS NULL AND a.phase IN ({ACTIVE})",
            limits=[(1, RED)],
        ),
        _one(
            "raised",
            Said("本时段新增", "Raised in the range"),
            Said("所选时段内发出的告警数。", "Alerts raised within the range."),
            f"SELECT count(*) AS value {past} AND c.kind = 'raised'",  # our own words
            coloured=False,
        ),
        _one(
            "answer",
            Said("确认用时 (中位)", "Time to acknowledge, median"),
            Said(
                "从发出到第一次确认; 未被确认的不在内。",
                "From raised to first acknowledged; those never acknowledged are left out.",
            ),
            f"SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY took) AS value FROM ({alarm_quality.answered()}) AS t",  # noqa: S608
            unit="s",
            limits=[(600, YELLOW), (1800, RED)],
            nothing=Said("无确认", "none"),
        ),
        _one(
            "shelved",
            Said("搁置中", "Shelved"),
            Said("当前被搁置、不通知的告警。", "Shelved alerts, of which nobody is told."),
            f"SELECT count(*) AS value {now} AND a.shelved_until > {END}",
            limits=[(1, YELLOW)],
        ),
    )
    for head in heads:
        made.add(head, width=4, height=4)


def _timeline(words: Words) -> Timeline:
    """Draw how each point stood: as it entered the range, at each change, and at the end."""
    level = f"CASE WHEN after IN ({ACTIVE}) THEN severity WHEN after = 'latched' THEN -1 ELSE 0 END"
    point = f"{sql.named('m', words)} || ' ' || coalesce(r.name, p.rule)"
    rules = sql.values([(name, words.title(code.said)) for name, code in alerts.rule_codes().items()])
    newest = "DISTINCT ON (c.rule, c.meter) c.rule, c.meter, c.at, c.after, c.severity"
    states = (
        f"SELECT {START} AS at, rule, meter, {level} AS level FROM (SELECT {newest} FROM alert_change c "  # noqa: S608  # our own words
        f"WHERE NOT c.drill AND c.at < {START} ORDER BY c.rule, c.meter, c.id DESC) AS before "
        f"UNION ALL SELECT at, rule, meter, {level} FROM alert_change c WHERE NOT c.drill AND $__timeFilter(c.at) "
        f"UNION ALL SELECT {END}, rule, meter, {level} FROM (SELECT {newest} FROM alert_change c "
        f"WHERE NOT c.drill AND c.at <= {END} ORDER BY c.rule, c.meter, c.id DESC) AS last"
    )
    lively = (
        "SELECT rule, meter FROM states GROUP BY rule, meter HAVING bool_or(level <> 0) "  # noqa: S608  # our own words
        f"ORDER BY max(at) DESC LIMIT {POINTS}"
    )
    codes = {"0": Code(Said("正常", "Calm"), GREEN), "-1": Code(Said("已恢复待关闭", "Over, to be closed"), BLUE)}
    return Timeline(
        key="points",
        title=Said("各探测点与规则的状态", "How each point stood, by rule"),
        about=Said(
            f"时段内有过告警的点与规则 (至多 {POINTS} 条); 颜色为级别, 蓝色为已恢复待关闭。",
            f"Points and rules that burned within the range ({POINTS} at most), coloured by severity; blue is over and "
            "to be closed.",
        ),
        asks=[
            asked(
                f"WITH states AS ({states}) SELECT p.at AS time, {point} AS metric, p.level AS value "  # noqa: S608  # our own words
                f"FROM states p JOIN ({lively}) AS l USING (rule, meter) JOIN meter m ON m.id = p.meter "
                f"JOIN enterprise e ON e.id = m.enterprise LEFT JOIN {rules} AS r(id, name) ON r.id = p.rule "
                f"WHERE {sql.chosen()} ORDER BY p.at",
                table=False,
            )
        ],
        codes={**codes, **alerts.SEVERITIES},
        nothing=Said("时段内没有告警", "no alert within the range"),
    )


def _open(words: Words) -> Table:
    return Table(
        key="table",
        title=Said("未关闭的告警", "Open alerts"),
        about=Said(
            "最重、最早的在前。点规则进入控制台确认、指派、搁置; 点设备看曲线。",
            "The gravest and oldest first.  A rule leads to the console, where it is acknowledged, assigned and "
            "shelved; a meter leads to its curves.",
        ),
        asks=[alerts.open_alerts(words, cared=True)],
        columns=[*alerts.open_columns(), Column(alerts.CARED["acknowledged_at"], unit="moment", width=150)],
        doors=[alerts.door()],
        nothing=Said("没有未关闭的告警", "nothing is open"),
    )


def _curve(name: str) -> Curve:
    metric = metrics()[name]
    return Curve(
        key=name,
        title=Said(metric.zh, metric.en),
        about=Said(
            "各探测器每个步长内的最大值, 不被平均抹平; 虚线为自带规则的报警值。",
            "Each detector's highest value of each step, which no mean smooths; dashed: the rules' set points.",
        ),
        asks=[_watched(name)],
        unit=metric.unit,
        limits=limits.above(name, Role.DETECTOR),
        steps=metric.kind is Kind.STATE,
        nothing=Said("没有此类探测器", "no such detector"),
    )


def _watched(name: str) -> Target:
    """Ask for the peaks of a metric of detectors alone, whose medium is `safety`."""
    where = f"{influxql.picked('enterprise')} AND $timeFilter"
    return influxql.ask(
        f'SELECT max("{name}${{peak}}) FROM "{Medium.SAFETY}" WHERE {where} '  # noqa: S608  # our own words
        f'GROUP BY time({influxql.STEP}), "meter" fill(none)',
        STORE,
        alias="$tag_meter",
    )

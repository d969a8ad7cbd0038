"""计量设备: what one meter reads, how far that may be trusted, what its registers went through, what is missing."""

from grafana import alerts, influxql, registers, sql, variable
from grafana.board import Board
from grafana.boards.enterprise import MEDIA, ROLES
from grafana.curve import Curve
from grafana.look import GREEN, GREY, ORANGE, RED, YELLOW, Code, Column
from grafana.query import asked
from grafana.registers import END, METER, THIS
from grafana.sources import READINGS, STORE
from grafana.stat import Stat
from grafana.table import Table
from grafana.timeline import Timeline
from grafana.words import Said, Words
from park.metric import Kind, metrics
from park.quality import Quality

UID = "park-meter"
RECENT = "7d"
MULTIPLIER = f"SELECT x.value FROM multiplier x WHERE x.meter = m.id AND x.since <= {END} ORDER BY x.since DESC LIMIT 1"  # noqa: S608
QUALITIES = {
    Quality.UNCERTAIN: Code(Said("存疑", "uncertain"), YELLOW),
    Quality.ESTIMATED: Code(Said("估算", "estimated"), "blue"),
    Quality.SUBSTITUTED: Code(Said("手工替代", "substituted"), "blue"),
    Quality.MAINTENANCE: Code(Said("维护", "maintenance"), ORANGE),
    Quality.CALIBRATION: Code(Said("校准", "calibration"), ORANGE),
    Quality.FAULT: Code(Said("故障", "fault"), RED),
    Quality.STOPPED: Code(Said("停运", "stopped"), GREY),
    Quality.RECEIVE_TIME: Code(Said("以接收时间为准", "receive time"), YELLOW),
    Quality.IMPLAUSIBLE: Code(Said("超出合理范围", "implausible"), RED),
}


def board(words: Words) -> Board:
    """Make the board."""
    made = Board(
        UID,
        words,
        Said("计量设备", "One meter"),
        Said(
            "一台设备的读数、质量、用量、表底与缺口。",
            "One meter: readings, their quality, consumption, its registers, and what is missing.",
        ),
        variables=[
            variable.enterprise(words, many=False),
            variable.meter(words, many=False),
            _metric(words),
            _medium(words),
            registers.register(words),
            variable.peak(),
        ],
        annotations=[alerts.marks(words, f"m.id = {METER}")],
    )
    made.add(_facts(words), width=24, height=4)
    for stat in _counts():
        made.add(stat, width=4, height=4)
    made.row("readings", Said("读数", "Readings"))
    made.add(_readings(), width=24, height=9)
    made.add(_quality(), width=12, height=6).add(_number(), width=12, height=6)
    made.row("used", Said("用量与表底", "Consumption and registers"))
    made.add(registers.used(), width=8).add(registers.covered(), width=8).add(registers.registers(), width=8)
    made.add(registers.epochs(words), width=12, height=9).add(registers.days(words), width=12, height=9)
    made.row("missing", Said("缺口与告警", "Gaps and alerts"))
    made.add(_gaps(words), width=12, height=9).add(_alerts(words), width=12, height=9)
    return made


def _metric(words: Words) -> variable.Variable:
    """Give the box of what the meter measures, gauges before registers."""
    rows = [
        (one.name, f"{words.title(Said(one.zh, one.en))} ({one.unit})", str(int(one.kind is Kind.REGISTER)))
        for one in metrics().values()
    ]
    query = (
        f"SELECT coalesce(t.said, x.name) AS __text, x.name AS __value FROM meter m "  # noqa: S608  # our own
        "CROSS JOIN LATERAL json_array_elements_text(m.metrics) WITH ORDINALITY AS x(name, place) "
        f"LEFT JOIN {sql.values(rows)} AS t(name, said, register) ON t.name = x.name WHERE m.id = {METER} "
        "ORDER BY t.register, x.place"
    )
    return variable.chosen("metric", Said("测量项", "Metric"), words, query, many=False)


def _medium(words: Words) -> variable.Variable:
    query = f"SELECT medium AS __text, medium AS __value FROM meter WHERE id = {METER}"  # noqa: S608  # our own words
    return variable.chosen("medium", Said("介质", "Medium"), words, query, many=False, hidden=True)


def _facts(words: Words) -> Table:
    heads = (
        (sql.named("m", words), Said("设备", "Meter")),
        ("m.id", Said("编号", "Id")),
        (sql.named("e", words), Said("企业", "Enterprise")),
        ("m.role", Said("角色", "Role")),
        ("m.medium", Said("介质", "Medium")),
        ("m.period_ms / 1000.0", Said("上报周期", "Period")),
        (f"({MULTIPLIER})", Said("现行倍率", "Multiplier")),
        ("a.since", Said("首次上报", "First heard")),
        ("a.heard", Said("最近上报", "Last heard")),
    )  # fmt: skip
    columns = ", ".join(f"{value} AS {sql.called(said, words)}" for value, said in heads)
    return Table(
        key="facts",
        title=Said("设备", "Meter"),
        about=Said("台账所记与最近一次上报。", "What the registry says of it, and when it was last heard."),
        asks=[
            asked(
                f"SELECT {columns} FROM meter m JOIN enterprise e ON e.id = m.enterprise "  # noqa: S608  # our own words
                f"LEFT JOIN account a ON a.meter = m.id WHERE m.id = {METER}"
            )
        ],
        columns=[
            Column(heads[3][1], codes=ROLES),
            Column(heads[4][1], codes=MEDIA),
            Column(heads[5][1], unit="s"),
            Column(heads[6][1], unit="1"),
            Column(heads[7][1], unit="moment"),
            Column(heads[8][1], unit="moment"),
        ],
        filters=False,
    )


def _counts() -> list[Stat]:
    """Show the meter's account: what came, what was lost, what was not let in."""
    rows = (
        ("silent", f"extract(epoch FROM {END} - heard)", Said("距最近上报", "Since last heard"), "s", ()),
        ("received", "received", Said("收到报文", "Messages"), "count", ()),
        ("missing", "missing", Said("缺号报文", "Numbers missing"), "count", ((1, YELLOW), (100, RED))),
        ("duplicates", "duplicates", Said("重复报文", "Duplicates"), "count", ((1, YELLOW),)),
        ("restarts", "restarts", Said("设备重启", "Restarts"), "count", ((1, YELLOW),)),
        ("refused", "refused", Said("拒收读数", "Refused"), "count", ((1, YELLOW), (100, RED))),
    )
    return [
        Stat(
            key=key,
            title=said,
            about=Said(
                "自首次上报以来的累计, 由采集服务逐报文记账。",
                "Since it was first heard, as the collector counts message by message.",
            ),
            asks=[asked(f"SELECT {value} AS value FROM account WHERE meter = {METER}")],  # noqa: S608  # our own words
            unit=unit,
            limits=limits,
            nothing=Said("从未上报", "never heard"),
        )
        for key, value, said, unit, limits in rows
    ]


def _readings() -> Curve:
    where = f'FROM "$medium" WHERE {THIS} AND $timeFilter GROUP BY time({influxql.STEP}) fill(none)'
    return Curve(
        key="readings",
        title=Said("${metric:text}", "${metric:text}"),
        about=Said(
            "所选测量项每个步长内的均值与最大值; 缺口处不连线外推。步长与来源随时段: 6 小时内为原始读数。",
            "Mean and highest value of the chosen metric by step; the step and the store follow the range, up to six "
            "hours are readings themselves.",
        ),
        asks=[
            influxql.ask(f'SELECT mean("$metric") {where}', STORE, alias="mean"),
            influxql.ask(f'SELECT max("$metric${{peak}}) {where}', STORE, alias="max"),
        ],
        unit="1",
        columns=[Column(Said("max", "max"), color=GREY, dashed=True)],
    )


def _quality() -> Timeline:
    codes = {"0": Code(Said("有效", "good"), GREEN)} | {str(int(flag)): code for flag, code in QUALITIES.items()}
    return Timeline(
        key="quality",
        title=Said("读数质量 (近 7 天)", "Quality of readings, 7 days"),
        about=Said(
            "每 15 分钟内最差的标记; 绿为有效, 空白为没有读数。数字为几种标记之和。",
            "The worst mark of each quarter of an hour; green is good, blank is no reading. A number is several marks.",
        ),
        asks=[influxql.ask(_worst(), READINGS, alias="${metric:text}")],
        codes=codes,
        at_least="15m",
        look_back=RECENT,
    )


def _worst() -> str:
    """Write the worst mark of each quarter; a reading without any has no field of marks, and counts as good."""
    where = f'FROM "$medium" WHERE {THIS} AND $timeFilter'
    marked = f'SELECT "${{metric}}_q" * 1.0 AS q {where}'
    heard = f'SELECT 0.0 * "$metric" AS q {where}'
    return f"SELECT max(q) FROM ({marked}), ({heard}) WHERE $timeFilter GROUP BY time(15m) fill(null)"  # noqa: S608


def _number() -> Curve:
    return Curve(
        key="number",
        title=Said("每小时读数个数 (近 7 天)", "Readings an hour, 7 days"),
        about=Said("原始读数的个数: 缺口一看便知。", "How many readings came: gaps are seen at once."),
        asks=[
            influxql.ask(
                f'SELECT count("$metric") FROM "$medium" WHERE {THIS} AND $timeFilter GROUP BY time(1h) fill(0)',  # noqa: S608
                READINGS,
                alias="${metric:text}",
            )
        ],
        unit="count",
        bars=True,
        look_back=RECENT,
    )


def _gaps(words: Words) -> Table:
    heads = (
        ("(g ->> 2)::timestamptz", Said("此前收到", "Heard before")),
        ("(g ->> 3)::timestamptz", Said("此后收到", "Heard after")),
        ("(g ->> 0)::bigint", Said("首个缺号", "First")),
        ("(g ->> 1)::bigint", Said("末个缺号", "Last")),
        ("(g ->> 1)::bigint - (g ->> 0)::bigint + 1", Said("条数", "Messages")),
    )
    columns = ", ".join(f"{value} AS {sql.called(said, words)}" for value, said in heads)
    return Table(
        key="gaps",
        title=Said("报文缺口", "Gaps in its numbers"),
        about=Said(
            "按设备自己的序号: 哪些报文从未到达, 前后各何时收到。",
            "By the device's own numbers: which messages never came, and when those around them did.",
        ),
        asks=[
            asked(
                f"SELECT {columns} FROM account a CROSS JOIN LATERAL json_array_elements(a.gaps) AS g "  # noqa: S608
                f"WHERE a.meter = {METER} ORDER BY 2 DESC"
            )
        ],
        columns=[
            Column(heads[0][1], unit="moment"),
            Column(heads[1][1], unit="moment"),
            *(Column(said, unit="count") for _, said in heads[2:]),
        ],
        nothing=Said("没有缺口", "no gaps"),
    )


def _alerts(words: Words) -> Table:
    heads = (
        ("c.at", Said("时间", "At")),
        ("c.severity", alerts.SEVERITY),
        ("c.rule", alerts.RULE),
        ("c.after", alerts.PHASE),
        ("c.value", alerts.VALUE),
        ("c.who", Said("经手", "By")),
    )
    columns = ", ".join(f"{value} AS {sql.called(said, words)}" for value, said in heads)
    return Table(
        key="alerts",
        title=Said("告警经过", "What became of its alerts"),
        about=Said("此设备时段内每次变化, 新的在前。", "Each change within the range, the newest first."),
        asks=[
            asked(
                f"SELECT {columns} FROM alert_change c WHERE c.meter = {METER} AND $__timeFilter(c.at) "  # noqa: S608
                "ORDER BY c.id DESC LIMIT 200"
            )
        ],
        columns=[
            Column(heads[0][1], unit="moment"),
            Column(alerts.SEVERITY, codes=alerts.SEVERITIES),
            Column(alerts.RULE, codes=alerts.rule_codes()),
            Column(alerts.PHASE, codes=alerts.PHASES),
            Column(alerts.VALUE, unit="1", decimals=2),
        ],
        nothing=Said("时段内没有", "none within the range"),
    )

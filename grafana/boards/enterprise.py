"""企业: everything of one enterprise."""

from grafana import alerts, influxql, links, month, ranking, sql, variable
from grafana.board import Board
from grafana.curve import Curve
from grafana.influxql import BOUNDARY
from grafana.limits import below
from grafana.look import GREEN, RED, YELLOW, Code, Codes, Column
from grafana.query import asked
from grafana.table import Table
from grafana.words import Said, Words
from park.carrier import carriers
from park.figure import State
from park.indicator import indicators
from park.metric import Medium
from park.place import Role

SELF = ("enterprise", "enterprise")
HEAD = ("value_added", "energy", "co2", "energy_productivity", "carbon_productivity")
FUELS = ("natural_gas", "steam", "heat")
STATES: Codes = {
    State.FINAL: Code(Said("定稿", "Final"), GREEN),
    State.PROVISIONAL: Code(Said("暂定", "Provisional"), YELLOW),
}
ROLES: Codes = {
    Role.BOUNDARY: Code(Said("总表", "Boundary")),
    Role.SUB: Code(Said("分表", "Sub-meter")),
    Role.GENERATION: Code(Said("发电", "Generation")),
    Role.OUTLET: Code(Said("排口", "Outlet")),
    Role.DETECTOR: Code(Said("探测器", "Detector")),
}
MEDIA: Codes = {
    Medium.ELECTRICITY: Code(Said("电", "Electricity")),
    Medium.WATER: Code(Said("水", "Water")),
    Medium.GAS: Code(Said("气", "Gas")),
    Medium.STEAM: Code(Said("蒸汽", "Steam")),
    Medium.HEAT: Code(Said("热", "Heat")),
    Medium.EMISSION: Code(Said("废气", "Emission")),
    Medium.SAFETY: Code(Said("安全", "Safety")),
}


def board(words: Words) -> Board:
    """Make the board."""
    made = Board(
        "park-enterprise",
        words,
        Said("企业", "One enterprise"),
        Said(
            "一家企业的全部: 月度数据与怎么来的、负荷与用量、设备、告警。",
            "Everything of one enterprise: monthly figures and how they came about, load and consumption, meters, "
            "alerts.",
        ),
        start="now-7d",
        variables=[
            variable.enterprise(words, many=False),
            variable.basis(words),
            variable.term(words, "electricity", "enterprise", "${enterprise}"),
            variable.boundary(),
        ],
        annotations=[alerts.marks(words)],
    )
    for name in HEAD:
        made.add(month.number(name, name, *SELF, words, decimals=3 if indicators()[name].ratio else 0), 4, 4)
    made.add(month.covered("coverage", *SELF, words, names=["electricity"]), 4, 4)
    made.row("load", Said("负荷与用量", "Load and consumption"))
    made.add(_load(), 12, 9).add(_used("electricity"), 12, 9)
    made.add(_used("water"), 12, 8).add(_used(*FUELS), 12, 8)
    made.add(_power_factor(), 12, 8).add(_split(), 12, 8)
    made.row("figures", Said("月度数据", "Monthly figures"))
    made.add(_figures(words), 14, 12)
    made.add(month.against_last_year("year", "electricity", *SELF, words), 10, 12)
    made.row("meters", Said("设备与告警", "Meters and alerts"))
    return made.add(_meters(words), 14, 10).add(_alerts(words), 10, 10)


def _load() -> Curve:
    return Curve(
        key="load",
        title=Said("负荷", "Load"),
        about=Said(
            "本企业各电力总表的有功功率 (图例为设备编号), 数据源随时间范围变化; 标记为告警。",
            "The power of each of its boundary meters, by its id, from the source that fits the range; marks are "
            "alerts.",
        ),
        asks=[
            influxql.readings("p", BOUNDARY, by=[influxql.METER], alias="$tag_meter"),
        ],
        unit="kW",
        fill=20,
        links=(
            links.to_board(
                "park-meter",
                Said("该设备", "This meter"),
                "var-enterprise=${enterprise}&var-meter=${__field.labels.meter}",
            ),
        ),
    )


def _used(*names: str) -> Curve:
    rows = [carriers()[name] for name in names]
    return Curve(
        key=f"used-{names[0]}",
        title=Said("、".join(row.zh for row in rows), ", ".join(row.en for row in rows)),
        about=Said(
            "总表每 15 分钟、每小时或每日的用量 (随时间范围), 含估计部分; 缺失的时段没有柱, 没有这种表的企业没有数据。",
            "What went through its boundary meters in each quarter, hour or day, as the range asks, estimated parts "
            "included; where it is missing there is no bar, and none at all without such a meter.",
        ),
        asks=[influxql.used(BOUNDARY, influxql.carrier(row.name), alias=f"{row.zh} / {row.en}") for row in rows],
        unit=rows[0].unit,
        columns=[Column(Said(*[f"{row.zh} / {row.en}"] * 2), unit=row.unit) for row in rows],
        bars=True,
        at_least="15m",
        nothing=Said("没有该品种的总表或用量", "no such boundary meter, or nothing used"),
    )


def _power_factor() -> Curve:
    low = below("pf", Role.BOUNDARY)
    return Curve(
        key="power-factor",
        title=Said("功率因数", "Power factor"),
        about=Said(
            "各电力总表的功率因数; 虚线为自带规则的考核值, 低于它且负荷不小时告警。",
            "The power factor of each boundary meter; the dashed line is the assessed value of the shipped rules, "
            "below which there is an alert unless the load is small.",
        ),
        asks=[influxql.readings("pf", BOUNDARY, by=[influxql.METER], alias="$tag_meter")],
        unit="1",
        decimals=2,
        base=low[0][1] if low else GREEN,
        limits=[(limit, GREEN) for limit, _ in low[-1:]],
        least=0,
        most=1,
    )


def _split() -> Curve:
    return Curve(
        key="split",
        title=Said("各电表用电", "Electricity of each meter"),
        about=Said(
            "总表、分表与发电表各自的用量 (图例为设备编号), 不叠加: 分表包含在总表之内, 差额为线损与未装分表的部分。",
            "What each meter counted, by its id, and not stacked: sub-meters are within the boundary, the difference "
            "is loss and what has no sub-meter.",
        ),
        asks=[
            influxql.used(
                influxql.picked("enterprise"),
                influxql.carrier("electricity"),
                by=[influxql.METER],
                alias="$tag_meter",
            )
        ],
        unit="kWh",
        steps=True,
        fill=0,
    )


def _figures(words: Words) -> Table:
    name, value, unit = Said("指标", "Indicator"), Said("数值", "Value"), Said("单位", "Unit")
    state, revision = Said("状态", "State"), Said("修订", "Revision")
    rows = [(one.name, words.title(Said(one.zh, one.en)), one.unit) for one in indicators().values()]
    when = f"last_month IN ({sql.CHOSEN}, {sql.CHOSEN} - {month.YEAR})"
    source = sql.figures("enterprise", indicators(), month.of(*SELF), when, columns="revision")
    now = f"last_month = {sql.CHOSEN}"
    this = f"max(value) FILTER (WHERE {now})"
    then = f"nullif(max(value) FILTER (WHERE NOT {now} AND {month.ENOUGH}), 0)"
    query = (
        f"SELECT i.name AS {sql.called(name, words)}, {this} AS {sql.called(value, words)}, "  # noqa: S608  # our own words
        f"i.unit AS {sql.called(unit, words)}, {this} / {then} - 1 AS {sql.called(month.GROWTH, words)}, "
        f"max(measured + estimated) FILTER (WHERE {now}) AS {sql.called(month.COVERAGE, words)}, "
        f"max(state) FILTER (WHERE {now}) AS {sql.called(state, words)}, "
        f"max(revision) FILTER (WHERE {now}) AS {sql.called(revision, words)}, "
        f"max(figure) FILTER (WHERE {now}) AS figure "
        f"FROM {source} JOIN {sql.values(rows)} AS i(id, name, unit) ON i.id = f.indicator "
        "GROUP BY i.id, i.name, i.unit HAVING count(value) > 0 ORDER BY min(f.figure)"
    )
    return Table(
        key="figures",
        title=Said("本月各项数据", "The figures of the month"),
        about=Said(
            "所选月份本企业的全部已发布数据: 数值、同比、覆盖率、状态与修订次数 (0 为当月未完)。"
            "点数值看公式、因子与读数。",
            "Every published figure of it in the chosen month with change on the year, coverage, state and revision (0 "
            "while the month runs). A number leads to its formula, factors and readings.",
        ),
        asks=[asked(query)],
        columns=[
            Column(name, width=240),
            Column(value, unit="1", decimals=3, links=(links.explained("figure"),)),
            Column(unit, width=90),
            Column(month.GROWTH, unit="share", decimals=1, width=90),
            Column(month.COVERAGE, unit="share", decimals=1, limits=month.COVERED, width=90),
            Column(state, codes=STATES, width=80),
            Column(revision, unit="1", decimals=0, width=70),
            Column(Said("figure", "figure"), hidden=True),
        ],
    )


def _meters(words: Words) -> Table:
    name, medium, role = Said("设备", "Meter"), Said("介质", "Medium"), Said("位置", "Role")
    heard, received, lost = Said("最后报文", "Last heard"), Said("收到", "Received"), Said("丢失", "Missing")
    refused, burning = Said("拒收", "Refused"), Said("告警", "Alerts")
    query = (
        f"SELECT {sql.named('m', words)} AS {sql.called(name, words)}, m.medium AS {sql.called(medium, words)}, "  # noqa: S608  # our own words
        f"m.role AS {sql.called(role, words)}, c.heard AS {sql.called(heard, words)}, "
        f"c.received AS {sql.called(received, words)}, c.missing AS {sql.called(lost, words)}, "
        f"c.refused AS {sql.called(refused, words)}, "
        f"(SELECT count(*) FROM alert a WHERE a.meter = m.id AND {alerts.OPEN}) AS {sql.called(burning, words)}, "
        "m.id AS meter, m.enterprise AS enterprise FROM meter m LEFT JOIN account c ON c.meter = m.id "
        "WHERE m.enterprise = '${enterprise}' ORDER BY m.position"
    )
    return Table(
        key="meters",
        title=Said("设备", "Meters"),
        about=Said(
            "本企业的设备, 最后一条报文的时间, 累计收到、按序号丢失与拒收的报文, 与未恢复告警数; "
            "点设备看原始数据与断档。",
            "Its meters, when each was last heard, messages received, missing by their numbers and refused, and open "
            "alerts; a name leads to its readings and gaps.",
        ),
        asks=[asked(query)],
        columns=[
            Column(name, links=(links.to_meter("enterprise", "meter"),), width=200),
            Column(medium, codes=MEDIA, width=80),
            Column(role, codes=ROLES, width=80),
            Column(heard, unit="ago", width=130),
            *(Column(said, unit="count", decimals=0) for said in (received, lost, refused)),
            Column(burning, unit="count", decimals=0, limits=((0, GREEN), (1, RED)), width=70),
            Column(Said("meter", "meter"), hidden=True),
            Column(ranking.ID, hidden=True),
        ],
    )


def _alerts(words: Words) -> Table:
    return Table(
        key="alerts",
        title=Said("未恢复告警", "Open alerts"),
        about=Said(
            "本企业未恢复的告警, 最重、最早的在前; 点规则到控制台处理。",
            "Its open alerts, the gravest and oldest first; a rule leads to the console, where it is seen to.",
        ),
        asks=[alerts.open_alerts(words)],
        columns=alerts.open_columns(),
        filters=False,
        nothing=Said("没有未恢复的告警", "No alert is open"),
        doors=(alerts.door(), links.to_board("park-overview", Said("回到园区", "Back to the park"))),
    )

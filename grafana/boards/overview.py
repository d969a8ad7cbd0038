"""园区总览: the wall.  What the park makes, uses and emits, how that stands against the plan, and what burns now."""

from grafana import alerts, influxql, links, month, sql, variable
from grafana.alerts import ENTERPRISE
from grafana.bars import Bars
from grafana.board import Board
from grafana.curve import Curve
from grafana.limits import above
from grafana.look import BLUE, GREEN, ORANGE, RED, YELLOW, Column
from grafana.query import asked
from grafana.stat import Stat
from grafana.table import Table
from grafana.words import Said, Words
from park.place import Role
from park.target import plan_items

PARK = ("park", "park")
ONLINE = 3
"""A meter is online while its last message is no older than so many of its own periods, five minutes at least."""


def board(words: Words) -> Board:
    """Make the board: it fits a screen of 1920 × 1080 in kiosk mode."""
    made = Board(
        "park-overview",
        words,
        Said("园区总览", "The park at a glance"),
        Said(
            "大屏: 产出、能耗、碳排放与强度按所选月份的已发布数据, 负荷与告警为实时。",
            "For the wall: output, energy, carbon and intensity by published figures of the chosen month; load and "
            "alerts as they are now.",
        ),
        start="now/d",
        variables=[
            variable.park(words),
            variable.enterprise(words),
            variable.basis(words),
            variable.term(words, "energy_productivity"),
            variable.boundary(),
        ],
        annotations=[alerts.marks(words)],
    )
    for name, decimals in (
        ("value_added", 0),
        ("energy", 0),
        ("co2", 0),
        ("energy_productivity", 2),
        ("carbon_productivity", 2),
    ):
        made.add(month.number(name, name, *PARK, words, decimals=decimals), 4, 4)
    made.add(month.covered("coverage", *PARK, words), 4, 4)
    made.add(_live(), 4, 4).add(_used("electricity", "kWh"), 4, 4).add(_used("water", "m³"), 4, 4)
    made.add(month.number("nox", "nox", *PARK, words, decimals=3), 4, 4).add(_online(words), 4, 4)
    made.add(_open(words), 4, 4)
    made.add(_load(), 9, 9).add(month.against_last_year("plan", "energy_productivity", *PARK, words), 8, 9)
    made.add(_ranking(words), 7, 9)
    return made.add(_plan(words), 9, 9).add(_alerts(words), 8, 9).add(_outlets(), 7, 9)


def _live() -> Stat:
    return Stat(
        key="live",
        title=Said("实时负荷", "Load now"),
        about=Said(
            "各总表最近 15 分钟内最新有功功率之和; 静默的总表不计入。",
            "The newest power of each boundary meter of the last 15 minutes, summed; a silent one is not in it.",
        ),
        asks=[influxql.live_load()],
        unit="kW",
        look_back="15m",
        graph=False,
        base=BLUE,
    )


def _used(carrier: str, unit: str) -> Stat:
    said = {"electricity": Said("时段用电", "Electricity used"), "water": Said("时段用水", "Water used")}[carrier]
    where = (influxql.picked("park"), influxql.BOUNDARY, influxql.carrier(carrier))
    return Stat(
        key=f"used-{carrier}",
        title=said,
        about=Said(
            "所选时间范围内开始的时段 (15 分钟、小时或整日, 随范围) 的总表用量之和, 含估计部分; "
            "缺失时段不计入, 不当作 0。",
            "What went through the boundary meters in the slots (quarters, hours or whole days, as the range asks) "
            "that begin within it, estimated parts included; what is missing is not in it and is not 0.",
        ),
        asks=[influxql.used(*where, every=None)],
        unit=unit,
        base=BLUE,
        links=(links.to_board("park-energy", Said("用能", "Energy use")),),
    )


def _online(words: Words) -> Stat:
    alive = (
        "a.heard > to_timestamp($__unixEpochTo()) "
        f"- greatest(interval '5 minutes', m.period_ms * {ONLINE} * interval '1 millisecond')"
    )
    share = Said("在线率", "Online")
    return Stat(
        key="online",
        title=Said("设备在线率", "Meters online"),
        about=Said(
            f"最后一条报文不早于自身周期 {ONLINE} 倍 (至少 5 分钟) 的设备占比; 从未上报的也在分母中。",
            f"The share of meters whose last message is no older than {ONLINE} of their own periods, five minutes at "
            "least; those never heard count as well.",
        ),
        asks=[
            asked(
                f"SELECT avg(CASE WHEN {alive} THEN 1.0 ELSE 0.0 END) AS {sql.called(share, words)} "  # noqa: S608  # our own words
                f"FROM meter m JOIN enterprise e ON e.id = m.enterprise LEFT JOIN account a ON a.meter = m.id "
                f"WHERE e.park = '${{park}}' AND {sql.chosen()}"
            )
        ],
        unit="share",
        decimals=1,
        limits=((0.8, ORANGE), (0.95, YELLOW), (0.99, GREEN)),
        base=RED,
        links=(links.to_board("park-quality", Said("数据质量", "Data quality")),),
    )


def _open(words: Words) -> Stat:
    every, waiting = Said("未恢复", "Open"), Said("未确认", "Not acknowledged")
    return Stat(
        key="open",
        title=Said("告警", "Alerts"),
        about=Said(
            "正在报警、恢复中或待关闭的告警数, 及其中尚无人确认的; 演练不计。",
            "Alerts that burn, are clearing or wait to be closed, and how many of them nobody has acknowledged; drills "
            "do not count.",
        ),
        asks=[
            asked(
                f"SELECT count(*) AS {sql.called(every, words)}, "  # noqa: S608  # our own words
                f"count(*) FILTER (WHERE a.acknowledged_at IS NULL) AS {sql.called(waiting, words)} "
                "FROM alert a JOIN meter m ON m.id = a.meter JOIN enterprise e ON e.id = m.enterprise "
                f"WHERE {alerts.OPEN} AND e.park = '${{park}}' AND {sql.chosen()}"
            )
        ],
        names=True,
        limits=((1, ORANGE), (5, RED)),
        doors=(alerts.door(),),
    )


def _load() -> Curve:
    return Curve(
        key="load",
        title=Said("园区负荷", "Load of the park"),
        about=Said(
            "各总表有功功率之和; 数据源随时间范围取原始、15 分钟、小时或日均值。标记为告警。",
            "The power of all boundary meters together, from readings, quarters, hours or days as the range asks. "
            "Marks are alerts.",
        ),
        asks=[influxql.boundary_load(alias="kW")],
        unit="kW",
        fill=25,
        doors=(links.to_board("park-energy", Said("用能", "Energy use")),),
    )


def _ranking(words: Words) -> Bars:
    used = Said("综合能耗", "Energy")
    query = (
        f"SELECT {sql.named('e', words)} AS {sql.called(ENTERPRISE, words)}, "  # noqa: S608  # our own words
        f"max(f.value) AS {sql.called(used, words)}, e.id AS enterprise "
        f"FROM {sql.figures('enterprise', ['energy'], f'last_month = {sql.CHOSEN}')} "
        f"JOIN enterprise e ON e.id = f.subject WHERE e.park = '${{park}}' AND {sql.chosen()} AND f.value IS NOT NULL "
        "GROUP BY e.id ORDER BY 2 DESC LIMIT 10"
    )
    return Bars(
        key="ranking",
        title=Said("企业综合能耗前十", "Ten largest users of energy"),
        about=Said(
            "所选月份综合能源消费量最大的十家, 取已发布数据的最新修订; 无数的企业不列。",
            "The ten enterprises with the largest energy of the chosen month by the newest revision; one without a "
            "figure is not listed.",
        ),
        asks=[asked(query)],
        unit="tce",
        decimals=1,
        links=(links.to_enterprise("enterprise"),),
        doors=(links.to_board("park-intensity", Said("亩均与强度", "Intensity")),),
    )


def _plan(words: Words) -> Table:
    item, goal, value = Said("指标", "Item"), Said("目标", "Goal"), Said("实绩", "Reached")
    benchmark, unit, note = Said("基准", "Benchmark"), Said("单位", "Unit"), Said("计划原文", "The plan's words")
    rows = [
        (one.name, words.title(Said(one.zh, one.en)), one.unit, words.title(Said(one.text, one.text_en)),
         "" if one.goal is None else str(one.goal), one.computed or "")
        for one in plan_items().values()
    ]  # fmt: skip
    computed = [
        one.computed for one in plan_items().values() if one.computed in {"energy_productivity", "carbon_productivity"}
    ]
    target = (
        "(SELECT DISTINCT ON (item) item, goal, benchmark, value FROM plan_target WHERE park = '${park}' "
        "AND year = left('${term}', 4)::int ORDER BY item, revision DESC) AS t"
    )
    figure = sql.figures("park", [str(one) for one in computed], month.of(*PARK), f"last_month = {sql.CHOSEN}")
    query = (
        f"SELECT p.name AS {sql.called(item, words)}, "  # noqa: S608  # our own words
        f"coalesce(t.goal, nullif(p.goal, '')) AS {sql.called(goal, words)}, "
        f"t.benchmark AS {sql.called(benchmark, words)}, "
        f"coalesce(t.value, round(f.value::numeric, 2)::text) AS {sql.called(value, words)}, "
        f"p.unit AS {sql.called(unit, words)}, p.words AS {sql.called(note, words)} "
        f"FROM {sql.values(rows)} AS p(item, name, unit, words, goal, computed) "
        f"LEFT JOIN {target} ON t.item = p.item LEFT JOIN {figure} ON f.indicator = p.computed"
    )
    return Table(
        key="targets",
        title=Said("年度计划", "The plan of the year"),
        about=Said(
            "计划各项的目标、基准与实绩: 录入的为录入值, 单位能耗与单位碳排放增加值未录入时取所选月份数据。",
            "Goal, benchmark and what was reached of each item: as entered; value added per energy and per CO2 are "
            "those of the chosen month where nothing was entered.",
        ),
        asks=[asked(query)],
        columns=[Column(goal, width=70), Column(benchmark, width=70), Column(value, width=80), Column(unit, width=90)],
        filters=False,
        doors=(links.to_console("/targets", Said("年度计划", "The plan")),),
    )


def _alerts(words: Words) -> Table:
    return Table(
        key="alerts",
        title=Said("未恢复告警", "Open alerts"),
        about=Said(
            "最重、最早的在前, 至多 50 条; 点规则到控制台处理。",
            "The gravest and oldest first, 50 at most; a rule leads to the console, where it is seen to.",
        ),
        asks=[alerts.open_alerts(words, "e.park = '${park}'", limit=50)],
        columns=alerts.open_columns(),
        filters=False,
        nothing=Said("没有未恢复的告警", "No alert is open"),
        doors=(alerts.door(), links.to_board("park-safety", Said("安全", "Safety"))),
    )


def _outlets() -> Curve:
    limits = above("nox_zs", Role.OUTLET)
    return Curve(
        key="outlets",
        title=Said("排口氮氧化物 (折算)", "NOx of outlets, at reference oxygen"),
        about=Said(
            "各排口折算浓度; 虚线为自带规则的参考限值, 以各排口的排污许可证为准。",
            "Concentration of each outlet; the dashed lines are the shipped rules' reference, the permit of each "
            "outlet decides.",
        ),
        asks=[
            influxql.readings("nox_zs", influxql.picked("park", "enterprise"), by=[influxql.METER], alias="$tag_meter")
        ],
        unit="mg/m³",
        limits=limits,
        doors=(links.to_board("park-emission", Said("排放与环保", "Emissions")),),
    )

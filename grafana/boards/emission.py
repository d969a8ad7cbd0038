"""排放与环保: what leaves by chimneys and drains, held against limits, and how much of it was validly measured."""

from collections.abc import Sequence

from grafana import alerts, influxql, limits, links, sql, variable
from grafana.board import Board
from grafana.curve import Curve
from grafana.look import ORANGE, RED, Column
from grafana.query import Target, asked
from grafana.sources import DAYS, HOURS, SLOTS
from grafana.stat import Gauges, Stat
from grafana.table import Table
from grafana.words import Said, Words
from park.evaluation.assembly import POLLUTANTS as MAIN
from park.metric import metrics
from park.place import Role
from park.pollutant import POLLUTANTS

UID = "park-emission"
REFERENCE = Said(
    "虚线为随附规则的参考限值, 以各排口排污许可证为准。",
    "Dashed: the limits of the shipped rules, for reference; the permit of each outlet decides.",
)
HOURLY = Said(
    "小时均值; 没有读数的小时为空, 停炉时段的读数仍画出。",
    "Means of whole hours; an hour without readings is empty, and what was read while a furnace was out is drawn.",
)
VALID = Said(
    "每日排放量核算中真正测得的时间占比, 对各污染物平均; 维护、校准、故障、停炉时段不算, 整日无数据的日子不在内。",
    "The share of each day that was really measured in the masses let out, averaged over pollutants; maintenance, "
    "calibration, faults and standstill do not count, and days without any data are not in it.",
)
AIR = ("so2_zs", "nox_zs", "pm_zs")
WATER = ("cod", "nh3n", "tp", "tn")
ENTERPRISE, MONTHS, COVERED = Said("企业", "Enterprise"), Said("月份", "Month"), Said("有效率", "Valid")
MASSES = f"({' OR '.join(influxql.carrier(name) for name in POLLUTANTS)})"
OUTLETS = influxql.picked("enterprise", "meter")


def board(words: Words) -> Board:
    """Make the board."""
    made = Board(
        UID,
        words,
        Said("排放与环保", "Emissions"),
        Said(
            "排口浓度与限值、有效数据率、污染物排放量。",
            "Outlets against their limits, the share of valid data, and the masses let out.",
        ),
        start="now-7d",
        refresh="5m",
        variables=[variable.enterprise(words), _outlets(words)],
        annotations=[alerts.marks(words, "m.role = 'outlet'")],
    )
    _heads(made)
    made.row("air", Said("废气 (折算浓度)", "Flue gas, at reference oxygen"))
    for name in AIR:
        made.add(_curve(name), width=8)
    made.add(_curve("o2"), width=8).add(_curve("flue_flow"), width=8).add(_over(), width=8)
    made.row("water", Said("废水", "Waste water"))
    for name in WATER:
        made.add(_curve(name), width=6)
    made.add(_curve("ph"), width=8).add(_curve("flow"), width=8).add(_valid(), width=8)
    made.row("masses", Said("排放量", "Masses let out"))
    made.add(_masses(), width=10, height=9).add(_figures(words), width=14, height=9)
    return made


def _outlets(words: Words) -> variable.Variable:
    """Give the box of outlets: all of them are these, and not every meter of an enterprise."""
    made = variable.meter(words, where="m.role = 'outlet'")
    made.all_value = None
    return made


def _heads(made: Board) -> None:
    outlets = f"FROM meter m JOIN enterprise e ON e.id = m.enterprise WHERE m.role = 'outlet' AND {sql.chosen()}"
    made.add(
        Stat(
            key="outlets",
            title=Said("排口", "Outlets"),
            about=Said("所选企业登记的排口数。", "Outlets registered for the chosen enterprises."),
            asks=[asked(f"SELECT count(*) AS value {outlets}")],  # our own words
            coloured=False,
        ),
        width=4,
        height=4,
    )
    made.add(
        Stat(
            key="valid",
            title=Said("有效数据率 (近 30 天)", "Valid data, 30 days"),
            about=VALID,
            asks=[
                influxql.used(
                    OUTLETS,
                    MASSES,
                    what="mean(measured)",
                    every=None,
                    source=DAYS,
                )
            ],
            look_back="30d",
            unit="share",
            decimals=1,
            base=RED,
            limits=[(0.75, ORANGE), (0.9, "green")],
        ),
        width=4,
        height=4,
    )
    of = "FROM alert a JOIN meter m ON m.id = a.meter JOIN enterprise e ON e.id = m.enterprise"
    burning = f"SELECT count(*) AS value {of} WHERE m.role = 'outlet' AND {alerts.OPEN} AND {sql.chosen()}"
    made.add(
        Stat(
            key="burning",
            title=Said("排口未关闭告警", "Open alerts of outlets"),
            about=Said("所选企业排口当前未关闭的告警数。", "Alerts of outlets that nobody has closed yet."),
            asks=[asked(burning)],
            limits=[(1, RED)],
            doors=[alerts.door()],
        ),
        width=4,
        height=4,
    )
    for name in MAIN:
        made.add(
            Stat(
                key=f"sum-{name}",
                title=Said(f"{_said(name).zh}排放量", f"{_said(name).en} let out"),
                about=Said(
                    "所选时段内浓度乘流量的累计, 只计有效时段。",
                    "Concentration times flow over the range, of validly measured time only.",
                ),
                asks=[influxql.used(OUTLETS, influxql.carrier(name), every=None)],
                unit="kg",
                decimals=1,
                coloured=False,
            ),
            width=3,
            height=4,
        )


def _said(name: str) -> Said:
    metric = metrics()[name]
    return Said(metric.zh, metric.en)


def _curve(name: str) -> Curve:
    """Draw the hourly means of each outlet, with the limit that holds for outlets."""
    metric, over = metrics()[name], limits.above(name, Role.OUTLET)
    reference = REFERENCE if over else Said("", "")
    return Curve(
        key=name,
        title=_said(name),
        about=Said(f"{HOURLY.zh}{reference.zh}", f"{HOURLY.en}  {reference.en}".strip()),
        asks=[influxql.readings(name, OUTLETS, by=["meter"], alias="$tag_meter")],
        unit=metric.unit,
        limits=over,
        at_least="1h",
        nothing=Said("所选排口不测此项", "the chosen outlets do not measure it"),
    )


def _over() -> Gauges:
    """Count the hours beyond each limit."""
    return Gauges(
        key="over",
        title=Said("折算小时均值超参考限值的小时数", "Hours beyond the reference limits"),
        about=Said(
            "每台设备折算小时均值高于参考限值的小时数; 不扣除停炉与无效时段, 认定以有效小时为准。",
            "Hours whose mean at reference oxygen is above the reference limit; time out of use or invalid is not "
            "taken out, so it decides nothing.",
        ),
        asks=[_hours_over(name) for name in AIR],
        unit="h",
        nothing=Said("无超限小时", "no hour beyond a limit"),
        limits=[(1, ORANGE), (24, RED)],
    )


def _hours_over(name: str) -> Target:
    """Count them: the server finds nothing where the range, given again outside, begins within an hour."""
    [(limit, _)] = limits.above(name, Role.OUTLET)
    within = influxql.readings(name, OUTLETS, every="1h", by=["meter"], source=HOURS).text
    hours = within.replace(f'mean("{name}")', f'mean("{name}") AS v', 1)
    return influxql.ask(
        f'SELECT count(v) FROM ({hours}) WHERE v > {limit:g} GROUP BY "meter"',  # noqa: S608  # our own words
        HOURS,
        alias=f"$tag_meter {name.removesuffix('_zs')}",
    )


def _valid() -> Curve:
    return Curve(
        key="valid-days",
        title=Said("各排口每日有效数据率", "Valid data by outlet and day"),
        about=VALID,
        asks=[
            influxql.used(
                OUTLETS,
                MASSES,
                what="mean(measured)",
                by=["meter"],
                alias="$tag_meter",
                every="1d",
                source=DAYS,
            )
        ],
        unit="share",
        least=0,
        most=1,
    )


def _masses() -> Curve:
    return Curve(
        key="masses",
        title=Said("污染物排放量", "Masses let out"),
        about=Said("浓度乘流量, 只计有效时段。", "Concentration times flow, of validly measured time only."),
        asks=[
            influxql.used(
                OUTLETS,
                MASSES,
                by=["carrier"],
                alias="$tag_carrier",
                source=SLOTS,
            )
        ],
        unit="kg",
        bars=True,
        stacked=True,
    )


def _figures(words: Words) -> Table:
    """List what each enterprise let out in each of the last months, as it was published."""
    names: Sequence[str] = MAIN
    columns = ", ".join(sql.known(name, words) for name in names)
    since = f"f.last_month > {sql.month_number(sql.MONTH)} - 3"
    head = f"SELECT {sql.named('e', words)} AS {sql.called(ENTERPRISE, words)}"
    found = sql.figures("enterprise", names).replace("basis IN ('', '${basis}')", "basis = ''")
    return Table(
        key="figures",
        title=Said("各企业排放量 (近三月)", "Masses by enterprise, three months"),
        about=Said(
            "已核算的月度排放量与其有效率; 当月为至今。点企业进入企业看板。",
            "Monthly masses as reckoned, with the share validly measured; the running month is so far.",
        ),
        asks=[
            asked(
                f"{head}, f.term AS {sql.called(MONTHS, words)}, {columns}, "
                f"{sql.coverage()} AS {sql.called(COVERED, words)}, e.id AS enterprise "
                f"FROM {found} JOIN enterprise e ON e.id = f.subject "
                f"WHERE f.value IS NOT NULL AND {since} AND {sql.chosen()} "
                "GROUP BY e.id, f.term ORDER BY f.term DESC, e.position"
            )
        ],
        columns=[
            Column(ENTERPRISE, links=(links.to_enterprise("enterprise"),)),
            *(Column(sql.indicator(name), unit="t", decimals=3) for name in names),
            Column(COVERED, unit="share", decimals=0, bar=True, limits=[(0.75, ORANGE), (0.9, "green")], width=140),
            Column(Said("enterprise", "enterprise"), hidden=True),
        ],
    )

"""用能: load and consumption over time, carriers, hours of the day, and who uses most."""

from grafana import alerts, influxql, links, month, ranking, variable
from grafana.bars import Bars
from grafana.board import Board
from grafana.curve import Curve
from grafana.influxql import BOUNDARY, ENTERPRISE, LARGEST
from grafana.look import Column
from grafana.sources import HOURS, ZONE
from grafana.stat import Stat
from grafana.table import Table
from grafana.words import Said, Words
from park.carrier import Sort, by_medium, carriers
from park.factor import Purpose
from park.factor_table import shipped
from park.units import WrongDimension, conversion

RANKED = ("energy", "electricity", "water", "energy_intensity")
METERED = tuple(carrier.name for carrier in by_medium().values())
ENERGY = tuple(name for name in METERED if carriers()[name].sort is Sort.ENERGY)
STANDARD = "gb2589-2020"
MOST = 20
"""Enterprises whose curves are drawn beside one another."""
HOURS_BACK = 31
"""Days that the hours of the day are averaged over."""


def board(words: Words) -> Board:
    """Make the board."""
    made = Board(
        "park-energy",
        words,
        Said("用能", "Energy use"),
        Said(
            "负荷、各能源品种用量、分时用电与企业排名; 用量只计总表, 分表不重复计。",
            "Load, what is used of each carrier, electricity by the hour, and who uses most; only boundary meters "
            "count, sub-meters are not counted again.",
        ),
        start="now-7d",
        variables=[
            variable.park(words),
            variable.enterprise(words),
            variable.basis(words),
            variable.term(words, "energy"),
            variable.boundary(),
            variable.largest(MOST),
        ],
        annotations=[alerts.marks(words)],
    )
    made.row("load", Said("负荷", "Load"))
    made.add(_load(), 16, 9).add(_total("electricity"), 4, 9).add(_total("water"), 4, 9)
    made.row("carriers", Said("能源品种", "Carriers"))
    made.add(_by_enterprise("electricity"), 12, 9).add(_mix(words), 12, 9)
    for carrier in METERED:
        if carrier != "electricity":
            made.add(_used(carrier), 6, 8)
    made.row("hours", Said("分时", "Hours of the day"))
    made.add(_hours(words), 12, 9).add(month.against_last_year("energy", "energy", "park", "park", words), 12, 9)
    made.row("ranking", Said("企业排名", "Who uses most"))
    return made.add(_ranking(words), 24, 12)


def _load() -> Curve:
    return Curve(
        key="load",
        title=Said("负荷", "Load"),
        about=Said(
            f"全部总表合计, 与所选月份用电最多的 {MOST} 家企业的有功功率 (图例为企业编号); "
            "数据源随时间范围取原始、15 分钟、小时或日均值。标记为告警。",
            f"The power of all boundary meters together, and of the {MOST} enterprises that used most in the chosen "
            "month, by their ids; from readings, quarters, hours or days as the range asks. Marks are alerts.",
        ),
        asks=[
            influxql.boundary_load(alias="合计 / total"),
            influxql.boundary_load(LARGEST, by=[ENTERPRISE], alias="$tag_enterprise"),
        ],
        unit="kW",
        legend_right=True,
        calcs=("mean", "max"),
        columns=[Column(Said("合计 / total", "合计 / total"), color="white")],
    )


def _total(carrier: str) -> Stat:
    row = carriers()[carrier]
    share = "sum(measured) / count(measured)"
    return Stat(
        key=f"total-{carrier}",
        title=Said(f"{row.zh}合计", f"{row.en}, total"),
        about=Said(
            "所选范围内开始的时段 (15 分钟、小时或整日) 的总表用量之和, 及其中各表各时段实测的平均占比; "
            "缺失时段不计入, 不当作 0。",
            "What went through boundary meters in the quarters, hours or whole days that begin within the range, and "
            "the share of their time that was measured; what is missing is not in it and is not 0.",
        ),
        asks=[
            influxql.used(BOUNDARY, influxql.carrier(carrier), every=None, alias="用量 / used"),
            influxql.used(
                BOUNDARY,
                influxql.carrier(carrier),
                what=share,
                every=None,
                alias="实测 / measured",
            ),
        ],
        unit=row.unit,
        names=True,
        coloured=False,
        columns=[Column(Said("实测 / measured", "实测 / measured"), unit="share", decimals=1)],
    )


def _used(carrier: str) -> Curve:
    row = carriers()[carrier]
    return Curve(
        key=f"used-{carrier}",
        title=Said(row.zh, row.en),
        about=_ABOUT_SLOTS,
        asks=[influxql.used(BOUNDARY, influxql.carrier(carrier), alias=f"{row.zh} / {row.en}")],
        unit=row.unit,
        bars=True,
        at_least="15m",
    )


def _by_enterprise(carrier: str) -> Curve:
    row = carriers()[carrier]
    return Curve(
        key=f"each-{carrier}",
        title=Said(f"各企业{row.zh}", f"{row.en} of each enterprise"),
        about=Said(
            f"{_ABOUT_SLOTS.zh}只画所选月份用电最多的 {MOST} 家, 图例为企业编号。",
            f"{_ABOUT_SLOTS.en} Only the {MOST} that used most electricity in the chosen month, by their ids.",
        ),
        asks=[influxql.used(BOUNDARY, LARGEST, influxql.carrier(carrier), by=[ENTERPRISE], alias="$tag_enterprise")],
        unit=row.unit,
        bars=True,
        stacked=True,
        at_least="15m",
        legend_right=True,
    )


_ABOUT_SLOTS = Said(
    "总表每 15 分钟、每小时或每日的用量 (随时间范围), 含估计部分; 缺失的时段没有柱。",
    "What went through boundary meters in each quarter, hour or day, as the range asks, estimated parts included; "
    "where it is missing there is no bar.",
)


def _mix(words: Words) -> Curve:
    """Draw carriers in standard coal: Grafana has no Sankey among its own panels, so the flow is a stack of bars."""
    worth = {one: _worth(one) for one in ENERGY}
    named = "、".join(carriers()[one].zh for one in ENERGY if worth[one] is None)
    missing = ", ".join(carriers()[one].en.lower() for one in ENERGY if worth[one] is None)
    return Curve(
        key="mix",
        title=Said("能源构成 (折标准煤)", "The mix of energy, in standard coal"),
        about=Said(
            f"总表用量按 GB/T 2589-2020 附录当量系数折算, 只看构成; {named}须另定系数, 不在图中。"
            "正式数以发布的综合能源消费量为准。",
            "What went through boundary meters, by the calorific factors of GB/T 2589-2020, to show the mix alone; not "
            f"in it: {missing}, whose factor is each park's own. The figure to quote is the "
            "published one.",
        ),
        asks=[
            influxql.used(
                BOUNDARY,
                influxql.carrier(carrier),
                what=f"sum(amount) * {factor}",
                alias=words.title(Said(carriers()[carrier].zh, carriers()[carrier].en)),
            )
            for carrier, factor in worth.items()
            if factor is not None
        ],
        unit="tce",
        bars=True,
        stacked=True,
        at_least="15m",
    )


def _worth(carrier: str) -> str | None:
    """Give tce of one unit of a carrier by the standard's table; None where it is not in it."""
    unit = carriers()[carrier].unit
    for factor in shipped():
        if (factor.set, factor.key, factor.purpose) == (STANDARD, carrier, Purpose.CALORIFIC):
            try:
                worth = factor.value * conversion(factor.unit, f"tce/{unit}").factor
            except WrongDimension:
                continue
            return f"{worth:.9f}".rstrip("0")
    return None


def _hours(words: Words) -> Bars:
    amount = words.title(Said("平均每小时用电", "Electricity, mean of the hour"))
    query = (
        f'SELECT sum(amount) AS v FROM "interval" WHERE {influxql.KNOWN} AND {BOUNDARY} '  # noqa: S608  # our own words
        f"AND {influxql.carrier('electricity')} AND time >= ${{__to}}ms - {HOURS_BACK}d AND time <= ${{__to}}ms "
        f"GROUP BY time(1h) fill(none) tz('{ZONE}')"
    )
    hour = {"timeField": "Time", "outputFormat": "HH", "timezone": ZONE}
    grouped = {
        "Time": {"aggregations": [], "operation": "groupby"},
        amount: {"aggregations": ["mean"], "operation": "aggregate"},
    }
    return Bars(
        key="hours",
        title=Said("一天之中的用电 (峰谷形状)", "Electricity by the hour of day"),
        about=Said(
            f"范围终点前 {HOURS_BACK} 天每个钟点的平均用电, 站点时区。"
            "平台未录入分时电价, 因此不分尖峰平谷时段, 只看形状。",
            f"The mean of each hour of day over the {HOURS_BACK} days before the end of the range, by the site's "
            "clock. No tariff is kept here, so hours are not named peak or valley: it is the shape that shows.",
        ),
        asks=[influxql.ask(query, HOURS, alias=amount)],
        transforms=[
            ("formatTime", hour),
            ("groupBy", {"fields": grouped}),
            ("sortBy", {"fields": {}, "sort": [{"field": "Time"}]}),
            ("organize", {"renameByName": {f"{amount} (mean)": amount, "Time": words.title(Said("钟点", "Hour"))}}),
        ],
        unit="kWh",
        lying=False,
    )


def _ranking(words: Words) -> Table:
    return Table(
        key="ranking",
        title=Said("各企业用能", "Energy of each enterprise"),
        about=Said(
            "所选月份各企业已发布数据的最新修订, 同比与覆盖率同列; 点数值看它怎么来的, 点企业看它的全部。",
            "The newest revision of each enterprise's figures of the chosen month, with change on the year and "
            "coverage; a number leads to how it came about, a name to everything of that enterprise.",
        ),
        asks=[ranking.by_enterprise(RANKED, words, order="energy")],
        columns=ranking.columns(RANKED, bar="energy"),
        doors=(links.to_console("/energy", Said("控制台: 用能", "In the console")),),
    )

"""碳排放: by scope, by which factors, per value added, and against the budget."""

from grafana import month, ranking, sql, variable
from grafana.alerts import ENTERPRISE
from grafana.bars import Bars
from grafana.board import Board
from grafana.links import to_console, to_enterprise
from grafana.look import ORANGE, RED, YELLOW, Column
from grafana.query import asked
from grafana.table import Table
from grafana.words import Said, Words
from park.budget import Kind
from park.factor_table import sets
from park.indicator import indicators
from park.policy import SETS, Policy

PARK = ("park", "park")
SCOPES = ("co2_fuel", "co2_process", "co2_electricity", "co2_heat")
HEAD = ("co2", "co2_market", "carbon_intensity", "carbon_productivity", "co2_per_tce")
GRID = Policy("").region
RANKED = ("co2", *SCOPES, "carbon_intensity")


def board(words: Words) -> Board:
    """Make the board."""
    made = Board(
        "park-carbon",
        words,
        Said("碳排放", "Carbon"),
        Said(
            "二氧化碳排放按范围、按所用因子集、按单位增加值, 及与预算之比; 均为已发布的月度数据。",
            "CO2 by scope, by which factors, per value added and against the budget; all published monthly figures.",
        ),
        start="now-1y",
        refresh="15m",
        variables=[
            variable.park(words),
            variable.enterprise(words),
            variable.basis(words),
            variable.term(words, "co2"),
        ],
    )
    for name in HEAD:
        made.add(month.number(name, name, *PARK, words, decimals=3 if indicators()[name].ratio else 0), 4, 4)
    made.add(month.covered("coverage", *PARK, words, names=["co2"]), 4, 4)
    made.add(_scopes(words), 15, 10).add(_factors(words), 9, 10)
    made.add(_methods(words), 12, 9)
    made.add(month.against_last_year("intensity", "carbon_intensity", *PARK, words), 12, 9)
    return made.add(_budgets(words), 24, 8).add(_ranking(words), 24, 12)


def _scopes(words: Words) -> Bars:
    return Bars(
        key="scopes",
        title=Said("按来源的排放", "CO2 by source"),
        about=Said(
            "至所选月份的十三个月: 燃料燃烧与工业过程 (范围一), 外购电力与热力 (范围二, 位置法)。取最新修订; "
            "覆盖不足 90 % 的月份不画。",
            "Thirteen months up to the chosen one: fuel and processes (scope 1), electricity and heat that were bought "
            "(scope 2, location-based). The newest revisions; a month of which less than 90 % was covered is not "
            "drawn.",
        ),
        asks=[month.months(*PARK, SCOPES, words)],
        unit="tCO2",
        lying=False,
        stacked=True,
    )


def _methods(words: Words) -> Bars:
    return Bars(
        key="methods",
        title=Said("位置法与市场法", "Location-based and market-based"),
        about=Said(
            "同一用电量按电网平均因子 (位置法) 与按绿电及剩余电力因子 (市场法) 的总排放; 两者之差来自录入的绿色电力。",
            "All CO2 with electricity by the grid's mean factor, and by what was bought as green and the residual; the "
            "difference comes of green electricity that was entered.",
        ),
        asks=[month.months(*PARK, ("co2", "co2_market"), words)],
        unit="tCO2",
        lying=False,
    )


def _factors(words: Words) -> Table:
    name, use = Said("因子集", "Factor set"), Said("用途", "Used for")
    region, revision = Said("电网区域", "Grid"), Said("口径修订", "Revision")
    rows = [
        (one.id, words.title(Said(one.zh, one.en)), words.title(Said(one.zh_use, one.en_use)))
        for one in sets().values()
    ]
    listed = ", ".join(f'"{one}"' for one in SETS)
    policy = (
        "(SELECT region, revision, sets FROM policy WHERE park = '${park}' UNION ALL "  # noqa: S608  # our own words
        f"SELECT '{GRID}', 0, '[{listed}]'::json ORDER BY revision DESC LIMIT 1) AS p"
    )
    query = (
        f"SELECT coalesce(s.name, chosen.id) AS {sql.called(name, words)}, s.use AS {sql.called(use, words)}, "  # noqa: S608  # our own words
        f"p.region AS {sql.called(region, words)}, p.revision AS {sql.called(revision, words)} "
        f"FROM {policy} CROSS JOIN LATERAL json_array_elements_text(p.sets) WITH ORDINALITY AS chosen(id, place) "
        f"LEFT JOIN {sql.values(rows)} AS s(id, name, use) ON s.id = chosen.id ORDER BY chosen.place"
    )
    return Table(
        key="factors",
        title=Said("所用因子集", "The factors behind it"),
        about=Said(
            "园区口径现行修订所选的因子集与电网区域; 修订 0 为出厂口径。每个数所用的因子见其“怎么来的”。",
            "The factor sets and the grid that the park's present policy chose; revision 0 is as shipped. Which factor "
            "stands behind a number is on its own page.",
        ),
        asks=[asked(query)],
        columns=[Column(region, width=90), Column(revision, unit="1", width=80)],
        filters=False,
        doors=(to_console("/factors", Said("因子与口径", "Factors and policy")),),
    )


def _budgets(words: Words) -> Table:
    kind, amount, used = Said("预算", "Budget of"), Said("全年预算", "Of the year"), Said("已用", "Used")
    share, month_of, covered = Said("已用占比", "Share used"), Said("截至", "Up to"), month.COVERAGE
    kinds = {Kind.ENERGY: Said("能耗 (tce)", "Energy (tce)"), Kind.CARBON: Said("碳 (tCO2)", "Carbon (tCO2)")}
    named = sql.values([(one.value, words.title(said)) for one, said in kinds.items()])
    budget = (
        "(SELECT DISTINCT ON (enterprise, kind) enterprise, kind, amount::float8 AS amount FROM budget "
        "WHERE year = left('${term}', 4)::int ORDER BY enterprise, kind, revision DESC) AS b"
    )
    to_date = (
        "(SELECT DISTINCT ON (figure) subject, indicator, value, measured + estimated AS covered, figure "  # noqa: S608  # our own words
        f"FROM figure_revision WHERE scope = 'enterprise' AND term = '{sql.TERM}/ytd' AND indicator IN ('energy', "
        "'co2') AND basis IN ('', '${basis}') ORDER BY figure, revision DESC) AS f"
    )
    query = (
        f"SELECT {sql.named('e', words)} AS {sql.called(ENTERPRISE, words)}, k.name AS {sql.called(kind, words)}, "  # noqa: S608  # our own words
        f"b.amount AS {sql.called(amount, words)}, f.value AS {sql.called(used, words)}, "
        f"f.value / nullif(b.amount, 0) AS {sql.called(share, words)}, f.covered AS {sql.called(covered, words)}, "
        f"'{sql.TERM}' AS {sql.called(month_of, words)}, e.id AS enterprise "
        f"FROM {budget} JOIN enterprise e ON e.id = b.enterprise JOIN {named} AS k(kind, name) ON k.kind = b.kind "
        f"LEFT JOIN {to_date} ON f.subject = b.enterprise AND f.indicator = b.kind "
        f"WHERE b.amount IS NOT NULL AND e.park = '${{park}}' AND {sql.chosen()} ORDER BY 5 DESC NULLS LAST"
    )
    limits = ((0.8, YELLOW), (0.95, ORANGE), (1.0, RED))
    return Table(
        key="budgets",
        title=Said("能耗与碳预算", "Budgets of energy and carbon"),
        about=Said(
            "各企业所选月份所在年度的预算, 与当年截至该月的已用量及其覆盖率; 未到年底, 占比须与时间一起看。",
            "Each enterprise's budget of the chosen month's year, and what of it is used up to that month with its "
            "coverage; before the year is over the share is to be read with the time of year.",
        ),
        asks=[asked(query)],
        columns=[
            Column(ENTERPRISE, links=(to_enterprise("enterprise"),), width=230),
            Column(amount, unit="1", decimals=0),
            Column(used, unit="1", decimals=1),
            Column(share, unit="share", decimals=1, limits=limits),
            Column(covered, unit="share", decimals=1, limits=month.COVERED),
            Column(ranking.ID, hidden=True),
        ],
        filters=False,
        nothing=Said("没有预算; 在控制台的“计划”中录入", "No budget: enter one in the console, under targets"),
        doors=(to_console("/targets", Said("录入预算", "Enter budgets")),),
    )


def _ranking(words: Words) -> Table:
    return Table(
        key="ranking",
        title=Said("各企业碳排放", "CO2 of each enterprise"),
        about=Said(
            "所选月份各企业排放与来源, 已发布数据的最新修订; 点数值看公式、因子与读数, 点企业看它的全部。",
            "CO2 of each enterprise in the chosen month and its sources, by the newest revision; a number leads to its "
            "formula, factors and readings, a name to everything of that enterprise.",
        ),
        asks=[ranking.by_enterprise(RANKED, words, order="co2")],
        columns=ranking.columns(RANKED, bar="co2"),
        doors=(to_console("/carbon", Said("控制台: 碳排放", "In the console")),),
    )

"""亩均与强度: value added against land, energy and carbon; ranking, grade, year on year."""

from grafana import links, month, ranking, sql, variable
from grafana.bars import Bars, Shares
from grafana.board import Board
from grafana.look import BLUE, GREEN, GREY, ORANGE, RED, Code, Codes, Column
from grafana.query import asked
from grafana.table import Table
from grafana.words import Said, Words
from park.industry import DIVISIONS

PARK = ("park", "park")
HEAD = ("value_added", "energy_productivity", "carbon_productivity", "energy_intensity", "water_intensity")
RANKED = ("energy_productivity", "carbon_productivity", "value_added", "energy", "co2")
GRADES: Codes = {
    "A": Code(Said("A 类", "A"), GREEN),
    "B": Code(Said("B 类", "B"), BLUE),
    "C": Code(Said("C 类", "C"), ORANGE),
    "D": Code(Said("D 类", "D"), RED),
}
NONE = Said("未评", "Not graded")
AREA, PER_MU = Said("占地", "Land"), Said("亩均增加值", "Value added per mu")
GRADE, SCORE = Said("评价", "Grade"), Said("总分", "Score")
NEWEST = (
    "(SELECT r.enterprise, r.grade, r.total, r.rank, v.term, v.scheme FROM evaluation_result r JOIN evaluation v "
    "ON v.id = r.evaluation WHERE v.id = (SELECT id FROM evaluation WHERE park = '${park}' "
    "AND at <= to_timestamp($__unixEpochTo()) ORDER BY at DESC, id DESC LIMIT 1)) AS g"
)
"""The results of the evaluation that was kept last, up to the end of the range."""


def board(words: Words) -> Board:
    """Make the board."""
    made = Board(
        "park-intensity",
        words,
        Said("亩均与强度", "Intensity"),
        Said(
            "单位能耗、单位碳排放与亩均的增加值, 企业排名与亩均效益评价等级, 与上年同月之比。",
            "Value added per energy, per CO2 and per mu; enterprises ranked, their grades, and the year before.",
        ),
        start="now-1y",
        refresh="15m",
        variables=[
            variable.park(words),
            variable.enterprise(words),
            variable.basis(words),
            variable.term(words, "energy_productivity"),
        ],
    )
    for name in HEAD:
        made.add(month.number(name, name, *PARK, words, decimals=0 if name == "value_added" else 3), 4, 4)
    made.add(month.covered("coverage", *PARK, words), 4, 4)
    made.add(month.against_last_year("energy-year", "energy_productivity", *PARK, words), 12, 9)
    made.add(month.against_last_year("carbon-year", "carbon_productivity", *PARK, words), 12, 9)
    made.add(_against(words), 14, 12).add(_per_mu(words), 10, 12)
    made.add(_ranking(words), 24, 12)
    return made.add(_grades(words), 6, 10).add(_evaluated(words), 10, 10).add(_industries(words), 8, 10)


def _against(words: Words) -> Bars:
    value, energy = Said("增加值占园区", "Share of value added"), Said("能耗占园区", "Share of energy")

    def share(name: str) -> str:
        return (
            f"max(value) FILTER (WHERE indicator = '{name}') / "
            f"nullif(sum(max(value) FILTER (WHERE indicator = '{name}')) OVER (), 0)"
        )

    source = sql.figures("enterprise", ["value_added", "energy"], f"last_month = {sql.CHOSEN}")
    query = (
        f"SELECT * FROM (SELECT {sql.named('e', words)} AS {sql.called(ranking.ENTERPRISE, words)}, "  # noqa: S608  # our own words
        f"{share('value_added')} AS {sql.called(value, words)}, {share('energy')} AS {sql.called(energy, words)}, "
        "e.id AS enterprise "
        f"FROM {source} JOIN enterprise e ON e.id = f.subject WHERE e.park = '${{park}}' AND {sql.chosen()} "
        f"GROUP BY e.id) AS t WHERE {sql.called(energy, words)} IS NOT NULL ORDER BY 3 DESC LIMIT 24"
    )
    return Bars(
        key="against",
        title=Said("增加值与能耗: 各占多少", "Value added against energy"),
        about=Said(
            "所选月份每家企业占所选企业增加值之和与能耗之和的份额; 能耗份额长于增加值份额的, 强度高于园区。"
            "没有报表的企业增加值无柱。",
            "What each enterprise has of the value added and of the energy of all that are chosen, in the chosen "
            "month; where the bar of energy is the longer one its intensity is above the park's. One without a "
            "statement has no bar of value added.",
        ),
        asks=[asked(query)],
        unit="share",
        decimals=1,
        links=(links.to_enterprise("enterprise"),),
        columns=[Column(value, color="green"), Column(energy, color="orange")],
    )


def _per_mu(words: Words) -> Bars:
    source = sql.figures("enterprise", ["value_added"], f"last_month = {sql.CHOSEN}")
    query = (
        f"SELECT {sql.named('e', words)} AS {sql.called(ranking.ENTERPRISE, words)}, "  # noqa: S608  # our own words
        f"max(f.value) / e.area_mu AS {sql.called(PER_MU, words)}, e.id AS enterprise "
        f"FROM {source} JOIN enterprise e ON e.id = f.subject "
        f"WHERE e.park = '${{park}}' AND {sql.chosen()} AND e.area_mu > 0 AND f.value IS NOT NULL "
        "GROUP BY e.id ORDER BY 2 DESC LIMIT 24"
    )
    return Bars(
        key="per-mu",
        title=Said("亩均增加值 (当月)", "Value added per mu, of the month"),
        about=Said(
            "所选月份工业增加值除以台账中的占地面积; 没有占地面积或没有报表的企业不列。",
            "Value added of the chosen month over the land in the registry; an enterprise without land or without a "
            "statement is not listed.",
        ),
        asks=[asked(query)],
        unit="万元/亩",
        decimals=2,
        links=(links.to_enterprise("enterprise"),),
    )


def _ranking(words: Words) -> Table:
    per_mu = (
        "max(value) FILTER (WHERE indicator = 'value_added' AND last_month = " + sql.CHOSEN + ") / nullif(e.area_mu, 0)"
    )
    more = f"e.area_mu AS {sql.called(AREA, words)}, {per_mu} AS {sql.called(PER_MU, words)}, "
    return Table(
        key="ranking",
        title=Said("企业排名", "Ranking"),
        about=Said(
            "所选月份各企业单位能耗增加值由高到低, 同比为该指标与上年同月之比 (上年同月覆盖不足 90 % 的不比); "
            "缺报表的排在最后。点数值看它怎么来的。",
            "Enterprises of the chosen month by value added per energy, the best first, and that against a year before "
            "unless less than 90 % of it was covered; those without a statement come last. A number leads to how it "
            "came about.",
        ),
        asks=[ranking.by_enterprise(RANKED, words, order="energy_productivity", more=more)],
        columns=[
            *ranking.columns(RANKED, bar="energy_productivity"),
            Column(AREA, unit="亩", decimals=1, width=90),
            Column(PER_MU, unit="万元/亩", decimals=2, width=120),
        ],
        doors=(links.to_console("/intensity", Said("控制台: 强度", "In the console")),),
    )


def _grades(words: Words) -> Shares:
    counts = [
        *(
            f"count(*) FILTER (WHERE grade = '{grade}') AS {sql.called(code.said, words)}"
            for grade, code in GRADES.items()
        ),
        f"count(*) FILTER (WHERE grade IS NULL) AS {sql.called(NONE, words)}",
    ]
    query = f"SELECT {', '.join(counts)} FROM {NEWEST} HAVING count(*) > 0"  # noqa: S608  # our own words
    return Shares(
        key="grades",
        title=Said("评价等级", "Grades"),
        about=Said(
            "最近一次留存的亩均效益评价各等级的企业数; 未评为待数据或排除在外的。",
            "Enterprises by grade of the evaluation that was kept last; not graded are those that wait for data or are "
            "left out.",
        ),
        asks=[asked(query)],
        by_column=True,
        columns=[*(Column(code.said, color=code.color) for code in GRADES.values()), Column(NONE, color=GREY)],
        nothing=Said("没有留存的评价; 在控制台中评价并留存", "No evaluation is kept: make one in the console"),
        doors=(links.to_console("/evaluation", Said("亩均效益评价", "Evaluation")),),
    )


def _evaluated(words: Words) -> Table:
    rank, term = Said("名次", "Rank"), Said("评价期", "Term")
    query = (
        f"SELECT {sql.named('e', words)} AS {sql.called(ranking.ENTERPRISE, words)}, "  # noqa: S608  # our own words
        f"g.grade AS {sql.called(GRADE, words)}, g.total AS {sql.called(SCORE, words)}, "
        f"g.rank AS {sql.called(rank, words)}, g.term AS {sql.called(term, words)}, "
        f"e.id AS enterprise FROM {NEWEST} JOIN enterprise e ON e.id = g.enterprise WHERE {sql.chosen()} "
        "ORDER BY g.rank NULLS LAST, e.position"
    )
    sheet = links.to_console(
        "/evaluation/${__data.fields.enterprise}", Said("评价计算单", "The sheet of its evaluation")
    )
    return Table(
        key="evaluated",
        title=Said("亩均效益评价", "Evaluation"),
        about=Said(
            "最近一次留存的评价; 没有总分的在等数据。计算单在控制台, 不在看板: 税收与营收不上墙。",
            "The evaluation that was kept last; who has no score waits for data. The sheets are in the console and not "
            "here: tax and revenue are not for a wall.",
        ),
        asks=[asked(query)],
        columns=[
            Column(ranking.ENTERPRISE, links=(links.to_enterprise("enterprise"), sheet), width=230),
            Column(GRADE, codes=GRADES, width=80),
            Column(SCORE, unit="1", decimals=2),
            Column(rank, unit="1", decimals=0, width=70),
            Column(ranking.ID, hidden=True),
        ],
        filters=False,
        nothing=Said("没有留存的评价; 在控制台中评价并留存", "No evaluation is kept: make one in the console"),
    )


def _industries(words: Words) -> Table:
    division, covered = Said("行业", "Industry"), month.COVERAGE
    named = sql.values([(code, words.title(Said(*names_of))) for code, names_of in DIVISIONS.items()])
    names = ("energy_productivity", "carbon_productivity")
    columns = ", ".join(sql.known(name, words) for name in names)
    query = (
        f"SELECT coalesce(max(d.name), f.subject) AS {sql.called(division, words)}, {columns}, "  # noqa: S608  # our own words
        f"{sql.coverage()} AS {sql.called(covered, words)} "
        f"FROM {sql.figures('industry', names, f'last_month = {sql.CHOSEN}')} "
        f"LEFT JOIN {named} AS d(code, name) ON d.code = f.subject WHERE value IS NOT NULL "
        "GROUP BY f.subject ORDER BY 2 DESC NULLS LAST"
    )
    return Table(
        key="industries",
        title=Said("行业", "Industries"),
        about=Said(
            "所选月份各行业大类 (GB/T 4754 前两位) 的单位能耗与单位碳排放增加值及覆盖率。",
            "Value added per energy and per CO2 of each division of GB/T 4754, its first two digits, in the chosen "
            "month, with coverage.",
        ),
        asks=[asked(query)],
        columns=[
            Column(division, width=170),
            *(Column(sql.indicator(name), unit=unit, decimals=2) for name, unit in zip(names, UNITS, strict=True)),
            Column(covered, unit="share", decimals=1, limits=month.COVERED, width=90),
        ],
        filters=False,
    )


UNITS = ("万元/tce", "万元/tCO2")

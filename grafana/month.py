"""Panels of published monthly figures: one number against the year before, and months beside one another."""

from collections.abc import Sequence

from grafana import links, sql
from grafana.bars import Bars
from grafana.look import BLUE, GREEN, GREY, ORANGE, RED, YELLOW, Column
from grafana.query import Target, asked
from grafana.stat import Stat
from grafana.words import Said, Words
from park.indicator import indicators

COVERED: Sequence[tuple[float, str]] = ((0.0, RED), (0.8, ORANGE), (0.9, YELLOW), (0.95, GREEN))
"""How much of the time should be known: from 95 % on a figure can be final."""
COVERAGE = Said("覆盖率", "Coverage")
MONTH = Said("月份", "Month")
YEAR = 12
MEASURED = Said("实测", "Measured")
VALUE = Said("数值", "Value")
GROWTH = Said("同比", "On the year")
LEAST = 0.9
ENOUGH = f"measured + estimated >= {LEAST}"
"""How much must be known of a month to compare with it: half a month is no smaller one."""


def of(scope: str, subject: str) -> str:
    """Write whose figures are meant; `subject` is a variable."""
    return f"subject = '${{{subject}}}'" if scope != "industry" else "true"


def number(key: str, name: str, scope: str, subject: str, words: Words, *, decimals: int | None = None) -> Stat:
    """Show one figure of the chosen month, and by how much it is above that of the same month a year before."""
    row = indicators()[name]
    when = f"last_month IN ({sql.CHOSEN}, {sql.CHOSEN} - {YEAR})"
    now = f"max(value) FILTER (WHERE last_month = {sql.CHOSEN})"
    then = f"nullif(max(value) FILTER (WHERE last_month < {sql.CHOSEN} AND {ENOUGH}), 0)"
    query = (
        f"SELECT {now} AS {sql.called(VALUE, words)}, {now} / {then} - 1 AS {sql.called(GROWTH, words)} "  # noqa: S608  # our own words
        f"FROM {sql.figures(scope, [name], of(scope, subject), when)}"
    )
    return Stat(
        key=key,
        title=Said(f"{row.zh} · {sql.TERM}", f"{row.en} · {sql.TERM}"),
        about=Said(
            f"所选月份的{row.zh}与同比 (上年同月覆盖不足 90 % 的不比)。取已发布数据的最新修订; 覆盖率见同板。",
            f"{row.en} of the chosen month, and against the same month a year before unless less than 90 % of that was "
            "covered. The newest revision that was published; its coverage stands on the same board.",
        ),
        asks=[asked(query)],
        unit=row.unit,
        decimals=decimals,
        names=True,
        coloured=False,
        columns=[Column(GROWTH, unit="share", decimals=1)],
        nothing=Said("—", "—"),
        doors=(links.figure(scope, subject, name),),
        links=(links.figure(scope, subject, name),),
    )


def covered(key: str, scope: str, subject: str, words: Words, names: Sequence[str] = ("energy",)) -> Stat:
    """Show how much of the chosen month's time is known."""
    query = (
        f"SELECT min(measured) AS {sql.called(MEASURED, words)}, "  # noqa: S608  # our own words
        f"{sql.coverage()} AS {sql.called(COVERAGE, words)} "
        f"FROM {sql.figures(scope, names, of(scope, subject), f'last_month = {sql.CHOSEN}')}"
    )
    return Stat(
        key=key,
        title=Said(f"数据覆盖率 · {sql.TERM}", f"Coverage · {sql.TERM}"),
        about=Said(
            "所选月份综合能源消费量所依据的时间: 实测占比, 及实测加估计占比; 余下为缺失, 缺失从不当作 0。",
            "The time behind the month's energy: what was measured, and measured together with estimated; the rest is "
            "missing, which is never 0.",
        ),
        asks=[asked(query)],
        unit="share",
        decimals=1,
        limits=COVERED[1:],
        base=RED,
        names=True,
    )


def months(scope: str, subject: str, names: Sequence[str], words: Words, *, back: int = 12) -> Target:
    """Ask for indicators of the months up to the chosen one, each a column.

    A month of which too little is known is left out.
    """
    shown = ", ".join(sql.known(name, words) for name in names)
    within = f"last_month BETWEEN {sql.CHOSEN} - {back} AND {sql.CHOSEN}"
    return asked(
        f"SELECT term AS {sql.called(MONTH, words)}, {shown} "  # noqa: S608  # our own words
        f"FROM {sql.figures(scope, names, of(scope, subject), within)} WHERE value IS NOT NULL "
        f"GROUP BY term HAVING {sql.coverage()} >= {LEAST} ORDER BY term"
    )


def against_last_year(key: str, name: str, scope: str, subject: str, words: Words) -> Bars:
    """Draw an indicator month by month, beside the same months of the year before."""
    row = indicators()[name]
    this, before = Said("本年", "This year"), Said("上年同月", "A year before")
    when = f"last_month BETWEEN {sql.CHOSEN} - 23 AND {sql.CHOSEN}"
    turn = f"{sql.CHOSEN} - {YEAR}"
    query = (
        f"SELECT max(term) AS {sql.called(MONTH, words)}, "  # noqa: S608  # our own words
        f"max(value) FILTER (WHERE last_month <= {turn} AND {ENOUGH}) AS {sql.called(before, words)}, "
        f"max(value) FILTER (WHERE last_month > {turn} AND {ENOUGH}) AS {sql.called(this, words)} "
        f"FROM {sql.figures(scope, [name], of(scope, subject), when)} GROUP BY last_month % {YEAR} "
        f"HAVING max(last_month) > {turn} ORDER BY max(last_month)"
    )
    better = {"more": Said("越高越好", "higher is better"), "less": Said("越低越好", "lower is better")}
    which = better.get(row.better, Said("随规模", "it goes with size"))
    return Bars(
        key=key,
        title=Said(f"{row.zh}: 与上年同月", f"{row.en}, beside a year before"),
        about=Said(
            f"至所选月份的十二个月, 与上年同月并列; {which.zh}。取已发布数据的最新修订, 覆盖不足 90 % 的月份不画。",
            f"The twelve months up to the chosen one beside the same of the year before; {which.en}. The newest "
            "revision of each; a month of which less than 90 % was covered is not drawn.",
        ),
        asks=[asked(query)],
        unit=row.unit,
        lying=False,
        columns=[Column(before, color=GREY), Column(this, color=BLUE)],
        doors=(links.figure(scope, subject, name),),
    )

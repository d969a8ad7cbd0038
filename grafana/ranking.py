"""Tables of enterprises by their monthly figures, each figure with a way to how it came about."""

from collections.abc import Sequence

from grafana import links, sql
from grafana.look import Column
from grafana.month import COVERAGE, COVERED, GROWTH, LEAST, YEAR
from grafana.query import Target, asked
from grafana.words import Said, Words
from park.indicator import indicators

ENTERPRISE = Said("企业", "Enterprise")
ID = Said("enterprise", "enterprise")


def key(name: str) -> Said:
    """Give the hidden column that holds the id of an indicator's figure."""
    return Said(f"figure_{name}", f"figure_{name}")


def by_enterprise(names: Sequence[str], words: Words, *, order: str, more: str = "", growth: bool = True) -> Target:
    """Ask for some indicators of each enterprise of the chosen month, the largest of one first.

    `more` is further columns out of the enterprise itself (`e`), written with a comma behind.
    """
    now = f"last_month = {sql.CHOSEN}"
    columns = ", ".join(
        f"max(value) FILTER (WHERE indicator = '{name}' AND {now}) AS {sql.called(sql.indicator(name), words)}, "
        f"max(figure) FILTER (WHERE indicator = '{name}' AND {now}) AS \"figure_{name}\""
        for name in names
    )
    least = f"min(measured + estimated) FILTER (WHERE NOT {now} AND value IS NOT NULL) >= {LEAST}"
    before = f"max(value) FILTER (WHERE indicator = '{order}' AND NOT {now})"
    then = f"CASE WHEN {least} THEN nullif({before}, 0) END"
    this = f"max(value) FILTER (WHERE indicator = '{order}' AND {now})"
    grown = f"{this} / {then} - 1 AS {sql.called(GROWTH, words)}, " if growth else ""
    when = f"last_month IN ({sql.CHOSEN}, {sql.CHOSEN} - {YEAR})"
    return asked(
        f"SELECT {sql.named('e', words)} AS {sql.called(ENTERPRISE, words)}, {more}{columns}, {grown}"  # noqa: S608  # our own words
        f"min(measured + estimated) FILTER (WHERE {now} AND value IS NOT NULL) AS {sql.called(COVERAGE, words)}, "
        "e.id AS enterprise "
        f"FROM {sql.figures('enterprise', names, when)} JOIN enterprise e ON e.id = f.subject "
        f"WHERE e.park = '${{park}}' AND {sql.chosen()} GROUP BY e.id ORDER BY {this} DESC NULLS LAST"
    )


def columns(names: Sequence[str], *, bar: str = "") -> list[Column]:
    """Show those columns: units, ways to how figures came about, and to the enterprise's board."""
    return [
        Column(ENTERPRISE, links=(links.to_enterprise("enterprise"),), width=210),
        *(
            Column(
                sql.indicator(name),
                unit=indicators()[name].unit,
                decimals=2 if indicators()[name].ratio else 1,
                links=(links.explained(f"figure_{name}"),),
                bar=name == bar,
            )
            for name in names
        ),
        Column(GROWTH, unit="share", decimals=1, width=90),
        Column(COVERAGE, unit="share", decimals=1, limits=COVERED, width=90),
        *(Column(key(name), hidden=True) for name in names),
        Column(ID, hidden=True),
    ]

"""SQL of panels: names, published figures and what is reckoned of them.

A figure is said again when it changes: its newest revision counts.  What a board looks at ends with its time range, so
nothing here asks what time it is.
"""

from collections.abc import Iterable, Sequence

from grafana.sources import ZONE
from grafana.words import Said, Words
from park.indicator import indicators

END = f"to_timestamp($__unixEpochTo()) AT TIME ZONE '{ZONE}'"
"""The end of the board's range on the site's clock."""
MONTH = f"to_char({END}, 'YYYY-MM')"
"""The month in which the range ends."""
MONTHS_ONLY = "[0-9]{4}-[0-9]{2}"
TERM = "${term}"
"""The month that is chosen above the board."""


def month_number(term: str) -> str:
    """Write a month as the number by which figures are found: year × 12 + month − 1."""
    return f"(left({term}, 4)::int * 12 + right({term}, 2)::int - 1)"


CHOSEN = month_number(f"'{TERM}'")


def chosen(alias: str = "e") -> str:
    """Write the condition that an enterprise is among those chosen above the board."""
    return f"{alias}.id ~ '^(${{enterprise:regex}})$'"


def named(alias: str, words: Words) -> str:
    """Write the name of an enterprise, meter or park."""
    return f"{alias}.name" if words.language == "zh" else f"coalesce(nullif({alias}.name_en, ''), {alias}.name)"


def called(said: Said, words: Words) -> str:
    """Write what a column is called."""
    return '"' + words.title(said) + '"'


def figures(scope: str, names: Iterable[str], *where: str, columns: str = "") -> str:
    """Write the newest revision of each monthly figure, as what stands behind FROM.

    Figures that come by two electricity bases are those of the chosen one.
    """
    more = f", {columns}" if columns else ""
    conditions = [
        f"scope = '{scope}'",
        f"indicator IN ({', '.join(map(text, names))})",
        "basis IN ('', '${basis}')",
        f"term SIMILAR TO '{MONTHS_ONLY}'",
        *where,
    ]
    return (
        "(SELECT DISTINCT ON (figure) figure, subject, indicator, term, last_month, value, measured, estimated, state"  # noqa: S608  # our own words
        f"{more} FROM figure_revision WHERE {' AND '.join(conditions)} ORDER BY figure, revision DESC) AS f"
    )


def beside(name: str, said: str, *, scale: str = "") -> str:
    """Write one indicator of many as a column of its own."""
    return f"max(value) FILTER (WHERE indicator = {text(name)}){scale} AS {said}"


def known(name: str, words: Words) -> str:
    """Write an indicator as a column under its name in the table of indicators."""
    return beside(name, called(indicator(name), words))


def indicator(name: str) -> Said:
    """Give what an indicator is called."""
    row = indicators()[name]
    return Said(row.zh, row.en)


def figure_id(name: str) -> str:
    """Write the id of one indicator's figure, for the page that explains it."""
    return f"max(figure) FILTER (WHERE indicator = {text(name)})"


def coverage() -> str:
    """Write the least share of its time that is known, of the figures put together."""
    return "min(measured + estimated)"


def text(value: str) -> str:
    """Write a string."""
    return "'" + value.replace("'", "''") + "'"


def values(rows: Sequence[Sequence[str]]) -> str:
    """Write a small table of our own into a query, each cell as a string."""
    return "(VALUES " + ", ".join(f"({', '.join(map(text, row))})" for row in rows) + ")"

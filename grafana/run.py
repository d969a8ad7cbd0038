"""Ask the real stores what a board asks, without a server of Grafana's: its variables first, then panel by panel.

What comes back is as the plugins give it: series over time with their names, or rows.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, text

from adapters.influx.query import Queries, Series
from grafana.expand import Choice, Choices, Window, influxql, leftover, milliseconds, sql
from grafana.expand import text as filled
from grafana.sources import BY_UID, INFLUX

Json = Mapping[str, Any]
ALIAS = re.compile(r"\$(tag_\w+|measurement|m|col)|\[\[(tag_\w+|measurement|m|col)\]\]")
ALL = "$__all"


class PanelMistake(ValueError):
    """A question that cannot be asked: of no source of ours, or with something in it that nobody fills in."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One answer: a series, whose first column is its times in milliseconds, or a table."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    letter: str = "A"
    timed: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it went to a store."""

    source: str
    query: str
    table: bool
    letter: str
    alias: str = ""


@dataclass(frozen=True)
class Stores:
    """Where boards are asked: an InfluxDB and a PostgreSQL."""

    series: Queries
    names: Engine = field(repr=False)

    def ask(self, asked: Asked) -> list[Frame]:
        """Give the answer.  Raises StoreUnavailable, or the database's own error."""
        source = BY_UID[asked.source]
        if source.kind == INFLUX:
            found = self.series.ask([asked.query], source.resolution)
            return [_series(one.series, asked) for one in found]
        with self.names.connect() as connection:
            answer = connection.execute(text(asked.query.replace(":", "\\:")))
            columns, rows = tuple(answer.keys()), [tuple(row) for row in answer]
        return [Frame("", columns, rows, asked.letter)] if asked.table else list(_wide(columns, rows, asked.letter))


def panels(board: Json) -> Iterator[Json]:
    """Give every panel that asks something, those within folded rows as well."""
    for panel in board.get("panels", ()):
        yield from panels(panel)
        if panel.get("targets"):
            yield panel


def choices(board: Json, window: Window, stores: Stores, given: Mapping[str, str] | None = None) -> Choices:
    """Choose what a board opens with, or what is `given`, in the order in which its variables build on one another."""
    chosen: dict[str, Choice] = {}
    for variable in board.get("templating", {}).get("list", ()):
        chosen[variable["name"]] = _chosen(variable, chosen, window, stores, given or {})
    return chosen


def questions(panel: Json, window: Window, chosen: Choices) -> Iterator[Asked]:
    """Write a panel's questions as they go to the stores.  Raises PanelMistake."""
    within = looked_at(panel, window)
    for target in panel["targets"]:
        if target.get("hide"):
            continue
        uid = filled(str((target.get("datasource") or panel["datasource"])["uid"]), chosen)
        source = BY_UID.get(uid)
        if source is None:
            raise PanelMistake(f"no data source {uid}")
        is_influx = source.kind == INFLUX
        query = influxql(target["query"], within, chosen) if is_influx else sql(target["rawSql"], within, chosen)
        if left := leftover(query):
            raise PanelMistake(f"nobody fills in {', '.join(left)}: {query}")
        form = target.get("resultFormat") if is_influx else target.get("format")
        yield Asked(uid, query, form == "table", target["refId"], filled(target.get("alias", ""), chosen))


def looked_at(panel: Json, window: Window) -> Window:
    """Give what a panel looks at: the board's window, or its own range of it, and its own finest step."""
    own = panel.get("timeFrom")
    start = window.end - timedelta(milliseconds=milliseconds(own)) if own else window.start
    return replace(window, start=start, least=panel.get("interval") or "")


def _chosen(variable: Json, before: Choices, window: Window, stores: Stores, given: Mapping[str, str]) -> Choice:
    name, multi = variable["name"], bool(variable.get("multi") or variable.get("includeAll"))
    current = given.get(name) or (variable.get("current") or {}).get("value")
    values = [current] if isinstance(current, str) else list(current or ())
    said = ""
    if variable["type"] == "constant":
        return Choice(str(variable["query"]))
    if variable["type"] == "query" and (name not in given or ALL in values):
        options = _options(variable, before, window, stores)
        if values == [ALL] and variable.get("allValue"):
            return Choice(variable["allValue"], multi=True, raw=True)
        kept = [value for value in values if value in options]
        values = list(options) if ALL in values else kept or list(options)[:1]
        said = " + ".join(options[value] for value in values)
    if not values:
        raise PanelMistake(f"${name} has nothing to choose from")
    value = tuple(values) if variable.get("multi") else values[0]
    return Choice(value, multi=multi, said=said)


def _options(variable: Json, before: Choices, window: Window, stores: Stores) -> dict[str, str]:
    """Ask for what may be chosen and how it is shown: `__value` and `__text`, or the only column."""
    query = variable["query"]
    asked = sql(query if isinstance(query, str) else query["rawSql"], window, before)
    [frame] = stores.ask(Asked(variable["datasource"]["uid"], asked, table=True, letter="A"))
    value, shown = (frame.columns.index(name) if name in frame.columns else 0 for name in ("__value", "__text"))
    return {str(row[value]): str(row[shown]) for row in frame.rows}


def _series(series: Series, asked: Asked) -> Frame:
    tags = ", ".join(f"{tag}: {value}" for tag, value in series.tags.items())
    if asked.table:
        names = tuple(series.tags)
        rows = [(row[0], *series.tags.values(), *row[1:]) for row in series.values]
        return Frame(series.name, (series.columns[0], *names, *series.columns[1:]), rows, asked.letter)

    def called(found: re.Match[str]) -> str:
        word = found[1] or found[2]
        if word.startswith("tag_"):
            return series.tags.get(word.removeprefix("tag_"), found[0])
        return series.columns[1] if word == "col" else series.name

    preset = f"{series.name}.{series.columns[1]}" + (f" {{{tags}}}" if tags else "")
    name = ALIAS.sub(called, asked.alias) if asked.alias else preset
    return Frame(name, tuple(series.columns), series.values, asked.letter, timed=True)


def _wide(columns: tuple[str, ...], rows: Sequence[Sequence[Any]], letter: str) -> Iterator[Frame]:
    """Part rows into series, as the plugin does by a column `time` and columns of words.  Raises PanelMistake."""
    if "time" not in columns:
        raise PanelMistake("a question for series needs a column called time")
    at = columns.index("time")
    worded = [place for place in range(len(columns)) if any(isinstance(row[place], str) for row in rows)]
    values = [place for place in range(len(columns)) if place != at and place not in worded]
    found: dict[tuple[str, ...], list[tuple[int, Any]]] = {}
    for row in rows:
        label = tuple(str(row[place]) for place in worded)
        for place in values:
            name = (*label, columns[place]) if len(values) > 1 or not label else label
            found.setdefault(name, []).append((_moment(row[at]), row[place]))
    for name, points in found.items():
        yield Frame(" ".join(name), ("time", name[-1]), points, letter, timed=True)


def _moment(value: Any) -> int:  # noqa: ANN401  # whatever the database has for a time
    """Give a time of a row in milliseconds: a moment, or seconds."""
    return int(value.timestamp() * 1_000) if isinstance(value, datetime) else int(float(value) * 1_000)

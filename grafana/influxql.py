"""InfluxQL of panels, out of the tables of metrics and carriers: no measurement, field or unit is typed twice.

A metric has the same field name in every bucket: there the reading, here the mean of a slot.
"""

from collections.abc import Sequence

from adapters.influx.influxql import name, names
from grafana.query import Target
from grafana.sources import READINGS, SLOTS, STORE, ZONE, Source
from park.metric import metrics

ENTERPRISE = "enterprise"
METER = "meter"
BOUNDARY = f"{name(METER)} =~ /^$boundary$/"
"""Through boundary meters alone: what goes on to sub-meters is not counted again."""
KNOWN = "(measured > 0 OR estimated > 0)"
"""A slot covered by nothing was taken back."""
STEP = "$__interval"
"""As fine as the panel is wide."""
WIDTH = "$width"
"""The width of the slots that the range asks for: see `variable.slots`."""


def picked(*tags: str) -> str:
    """Write the condition that tags are among those chosen above the board; a variable has the name of its tag."""
    return " AND ".join(f"{name(tag)} =~ /^${tag}$/" for tag in tags)


def readings(
    metric: str,
    *where: str,
    how: str = "mean",
    by: Sequence[str] = (),
    alias: str = "",
    every: str | None = STEP,
    source: Source = STORE,
    table: bool = False,
) -> Target:
    """Ask for a metric, averaged over steps of time; `by` parts it by tags, `every` of None takes all time as one."""
    known = metrics()[metric]
    return _target(
        source,
        f"{how}({name(metric)})",
        names(known.media),
        where,
        _group(every, by),
        alias=alias,
        table=table,
    )


def used(
    *where: str,
    what: str = "sum(amount)",
    by: Sequence[str] = (),
    alias: str = "",
    every: str | None = WIDTH,
    source: Source = SLOTS,
    table: bool = False,
) -> Target:
    """Ask for consumption in slots, from local midnight to local midnight where they are days."""
    return _target(source, what, name("interval"), (KNOWN, *where), _group(every, by), alias=alias, table=table)


def carrier(name_of: str) -> str:
    """Write the condition that consumption is of one carrier."""
    return f"{name('carrier')} = '{name_of}'"


def boundary_load(
    *, by: Sequence[str] = (), every: str | None = STEP, source: Source = STORE, alias: str = ""
) -> Target:
    """Ask for the power of all boundary meters together: each meter's own mean first, then their sum."""
    return _together("mean(p)", by, every, source, alias)


def live_load(alias: str = "") -> Target:
    """Ask for the newest power of each boundary meter, summed."""
    return _together("last(p)", (), None, READINGS, alias)


def _together(what: str, by: Sequence[str], every: str | None, source: Source, alias: str) -> Target:
    tail = " fill(none)" if every else ""
    where = f"{BOUNDARY} AND $timeFilter"
    inner = (
        f"SELECT {what} AS v FROM {names(metrics()['p'].media)} WHERE {where} "  # noqa: S608  # our own words
        f"GROUP BY {', '.join(_group(every, [*by, METER]))}{tail}"
    )
    parts = _group(every, by)
    outer = (f" GROUP BY {', '.join(parts)}" if parts else "") + (f"{tail} tz('{ZONE}')" if every else "")
    return Target(source, f"SELECT sum(v) FROM ({inner}) WHERE $timeFilter{outer}", alias=alias)  # noqa: S608  # our own words


def ask(text: str, source: Source, *, alias: str = "", table: bool = False) -> Target:
    """Ask in words of one's own; for what the tables do not know."""
    return Target(source, text, table=table, alias=alias)


def _group(every: str | None, by: Sequence[str]) -> tuple[str, ...]:
    return (*((f"time({every})",) if every else ()), *map(name, by))


def _target(
    source: Source, what: str, where_from: str, where: Sequence[str], group: Sequence[str], *, alias: str, table: bool
) -> Target:
    conditions = " AND ".join([*where, "$timeFilter"])
    grouped = f" GROUP BY {', '.join(group)}" if group else ""
    timed = any(part.startswith("time(") for part in group)
    tail = f" fill(none) tz('{ZONE}')" if timed else ""
    return Target(
        source,
        f"SELECT {what} FROM {where_from} WHERE {conditions}{grouped}{tail}",  # noqa: S608  # our own words
        table=table,
        alias=alias,
    )

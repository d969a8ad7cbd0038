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
LARGEST = f"{name(ENTERPRISE)} =~ /^$largest$/"
"""Of the enterprises that use most: see `variable.largest`."""
KNOWN = "(measured > 0 OR estimated > 0)"
"""A slot covered by nothing was taken back."""
STEP = "$step"
"""As fine as the source of readings has them: see `variable.step`."""
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
    what = f"{how}({name(metric)})"
    text = _written(what, names(metrics()[metric].media), where, every=every, by=by, fill=_fill(every))
    return Target(source, text, table=table, alias=alias)


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
    text = _written(what, name("interval"), (KNOWN, *where), every=every, by=by, fill="none")
    return Target(source, text, table=table, alias=alias)


def carrier(name_of: str) -> str:
    """Write the condition that consumption is of one carrier."""
    return f"{name('carrier')} = '{name_of}'"


def boundary_load(
    *where: str, by: Sequence[str] = (), every: str | None = STEP, source: Source = STORE, alias: str = ""
) -> Target:
    """Ask for the power of all boundary meters together: each meter's own mean first, then their sum."""
    return _together("mean(p)", where, by=by, every=every, source=source, alias=alias)


def live_load(alias: str = "") -> Target:
    """Ask for the newest power of each boundary meter, summed."""
    return _together("last(p)", (), by=(), every=None, source=READINGS, alias=alias)


def _together(
    what: str, where: Sequence[str], *, by: Sequence[str], every: str | None, source: Source, alias: str
) -> Target:
    inner = _written(
        what + " AS v", names(metrics()["p"].media), [BOUNDARY, *where], every=every, by=[*by, METER], fill="none"
    )
    return Target(source, _written("sum(v)", f"({inner})", [], every=every, by=by, fill=_fill(every)), alias=alias)


def ask(text: str, source: Source, *, alias: str = "", table: bool = False) -> Target:
    """Ask in words of one's own; for what the tables do not know."""
    return Target(source, text, table=table, alias=alias)


def _fill(every: str | None) -> str:
    """Leave a gap where a step of readings is missing; a slot of consumption that is missing is no bar."""
    return "null" if every == STEP else "none"


def _written(
    what: str, where_from: str, where: Sequence[str], *, every: str | None, by: Sequence[str], fill: str
) -> str:
    """Write one question.  A question within another cuts days at the same midnight, or they shift by one."""
    conditions = " AND ".join([*where, "$timeFilter"])
    group = [*([f"time({every})"] if every else []), *map(name, by)]
    grouped = f" GROUP BY {', '.join(group)}" if group else ""
    tail = f" fill({fill}) tz('{ZONE}')" if every else ""
    return f"SELECT {what} FROM {where_from} WHERE {conditions}{grouped}{tail}"  # noqa: S608  # our own words

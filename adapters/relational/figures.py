"""Figures as they were said: of a running term the newest only, of one that is over every revision with its reasons.

The rules service alone writes.  A figure is said again only where it says something else (`park.restatement.same`), so
publishing the same twice changes nothing.
"""

import hashlib
import zlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Engine, Row, Select, and_, delete, func, insert, select

from adapters.relational.engine import reading, writing
from adapters.relational.tables_figure import figure_revision as table
from park.coverage import NOTHING
from park.factor import Basis
from park.figure import Figure, Scope, State, Why
from park.grounds import NOTHING_KNOWN, Evidence, Reason
from park.restatement import print_of, reasons
from park.term import Term

CHUNK = 400
LEVEL = 4
"""Of deflating: more costs time and gains nothing on so little."""
RUNNING = 0
FIRST = 1
GONE = Why("gone", "相关企业或设备已不在台账中。", "What it was of is no longer registered.")
Knows = Callable[[datetime], Evidence]
"""What happened beside the inputs since an instant."""


class Revision(NamedTuple):
    """A figure as it was said at some time."""

    figure: Figure
    revision: int
    """0 while its term runs."""
    at: datetime
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did."""

    first: int = 0
    restated: int = 0
    running: int = 0


class Head(NamedTuple):
    """The newest revision of a figure."""

    revision: int
    said: str
    at: datetime


def current(
    engine: Engine,
    *,
    term: Term | None = None,
    scope: Scope | None = None,
    ids: Collection[str] | None = None,
    basis: Basis | None = None,
    indicators: Collection[str] | None = None,
) -> list[Figure]:
    """Give figures as they are now.  With a basis, those by it and those that have none; `ids` are the subjects."""
    return [
        one.figure for one in revisions_now(engine, term=term, scope=scope, ids=ids, basis=basis, indicators=indicators)
    ]


def revisions_now(
    engine: Engine,
    *,
    term: Term | None = None,
    terms: Collection[Term] | None = None,
    scope: Scope | None = None,
    ids: Collection[str] | None = None,
    basis: Basis | None = None,
    indicators: Collection[str] | None = None,
) -> list[Revision]:
    """Give the newest revision of each figure asked for, in order of id."""
    wanted: list[ColumnElement[bool]] = []
    if term is not None:
        wanted.append(table.c.term == str(term))
    if terms is not None:
        wanted.append(table.c.term.in_(sorted(map(str, terms))))
    if scope is not None:
        wanted.append(table.c.scope == scope.value)
    if basis is not None:
        wanted.append(table.c.basis.in_(("", basis.value)))
    if indicators is not None:
        wanted.append(table.c.indicator.in_(sorted(indicators)))
    found: list[Revision] = []
    with reading(engine) as connection:
        for some in _chunks(ids):
            narrowed = wanted if some is None else [*wanted, table.c.subject.in_(some)]
            found += map(revision_of, connection.execute(_newest().where(*narrowed)))
    return sorted(found, key=lambda one: one.figure.id)


def revisions(engine: Engine, figure: str) -> list[Revision]:
    """Give every revision of a figure, the newest first."""
    query = select(table).where(table.c.figure == figure).order_by(table.c.revision.desc())
    with reading(engine) as connection:
        return [revision_of(row) for row in connection.execute(query)]


def one(engine: Engine, figure: str, revision: int | None = None) -> Revision | None:
    """Give one revision of a figure, the newest where none is named; None where there is none."""
    query = select(table).where(table.c.figure == figure).order_by(table.c.revision.desc()).limit(1)
    if revision is not None:
        query = query.where(table.c.revision == revision)
    with reading(engine) as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else revision_of(row)


def at_time(engine: Engine, figure: str, at: datetime) -> Revision | None:
    """Give the revision of a figure that was the newest at an instant."""
    query = select(table).where(table.c.figure == figure, table.c.at <= at).order_by(table.c.revision.desc()).limit(1)
    with reading(engine) as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else revision_of(row)


def known_terms(engine: Engine) -> list[str]:
    """Give the terms there are figures of."""
    with reading(engine) as connection:
        return sorted(connection.execute(select(table.c.term).distinct()).scalars())


def published_terms(engine: Engine) -> set[str]:
    """Give the terms of which anything was published."""
    with reading(engine) as connection:
        query = select(table.c.term).where(table.c.revision >= FIRST).distinct()
        return set(connection.execute(query).scalars())


def publish(
    engine: Engine, term: Term, figures: Sequence[Figure], *, over: bool, now: datetime, knows: Knows | None = None
) -> tuple[Published, list[Figure]]:
    """Say the figures of one term, all of them at once; give what was done, and the figures that say something new.

    `figures` must come with what others are made of before those.  What was said of the term and is not among them any
    more is taken back: with a revision that says so once it was published.
    """
    heads = _heads(engine, term)
    there = {one.id: one for one in figures}
    said = {figure: said_of(one) for figure, one in there.items()}
    fresh = [
        one
        for figure, one in there.items()
        if (head := heads.get(figure)) is None or head.said != said[figure] or (over and head.revision == RUNNING)
    ]
    gone = [figure for figure in heads if figure not in there]
    if not over:
        rows = [_row(one, RUNNING, now, ()) for one in fresh]
        replaced = [row["figure"] for row in rows if row["figure"] in heads]
        _write(engine, rows, [*replaced, *(one for one in gone if heads[one].revision == RUNNING)])
        return Published(running=len(rows)), fresh
    restated = {one.id for one in fresh if one.id in heads and heads[one.id].revision >= FIRST}
    published = [one for one in gone if heads[one].revision >= FIRST]
    before = {one.figure.id: one for one in _load(engine, term, [*restated, *published])}
    fresh += [_gone(before[one].figure) for one in published if before[one].figure.why != GONE]
    rows = []
    because: dict[str, tuple[Reason, ...]] = {}
    for one in fresh:
        old = before.get(one.id)
        if old is None:
            rows.append(_row(one, FIRST, now, ()))
            continue
        evidence = knows(old.at) if knows is not None else NOTHING_KNOWN
        because[one.id] = reasons(old.figure, one, evidence=evidence, because=because)
        rows.append(_row(one, old.revision + 1, now, because[one.id]))
    _write(engine, rows, [figure for figure, head in heads.items() if head.revision == RUNNING])
    return Published(first=len(rows) - len(because), restated=len(because)), fresh


def said_of(figure: Figure) -> str:
    """Give a short print of what a figure says."""
    return hashlib.sha256(repr(print_of(figure)).encode()).hexdigest()[:32]


def encoded(figure: Figure) -> bytes:
    """Write a figure whole, and small: what repeats in it is mostly names of fields and sources."""
    return zlib.compress(msgspec.json.encode(figure), LEVEL)


def _gone(old: Figure) -> Figure:
    return replace(
        old, value=None, why=GONE, coverage=NOTHING, state=State.PROVISIONAL, inputs=(), factors=(), panel=None
    )


def _newest() -> Select[*tuple[Any, ...]]:
    inner = table.alias()
    last = select(func.max(inner.c.revision)).where(inner.c.figure == table.c.figure).correlate(table).scalar_subquery()
    return select(table).where(table.c.revision == last)


def _heads(engine: Engine, term: Term) -> dict[str, Head]:
    query = (
        select(table.c.figure, table.c.revision, table.c.said, table.c.at)
        .where(table.c.term == str(term))
        .order_by(table.c.revision)
    )
    with reading(engine) as connection:
        return {row.figure: Head(row.revision, row.said, row.at) for row in connection.execute(query)}


def _load(engine: Engine, term: Term, figures: Collection[str]) -> list[Revision]:
    found: list[Revision] = []
    with reading(engine) as connection:
        for some in _chunks(figures):
            query = _newest().where(table.c.term == str(term), table.c.figure.in_(some or ()))
            found += map(revision_of, connection.execute(query))
    return found


def _write(engine: Engine, rows: Sequence[dict[str, Any]], running: Sequence[str]) -> None:
    if not rows and not running:
        return
    with writing(engine) as connection:
        for some in _chunks(running):
            where = and_(table.c.figure.in_(some or ()), table.c.revision == RUNNING)
            connection.execute(delete(table).where(where))
        if rows:
            connection.execute(insert(table), list(rows))


def _row(figure: Figure, revision: int, now: datetime, why: Sequence[Reason]) -> dict[str, Any]:
    return {
        "figure": figure.id,
        "revision": revision,
        "scope": figure.scope.value,
        "subject": figure.subject,
        "park": figure.park,
        "indicator": figure.indicator,
        "basis": figure.basis.value if figure.basis is not None else "",
        "term": str(figure.term),
        "last_month": figure.term.last,
        "at": now,
        "value": figure.value,
        "unit": figure.unit,
        "measured": figure.coverage.measured,
        "estimated": figure.coverage.estimated,
        "state": figure.state.value,
        "said": said_of(figure),
        "document": encoded(figure),
        "reasons": msgspec.to_builtins(list(why)),
    }


def revision_of(row: Row[*tuple[Any, ...]]) -> Revision:
    """Read a row of the table."""
    return Revision(
        msgspec.json.decode(zlib.decompress(row.document), type=Figure),
        row.revision,
        row.at,
        tuple(msgspec.convert(row.reasons, list[Reason])),
    )


def _chunks(names: Iterable[str] | None) -> Iterable[list[str] | None]:
    if names is None:
        return [None]
    ordered = sorted(names)
    return [ordered[first : first + CHUNK] for first in range(0, len(ordered), CHUNK)]

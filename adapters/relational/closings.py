"""Closed terms: which revision of every figure stands in the reports, whatever becomes of it later."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Row, func, insert, or_, select

from adapters.relational import audit, figures
from adapters.relational.engine import deciding, reading
from adapters.relational.figures import Revision
from adapters.relational.refusal import Refused
from adapters.relational.tables_figure import closing, closing_figure, figure_revision
from park.closing import Obstacle
from park.term import Term, read

CHUNK = 5_000


class Closed(NamedTuple):
    """One closed term of one park."""

    id: int
    park: str
    term: Term
    at: datetime
    who: str
    note: str
    forced: str
    """The reason for closing in spite of `obstacles`; empty where there were none."""
    obstacles: tuple[Obstacle, ...]
    digest: str
    """SHA-256 of the ids, revisions and prints of everything that was frozen."""
    frozen: int
    """How many figures."""


class Pair(NamedTuple):
    """A figure as it stands in the reports, and as it is now."""

    frozen: Revision
    now: Revision

    @property
    def restated(self) -> bool:
        """Whether it became another since."""
        return self.now.revision != self.frozen.revision


def close(
    engine: Engine,
    *,
    park: str,
    term: Term,
    who: str,
    now: datetime,
    note: str = "",
    forced: str = "",
    obstacles: Sequence[Obstacle] = (),
    scopes_without_park: bool = False,
) -> Closed:
    """Freeze the newest published revision of every figure of a park and term.  Raises Refused where it is closed.

    `scopes_without_park` takes in those of industries, which belong to no park: right where there is only one.
    """
    with deciding(engine) as connection:
        taken = connection.execute(
            select(closing.c.at, closing.c.who).where(closing.c.park == park, closing.c.term == str(term))
        ).one_or_none()
        if taken is not None:
            raise Refused(
                f"{term} 已于 {taken.at:%Y-%m-%d} 由 {taken.who} 结账; 结账后的变化以重述列出。",
                f"{term} was closed on {taken.at:%Y-%m-%d} by {taken.who}; later changes are shown as restatement.",
            )
        heads = _heads(connection, park, term, scopes_without_park=scopes_without_park)
        digest = hashlib.sha256("\n".join(f"{one.figure} {one.revision} {one.said}" for one in heads).encode())
        number: int = connection.execute(
            insert(closing)
            .values(
                park=park,
                term=str(term),
                at=now,
                who=who,
                note=note,
                forced=forced,
                obstacles=[{"key": one.key, "zh": one.zh, "en": one.en} for one in obstacles],
                digest=digest.hexdigest(),
            )
            .returning(closing.c.id)
        ).scalar_one()
        rows = [{"closing": number, "figure": one.figure, "revision": one.revision} for one in heads]
        for first in range(0, len(rows), CHUNK):
            connection.execute(insert(closing_figure), rows[first : first + CHUNK])
        audit.record(
            connection,
            at=now,
            who=who,
            action="term.close",
            subject=f"{park} {term}",
            after={"figures": len(rows), "digest": digest.hexdigest(), "note": note, "forced": forced},
        )
    return Closed(number, park, term, now, who, note, forced, tuple(obstacles), digest.hexdigest(), len(rows))


def listing(engine: Engine, parks: Collection[str]) -> list[Closed]:
    """Give the closed terms of some parks, the newest first."""
    query = _closings().where(closing.c.park.in_(sorted(parks))).order_by(closing.c.id.desc())
    with reading(engine) as connection:
        return [_closed(row) for row in connection.execute(query)]


def find(engine: Engine, number: int) -> Closed | None:
    """Give one closed term; None where there is none of this number."""
    with reading(engine) as connection:
        row = connection.execute(_closings().where(closing.c.id == number)).one_or_none()
    return None if row is None else _closed(row)


def of_term(engine: Engine, park: str, term: Term) -> Closed | None:
    """Give the closing of a park's term; None while it is open."""
    query = _closings().where(closing.c.park == park, closing.c.term == str(term))
    with reading(engine) as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else _closed(row)


def pairs(engine: Engine, number: int, *, restated: bool = False) -> list[Pair]:
    """Give what was frozen beside what is known now, in order of id; only what became another, where asked."""
    inner = figure_revision.alias()
    newest = (
        select(func.max(inner.c.revision))
        .where(inner.c.figure == closing_figure.c.figure)
        .correlate(closing_figure)
        .scalar_subquery()
    )
    query = (
        select(figure_revision, closing_figure.c.revision.label("frozen"))
        .select_from(closing_figure.join(figure_revision, closing_figure.c.figure == figure_revision.c.figure))
        .where(
            closing_figure.c.closing == number,
            or_(figure_revision.c.revision == closing_figure.c.revision, figure_revision.c.revision == newest),
        )
        .order_by(figure_revision.c.figure, figure_revision.c.revision)
    )
    if restated:
        query = query.where(closing_figure.c.revision != newest)
    found: dict[str, list[Revision]] = {}
    with reading(engine) as connection:
        for row in connection.execute(query):
            found.setdefault(row.figure, []).append(figures.revision_of(row))
    return [Pair(both[0], both[-1]) for both in found.values()]


def count_restated(engine: Engine, number: int) -> int:
    """Count the figures of a closing that became others since."""
    inner = figure_revision.alias()
    newest = select(func.max(inner.c.revision)).where(inner.c.figure == closing_figure.c.figure)
    query = (
        select(func.count())
        .select_from(closing_figure)
        .where(
            closing_figure.c.closing == number,
            closing_figure.c.revision != newest.correlate(closing_figure).scalar_subquery(),
        )
    )
    with reading(engine) as connection:
        found: int = connection.execute(query).scalar_one()
    return found


def _heads(
    connection: Connection, park: str, term: Term, *, scopes_without_park: bool
) -> Sequence[Row[*tuple[Any, ...]]]:
    inner = figure_revision.alias()
    newest = select(func.max(inner.c.revision)).where(inner.c.figure == figure_revision.c.figure)
    wanted = (park, "") if scopes_without_park else (park,)
    query = (
        select(figure_revision.c.figure, figure_revision.c.revision, figure_revision.c.said)
        .where(
            figure_revision.c.term == str(term),
            figure_revision.c.park.in_(wanted),
            figure_revision.c.revision > figures.RUNNING,
            figure_revision.c.revision == newest.correlate(figure_revision).scalar_subquery(),
        )
        .order_by(figure_revision.c.figure)
    )
    return connection.execute(query).all()


def _closings() -> Any:  # noqa: ANN401  # a select of these columns
    count = (
        select(func.count())
        .select_from(closing_figure)
        .where(closing_figure.c.closing == closing.c.id)
        .correlate(closing)
        .scalar_subquery()
    )
    return select(closing, count.label("number"))


def _closed(row: Row[*tuple[Any, ...]]) -> Closed:
    return Closed(
        row.id,
        row.park,
        read(row.term),
        row.at,
        row.who,
        row.note,
        row.forced,
        tuple(Obstacle(one["key"], one["zh"], one["en"]) for one in row.obstacles),
        row.digest,
        row.number,
    )

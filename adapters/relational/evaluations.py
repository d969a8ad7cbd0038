"""Evaluations that were kept: each with all it was made of, so that doing it again gives the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Row, insert, select

from adapters.relational import audit
from adapters.relational.engine import deciding, reading
from adapters.relational.schemes import KeptScheme
from adapters.relational.tables_evaluation import evaluation as table
from adapters.relational.tables_evaluation import evaluation_result as flat
from park import term as terms
from park.evaluation.evaluate import evaluate
from park.evaluation.result import Evaluation
from park.evaluation.scheme import Scheme
from park.evaluation.scheme_dump import dump
from park.evaluation.scheme_file import check
from park.evaluation.subject import Subject
from park.term import Term

MOST = 200


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that an evaluation is made of."""

    scheme: Mapping[str, Any]
    months: int
    basis: str
    """The electricity basis of its energy figures, which every sheet names."""
    subjects: tuple[Subject, ...]
    factors: tuple[str, ...] = ()
    """The factor sets behind its energy and CO2."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One revision of the evaluation of a park's enterprises by a scheme for a term."""

    id: int
    park: str
    scheme: str
    scheme_revision: int
    term: Term
    revision: int
    who: str
    at: datetime
    reason: str
    inputs: Inputs
    result: Evaluation
    digest: str


@dataclass(frozen=True, slots=True)
class Head:
    """A kept evaluation without its inside."""

    id: int
    park: str
    scheme: str
    scheme_revision: int
    term: Term
    revision: int
    who: str
    at: datetime
    reason: str


def scheme_of(inputs: Inputs) -> Scheme:
    """Give the scheme as it was then."""
    checked = check(inputs.scheme)
    if checked.scheme is None:  # it was checked when it was kept
        raise ValueError(checked.mistakes)
    return checked.scheme


def rerun(inputs: Inputs) -> Evaluation:
    """Do it again from what is kept."""
    return evaluate(scheme_of(inputs), inputs.subjects, months=inputs.months)


def fingerprint(inputs: Inputs) -> str:
    """Give the SHA-256 of everything an evaluation is made of, the same whatever the order of its keys."""
    return sha256(msgspec.json.encode(inputs, order="sorted")).hexdigest()


def gather(kept: KeptScheme, term: Term, basis: str, subjects: Sequence[Subject], factors: Sequence[str]) -> Inputs:
    """Put together what an evaluation is made of, in an order of its own."""
    ordered = tuple(sorted(subjects, key=lambda subject: subject.id))
    return Inputs(dump(kept.scheme), term.length, basis, ordered, tuple(sorted(set(factors))))


def save(
    engine: Engine, inputs: Inputs, *, park: str, term: Term, revision: int, who: str, now: datetime, reason: str = ""
) -> tuple[Kept, bool]:
    """Evaluate and keep it as the next revision; made of the same as the last one, that one is given and False.

    `revision` is the scheme's.
    """
    result = rerun(inputs)
    name = str(inputs.scheme["id"])
    digest = fingerprint(inputs)
    with deciding(engine) as connection:
        old = _newest(connection, park, name, term)
        if old is not None and old.digest == digest:
            return old, False
        row = {
            "park": park,
            "scheme": name,
            "scheme_revision": revision,
            "term": str(term),
            "revision": 1 if old is None else old.revision + 1,
            "inputs": msgspec.to_builtins(inputs),
            "result": msgspec.to_builtins(result),
            "digest": digest,
            "who": who,
            "at": now,
            "reason": reason.strip(),
        }
        number = connection.execute(insert(table).values(row).returning(table.c.id)).scalar_one()
        rows = [
            {
                "evaluation": number,
                "enterprise": one.id,
                "state": one.state.value,
                "cohort": one.cohort,
                "total": one.total,
                "rank": one.rank,
                "grade": one.grade,
            }
            for one in result.results
        ]
        if rows:
            connection.execute(insert(flat), rows)
        facts = {"revision": row["revision"], "scheme_revision": revision, "enterprises": len(rows), "digest": digest}
        audit.record(connection, at=now, who=who, action="evaluation.run", subject=f"{park} {name} {term}", after=facts)
        made = connection.execute(select(table).where(table.c.id == number)).one()
    return _kept(made), True


def current(engine: Engine, park: str, scheme: str, term: Term) -> Kept | None:
    """Give the newest revision for a park, scheme and term."""
    with reading(engine) as connection:
        return _newest(connection, park, scheme, term)


def latest(engine: Engine, park: str, scheme: str) -> Kept | None:
    """Give the newest revision of the latest term, whatever it is: what a project is held against."""
    found = listing(engine, park=park, scheme=scheme)
    if not found:
        return None
    newest = max(found, key=lambda head: (head.term, head.revision))
    return find(engine, newest.id)


def find(engine: Engine, number: int) -> Kept | None:
    """Give one by its number."""
    with reading(engine) as connection:
        row = connection.execute(select(table).where(table.c.id == number)).one_or_none()
    return None if row is None else _kept(row)


def listing(
    engine: Engine, *, park: str | None = None, scheme: str | None = None, term: Term | None = None
) -> list[Head]:
    """Give the heads of those kept, the newest first."""
    columns = [table.c[name] for name in Head.__slots__]
    query = select(*columns).order_by(table.c.id.desc()).limit(MOST)
    if park is not None:
        query = query.where(table.c.park == park)
    if scheme is not None:
        query = query.where(table.c.scheme == scheme)
    if term is not None:
        query = query.where(table.c.term == str(term))
    with reading(engine) as connection:
        rows = connection.execute(query).mappings()
        return [Head(**{**row, "term": terms.read(row["term"])}) for row in rows]


def _newest(connection: Connection, park: str, scheme: str, term: Term) -> Kept | None:
    query = select(table).where(table.c.park == park, table.c.scheme == scheme, table.c.term == str(term))
    row = connection.execute(query.order_by(table.c.revision.desc()).limit(1)).one_or_none()
    return None if row is None else _kept(row)


def _kept(row: Row[Any]) -> Kept:
    return Kept(
        id=row.id,
        park=row.park,
        scheme=row.scheme,
        scheme_revision=row.scheme_revision,
        term=terms.read(row.term),
        revision=row.revision,
        who=row.who,
        at=row.at,
        reason=row.reason,
        inputs=msgspec.convert(row.inputs, Inputs),
        result=msgspec.convert(row.result, Evaluation),
        digest=row.digest,
    )

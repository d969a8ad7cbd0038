"""Projects that were scored before entry, with what was expected of them and whom they were held against."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Engine, Row, insert, select

from adapters.relational import audit
from adapters.relational.engine import reading, writing
from adapters.relational.evaluations import Kept, scheme_of
from adapters.relational.tables_evaluation import project as table
from park.evaluation.project import score
from park.evaluation.result import Result
from park.evaluation.subject import Subject

MOST = 200


@dataclass(frozen=True, slots=True)
class KeptProject:
    """One project as it was scored."""

    id: int
    park: str
    name: str
    evaluation: int
    inputs: Subject
    result: Result
    who: str
    at: datetime


def save(engine: Engine, project: Subject, against: Kept, *, who: str, now: datetime) -> KeptProject:
    """Score a project against an evaluation that is kept, and keep it."""
    result = score(scheme_of(against.inputs), project, against.inputs.subjects, months=against.inputs.months)
    row = {
        "park": against.park,
        "name": project.name,
        "evaluation": against.id,
        "inputs": msgspec.to_builtins(project),
        "result": msgspec.to_builtins(result),
        "who": who,
        "at": now,
    }
    with writing(engine) as connection:
        number = connection.execute(insert(table).values(row).returning(table.c.id)).scalar_one()
        facts: Mapping[str, object] = {"total": result.total, "grade": result.grade, "evaluation": against.id}
        audit.record(connection, at=now, who=who, action="project.score", subject=project.name, after=facts)
        made = connection.execute(select(table).where(table.c.id == number)).one()
    return _kept(made)


def listing(engine: Engine, park: str | None = None) -> list[KeptProject]:
    """Give the projects, the newest first."""
    query = select(table).order_by(table.c.id.desc()).limit(MOST)
    if park is not None:
        query = query.where(table.c.park == park)
    with reading(engine) as connection:
        return [_kept(row) for row in connection.execute(query)]


def _kept(row: Row[Any]) -> KeptProject:
    inputs, result = msgspec.convert(row.inputs, Subject), msgspec.convert(row.result, Result)
    return KeptProject(row.id, row.park, row.name, row.evaluation, inputs, result, row.who, row.at)

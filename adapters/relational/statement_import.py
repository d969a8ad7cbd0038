"""A file of statements: looked at whole, with every mistake and what it would change, and only then taken in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from adapters import sheet
from adapters.relational import registry_store, statements
from adapters.relational.refusal import EntryRefused
from adapters.relational.revised import place
from adapters.workbook_parts import SheetError
from park.mistake import Mistake
from park.revision import Plan
from park.statement import Statement
from park.statement_doubt import Doubt, doubts
from park.statement_table import Read, read_sheets


@dataclass(frozen=True, slots=True)
class Preview:
    """What taking in a file would do."""

    plan: Plan[Statement]
    mistakes: tuple[Mistake, ...] = ()
    doubts: tuple[tuple[str, Doubt], ...] = ()
    """What looks wrong and may be right, each with its cell."""
    blank: int = 0
    """Rows that were not filled in."""


def preview(engine: Engine, content: bytes, *, now: datetime) -> Preview:
    """Say what `take_in` would do, and do nothing; a reason is not asked for yet."""
    try:
        read = _read(engine, content)
    except SheetError as error:
        return Preview(Plan(), (Mistake("file", None, error.zh, error.en),))
    plan = statements.compare(engine, read.statements, now=now, places=read.places)
    mistakes = read.mistakes + plan.mistakes
    return Preview(plan, mistakes, () if mistakes else tuple(_doubts(engine, read, plan)), read.blank)


def take_in(engine: Engine, content: bytes, *, who: str, now: datetime, reason: str = "") -> Plan[Statement]:
    """Keep what a file says, all of it or nothing.  Raises EntryRefused with every mistake."""
    try:
        read = _read(engine, content)
    except SheetError as error:
        raise EntryRefused([Mistake("file", None, error.zh, error.en)]) from error
    if read.mistakes:
        plan = statements.compare(engine, read.statements, now=now, places=read.places)
        raise EntryRefused(read.mistakes + plan.mistakes)
    return statements.save(engine, read.statements, who=who, now=now, reason=reason, places=read.places)


def _read(engine: Engine, content: bytes) -> Read:
    return read_sheets(sheet.read(content), registry_store.load(engine).enterprises)


def _doubts(engine: Engine, read: Read, plan: Plan[Statement]) -> list[tuple[str, Doubt]]:
    if not plan:
        return []
    terms = [step.new.term for step in plan.steps]
    kept = statements.current(engine, first=min(term.before() for term in terms), last=max(terms))
    known = {statement.key: statement for statement in kept}
    places = {one.key: where for one, where in zip(read.statements, read.places, strict=True)}
    found = []
    for step in plan.steps:
        before = step.old or known.get((step.new.enterprise, step.new.term.before()))
        where = places[step.new.key]
        found += [(place(where, doubt.line), doubt) for doubt in doubts(step.new, before)]
    return found

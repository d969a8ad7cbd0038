"""What people marked enterprises with for an evaluation: adders, vetoes, exclusions, each with who, when and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, insert, select

from adapters.relational import audit
from adapters.relational.engine import deciding, reading
from adapters.relational.refusal import EntryRefused
from adapters.relational.tables_evaluation import evaluation_flag as table
from park.evaluation.scheme import Scheme
from park.evaluation.subject import Flag, Kind
from park.mistake import Mistake
from park.registry_notes import Notes, near
from park.term import Term


@dataclass(frozen=True, slots=True)
class KeptFlag:
    """One mark in force."""

    enterprise: str
    kind: Kind
    mark: str
    reason: str
    who: str
    at: datetime

    def flag(self) -> Flag:
        """Give it as the evaluation takes it."""
        return Flag(self.kind, self.mark, self.reason)


def current(engine: Engine, scheme: str, term: Term) -> list[KeptFlag]:
    """Give the marks in force, by enterprise and in the order they were first set."""
    query = select(table).where(table.c.scheme == scheme, table.c.term == str(term)).order_by(table.c.id)
    standing: dict[tuple[str, str, str], KeptFlag] = {}
    with reading(engine) as connection:
        for row in connection.execute(query):
            key = (row.enterprise, row.kind, row.mark)
            if row.standing:
                standing[key] = KeptFlag(row.enterprise, Kind(row.kind), row.mark, row.reason, row.who, row.at)
            else:
                standing.pop(key, None)
    return sorted(standing.values(), key=lambda flag: flag.enterprise)


def set_flag(
    engine: Engine,
    scheme: Scheme,
    term: Term,
    enterprise: str,
    flag: Flag,
    *,
    standing: bool,
    who: str,
    now: datetime,
) -> None:
    """Set a mark of the scheme, or take it back; either needs a reason.  Raises EntryRefused."""
    mistakes = check_flag(scheme, flag)
    if mistakes:
        raise EntryRefused(mistakes)
    row = {
        "scheme": scheme.id,
        "term": str(term),
        "enterprise": enterprise,
        "kind": flag.kind.value,
        "mark": flag.key,
        "standing": standing,
        "who": who,
        "at": now,
        "reason": flag.reason.strip(),
    }
    facts: Mapping[str, object] = {name: row[name] for name in ("kind", "mark", "reason")}
    with deciding(engine) as connection:
        connection.execute(insert(table).values(row))
        audit.record(
            connection,
            at=now,
            who=who,
            action="evaluation.mark" if standing else "evaluation.unmark",
            subject=f"{enterprise} {scheme.id} {term}",
            after=facts,
        )


def check_flag(scheme: Scheme, flag: Flag) -> list[Mistake]:
    """Name every mistake of a mark: one the scheme does not have, one without a reason."""
    notes = Notes({})
    marks = {Kind.ADDER: scheme.adders, Kind.VETO: scheme.vetoes, Kind.EXCLUSION: scheme.exclusions}[flag.kind]
    known = [mark.key for mark in marks]
    if flag.key not in known:
        zh, en = near(flag.key, known)
        notes.add("mark", f"方案 {scheme.name} 没有 {flag.key} 这一项; {zh}", f"The scheme has no {flag.key}; {en}")
    if not flag.reason.strip():
        notes.add("reason", "请写明理由和依据; 它会印在计算表上。", "Say why; it is printed on the sheet.")
    return notes.mistakes

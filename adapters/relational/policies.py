"""What parks decided, one revision after the other."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, func, insert, select, tuple_, update

from adapters.relational import audit
from adapters.relational.engine import deciding, reading
from adapters.relational.schema import edition
from adapters.relational.tables_factor import policy as table
from park.factor import Basis
from park.policy import Loss, Policy
from park.policy_entry import dump, read

SUBJECT = "policies"


def version(engine: Engine) -> int:
    """Give a number that is another one after each revision; asking costs one row."""
    with engine.connect() as connection:
        number: int = connection.execute(select(edition.c.number).where(edition.c.subject == SUBJECT)).scalar_one()
    return number


def current(engine: Engine, park: str) -> Policy:
    """Give a park's policy: revision 0, the default, until somebody decided."""
    return next(iter(history(engine, park)), Policy(park))


def all_current(engine: Engine) -> dict[str, Policy]:
    """Give the policies of the parks that decided anything."""
    newest = select(table.c.park, func.max(table.c.revision)).group_by(table.c.park)
    query = select(table).where(tuple_(table.c.park, table.c.revision).in_(newest))
    with reading(engine) as connection:
        return {row.park: _policy(row) for row in connection.execute(query)}


def history(engine: Engine, park: str) -> list[Policy]:
    """Give every revision of a park's policy, the newest first."""
    query = select(table).where(table.c.park == park).order_by(table.c.revision.desc())
    with reading(engine) as connection:
        return [_policy(row) for row in connection.execute(query)]


def save(engine: Engine, park: str, document: Mapping[str, Any], *, who: str, now: datetime) -> Policy:
    """Take a decision as another revision; saying the same again makes none.

    Raises park.policy_entry.PolicyMistaken with every mistake.
    """
    with deciding(engine) as connection:
        query = select(table).where(table.c.park == park).order_by(table.c.revision.desc()).limit(1)
        row = connection.execute(query).one_or_none()
        old = Policy(park) if row is None else _policy(row)
        made = read(document, old)
        before, after = dump(old), dump(made)
        if before == after:
            return old
        values: dict[str, Any] = after | {"losses": [[one.carrier, one.low, one.high] for one in made.losses]}
        values |= {"park": park, "revision": old.revision + 1, "who": who, "at": now, "reason": made.reason}
        connection.execute(insert(table).values(values))
        connection.execute(update(edition).where(edition.c.subject == SUBJECT).values(number=edition.c.number + 1))
        audit.record(connection, at=now, who=who, action="policy.change", subject=park, before=before, after=after)
    return current(engine, park)


def _policy(row: Row[Any]) -> Policy:
    return Policy(
        park=row.park,
        revision=row.revision,
        basis=Basis(row.basis),
        region=row.region,
        fallback=row.fallback,
        sets=tuple(row.sets),
        counted=frozenset(row.counted),
        self_generated=row.self_generated,
        residual=row.residual,
        feed_water_kj_kg=row.feed_water_kj_kg,
        final_coverage=row.final_coverage,
        losses=tuple(Loss(*part) for part in row.losses),
        who=row.who,
        at=row.at,
        reason=row.reason,
    )

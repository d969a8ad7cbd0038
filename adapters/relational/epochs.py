"""What people declare of a register and decide about what was found: written down, never changed.

A revision has the identity of the one before it (meter, metric, instant, kind); the newest is in force.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Row, func, insert, select, update

from adapters.relational import audit, registry_store
from adapters.relational.engine import deciding, reading
from adapters.relational.schema import edition
from adapters.relational.tables_ledger import epoch as table
from park.epoch import Epoch, Kind, Standing
from park.place import Meter

SUBJECT = "epochs"
CHUNK = 500
Register = tuple[str, str]
"""A meter and the metric of its register."""


class Recorded(NamedTuple):
    """One revision with its number; `in_force` until a newer one has its identity."""

    id: int
    epoch: Epoch
    in_force: bool


def version(engine: Engine) -> int:
    """Give a number that is another one after each revision; asking costs one row."""
    with engine.connect() as connection:
        query = select(edition.c.number).where(edition.c.subject == SUBJECT)
        number: int = connection.execute(query).scalar_one()
    return number


def in_force(engine: Engine, meters: Collection[str] | None = None) -> Mapping[Register, tuple[Epoch, ...]]:
    """Give the epochs in force of some meters or all, in order of time."""
    newest = select(func.max(table.c.id)).group_by(table.c.meter, table.c.metric, table.c.at, table.c.kind)
    query = select(table).where(table.c.id.in_(newest)).order_by(table.c.at, table.c.id)
    found: dict[Register, list[Epoch]] = {}
    with reading(engine) as connection:
        for some in _chunks(meters):
            narrowed = query if some is None else query.where(table.c.meter.in_(some))
            for row in connection.execute(narrowed):
                found.setdefault((row.meter, row.metric), []).append(_epoch(row))
    return {register: tuple(epochs) for register, epochs in found.items()}


def history(engine: Engine, meter: str) -> list[Recorded]:
    """Give every revision of one meter's epochs, the newest first."""
    query = select(table).where(table.c.meter == meter).order_by(table.c.id.desc())
    seen: set[tuple[str, datetime, str]] = set()
    found: list[Recorded] = []
    with reading(engine) as connection:
        for row in connection.execute(query):
            identity = (row.metric, row.at, row.kind)
            found.append(Recorded(row.id, _epoch(row), identity not in seen))
            seen.add(identity)
    return found


def newest(engine: Engine, limit: int) -> list[Recorded]:
    """Give the newest revisions of all meters, the newest first."""
    later = table.alias()
    same = [later.c[name] == table.c[name] for name in ("meter", "metric", "at", "kind")]
    replaced = select(later.c.id).where(*same, later.c.id > table.c.id).exists()
    query = select(table, replaced.label("replaced")).order_by(table.c.id.desc()).limit(limit)
    with reading(engine) as connection:
        return [Recorded(row.id, _epoch(row), not row.replaced) for row in connection.execute(query)]


def record(engine: Engine, epoch: Epoch, *, now: datetime) -> int:
    """Write one revision down, with its audit, and give its number.

    A multiplier that a person declares is also entered in the registry, from its instant or from now on, whichever is
    later: what comes in is stored with it, and what is stored already is reckoned with the epoch.
    """
    with deciding(engine) as connection:
        before = _newest(connection, epoch)
        number: int = connection.execute(insert(table).returning(table.c.id), _row(epoch, now)).scalar_one()
        connection.execute(update(edition).where(edition.c.subject == SUBJECT).values(number=edition.c.number + 1))
        audit.record(
            connection,
            at=now,
            who=epoch.who,
            action=f"epoch.{epoch.standing.value}",
            subject=f"{epoch.meter} {epoch.metric}",
            before=None if before is None else _facts(before),
            after=_facts(epoch),
        )
        if epoch.multiplier is not None and epoch.standing is not Standing.REJECTED:
            since = max(epoch.at, now)
            value = epoch.multiplier

            def enter(meter: Meter) -> Meter:
                return registry_store.with_multiplier(meter, since, value)

            registry_store.change_meter(connection, epoch.meter, enter, who=epoch.who, now=now)
    return number


def _newest(connection: Connection, epoch: Epoch) -> Epoch | None:
    query = (
        select(table)
        .where(
            table.c.meter == epoch.meter,
            table.c.metric == epoch.metric,
            table.c.at == epoch.at,
            table.c.kind == epoch.kind.value,
        )
        .order_by(table.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _epoch(row)


def _epoch(row: Row[*tuple[Any, ...]]) -> Epoch:
    return Epoch(
        meter=row.meter,
        metric=row.metric,
        at=row.at,
        kind=Kind(row.kind),
        standing=Standing(row.standing),
        closing=row.closing,
        opening=row.opening,
        multiplier=row.multiplier,
        width=row.width,
        note=row.note,
        who=row.who,
        recorded_at=row.recorded_at,
    )


def _row(epoch: Epoch, now: datetime) -> dict[str, object]:
    return {
        "meter": epoch.meter,
        "metric": epoch.metric,
        "at": epoch.at,
        "kind": epoch.kind.value,
        "standing": epoch.standing.value,
        "closing": epoch.closing,
        "opening": epoch.opening,
        "multiplier": epoch.multiplier,
        "width": epoch.width,
        "note": epoch.note,
        "who": epoch.who,
        "recorded_at": now,
    }


def _facts(epoch: Epoch) -> dict[str, object]:
    """Write it as the audit keeps it: what was not said is left out."""
    row = {key: value for key, value in _row(epoch, epoch.at).items() if value is not None and value != ""}
    del row["who"], row["recorded_at"]
    return row | {"at": epoch.at.isoformat()}


def _chunks(meters: Collection[str] | None) -> Iterable[list[str] | None]:
    if meters is None:
        return [None]
    named = sorted(meters)
    return [named[first : first + CHUNK] for first in range(0, len(named), CHUNK)]

"""What people ask to be done to alerts: written down here, done by the rules service, each once and in order."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, func, insert, select

from adapters.relational import audit
from adapters.relational.engine import deciding, reading
from adapters.relational.tables_alarm_desk import alert_action as table
from park.care import Action, Deed
from park.rulebook import Key


def ask(
    engine: Engine,
    keys: Sequence[Key],
    deed: Deed,
    *,
    who: str,
    now: datetime,
    note: str = "",
    until: datetime | None = None,
    to: str = "",
) -> list[Action]:
    """Ask for one deed on some alerts, all or none.

    One asks at a time, so that numbers appear in their order: whoever reads those after a number misses none.
    """
    asked = {"at": now, "who": who, "deed": deed.value, "note": note, "until": until, "given_to": to}
    facts = {"note": note, "until": None if until is None else until.isoformat(), "to": to}
    told = {name: value for name, value in facts.items() if value}
    made: list[Action] = []
    with deciding(engine) as connection:
        for key in keys:
            row = asked | {"rule": key.rule, "meter": key.meter}
            number = connection.execute(insert(table).values(row).returning(table.c.id)).scalar_one()
            audit.record(
                connection, at=now, who=who, action=f"alert.{deed.value}", subject=f"{key.rule} {key.meter}", after=told
            )
            made.append(
                Action(
                    id=number, at=now, who=who, rule=key.rule, meter=key.meter, deed=deed, note=note, until=until, to=to
                )
            )
    return made


def since(engine: Engine, number: int, most: int = 500) -> list[Action]:
    """Give what was asked for after a number, in order, the first so many."""
    query = select(table).where(table.c.id > number).order_by(table.c.id).limit(most)
    with reading(engine) as connection:
        return [_action(row) for row in connection.execute(query)]


def last_number(engine: Engine) -> int:
    """Give the number of the newest; 0 where there is none."""
    with reading(engine) as connection:
        number: int = connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
    return number


def waiting(engine: Engine, acted: int, keys: Collection[Key] | None = None) -> list[Action]:
    """Give what was asked for and is not done yet, of some alerts or of all."""
    return [one for one in since(engine, acted) if keys is None or Key(one.rule, one.meter) in keys]


def _action(row: Row[Any]) -> Action:
    return Action(
        id=row.id,
        at=row.at,
        who=row.who,
        rule=row.rule,
        meter=row.meter,
        deed=Deed(row.deed),
        note=row.note,
        until=row.until,
        to=row.given_to,
    )

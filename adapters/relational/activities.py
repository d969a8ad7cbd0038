"""Entered activities as they are kept: every revision for ever, all of a set or none of it.

Errors are EntryRefused, with every mistake, and those of `trouble`.
"""

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select

from adapters.relational import audit, registry_rows, revised
from adapters.relational.engine import deciding, reading
from adapters.relational.refusal import EntryRefused
from adapters.relational.revised import Places, place
from adapters.relational.tables_activity import activity as table
from park import term as terms
from park.activity import Activity
from park.activity_check import check_activity, metered, plan_activities
from park.registry_notes import Notes
from park.revision import Plan
from park.statement_check import check_enterprise
from park.term import Term

SUBJECT = "activities"
KEYS = ("enterprise", "term", "item")


def current(
    engine: Engine, *, first: Term | None = None, last: Term | None = None, enterprise: str | None = None
) -> list[Activity]:
    """Give the newest revision of each activity whose term shares a month with the stretch from `first` to `last`."""
    with reading(engine) as connection:
        return _current(connection, first, last, enterprise)


def history(engine: Engine, enterprise: str, term: Term, item: str) -> list[Activity]:
    """Give every revision of one activity, the first one first."""
    query = (
        select(table)
        .where(table.c.enterprise == enterprise, table.c.term == str(term), table.c.item == item)
        .order_by(table.c.revision)
    )
    with reading(engine) as connection:
        return [_activity(row) for row in connection.execute(query)]


def version(engine: Engine) -> int:
    """Give a number that is another one after each change; asking costs one row."""
    return revised.version(engine, SUBJECT)


def compare(
    engine: Engine,
    activities: Sequence[Activity],
    *,
    now: datetime,
    reason: str | None = None,
    places: Places | None = None,
) -> Plan[Activity]:
    """Say what `save` would do, and do nothing.  Without a reason, it is not asked for."""
    with reading(engine) as connection:
        return _plan(connection, _placed(activities, places), reason=reason, who="", now=now)


def save(
    engine: Engine,
    activities: Sequence[Activity],
    *,
    who: str,
    now: datetime,
    reason: str = "",
    places: Places | None = None,
) -> Plan[Activity]:
    """Keep activities as new revisions, all or none; what says nothing new makes none.  Raises EntryRefused.

    `reason` says why those differ that were kept before; an activity's own reason comes first.
    """
    with deciding(engine) as connection:
        done = _plan(connection, _placed(activities, places), reason=reason, who=who, now=now)
        if done.mistakes:
            raise EntryRefused(done.mistakes)
        if done:
            connection.execute(insert(table), [_row(step.new) for step in done.steps])
            revised.bump(connection, SUBJECT)
        for step in done.steps:
            audit.record(
                connection,
                at=now,
                who=who,
                action="activity.create" if step.old is None else "activity.revise",
                subject=f"{step.new.enterprise} {step.new.term} {step.new.item}",
                before=None if step.old is None else _plain(step.old),
                after=_plain(step.new),
            )
    return done


def _placed(activities: Sequence[Activity], places: Places | None) -> list[tuple[Mapping[str, str], Activity]]:
    if places is not None:
        return list(zip(places, activities, strict=True))
    return [({"": f"activities[{number}]"}, activity) for number, activity in enumerate(activities)]


def _plan(
    connection: Connection,
    given: Sequence[tuple[Mapping[str, str], Activity]],
    *,
    reason: str | None,
    who: str,
    now: datetime,
) -> Plan[Activity]:
    notes = Notes({})
    registry = registry_rows.read(connection)
    counted = metered(registry)
    for where, activity in given:
        check_enterprise(notes, place(where, "enterprise"), activity.enterprise, registry.by_enterprise)

        def written(part: str, where: Mapping[str, str] = where) -> str:
            return place(where, part)

        check_activity(notes, activity, written, now, counted)
    if notes.mistakes:
        return Plan(mistakes=tuple(notes.mistakes))
    wanted = [activity.term for _, activity in given]
    first, last = min(wanted, default=None, key=lambda term: term.first), max(wanted, default=None)
    kept: dict[Hashable, Activity] = {one.key: one for one in _current(connection, first, last, None)}
    return plan_activities(kept, [(where[""], one) for where, one in given], reason=reason, who=who, now=now)


def _current(connection: Connection, first: Term | None, last: Term | None, enterprise: str | None) -> list[Activity]:
    query = revised.newest(table, KEYS, revised.within(table, first, last, enterprise))
    return [_activity(row) for row in connection.execute(query)]


def _activity(row: Row[*tuple[Any, ...]]) -> Activity:
    return Activity(
        enterprise=row.enterprise,
        term=terms.read(row.term),
        item=row.item,
        amount=None if row.amount is None else Decimal(row.amount),
        unit=row.unit,
        evidence=row.evidence,
        revision=row.revision,
        who=row.who,
        at=row.at,
        reason=row.reason,
    )


def _row(activity: Activity) -> dict[str, object]:
    return {
        "enterprise": activity.enterprise,
        "term": str(activity.term),
        "item": activity.item,
        "revision": activity.revision,
        "first_month": activity.term.first,
        "last_month": activity.term.last,
        "amount": None if activity.amount is None else f"{activity.amount:f}",
        "unit": activity.unit,
        "evidence": activity.evidence,
        "who": activity.who,
        "at": activity.at,
        "reason": activity.reason,
    }


def _plain(activity: Activity) -> dict[str, object]:
    named = ("revision", "amount", "unit", "evidence", "reason")
    return {name: value for name, value in _row(activity).items() if name in named}

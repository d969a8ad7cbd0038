"""What another process has done with the alerts, taken over from the copies in the relational store.

Who takes over the watch with a folder of its own does not raise anew what burns, tells the end of it, and delivers what
the other left undelivered.  What the own file knows better stays.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from adapters.alert_store import AlertStore, AlertStoreBroken, NoticeRow
from adapters.log import logger
from adapters.relational import alert_watch, alerts
from park.alert import ACTIVE, Alert
from park.alert_record import AlertRecord
from park.instant import to_ms
from park.rulebook import Key, Rulebook
from park.watching import Memory, taken_over
from rules.alert_ledger import ACTED
from rules.notice_writer import WAITING

log = logger(__name__)
HOUR = timedelta(hours=1)
"""So far back, what was sent counts against what a receiver is sent in an hour."""


def restore(store: AlertStore, engine: Engine, now: datetime) -> dict[Key, AlertRecord]:
    """Put into the own file what it does not know; give the records it had otherwise.

    What cannot be read or kept is gone without: to tell of an alert twice is better than not to.
    """
    try:
        return _restore(store, engine, now)
    except (AlertStoreBroken, SQLAlchemyError, msgspec.MsgspecError) as error:
        log.warning("what another did with the alerts cannot be taken over", why=str(error))
        return {}


def _restore(store: AlertStore, engine: Engine, now: datetime) -> dict[Key, AlertRecord]:
    mine, border = store.alerts(), store.last_mirrored()
    others = {
        record.key: record
        for number, record in alerts.numbered(engine)
        if mine.get(record.key) != record and number > border and not _ours(store, number)
    }
    if others:
        store.commit(memories={}, alerts=others)
    since = min((each.raised_at or each.since for each in others.values() if each.phase in ACTIVE), default=now)
    store.update(_news(store, alerts.notices_from(engine, to_ms(min(since, now - HOUR)) * 1_000)))
    said, acted = alert_watch.said(engine), store.note(ACTED)
    if said is not None and said.acted > int(acted or 0):
        store.take_down(ACTED, str(said.acted).encode())
    return others


def _ours(store: AlertStore, number: int) -> bool:
    return [one.id for one in store.changes_after(number - 1, 1)] == [number]


def _news(store: AlertStore, notices: list[NoticeRow]) -> list[NoticeRow]:
    """Leave out what the own file knows, unless another has delivered what waits here."""
    known = {row.id: row for row in store.notices_from(0)}
    return [row for row in notices if row.id not in known or (known[row.id].state == WAITING and row.state != WAITING)]


def memories(
    store: AlertStore, others: Mapping[Key, AlertRecord], book: Rulebook | None, now: datetime
) -> dict[Key, Memory]:
    """Give what every watch remembered; of what another has done, what follows from its record."""
    found = {key: memory for key, memory in store.memories().items() if key not in others}
    if book is None or not others:
        return found
    for key, record in others.items():
        watch = book.watches.get(key)
        if watch is not None:
            alert = Alert(record.phase, record.since, record.raised_at)
            found[key] = taken_over(watch, alert, record.episode, now)
    with suppress(AlertStoreBroken):  # it is said with the next change
        store.commit(memories={key: found[key] for key in others if key in found}, alerts={}, forgotten=list(others))
    return found

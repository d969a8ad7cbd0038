"""Alerts as they stand and what becomes of them, written down before anybody is told.

One thread's.  What cannot be written down, because the disk is full, is told all the same: twice is better than never.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from adapters.alert_store import AlertStore, AlertStoreBroken, NoticeRow, Numbered
from adapters.log import logger
from park.alert import Phase
from park.alert_change import AlertChange, Kind, recorded
from park.alert_record import AlertRecord, after
from park.care import Action, Care, Refused, perform
from park.engine import Change, Engine
from park.instant import from_ms, to_ms
from park.rule import Rule
from park.rulebook import Key

HEARTBEAT = "heartbeat"
ACTED = "acted"
log = logger(__name__)


class Teller(Protocol):
    """Decides who is told what."""

    def tell(self, changes: Sequence[Numbered], records: Mapping[Key, AlertRecord], now: datetime) -> list[NoticeRow]:
        """Give a row for each receiver and change: a notice that waits, or the reason why there is none."""

    def offer(self, notices: Sequence[NoticeRow]) -> None:
        """Hand over what was written down; returns at once."""


class AlertLedger:
    """The records of all alerts, and the only writer of their store."""

    def __init__(self, store: AlertStore, teller: Teller) -> None:
        """Go on from what is stored."""
        self._store = store
        self._teller = teller
        self.records: dict[Key, AlertRecord] = store.alerts()
        acted = store.note(ACTED)
        self.acted = int(acted) if acted else 0
        """The number of the last action that was done or refused."""
        self.trouble: str | None = None
        """Why nothing can be written down now; None is well."""
        self._unkept: list[Numbered] = []
        self._unkept_notices: list[NoticeRow] = []
        self._touched: set[Key] = set()

    def heartbeat(self) -> datetime | None:
        """Say when we were last alive."""
        note = self._store.note(HEARTBEAT)
        return from_ms(int(note)) if note else None

    def enter(self, changes: Iterable[AlertChange], engine: Engine, now: datetime) -> bool:
        """Write down changes with all that the engine remembers, then have them told; tell whether it is kept."""
        numbered = self._store.number(list(changes), now)
        for one in numbered:
            self._touch(one.change)
        notices = self._teller.tell(numbered, self.records, now) if numbered else []
        self._unkept += numbered
        self._unkept_notices += notices
        kept = self._keep(engine, now)
        if notices:
            self._teller.offer(notices)
        return kept

    def enter_turns(self, turns: Iterable[Change], rules: Mapping[str, Rule], engine: Engine, now: datetime) -> bool:
        """Write down what the engine found."""
        return self.enter([recorded(turn, rules[turn.key.rule].severity) for turn in turns], engine, now)

    def act(self, actions: Iterable[Action], engine: Engine, now: datetime) -> None:
        """Do what people asked for, each once; what cannot be done is written in the log with its reason."""
        changes: list[AlertChange] = []
        for action in actions:
            if action.id <= self.acted:
                continue
            self.acted = action.id
            changes += self._act(action, engine, now)
        if changes:
            self.enter(changes, engine, now)

    def _act(self, action: Action, engine: Engine, now: datetime) -> list[AlertChange]:
        key = Key(action.rule, action.meter)
        record = self.records.get(key)
        if record is None:
            log.info("nothing to do", rule=key.rule, meter=key.meter, deed=action.deed)
            return []
        done = perform(record.care, action, record.phase, now)
        if isinstance(done, Refused):
            log.info("not done", rule=key.rule, meter=key.meter, deed=action.deed, why=done.en)
            return []
        if done.kind is Kind.CLOSED:
            engine.close(key, now)
        change = AlertChange(
            rule=key.rule,
            meter=key.meter,
            episode=record.episode,
            kind=done.kind,
            at=now,
            known_at=now,
            before=record.phase,
            after=Phase.OK if done.kind is Kind.CLOSED else record.phase,
            severity=record.severity,
            who=action.who,
            note=action.note or action.to,
            until=action.until,
            drill=record.drill,
        )
        self.records[key] = after(record, change, done.care)
        return [change]

    def expire(self, engine: Engine, now: datetime) -> None:
        """End the shelves whose time has come."""
        over = [
            record
            for record in self.records.values()
            if record.care.shelved_until is not None and record.care.shelved_until <= now
        ]
        changes = []
        for record in over:
            care = _unshelved(record.care)
            change = AlertChange(
                rule=record.rule,
                meter=record.meter,
                episode=record.episode,
                kind=Kind.SHELF_EXPIRED,
                at=now,
                known_at=now,
                before=record.phase,
                after=record.phase,
                severity=record.severity,
                drill=record.drill,
            )
            self.records[record.key] = after(record, change, care)
            changes.append(change)
        if changes:
            self.enter(changes, engine, now)

    def withdraw(self, gone: Iterable[Key], engine: Engine, now: datetime) -> None:
        """Clear the alerts whose rule or meter is no more: nobody watches them, and nobody is to think so."""
        changes = [
            AlertChange(
                rule=record.rule,
                meter=record.meter,
                episode=record.episode,
                kind=Kind.CLEARED if record.open else Kind.CALM,
                at=now,
                known_at=now,
                before=record.phase,
                after=Phase.OK,
                severity=record.severity,
                note="规则或设备已撤销 / its rule or meter was withdrawn",
                drill=record.drill,
            )
            for record in (self.records[key] for key in gone if key in self.records)
            if record.phase is not Phase.OK
        ]
        if changes:
            self.enter(changes, engine, now)

    def keep(self, engine: Engine, now: datetime) -> bool:
        """Write down what the engine remembers, and that we are alive."""
        return self._keep(engine, now)

    def _touch(self, change: AlertChange) -> None:
        record = self.records.get(change.key)
        if change.who or change.kind is Kind.SHELF_EXPIRED:
            self._touched.add(change.key)
            return
        self.records[change.key] = after(record, change)
        self._touched.add(change.key)

    def _keep(self, engine: Engine, now: datetime) -> bool:
        memories = engine.unsaved()
        try:
            self._store.commit(
                memories=memories,
                alerts={key: self.records[key] for key in self._touched},
                changes=self._unkept,
                notices=self._unkept_notices,
                notes={HEARTBEAT: str(to_ms(now)).encode(), ACTED: str(self.acted).encode()},
            )
        except AlertStoreBroken as error:
            engine.unsave(memories)
            if self.trouble is None:
                log.error("alerts cannot be written down; they are told all the same", why=str(error))  # noqa: TRY400  # its words say it
            self.trouble = str(error)
            return False
        if self.trouble is not None:
            log.info("alerts are written down again")
        self.trouble = None
        self._unkept, self._unkept_notices, self._touched = [], [], set()
        return True


def _unshelved(care: Care) -> Care:
    return msgspec.structs.replace(care, shelved_until=None, shelved_by="", shelf_reason="")

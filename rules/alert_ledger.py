"""Alerts as they stand and what becomes of them, written down before anybody is told.

One thread's.  What cannot be written down, because the disk is full, is told all the same: twice is better than never.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from adapters.alert_store import AlertStore, AlertStoreBroken, NoticeRow, Numbered
from adapters.log import logger
from park import drill
from park.alert import Phase
from park.alert_change import AlertChange, Kind, recorded
from park.alert_record import AlertRecord, after
from park.care import Action, Care, Deed, Refused, perform
from park.engine import Change, Engine
from park.instant import from_ms, to_ms
from park.own_rule import OWN
from park.rule import Rule
from park.rulebook import Key

LISTENED = "listened"
ACTED = "acted"
log = logger(__name__)


class Teller(Protocol):
    """Decides who is told what."""

    def tell(self, changes: Sequence[Numbered], records: Mapping[Key, AlertRecord], now: datetime) -> list[NoticeRow]:
        """Give a row for each receiver and change: a notice that waits, or the reason why there is none."""

    def offer(self, notices: Sequence[NoticeRow]) -> None:
        """Hand over what was written down; returns at once."""

    def remind(self, records: Mapping[Key, AlertRecord], now: datetime) -> list[AlertChange]:
        """Give what time alone makes of alerts that nobody looks after: escalated and said again."""


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
        self.untold = 0
        """Changes that a defect kept from being told."""
        self._unkept: list[Numbered] = []
        self._unkept_notices: list[NoticeRow] = []
        self._touched: set[Key] = set()
        self._forgotten: set[Key] = set()
        self._listened: datetime | None = None

    def listened(self) -> datetime | None:
        """Say when we last listened and knew how things stood."""
        note = self._store.note(LISTENED)
        return from_ms(int(note)) if note else None

    def enter(self, changes: Iterable[AlertChange], engine: Engine, now: datetime) -> bool:
        """Write down changes with what the engine remembers of them, then have them told; tell whether it is kept.

        What it remembers of others waits for `keep`, and so do the acknowledgements of the messages that said it.
        """
        numbered = self._store.number(list(changes), now)
        for one in numbered:
            self._touch(one.change)
        notices = self._told(numbered, now)
        self._unkept += numbered
        self._unkept_notices += notices
        kept = self._keep(engine, {one.change.key for one in self._unkept})
        if notices:
            self._teller.offer(notices)
        return kept

    def _told(self, numbered: list[Numbered], now: datetime) -> list[NoticeRow]:
        """Have it decided who is told; a defect in that must not end the watch, nor keep back what else is told."""
        try:
            return self._teller.tell(numbered, self.records, now) if numbered else []
        except Exception:
            if len(numbered) > 1:
                return [notice for one in numbered for notice in self._told([one], now)]
            self.untold += 1
            log.exception("nobody is told: a defect", rule=numbered[0].change.rule, meter=numbered[0].change.meter)
            return []

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
        if action.deed is Deed.DRILL:
            begun = drill.begun(key.meter, record, now, who=action.who, action=action.id, note=action.note)
            self.records[begun.key] = after(record, begun)
            return [begun]
        if record is None:
            log.info("nothing to do", rule=key.rule, meter=key.meter, deed=action.deed)
            return []
        done = perform(record.care, action, record.phase, now)
        if isinstance(done, Refused):
            change = _said(record, Kind.REFUSED, now, note=f"{done.zh} / {done.en}")
            return [msgspec.structs.replace(change, who=action.who, action=action.id)]
        if done.kind is Kind.CLOSED:
            engine.close(key, now)
        change = _said(
            record,
            done.kind,
            now,
            after=Phase.OK if done.kind is Kind.CLOSED else None,
            note=" / ".join(filter(None, (action.to, action.note))),
        )
        change = msgspec.structs.replace(change, who=action.who, until=action.until, action=action.id)
        self.records[key] = after(record, change, done.care)
        return [change]

    def pass_time(self, engine: Engine, now: datetime) -> None:
        """End the shelves whose time has come, and remind of what nobody looks after."""
        over = [
            record
            for record in self.records.values()
            if record.care.shelved_until is not None and record.care.shelved_until <= now
        ]
        changes = [_said(record, Kind.SHELF_EXPIRED, now) for record in over]
        changes += self._teller.remind(self.records, now)
        if changes:
            self.enter(changes, engine, now)

    def reconcile(self, engine: Engine, before: Collection[Key], now: datetime) -> None:
        """Clear the alerts that nobody watches any more, because their rule or meter is gone or is another now.

        `before` are the watches until now; what those that are gone remembered is forgotten.
        """
        self._forgotten |= engine.anew | (set(before) - set(engine.keys()))
        words = "规则或设备已撤销或改变 / its rule or meter was withdrawn or changed"
        changes = [
            _said(record, Kind.CLEARED if record.open else Kind.CALM, now, after=Phase.OK, note=words)
            for key, record in self.records.items()
            if record.phase is not Phase.OK and key.rule not in OWN and not _goes_on(engine, key)
        ]
        if changes or self._forgotten:
            self.enter(changes, engine, now)

    def keep(self, engine: Engine, now: datetime, *, listened: bool) -> bool:
        """Write down what the engine remembers, and whether we listen and know how things stand."""
        if listened:
            self._listened = now
        return self._keep(engine)

    def _touch(self, change: AlertChange) -> None:
        """Bring the record to what it is after a change; what a person did is in it already."""
        key, record = change.key, self.records.get(change.key)
        self._touched.add(key)
        if change.kind is Kind.SHELF_EXPIRED and record is not None:
            self.records[key] = after(record, change, _unshelved(record.care))
        elif change.kind is Kind.ESCALATED and record is not None:
            level = record.care.escalated + 1
            self.records[key] = after(record, change, msgspec.structs.replace(record.care, escalated=level))
        elif not change.who:
            self.records[key] = after(record, change)

    def _keep(self, engine: Engine, keys: Collection[Key] | None = None) -> bool:
        """Write down what is not, and what the engine remembers: of some alerts, because somebody waits, or of all."""
        memories = engine.unsaved(keys)
        notes = {ACTED: str(self.acted).encode()}
        if self._listened is not None:
            notes[LISTENED] = str(to_ms(self._listened)).encode()
        try:
            self._store.commit(
                memories=memories,
                alerts={key: self.records[key] for key in self._touched},
                changes=self._unkept,
                notices=self._unkept_notices,
                notes=notes,
                forgotten=self._forgotten,
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
        self._unkept, self._unkept_notices, self._touched, self._forgotten = [], [], set(), set()
        return True


def _said(record: AlertRecord, kind: Kind, now: datetime, *, after: Phase | None = None, note: str = "") -> AlertChange:
    """Write down what happened to an alert other than by evidence."""
    return AlertChange(
        rule=record.rule,
        meter=record.meter,
        episode=record.episode,
        kind=kind,
        at=now,
        known_at=now,
        before=record.phase,
        after=record.phase if after is None else after,
        severity=record.severity,
        note=note,
        drill=record.drill,
    )


def _goes_on(engine: Engine, key: Key) -> bool:
    """Tell whether an alert is still watched as it is recorded."""
    watching = engine.watching(key)
    return watching is not None and watching.state.alert.phase is not Phase.OK


def _unshelved(care: Care) -> Care:
    return msgspec.structs.replace(care, shelved_until=None, shelved_by="", shelf_reason="")

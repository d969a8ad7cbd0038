"""Decides who is told of what and writes their notices; the ledger keeps them, the dispatch delivers them.

`tell` and `remind` are for the ledger's thread, `release` and the like for those that deliver.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec

from adapters.alert_store import AlertStore, NoticeRow, Numbered
from park.alert import ACTIVE
from park.alert_change import AlertChange, Kind
from park.alert_record import AlertRecord
from park.contact import PANEL, Phonebook
from park.escalation import Level, ladder, on_hand
from park.instant import to_ms
from park.maintenance import under_maintenance
from park.notice import Notice
from park.receiver import Receiver
from park.rulebook import Key
from park.tell import HOUR, Decision, Reason, Scene, decide, in_the_way
from park.told import Told
from park.window import SITE
from rules.notice_writer import WAITING, NoticeWriter
from rules.postbox import FAILED
from rules.wanted import Known

NOBODY: frozenset[str] = frozenset()


class Delivers(Protocol):
    """Takes notices to where they go."""

    def offer(self, notices: Sequence[NoticeRow]) -> None:
        """Take them over; returns at once."""


class AlertTeller:
    """Knows who was told of what burns; after a restart, from the notices that were kept."""

    def __init__(
        self,
        *,
        store: AlertStore,
        known: Callable[[], Known | None],
        phonebook: Callable[[], Phonebook],
        deliver: Delivers,
        now: datetime,
        zone: ZoneInfo = SITE,
    ) -> None:
        """Take the parts, and what was told until `now`."""
        self._phonebook = phonebook
        self._deliver = deliver
        self._lock = threading.Lock()
        self._records: Mapping[Key, AlertRecord] = store.alerts()
        self._told: dict[Key, Told] = {}
        self._sent: dict[str, list[datetime]] = defaultdict(list)
        self._writer = NoticeWriter(known, zone)
        self._recall(store, now)

    def tell(self, changes: Sequence[Numbered], records: Mapping[Key, AlertRecord], now: datetime) -> list[NoticeRow]:
        """Give a row for each receiver and change: a notice that waits, or the reason why there is none."""
        book = self._phonebook()
        receivers, on_duty = book.receivers(), book.on_duty(now)
        rows: list[NoticeRow] = []
        with self._lock:
            self._records = records
            self._writer.follow()
            for number, change in changes:
                told = self._episode(change, now)
                scene = self._scene(change.key, book, on_duty, now)
                if change.kind is Kind.ESCALATED:
                    scene = scene._replace(turn=self._turn(change.key, receivers, on_duty))
                page = self._writer.page(change, told, records.get(change.key))
                for receiver in receivers.values():
                    decision = decide(change, receiver, scene, now)
                    if decision.reason is Reason.NO_NEWS:
                        continue
                    if told is not None and not receiver.panel:
                        told.note(change.kind, decision, now)
                    rows.append(page.row(number, receiver, decision))
                    if decision.reason is Reason.TOLD:
                        self._sent[receiver.id].append(now)
                if change.kind is Kind.CLEARED:
                    self._told.pop(change.key, None)
            for sent in self._sent.values():
                while sent and now - sent[0] >= HOUR:
                    del sent[0]
        return rows

    def offer(self, notices: Sequence[NoticeRow]) -> None:
        """Hand over what was written down; returns at once."""
        self._deliver.offer([notice for notice in notices if notice.state == WAITING])

    def remind(self, records: Mapping[Key, AlertRecord], now: datetime) -> list[AlertChange]:
        """Give what time alone makes of alerts that nobody looks after: released, escalated and said again."""
        book = self._phonebook()
        receivers, on_duty = book.receivers(), book.on_duty(now)
        found: list[AlertChange] = []
        with self._lock:
            self._records = records
            self._writer.follow()
            for key, told in self._told.items():
                record = records.get(key)
                if record is None or record.phase not in ACTIVE or record.care.acknowledged_at is not None:
                    continue
                kind = self._due(record, told, receivers, now)
                if kind is not None and in_the_way(key, self._scene(key, book, on_duty, now), now) is None:
                    found.append(_of_time(record, kind, now))
        return found

    def release(self, notice: Notice, reason: Reason, now: datetime) -> Decision | None:
        """Let a notice that was held back go, and note that its receiver knows; or say why it is not told any more."""
        key = Key(notice.rule, notice.meter)
        book = self._phonebook()
        with self._lock:
            self._sent[notice.receiver].append(now)
            if notice.kind is Kind.CLEARED or reason is not Reason.QUIET:
                return None  # they hear of it in any case, only later
            told = self._told.get(key)
            if told is None or told.episode != notice.episode:
                return Decision(notice.receiver, Reason.OVER, now)
            hindrance = in_the_way(key, self._scene(key, book, book.on_duty(now), now), now)
            if hindrance is not None:
                told.passed_over[notice.receiver] = hindrance[0]
                return Decision(notice.receiver, hindrance[0], now, hindrance[1])
            told.told.add(notice.receiver)
            return None

    def passed_on(self, notice: Notice) -> None:
        """Note that somebody is told instead of another, and so is to hear of the end as well."""
        with self._lock:
            told = self._told.get(Key(notice.rule, notice.meter))
            if told is not None and told.episode == notice.episode:
                told.told.add(notice.receiver)

    def standing(self) -> list[Notice]:
        """Give every alert that is on the list, as a panel shows it."""
        with self._lock:
            self._writer.follow()
            records = [record for record in list(self._records.values()) if record.open]
            return [self._writer.standing(record, PANEL) for record in records]

    def _recall(self, store: AlertStore, now: datetime) -> None:
        """Find out from the notices that were kept who knows of what burns."""
        open_ones = {key: record for key, record in self._records.items() if record.phase in ACTIVE}
        for key, record in open_ones.items():
            since = record.raised_at or record.since
            self._told[key] = Told(record.episode, since, since, since)
        oldest = min([told.since for told in self._told.values()], default=now)
        panels = {name for name, receiver in self._phonebook().receivers().items() if receiver.panel}
        decode = msgspec.json.Decoder(Notice).decode
        for row in store.notices_from(to_ms(min(oldest, now - HOUR)) * 1_000):
            notice, reason = decode(row.document), Reason.TOLD if row.state == FAILED else Reason(row.reason)
            at = datetime.fromtimestamp(row.change / 1_000_000, tz=now.tzinfo)
            if row.sent is not None and now - row.sent < HOUR:
                self._sent[row.receiver].append(row.sent)
            told = self._told.get(Key(notice.rule, notice.meter))
            if told is None or told.episode != notice.episode or row.receiver in panels:
                continue
            told.note(notice.kind, Decision(row.receiver, reason, row.due), at)
            if notice.kind in {Kind.RAISED, Kind.RENOTIFIED, Kind.RELEASED}:
                told.said = at
            if reason is Reason.INSTEAD or (reason is Reason.QUIET and (row.sent is not None or row.tries)):
                told.told.add(row.receiver)
        for sent in self._sent.values():
            sent.sort()

    def _episode(self, change: AlertChange, now: datetime) -> Told | None:
        if change.kind is Kind.RAISED:
            self._told[change.key] = Told(change.episode, change.at, now, now)
        told = self._told.get(change.key)
        if told is not None and change.kind is Kind.RELEASED:
            told.passed_over.clear()
        if told is not None and change.kind in {Kind.RELEASED, Kind.RENOTIFIED}:
            told.said = now
        return told

    def _scene(self, key: Key, book: Phonebook, on_duty: frozenset[str], now: datetime) -> Scene:
        meter = self._writer.place(key.meter)
        told = self._told.get(key)
        return Scene(
            rules=self._writer.rules,
            records=self._records,
            inhibition=self._writer.inhibition,
            enterprise=meter.enterprise if meter is not None else "",
            maintenance=under_maintenance(book.maintenance, meter, key.rule, now),
            on_duty=on_duty,
            told=told.told if told is not None else NOBODY,
            turn=NOBODY,
            sent=self._sent,
        )

    def _levels(self, told: Told, receivers: Mapping[str, Receiver]) -> list[Level]:
        return ladder(told.first, told.awake, receivers)

    def _turn(self, key: Key, receivers: Mapping[str, Receiver], on_duty: frozenset[str]) -> frozenset[str]:
        told, record = self._told.get(key), self._records.get(key)
        if told is None or record is None:
            return NOBODY
        levels = self._levels(told, receivers)
        place = record.care.escalated - 1
        return on_hand(levels[place].receivers, on_duty, receivers) if 0 <= place < len(levels) else NOBODY

    def _due(self, record: AlertRecord, told: Told, receivers: Mapping[str, Receiver], now: datetime) -> Kind | None:
        if told.passed_over:
            return Kind.RELEASED
        levels = self._levels(told, receivers)
        place = record.care.escalated
        if place < len(levels) and now - told.began >= levels[place].after:
            return Kind.ESCALATED
        rule = self._writer.rules.get(record.rule)
        again = rule.renotify if rule is not None else None
        return Kind.RENOTIFIED if again is not None and now - told.said >= again else None


def _of_time(record: AlertRecord, kind: Kind, now: datetime) -> AlertChange:
    return AlertChange(
        rule=record.rule,
        meter=record.meter,
        episode=record.episode,
        kind=kind,
        at=now,
        known_at=now,
        before=record.phase,
        after=record.phase,
        metric=record.metric,
        value=record.value,
        severity=record.severity,
        drill=record.drill,
    )

"""What the tests of telling share: a real store, a clock that is set, and hands that keep what they got."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from adapters.alert_store import AlertStore, NoticeRow
from adapters.notices.way import Undelivered, Way
from park.alert import ACTIVE, Phase
from park.alert_change import AlertChange, Kind
from park.alert_record import AlertRecord, after
from park.care import Action, Deed, Done, perform
from park.contact import Contact, Phonebook
from park.notice import Notice
from park.receiver import Receiver
from park.receiver import Way as Means
from park.rule import Rule
from park.rulebook import Key
from park.severity import Severity
from rules.dispatch import Dispatch
from rules.teller import AlertTeller
from rules.wanted import Known
from tests.rules.alert_house import REGISTRY, T0, a_rule, known

OFFICER = Receiver(id="officer", name="安全员", way=Means.WEBHOOK)
BOSS = Receiver(id="boss", name="园区主任", way=Means.WEBHOOK, least=Severity.CRITICAL)


def receiver(base: Receiver = OFFICER, **changes: object) -> Receiver:
    return msgspec.structs.replace(base, **changes)


@dataclass
class Hands:
    """One receiver's hands: what is in them, and why they take nothing for now."""

    got: list[Notice] = field(default_factory=list)
    refuses: list[Undelivered] = field(default_factory=list)
    joins: bool = False

    def deliver(self, notice: Notice) -> None:
        if self.refuses:
            raise self.refuses.pop(0)
        self.got.append(notice)

    def rest(self) -> None:
        pass

    def close(self) -> None:
        pass


class Room:
    """A teller and a dispatch without threads over a real store; time passes when it is told to."""

    def __init__(
        self, store: AlertStore, *receivers: Receiver, rules: Sequence[Rule] = (), book: Phonebook | None = None
    ) -> None:
        self.store = store
        self.now = T0
        self.known: Known | None = known(*(rules or (a_rule(),)), registry=REGISTRY)
        self.book = book or Phonebook(contacts=tuple(Contact(receiver=each) for each in receivers))
        self.hands: dict[str, Hands] = {}
        self.records: dict[Key, AlertRecord] = store.alerts()
        self.dispatch = Dispatch(
            store=store, phonebook=lambda: self.book, open_way=self._open, clock=lambda: self.now, threads=False
        )
        self.teller = AlertTeller(
            store=store, known=lambda: self.known, phonebook=lambda: self.book, deliver=self.dispatch, now=self.now
        )
        self.dispatch.start(self.teller)

    def again(self) -> "Room":
        """Start anew over the same file, as after a kill."""
        room = Room.__new__(Room)
        room.__dict__.update(self.__dict__)
        room.records = self.store.alerts()
        room.dispatch = Dispatch(
            store=self.store, phonebook=lambda: room.book, open_way=room._open, clock=lambda: room.now, threads=False
        )
        room.teller = AlertTeller(
            store=self.store, known=lambda: room.known, phonebook=lambda: room.book, deliver=room.dispatch, now=room.now
        )
        room.dispatch.start(room.teller)
        return room

    def _open(self, contact: Contact) -> Way:
        return self.hands.setdefault(contact.receiver.id, Hands())

    def raised(self, rule: str = "gas", meter: str = "gas0", severity: Severity = Severity.LARGER) -> list[NoticeRow]:
        key = Key(rule, meter)
        episode = self.records[key].episode + 1 if key in self.records else 1
        return self.enter(_change(key, Kind.RAISED, self.now, episode=episode, phase=Phase.FIRING, severity=severity))

    def cleared(self, rule: str = "gas", meter: str = "gas0") -> list[NoticeRow]:
        record = self.records[Key(rule, meter)]
        return self.enter(
            _change(
                record.key, Kind.CLEARED, self.now, episode=record.episode, phase=Phase.OK, severity=record.severity
            )
        )

    def does(self, deed: Deed, *, until: timedelta | None = None, rule: str = "gas", meter: str = "gas0") -> None:
        record = self.records[Key(rule, meter)]
        end = None if until is None else self.now + until
        action = Action(id=1, at=self.now, who="王工", rule=rule, meter=meter, deed=deed, note="已查看", until=end)
        done = perform(record.care, action, record.phase, self.now)
        assert isinstance(done, Done)
        change = _change(
            record.key, done.kind, self.now, episode=record.episode, phase=record.phase, severity=record.severity
        )
        self.records[record.key] = after(record, change, done.care)
        self._keep([msgspec.structs.replace(change, who="王工", until=end)])

    def enter(self, *changes: AlertChange) -> list[NoticeRow]:
        """Write down changes and have them told, as the ledger does."""
        for change in changes:
            record = self.records.get(change.key)
            care = None
            if record is not None and change.kind is Kind.ESCALATED:
                care = msgspec.structs.replace(record.care, escalated=record.care.escalated + 1)
            self.records[change.key] = after(record, change, care)
        return self._keep(changes)

    def passes(self, time: timedelta, step: timedelta = timedelta(seconds=1)) -> list[Kind]:
        """Let time pass, with a look at every step at what it changes; give the kinds of changes."""
        kinds: list[Kind] = []
        end = self.now + time
        while self.now < end:
            self.now = min(end, self.now + step)
            for change in self.teller.remind(self.records, self.now):
                kinds.append(change.kind)
                self.enter(change)
            self.dispatch.turn()
        return kinds

    def told(self, receiver: str = "officer") -> list[Kind]:
        """Give what a receiver was told, in order; several in one stand as themselves."""
        got = self.hands.get(receiver, Hands()).got
        return [part.kind for notice in got for part in notice.parts or (notice,)]

    def _keep(self, changes: Sequence[AlertChange]) -> list[NoticeRow]:
        numbered = self.store.number(list(changes), self.now)
        notices = self.teller.tell(numbered, self.records, self.now)
        touched: Mapping[Key, AlertRecord] = {change.key: self.records[change.key] for change in changes}
        self.store.commit(memories={}, alerts=touched, changes=numbered, notices=notices)
        self.teller.offer(notices)
        self.dispatch.turn()
        return notices


def _change(key: Key, kind: Kind, now: datetime, *, episode: int, phase: Phase, severity: Severity) -> AlertChange:
    return AlertChange(
        rule=key.rule,
        meter=key.meter,
        episode=episode,
        kind=kind,
        at=now,
        known_at=now,
        before=Phase.OK if phase in ACTIVE else Phase.FIRING,
        after=phase,
        metric="lel",
        value=30.0,
        severity=severity,
    )

"""Writes notices: the words of a change for each receiver, against the rules and the registry as last heard."""

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from adapters.alert_store import NoticeRow
from park.alert_change import AlertChange, Kind
from park.alert_record import AlertRecord
from park.inhibition import Inhibition, inhibition
from park.message import Said, Subject, say
from park.notice import Notice, notice_id
from park.own_rule import OWN
from park.place import Meter
from park.receiver import Receiver
from park.registry import Registry
from park.rule import Rule
from park.tell import Decision
from park.told import Told
from rules.wanted import Known

WAITING, SKIPPED = "waiting", "skipped"
SILENCE = Said("", "", "", "")


class NoticeWriter:
    """For one thread at a time."""

    def __init__(self, known: Callable[[], Known | None], zone: ZoneInfo) -> None:
        self._known = known
        self._zone = zone
        self._bound: Known | None = None
        self.rules: Mapping[str, Rule] = OWN
        self.inhibition = Inhibition()
        self._places: dict[str, Meter] = {}
        """Where meters are, and where those were that are no more: their topics must be emptied."""

    def follow(self) -> None:
        """Take over changed rules and meters."""
        known = self._known()
        if known is not None and known is not self._bound:
            self._bound = known
            self.rules = {**OWN, **known.rules}
            self.inhibition = inhibition(known.rules.values(), known.registry)
            self._places |= known.registry.by_meter

    def place(self, meter: str) -> Meter | None:
        """Give a meter, by its id."""
        return self._places.get(meter)

    def page(self, change: AlertChange, told: Told | None, record: AlertRecord | None) -> "Page":
        """Begin to write of one change."""
        since = told.since if told is not None else change.at
        return Page(change, self._subject(change, since), since, record, self._zone)

    def standing(self, record: AlertRecord, receiver: Receiver) -> Notice:
        """Write how an alert stands."""
        change = AlertChange(
            rule=record.rule,
            meter=record.meter,
            episode=record.episode,
            kind=Kind.RAISED,
            at=record.raised_at or record.since,
            known_at=record.since,
            before=record.phase,
            after=record.phase,
            metric=record.metric,
            value=record.value,
            severity=record.severity,
            drill=record.drill,
        )
        page = Page(change, self._subject(change, change.at), change.at, record, self._zone)
        return page.notice(receiver, page.said(receiver.language))

    def _subject(self, change: AlertChange, since: datetime) -> Subject:
        registry = self._bound.registry if self._bound is not None else Registry()
        meter = self._places.get(change.meter)
        watch = self._bound.book.watches.get(change.key) if self._bound is not None else None
        return Subject(
            change=change,
            rule=self.rules.get(change.rule),
            when=watch.when if watch is not None else None,
            meter=meter,
            enterprise=registry.by_enterprise.get(meter.enterprise) if meter is not None else None,
            since=since,
        )


class Page:
    """What is written of one change; the words are found once a language."""

    def __init__(
        self, change: AlertChange, subject: Subject, since: datetime, record: AlertRecord | None, zone: ZoneInfo
    ) -> None:
        self._change = change
        self._subject = subject
        self._since = since
        self._record = record
        self._zone = zone
        self._words: dict[str, Said] = {}

    def row(self, number: int, receiver: Receiver, decision: Decision) -> NoticeRow:
        """Write a notice, or that there is none."""
        said, state = (self.said(receiver.language), WAITING) if decision.told else (SILENCE, SKIPPED)
        notice = self.notice(receiver, said, decision.by)
        document = msgspec.json.encode(notice)
        return NoticeRow(notice.id, number, receiver.id, document, state, decision.reason.value, decision.due)

    def said(self, language: str) -> Said:
        """Give the words."""
        if language not in self._words:
            self._words[language] = say(self._subject, language, self._zone)
        return self._words[language]

    def notice(self, receiver: Receiver, said: Said, by: str = "") -> Notice:
        """Put the words and the facts together."""
        change, meter, record = self._change, self._subject.meter, self._record
        return Notice(
            id=notice_id(change, receiver.id),
            receiver=receiver.id,
            kind=change.kind,
            rule=change.rule,
            meter=change.meter,
            park=meter.park if meter is not None else "",
            enterprise=meter.enterprise if meter is not None else "",
            episode=change.episode,
            phase=change.after,
            severity=change.severity.word,
            at=change.at,
            since=self._since,
            metric=change.metric,
            value=change.value,
            unit=said.unit,
            limit=said.limit,
            title=said.title,
            text=said.text,
            language=receiver.language,
            who=change.who,
            acknowledged=record is not None and record.care.acknowledged_at is not None,
            shelved=record is not None and record.care.shelved(change.known_at),
            drill=change.drill,
            by=by,
        )

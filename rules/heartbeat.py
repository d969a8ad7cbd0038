"""A message a day to every receiver, so that its absence is news; and proof that it came, or an alert for the others.

It is asked by the ledger once a second, and needs no memory but the day it last beat: the rest is in the records and
in what became of the notices.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from adapters.alert_store import AlertStore, AlertStoreBroken, NoticeRow
from adapters.log import logger
from park import drill
from park.alert_change import AlertChange
from park.alert_record import AlertRecord
from park.contact import Phonebook
from park.instant import from_ms, to_ms
from park.notice import Notice
from park.own_rule import HEARTBEAT, UNREACHED
from park.receiver import Receiver, Way
from park.rulebook import Key
from park.window import SITE, day_start

AT = time(9)
"""When it beats, by local time: when somebody is there to miss it."""
PATIENCE = timedelta(minutes=15)
"""A heartbeat that was due and is not there after so long will not come by itself."""
LOOK = timedelta(seconds=30)
BEAT = "beat"
REACHED = frozenset({Way.APPRISE, Way.WEBHOOK})
SENT, SKIPPED = "sent", "skipped"
log = logger(__name__)


class Heartbeat:
    """For the ledger's thread."""

    def __init__(
        self, *, store: AlertStore, phonebook: Callable[[], Phonebook], zone: ZoneInfo = SITE, at: time = AT
    ) -> None:
        """Take the parts; it beats first at the next time of day, not at once."""
        self._store = store
        self._phonebook = phonebook
        self._zone = zone
        self._at = at
        note = store.note(BEAT)
        self._beaten = from_ms(int(note)) if note else None
        self._looked: datetime | None = None

    def remind(self, records: Mapping[Key, AlertRecord], now: datetime) -> list[AlertChange]:
        """Give what time makes of drills, heartbeats and receivers.  Never raises."""
        changes = drill.ended(records.values(), now)
        if self._beaten is None:
            self._note(now)
        if self._is_time(now):
            self._note(now)
            for receiver in self._receivers():
                key = Key(HEARTBEAT, receiver.id)
                changes += drill.beat(receiver.id, receiver.name, records.get(key), now)
        elif self._looked is None or now - self._looked >= LOOK:
            self._looked = now
            changes += self._proofs(records, now)
        return changes

    def _is_time(self, now: datetime) -> bool:
        today = datetime.combine(day_start(now, self._zone).date(), self._at, self._zone)
        return self._beaten is not None and self._beaten < today <= now

    def _receivers(self) -> list[Receiver]:
        """Give those that are somewhere else: a panel and the console are looked at, or are not."""
        receivers = [contact.receiver for contact in self._phonebook().contacts]
        return [receiver for receiver in receivers if receiver.enabled and receiver.way in REACHED]

    def _proofs(self, records: Mapping[Key, AlertRecord], now: datetime) -> list[AlertChange]:
        """Look whether the last heartbeats are there."""
        receivers = {receiver.id: receiver for receiver in self._receivers()}
        beats = {name: records[Key(HEARTBEAT, name)] for name in receivers if Key(HEARTBEAT, name) in records}
        burning = {key.meter for key, record in records.items() if key.rule == UNREACHED and record.open}
        reached = burning - set(receivers)
        changes = []
        for name, row in self._last(beats, now).items():
            if row.state == SENT:
                reached.add(name)
            elif now - row.due >= PATIENCE:
                raised = drill.lost(name, receivers[name].name, records.get(Key(UNREACHED, name)), now)
                changes += [] if raised is None else [raised]
        return changes + drill.found(sorted(reached & burning), records, now)

    def _last(self, beats: Mapping[str, AlertRecord], now: datetime) -> dict[str, NoticeRow]:
        """Give what became of the last heartbeat of each receiver, where that may still be news."""
        if not beats or not any(now - beat.since < timedelta(days=2) for beat in beats.values()):
            return {}
        found: dict[str, NoticeRow] = {}
        try:
            oldest = min(beat.since for beat in beats.values())
            for row in self._store.notices_from(to_ms(oldest) * 1_000):
                if row.receiver in beats and row.state != SKIPPED:
                    notice = msgspec.json.decode(row.document, type=Notice)
                    if (notice.rule, notice.meter) == (HEARTBEAT, row.receiver):
                        found[row.receiver] = row
        except AlertStoreBroken as error:
            log.warning("heartbeats cannot be looked after", why=str(error))
        return found

    def _note(self, now: datetime) -> None:
        self._beaten = now
        try:
            self._store.take_down(BEAT, str(to_ms(now)).encode())
        except AlertStoreBroken as error:
            log.warning("a heartbeat cannot be noted", why=str(error))

"""Telling, put together: who decides, who delivers, the ways between, and whom the database says there is to tell."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from adapters.alert_store import AlertStore, NoticeRow, Numbered
from adapters.clock import Clock
from adapters.notices.opening import opener
from adapters.publisher import Publisher
from adapters.relational import phonebook
from adapters.settings import Settings
from park.alert_change import AlertChange
from park.alert_record import AlertRecord
from park.contact import Phonebook
from park.rulebook import Key
from rules.copies import Copy
from rules.dispatch import Dispatch, Reached
from rules.heartbeat import Heartbeat
from rules.teller import AlertTeller
from rules.wanted import Known

CLIENT_ID = "smartpark.rules.alerts"
"""Not the name of the session that listens: a broker lets a name in once."""
NOBODY = Phonebook()


class Telling:
    """A teller with threads of its own that deliver."""

    def __init__(
        self, *, store: AlertStore, engine: Engine, settings: Settings, clock: Clock, known: Callable[[], Known | None]
    ) -> None:
        """Take the parts; neither the database nor the broker need be there."""
        now = clock()
        self._book = Copy(
            store,
            "phonebook",
            Phonebook,
            load=lambda: phonebook.load(engine, clock()),
            version=partial(phonebook.version, engine),
        )
        self.beside: Sequence[Copy[Any]] = (self._book,)
        """What it wants to know of the database: to be looked at now and then."""
        self.dispatch = Dispatch(
            store=store,
            phonebook=self.phonebook,
            open_way=opener(
                clock=clock,
                publisher=partial(_publisher, settings),
                standing=lambda: self.teller.standing(),  # noqa: PLW0108  # it is made below
                prefix=settings.mqtt_prefix,
            ),
            clock=clock,
        )
        self.teller = AlertTeller(
            store=store,
            known=known,
            phonebook=self.phonebook,
            deliver=self.dispatch,
            now=now,
            zone=ZoneInfo(settings.timezone),
        )
        self._heart = Heartbeat(store=store, phonebook=self.phonebook, zone=ZoneInfo(settings.timezone))

    def phonebook(self) -> Phonebook:
        """Say whom there is to tell, as last heard; where nothing was ever heard, the console and the panels."""
        return self._book.value or NOBODY

    def tell(self, changes: Sequence[Numbered], records: Mapping[Key, AlertRecord], now: datetime) -> list[NoticeRow]:
        """Give a row for each receiver and change: a notice that waits, or the reason why there is none."""
        return self.teller.tell(changes, records, now)

    def offer(self, notices: Sequence[NoticeRow]) -> None:
        """Hand over what was written down; returns at once."""
        self.teller.offer(notices)

    def remind(self, records: Mapping[Key, AlertRecord], now: datetime) -> list[AlertChange]:
        """Give what time alone makes of alerts that nobody looks after, of drills and of heartbeats."""
        return self.teller.remind(records, now) + self._heart.remind(records, now)

    def start(self) -> None:
        """Begin to deliver, first what waited when we ended; returns at once."""
        self.dispatch.start(self.teller)

    def stop(self) -> None:
        """End after what is being sent; what waits is kept."""
        self.dispatch.stop()

    def alive(self) -> bool:
        """Tell whether every thread is at work."""
        return self.dispatch.alive()

    def troubles(self) -> dict[str, str]:
        """Say what is wrong now, by receiver; nothing is well."""
        found = {name: reached.trouble for name, reached in self.receivers().items() if reached.trouble is not None}
        return found if self.dispatch.trouble is None else found | {"notices": self.dispatch.trouble}

    def receivers(self) -> Mapping[str, Reached]:
        """Say how every receiver stands."""
        return self.dispatch.receivers()


def _publisher(settings: Settings) -> Publisher:
    return Publisher(
        settings.mqtt_url.get_secret_value(),
        client_id=CLIENT_ID,
        password=settings.mqtt_password.get_secret_value() if settings.mqtt_password else None,
        ca_file=settings.mqtt_ca_file,
        version=settings.mqtt_version,
    )

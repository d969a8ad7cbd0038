"""Telling, put together: who decides, who delivers, and the ways between."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from adapters.alert_store import AlertStore
from adapters.clock import Clock
from adapters.notices.opening import opener
from adapters.publisher import Publisher
from park.contact import Phonebook
from park.notice import Notice
from park.topic import PREFIX
from park.window import SITE
from rules.dispatch import Dispatch
from rules.teller import AlertTeller
from rules.wanted import Known


class Telling(NamedTuple):
    """The two halves."""

    teller: AlertTeller
    dispatch: Dispatch

    def start(self) -> None:
        """Begin to deliver, first what waited when we ended."""
        self.dispatch.start(self.teller)

    def stop(self) -> None:
        """End after the present deliveries; what waits is kept."""
        self.dispatch.stop()


def telling(
    *,
    store: AlertStore,
    known: Callable[[], Known | None],
    phonebook: Callable[[], Phonebook | None],
    publisher: Callable[[], Publisher],
    clock: Clock,
    now: datetime,
    zone: ZoneInfo = SITE,
    prefix: str = PREFIX,
) -> Telling:
    """Put it together: `phonebook` gives whom there is to tell as last heard, or None where nothing was ever heard."""
    nobody = Phonebook()
    halves: list[AlertTeller] = []

    def book() -> Phonebook:
        return phonebook() or nobody

    def standing() -> Sequence[Notice]:
        return halves[0].standing()

    dispatch = Dispatch(
        store=store,
        phonebook=book,
        open_way=opener(clock=clock, publisher=publisher, standing=standing, prefix=prefix),
        clock=clock,
    )
    halves.append(AlertTeller(store=store, known=known, phonebook=book, deliver=dispatch, now=now, zone=zone))
    return Telling(halves[0], dispatch)

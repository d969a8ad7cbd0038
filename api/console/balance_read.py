"""What the page on balances shows, read at once off the page's own thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from api import virtual_reading
from api.console.tongue import Tongue
from api.services import Services
from api.virtual_reading import Books
from park.balance import Balance
from park.balance_reason import Verdict
from park.carrier import carrier_of
from park.measured import Measured, Window
from park.principal import Principal
from park.term import Span, Term, month_of
from park.virtual_meter import VirtualMeter
from park.window import DAY


@dataclass(frozen=True, slots=True)
class Look:
    """One month's balances of one carrier, and the virtual meters with what each came to on the last whole day."""

    month: Term
    newest: Term
    """The latest month with a day in it that is over."""
    end: datetime
    """Up to where the month is settled."""
    carrier: str
    carriers: tuple[str, ...]
    """Those with a meter."""
    balances: tuple[Balance, ...]
    virtual: tuple[tuple[VirtualMeter, Measured], ...]
    day: Window
    book: Books

    def of(self, *verdicts: Verdict) -> list[Balance]:
        """Give the balances of some verdicts."""
        return [one for one in self.balances if one.verdict in verdicts]

    @property
    def compared(self) -> list[Balance]:
        """Give those that have a rate to show."""
        return [one for one in self.balances if one.verdict is not Verdict.NOT_COMPARABLE]


def look(services: Services, who: Principal, month: Term | None, carrier: str) -> Look:
    """Read the page.  Raises what the stores raise."""
    zone = services.zone
    settled = virtual_reading.settled(services, services.clock())
    newest = month_of(settled - DAY, zone)
    shown = min(month, newest) if month is not None else newest
    end = min(shown.end(zone), settled)
    book = virtual_reading.books(services)
    found = tuple(
        dict.fromkeys(
            one.name for meter in book.registry.meters if who.sees(meter.enterprise) and (one := carrier_of(meter))
        )
    )
    chosen = carrier if carrier in found else next(iter(found), "electricity")
    balances = (
        virtual_reading.read_balances(services, who, shown.start(zone), end, every=Span.MONTH, carrier=chosen)
        if shown.start(zone) < end
        else []
    )
    last = virtual_reading.last_midnight(services)
    day = (virtual_reading.last_midnight(services, before=last), last)
    mine = [one for one in book.virtual if who.sees(one.enterprise)]
    return Look(
        month=shown,
        newest=newest,
        end=end,
        carrier=chosen,
        carriers=found,
        balances=tuple(balances),
        virtual=tuple(zip(mine, virtual_reading.values(services, book, mine, day), strict=True)),
        day=day,
        book=book,
    )


def names(look: Look, t: Tongue) -> Mapping[str, str]:
    """Name the enterprises."""
    return {one.id: t.pick(one.name, one.name_en) for one in look.book.registry.enterprises}

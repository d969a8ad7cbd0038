"""What virtual meters and balances come to, asked of the stores: the same for the routes and the console."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from adapters.relational import policies, virtual_meters
from adapters.relational.refusal import EntryRefused
from api.entry_mistakes import mistakes
from api.services import Services
from park.balance import Balance, balances
from park.consumption import Totals
from park.instant import from_ms
from park.interval import SLOT, IntervalSum
from park.measured import Amounts, Measured, Window
from park.mistake import Mistake
from park.principal import Principal
from park.registry import Registry
from park.registry_notes import Notes
from park.stretch import Width, edges
from park.virtual_entry import read
from park.virtual_meter import VirtualMeter
from park.window import DAY, day_start, floor


@dataclass(frozen=True, slots=True)
class Books:
    """The registry with the virtual meters in force, as of one question."""

    registry: Registry
    virtual: Sequence[VirtualMeter]
    totals: Totals

    def devices(self, enterprise: str) -> set[str]:
        """Name the devices an enterprise's totals need, those of others in its formulas too."""
        own = {meter.id for meter in self.registry.meters_of(enterprise)}
        return own.union(*(self.named(one) for one in self.virtual if one.enterprise == enterprise))

    def named(self, one: VirtualMeter) -> set[str]:
        """Name the devices in a virtual meter's formula."""
        return set(self.totals.sites.terms(one.id))


def books(parts: Services, *extra: VirtualMeter) -> Books:
    """Take the registry and its virtual meters; those given stand in place of those of their ids."""
    registry = parts.registry.current()
    kept = {one.id: one for one in virtual_meters.current(parts.engine)} | {one.id: one for one in extra}
    virtual = list(kept.values())
    return Books(registry, virtual, Totals(registry, virtual))


def settled(parts: Services, now: datetime) -> datetime:
    """Give the end of the last slot that the accounts have had time for."""
    return floor(now - SLOT, SLOT, parts.zone)


def read_balances(
    parts: Services,
    principal: Principal,
    start: datetime,
    end: datetime,
    *,
    every: Width,
    enterprise: str | None = None,
    carrier: str | None = None,
) -> list[Balance]:
    """Give the balances a principal may see, window by window; the last window is cut at the end."""
    own = enterprise if principal.enterprise is None else principal.enterprise
    book = books(parts)
    chosen = policies.all_current(parts.engine)
    meters = None if own is None else book.devices(own)
    sums = parts.telemetry.interval_sums(start, end, every=every, carriers=_asked(carrier), meters=meters)
    by_window: dict[datetime, list[IntervalSum]] = {}
    for one in sums:
        by_window.setdefault(one.start, []).append(one)
    found: list[Balance] = []
    for first, last in pairwise(edges(start, end, every, parts.zone).tolist()):
        window = (from_ms(first), from_ms(last))
        found += balances(
            book.totals,
            book.registry,
            by_window.get(window[0], ()),
            window=window,
            policies=chosen,
            enterprise=own,
            carrier=carrier,
        )
    return found


def values(parts: Services, book: Books, some: Sequence[VirtualMeter], window: Window) -> list[Measured]:
    """Give what each of some virtual meters comes to within a window of whole days."""
    meters = {meter for one in some for meter in book.named(one)}
    sums = parts.telemetry.interval_sums(*window, every=DAY, meters=meters) if meters else []
    amounts = Amounts(sums, window)
    return [book.totals.sites.virtual(one.id, one.of, amounts) for one in some]


def entered(parts: Services, document: Mapping[str, Any], lang: str) -> VirtualMeter:
    """Read a document and check it against everything that is there.  Raises Problem with every mistake."""
    made, found = examined(parts, document)
    if found:
        raise mistakes(found, lang)
    return made


def examined(parts: Services, document: Mapping[str, Any]) -> tuple[VirtualMeter, list[Mistake]]:
    """Read a document, and give every mistake in it."""
    notes = Notes({})
    made = read(notes, document)
    noted = {mistake.path for mistake in notes.mistakes}
    try:
        virtual_meters.check_alone(parts.engine, made)
    except EntryRefused as refused:
        notes.mistakes += [one for one in refused.mistakes if one.path.partition(":")[0] not in noted]
    return made, notes.mistakes


def _asked(carrier: str | None) -> Collection[str] | None:
    return None if carrier is None else (carrier, f"{carrier}_export")


def last_midnight(parts: Services, before: datetime | None = None) -> datetime:
    """Give the local midnight before another, or the last one."""
    at = parts.clock() if before is None else before - SLOT
    return day_start(at, parts.zone).astimezone(UTC)

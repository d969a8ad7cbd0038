"""What is lost between the boundary meters of an enterprise and its sub-meters, and whether that is as it should be.

    supplied = what came in through the boundary − what went out + what was generated behind it
    loss     = supplied − Σ sub-meters          rate = loss / supplied

Sub-meters are taken to stand side by side; where one stands behind another, a virtual
sub-meter such as `inner + (outer - inner)` stands in place of both and counts the outer one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from park.balance_reason import Reason, Verdict, sentences, verdict
from park.carrier import Carrier
from park.consumption import Totals
from park.coverage import EXACT, Coverage
from park.interval import IntervalSum
from park.measured import Amounts, Measured, Window, least, total
from park.policy import Loss, Policy
from park.registry import Registry
from park.site import Counted, Site

COMPARABLE = 0.95
"""The share of its time that must be known of every meter.  Estimated counts: a gap's sum is right, only its course is
not."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one meter counted, net of what went out through it."""

    meter: str
    virtual: bool
    amount: float | None
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Balance:
    """One enterprise's balance of one carrier within one window.  Sums are None where a part is not known."""

    enterprise: str
    carrier: Carrier
    start: datetime
    end: datetime
    boundary: tuple[Entry, ...]
    generation: tuple[Entry, ...]
    subs: tuple[Entry, ...]
    supplied: float | None
    distributed: float | None
    """Σ sub-meters."""
    loss: float | None
    rate: float | None
    bound: Loss | None
    coverage: Coverage
    """The least of all meters'."""
    verdict: Verdict
    reason: Reason
    zh: str
    en: str

    def sentence(self, language: str = "zh") -> str:
        """Say in one language why the verdict is what it is."""
        return self.zh if language == "zh" else self.en


def balances(
    totals: Totals,
    registry: Registry,
    sums: Iterable[IntervalSum],
    *,
    window: Window,
    policies: Mapping[str, Policy],
    enterprise: str | None = None,
    carrier: str | None = None,
) -> list[Balance]:
    """Give the balance of each enterprise and carrier that has a boundary or sub-meter, in the registry's order.

    `policies` are those of the parks that decided anything.
    """
    amounts = Amounts(sums, window)
    found = []
    for site in totals.sites.of(enterprise, carrier):
        park = registry.by_enterprise[site.enterprise].park
        bound = policies.get(park, Policy(park)).loss(site.carrier.name)
        boundary, subs = totals.sites.boundary(site, window), totals.sites.subs(site, window)
        if boundary or subs:
            found.append(
                _balance(totals, site, boundary=boundary, subs=subs, amounts=amounts, window=window, bound=bound)
            )
    return found


def _balance(
    totals: Totals,
    site: Site,
    *,
    boundary: Sequence[Counted],
    subs: Sequence[Counted],
    amounts: Amounts,
    window: Window,
    bound: Loss | None,
) -> Balance:
    sites = totals.sites
    generation = sites.generation(site, window)
    into = [_entry(one, sites.net(one, amounts)) for one in boundary]
    made = [_entry(one, sites.made(one, amounts)) for one in generation]
    used = [_entry(one, sites.net(one, amounts)) for one in subs]
    supplied, distributed = _whole([*into, *made] if into else []), _whole(used)
    loss = None if supplied is None or distributed is None else _difference(supplied, distributed)
    rate = None if loss is None or not supplied or supplied < 0 else loss / supplied
    reason, meters = _judge(into, made, used, rate, bound)
    zh, en = sentences(
        reason,
        rate="" if rate is None else percent(rate),
        low=percent(0.0 if bound is None else bound.low),
        high="" if bound is None else percent(bound.high),
        zh=site.carrier.zh,
        en=site.carrier.en.lower(),
        meters=", ".join(meters),
        least=percent(COMPARABLE),
        supplied="" if supplied is None else f"{supplied:,.6g}",
        unit=site.carrier.unit,
    )
    return Balance(
        enterprise=site.enterprise,
        carrier=site.carrier,
        start=window[0],
        end=window[1],
        boundary=tuple(into),
        generation=tuple(made),
        subs=tuple(used),
        supplied=supplied,
        distributed=distributed,
        loss=loss,
        rate=rate,
        bound=bound,
        coverage=least(entry.coverage for entry in (*into, *made, *used)),
        verdict=verdict(reason),
        reason=reason,
        zh=zh,
        en=en,
    )


def _judge(
    into: Sequence[Entry], made: Sequence[Entry], used: Sequence[Entry], rate: float | None, bound: Loss | None
) -> tuple[Reason, list[str]]:
    """Say what holds first, and of which meters."""
    every = [*into, *made, *used]
    unknown = [entry.meter for entry in every if entry.amount is None]
    thin = [entry.meter for entry in every if entry.coverage.measured + entry.coverage.estimated < COMPARABLE]
    steps: tuple[tuple[bool, Reason, list[str]], ...] = (
        (not into, Reason.NO_BOUNDARY, []),
        (not used, Reason.NO_SUBS, []),
        (bool(unknown), Reason.UNKNOWN, unknown),
        (bool(thin), Reason.LOW_COVERAGE, thin),
    )
    for holds, reason, meters in steps:
        if holds:
            return reason, meters
    if rate is None:
        return Reason.NOTHING_SUPPLIED, []
    if rate < (0.0 if bound is None else bound.low):
        return Reason.BELOW, []
    if bound is None:
        return Reason.NO_BOUND, []
    return (Reason.ABOVE if rate > bound.high else Reason.WITHIN), []


def _entry(one: Counted, known: Measured) -> Entry:
    return Entry(one.id, one.meter is None, known.amount, known.coverage)


def _whole(entries: Sequence[Entry]) -> float | None:
    """Add up amounts; one that is not known leaves the sum unknown."""
    if any(entry.amount is None for entry in entries):
        return None
    return total(Measured(entry.amount, entry.coverage) for entry in entries)


def _difference(supplied: float, distributed: float) -> float:
    """Give what is lost; what rounding left of two equal sums is nothing."""
    loss = supplied - distributed
    return 0.0 if abs(loss) <= EXACT * abs(supplied) else loss


def percent(share: float) -> str:
    """Write a share with at most two decimals."""
    return f"{share * 100:.2f}".rstrip("0").rstrip(".") + " %"

"""What each enterprise took in of each carrier: the total of its boundary meters, with what is known of every part.

- Only boundary meters add up; sub-meters and generation are never added to them.  What went out again subtracts.
- A virtual boundary meter stands in place of the enterprise's boundary meters that its formula names.
- Each boundary meter weighs the same in the coverage, because what an unknown one used is not known.  A part of which
  nothing is known lowers the coverage and is named in `why`; the amount is of the rest, and None where all of it is.
- What was generated and used on the spot never crossed a boundary: it is an entry of its own, `electricity_self_used`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from park.coverage import Coverage, joined
from park.interval import IntervalSum
from park.measured import EXPORT, Amounts, Measured, Window, exports, least, total
from park.registry import Registry
from park.site import Counted, Site, Sites
from park.virtual_meter import VirtualMeter

ELECTRICITY = "electricity"
SELF_USED = "electricity_self_used"


@dataclass(frozen=True, slots=True)
class Part:
    """What one register gave to a total."""

    meter: str
    """A device, or a virtual meter."""
    carrier: str
    """As intervals are named: `electricity_export` for what went out."""
    sign: int
    amount: float | None
    coverage: Coverage
    terms: tuple[tuple[str, float], ...] = ()
    """Of a virtual meter: its devices, and how many times each counts."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why a total is not whole, or is none."""

    zh: str
    en: str

    def sentence(self, language: str = "zh") -> str:
        """Say it in one language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Consumption:
    """One enterprise's total of one carrier within a window."""

    enterprise: str
    carrier: str
    amount: float | None
    """Net of what went out; the sum of the known parts, None where none is known."""
    unit: str
    coverage: Coverage
    parts: tuple[Part, ...]
    why: Why | None = None
    generated: float | None = None
    """What its own generation made; None where there is none, or nothing is known of it."""
    exported: float | None = None
    """What went out through its boundary meters."""


class Totals:
    """A registry with its virtual meters, made ready to total many windows."""

    def __init__(self, registry: Registry, virtual: Sequence[VirtualMeter] = ()) -> None:
        """Sort the meters by enterprise and carrier, once."""
        self.sites = Sites(registry, virtual)

    def of(
        self, sums: Iterable[IntervalSum], window: Window, enterprise: str | None = None, carrier: str | None = None
    ) -> list[Consumption]:
        """Give the totals of one enterprise or carrier or of all, in the registry's order, from a window's sums."""
        amounts = Amounts(sums, window)
        found: list[Consumption] = []
        for site in self.sites.of(enterprise, carrier):
            boundary = self.sites.boundary(site, window)
            if boundary:
                found.append(self._total(site, boundary, amounts, window))
            if site.carrier.name == ELECTRICITY and self.sites.generation(site, window):
                found.append(self._self_used(site, amounts, window))
        return found

    def _total(self, site: Site, boundary: Sequence[Counted], amounts: Amounts, window: Window) -> Consumption:
        carrier = site.carrier
        parts: list[Part] = []
        coverages: list[Coverage] = []
        for one in boundary:
            known = self.sites.came_in(one, amounts)
            parts.append(Part(one.id, carrier.name, 1, known.amount, known.coverage, self.sites.written(one)))
            coverages.append(known.coverage)
            if one.meter is not None and exports(one.meter, carrier):
                out = amounts.of(one.id, carrier.name + EXPORT)
                parts.append(Part(one.id, carrier.name + EXPORT, -1, out.amount, out.coverage))
                coverages[-1] = least((known.coverage, out.coverage))
        came = any(part.amount is not None for part in parts if part.sign > 0)
        signed = (Measured(part.sign * part.amount, part.coverage) for part in parts if part.amount is not None)
        return Consumption(
            site.enterprise,
            carrier.name,
            total(signed) if came else None,
            carrier.unit,
            joined((coverage, 1.0) for coverage in coverages),
            tuple(parts),
            why(parts),
            total(known for _, known in self._generated(site, amounts, window)),
            total(known for _, known in _out(site, amounts)),
        )

    def _self_used(self, site: Site, amounts: Amounts, window: Window) -> Consumption:
        """Give what was generated and did not go out; it is a difference, so all of it must be known."""
        made, out = self._generated(site, amounts, window), _out(site, amounts)
        parts = [
            Part(one.id, ELECTRICITY, 1, known.amount, known.coverage, self.sites.written(one)) for one, known in made
        ]
        parts += [Part(meter, ELECTRICITY + EXPORT, -1, known.amount, known.coverage) for meter, known in out]
        reason = why(parts)
        generated, exported = total(known for _, known in made), total(known for _, known in out)
        amount = None if reason or generated is None else generated - (exported or 0.0)
        if amount is not None and amount < 0:
            amount, reason = None, _more_out(exported or 0.0, generated or 0.0)
        coverage = least(part.coverage for part in parts)
        return Consumption(
            site.enterprise, SELF_USED, amount, site.carrier.unit, coverage, tuple(parts), reason, generated, exported
        )

    def _generated(self, site: Site, amounts: Amounts, window: Window) -> list[tuple[Counted, Measured]]:
        return [(one, self.sites.made(one, amounts)) for one in self.sites.generation(site, window)]


def consumption(
    registry: Registry, virtual: Sequence[VirtualMeter], sums: Iterable[IntervalSum], *, window: Window
) -> list[Consumption]:
    """Give the totals of every enterprise and carrier within one window."""
    return Totals(registry, virtual).of(sums, window)


def _out(site: Site, amounts: Amounts) -> list[tuple[str, Measured]]:
    """Give what went out through each boundary meter that counts it; of those that do not, nothing is taken to."""
    export = site.carrier.name + EXPORT
    return [(meter.id, amounts.of(meter.id, export)) for meter in site.boundary if exports(meter, site.carrier)]


def why(parts: Sequence[Part]) -> Why | None:
    """Name the parts of which nothing is known."""
    unknown = [part for part in parts if part.amount is None]
    if not unknown:
        return None
    zh = "、".join(f"{part.meter}{' (送出)' if part.sign < 0 else ''}" for part in unknown)
    en = ", ".join(f"{part.meter}{' (out)' if part.sign < 0 else ''}" for part in unknown)
    return Why(
        f"没有 {zh} 的数据, 未计入; 请查看其是否在线, 或补录。",
        f"Nothing is known of {en}, and nothing was counted for it; see whether it reports, or enter what is missing.",
    )


def _more_out(exported: float, generated: float) -> Why:
    return Why(
        f"送出电量 {exported:,.6g} kWh 多于自发电量 {generated:,.6g} kWh; 请核对上网表与发电表。",
        f"More went out ({exported:,.6g} kWh) than was generated ({generated:,.6g} kWh); check both meters.",
    )

"""The meters of each enterprise and carrier, and which of them count in a window: devices and virtual meters alike."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from park.carrier import Carrier, carrier_of
from park.formula import FormulaMistaken, names
from park.measured import EXPORT, UNKNOWN, Amounts, Measured, Window, combined
from park.place import Meter, Role
from park.registry import Registry
from park.virtual_meter import VirtualMeter, resolved


@dataclass(frozen=True, slots=True)
class Counted:
    """One meter that counts: a device, or a virtual one."""

    id: str
    carrier: Carrier
    meter: Meter | None = None
    """None of a virtual meter."""


@dataclass(slots=True)
class Site:
    """The meters of one enterprise and carrier, by what they stand for."""

    enterprise: str
    carrier: Carrier
    devices: dict[Role, list[Meter]] = field(default_factory=dict)
    virtual: dict[Role, list[VirtualMeter]] = field(default_factory=dict)

    @property
    def boundary(self) -> Sequence[Meter]:
        """Its boundary devices, whether or not a virtual meter stands in their place."""
        return self.devices.get(Role.BOUNDARY, ())


class Sites:
    """Every enterprise and carrier with a meter, in the registry's order."""

    def __init__(self, registry: Registry, virtual: Sequence[VirtualMeter] = ()) -> None:
        """Sort the meters once; virtual meters taken back, or of an enterprise that is gone, do not count."""
        self._registry = registry
        self._virtual = {
            one.id: one for one in virtual if not one.withdrawn and one.enterprise in registry.by_enterprise
        }
        self._terms: Mapping[str, Mapping[str, Fraction]] = resolved(list(self._virtual.values()))
        self._named = {name: self._chain(name) for name in self._virtual}
        self._sites: dict[tuple[str, str], Site] = {}
        for meter in registry.meters:
            carrier = carrier_of(meter)
            if carrier is not None:
                self._site(meter.enterprise, carrier).devices.setdefault(meter.role, []).append(meter)
        for one in self._virtual.values():
            self._site(one.enterprise, one.of).virtual.setdefault(one.role, []).append(one)

    def of(self, enterprise: str | None = None, carrier: str | None = None) -> Iterable[Site]:
        """Give the sites of one enterprise or carrier, or all."""
        if enterprise is not None and carrier is not None:
            site = self._sites.get((enterprise, carrier))
            return () if site is None else (site,)
        return (
            site
            for (whose, what), site in self._sites.items()
            if enterprise in {None, whose} and carrier in {None, what}
        )

    def boundary(self, site: Site, window: Window) -> list[Counted]:
        """Give the boundary meters that add up to a total."""
        return self._counted(site, Role.BOUNDARY, window)

    def generation(self, site: Site, window: Window) -> list[Counted]:
        """Give the meters of an enterprise's own generation."""
        return self._counted(site, Role.GENERATION, window)

    def subs(self, site: Site, window: Window) -> list[Counted]:
        """Give the sub-meters."""
        return self._counted(site, Role.SUB, window)

    def came_in(self, one: Counted, amounts: Amounts) -> Measured:
        """Give what came in through a meter; a virtual one's exports are in its formula already."""
        return self.net(one, amounts) if one.meter is None else amounts.of(one.id, one.carrier.name)

    def net(self, one: Counted, amounts: Amounts) -> Measured:
        """Give what came in through a meter less what went out."""
        if one.meter is not None:
            return amounts.net(one.meter, one.carrier)
        return self.virtual(one.id, one.carrier, amounts)

    def made(self, one: Counted, amounts: Amounts) -> Measured:
        """Give what a generation meter counted, whichever way round it was wired."""
        if one.meter is None:
            return self.net(one, amounts)
        backwards = one.carrier.register not in one.meter.metrics and one.carrier.export in one.meter.metrics
        return amounts.of(one.id, one.carrier.name + EXPORT if backwards else one.carrier.name)

    def virtual(self, name: str, carrier: Carrier, amounts: Amounts) -> Measured:
        """Give a virtual meter's amount; nothing is known of one that names a device which is registered no more."""

        def of(meter: str) -> Measured:
            device = self._registry.by_meter.get(meter)
            return UNKNOWN if device is None else amounts.net(device, carrier)

        return combined(self.terms(name), of)

    def terms(self, name: str) -> Mapping[str, Fraction]:
        """Say how many times each device counts in a virtual meter; nothing for what is none."""
        return self._terms.get(name, {})

    def written(self, one: Counted) -> tuple[tuple[str, float], ...]:
        """Give a virtual meter's devices and how many times each counts; nothing for a device."""
        return tuple((meter, float(times)) for meter, times in self.terms(one.id).items())

    def _counted(self, site: Site, role: Role, window: Window) -> list[Counted]:
        """Leave out what another virtual meter of the same site and role, holding in the window, names."""
        virtual = [one for one in site.virtual.get(role, ()) if one.holds(*window)]
        inside = {name for one in virtual for name in self._named[one.id]}
        devices = [Counted(one.id, site.carrier, one) for one in site.devices.get(role, ()) if one.id not in inside]
        return devices + [Counted(one.id, site.carrier) for one in virtual if one.id not in inside]

    def _chain(self, name: str) -> set[str]:
        """Give every name in a formula, and in the formulas of those, even where it cancels out."""
        found: set[str] = set()
        todo = [name]
        while todo:
            try:
                inner = {each.id for each in names(self._virtual[todo.pop()].tree)}
            except FormulaMistaken:  # nobody can read it, so it stands in nothing's place
                continue
            todo += [each for each in inner if each in self._virtual and each not in found]
            found |= inner
        return found

    def _site(self, enterprise: str, carrier: Carrier) -> Site:
        return self._sites.setdefault((enterprise, carrier.name), Site(enterprise, carrier))

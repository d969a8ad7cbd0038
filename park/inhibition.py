"""Which burning alert stands for another, so that one event is told once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from park.alert_record import AlertRecord
from park.broker_rights import GATEWAY
from park.condition import Silent, leaves
from park.registry import Registry
from park.rule import Rule
from park.rulebook import Key


@dataclass(frozen=True, slots=True)
class Inhibition:
    """What stands for what: rules for rules on the same meter, and one silent meter for the others of its gateway."""

    rules: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By rule: the rules whose alerts stand for its own."""
    silences: frozenset[str] = frozenset()
    """The rules that watch for silence."""
    gateways: Mapping[str, str] = field(default_factory=dict)
    """The gateway of each meter that has one."""
    behind: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The meters behind each gateway."""

    def by(self, key: Key, records: Mapping[Key, AlertRecord]) -> str:
        """Name what stands for an alert; empty where nothing does."""
        for rule in self.rules.get(key.rule, ()):
            record = records.get(Key(rule, key.meter))
            if record is not None and record.raised_at is not None and record.open:
                return rule
        gateway = self.gateways.get(key.meter)
        if gateway is None or key.rule not in self.silences:
            return ""
        first = self._first_silent(key, self.behind[gateway], records)
        return f"{GATEWAY} {gateway}: {first}" if first else ""

    def _first_silent(self, key: Key, meters: Iterable[str], records: Mapping[Key, AlertRecord]) -> str:
        """Name a meter that fell silent before this one and is still so: behind one gateway, that is one event."""
        own = records.get(key)
        if own is None or own.raised_at is None:
            return ""
        for meter in meters:
            other = records.get(Key(key.rule, meter))
            if other is None or other.raised_at is None or not other.open:
                continue
            if (other.raised_at, meter) < (own.raised_at, key.meter):
                return meter
        return ""


def inhibition(rules: Iterable[Rule], registry: Registry) -> Inhibition:
    """Find out what stands for what."""
    by_rule: dict[str, list[str]] = defaultdict(list)
    silences = set()
    for rule in rules:
        for other in rule.inhibits:
            by_rule[other].append(rule.id)
        if all(isinstance(leaf, Silent) for leaf in leaves(rule.when)):
            silences.add(rule.id)
    gateways = {meter.id: str(meter.options[GATEWAY]) for meter in registry.meters if GATEWAY in meter.options}
    behind: dict[str, list[str]] = defaultdict(list)
    for meter_id, gateway in gateways.items():
        behind[gateway].append(meter_id)
    return Inhibition(
        {rule: tuple(others) for rule, others in by_rule.items()},
        frozenset(silences),
        gateways,
        {gateway: tuple(meters) for gateway, meters in behind.items()},
    )

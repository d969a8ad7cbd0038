"""How one meter reads the factors of HJ 212: by what the registry says of it, then by the standard's table."""

from typing import Final, NamedTuple

from park.decode.hj212_codes import Factor
from park.decode.hj212_codes import factor as factor_of
from park.decode.names import Named, meaning, names_of
from park.decode.plans import Plans
from park.metric import Medium, metrics
from park.place import Meter

CODEC: Final = "hj212"
KINDS: Final = {"2011": "realtime", "2051": "minute", "2061": "hour", "2031": "day"}
"""What the commands that carry data are called in the registry."""
MEASURED: Final = frozenset({"Rtd", "Avg"})
AT_REFERENCE: Final = frozenset({"ZsRtd", "ZsAvg"})
LEFT: Final = {
    "Min": "extremes",
    "Max": "extremes",
    "ZsMin": "extremes",
    "ZsMax": "extremes",
    "Cou": "amount",
    "ZsCou": "amount",
    "EFlag": "device_flag",
}
"""The fields that are no claims, and the remark that counts them."""
AMBIENT: Final = "22"
"""The system (ST) of ambient air."""


class Plan(NamedTuple):
    """One meter as its options say it is to be read."""

    meter: str
    mn: str
    lists: frozenset[str]
    """The metrics it is registered with."""
    media: Medium | None
    codes: dict[str, Named]
    """What a code, or one field of it, stands for before the standard's table."""
    named: frozenset[str]
    """The metrics that `codes` gives: the table's own codes for them do not count."""
    skip: frozenset[str]
    take: frozenset[str]
    units: frozenset[str]
    """The metrics whose unit the registry names."""

    def meant(self, code: str, name: str, st: str) -> tuple[str, str | None] | str | None:
        """Tell by which metric and in which unit one field of a factor speaks, as a remark why by none, or None.

        None is what the registry leaves out on purpose.
        """
        whole, zs = f"{code}-{name}", name.startswith("Zs")
        if not self.skip.isdisjoint((code, whole)):
            return None
        named = self.codes.get(whole) or (self.codes.get(code) if name in MEASURED else None)
        factor = factor_of(code)
        if named is not None:
            own = named.unit is None and factor is not None and factor.metric == named.metric
            return named.metric, self._unit(factor, named.metric, st) if own and factor else named.unit
        if name not in MEASURED and name not in AT_REFERENCE:
            return LEFT.get(name, "field")
        if factor is None:
            return "zs" if zs else (code, None)
        metric = factor.zs if zs else factor.metric
        if not metric:
            return "zs" if zs and factor.metric else "factor"
        return "factor" if metric in self.named else (metric, self._unit(factor, metric, st))

    def _unit(self, factor: Factor, metric: str, st: str) -> str | None:
        """Give the standard's unit of a factor, unless the registry says in which the meter speaks."""
        if metric in self.units:
            return None
        return factor.air if st == AMBIENT else factor.unit

    def suits(self, metric: str) -> bool:
        """Whether a metric is one of the meter's medium."""
        known = metrics().get(metric)
        return known is not None and (self.media is None or self.media in known.media)


def anybody(meter: str) -> Plan:
    """Make the plan of a meter of which nothing is registered."""
    none: frozenset[str] = frozenset()
    return Plan(meter, "", none, None, {}, none, none, frozenset(KINDS.values()), none)


def plan(meter: Meter) -> Plan:
    """Make a registered meter's plan."""
    given = names_of(meter.options, "codes") or {}
    codes = {code: named for code in given if (named := meaning(given, code)) is not None}
    return Plan(
        meter=meter.id,
        mn=station(meter),
        lists=frozenset(meter.metrics),
        media=meter.medium,
        codes=codes,
        named=frozenset(named.metric for named in codes.values()),
        skip=frozenset(_words(meter.options.get("skip"))),
        take=frozenset(_words(meter.options.get("take")) or KINDS.values()),
        units=frozenset(meter.units),
    )


PLANS: Final = Plans(plan)


def station(meter: Meter) -> str:
    """Give the number of a meter's station; empty where its codec is another."""
    mn = meter.options.get("mn")
    return mn if meter.codec == CODEC and isinstance(mn, str) else ""


def _words(value: object) -> list[str]:
    return [word for word in value if isinstance(word, str)] if isinstance(value, list | tuple) else []

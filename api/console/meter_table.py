"""Meters as rows: alive or not, the newest value of what each is there for, and when that was."""

from collections.abc import Sequence

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from api.console.board import Pulse
from api.console.parts import tag, text
from api.console.tongue import MISSING, UNITS, Tongue, number
from api.overview import GAUGES, Latest
from park.metric import Kind, metrics
from park.place import Meter
from park.reading import Reading
from park.registry import Registry

Row = tuple[Meter, Element, TextElement, TextElement, TextElement, TextElement]


def main_metric(meter: Meter) -> str | None:
    """Give the metric a meter is shown by: how fast its medium flows, else the first that is registered."""
    gauge = GAUGES.get(meter.medium)
    return gauge if gauge in meter.metrics else next(iter(meter.metrics), None)


def written(reading: Reading | None, t: Tongue) -> tuple[str, str]:
    """Write a reading and its unit."""
    if reading is None:
        return MISSING, ""
    metric = metrics()[reading.metric]
    if metric.kind is Kind.STATE:
        return t("state_1" if reading.value else "state_0"), ""
    return number(reading.value), UNITS.get(metric.unit, metric.unit)


def newest(meter: Meter, latest: Latest) -> Reading | None:
    """Give the newest reading of any metric of a meter."""
    found = [reading for name in meter.metrics if (reading := latest.get((meter.id, name))) is not None]
    return max(found, key=lambda reading: reading.at, default=None)


class MeterTable:
    """Rows made once; `tell` fills in what moves."""

    def __init__(self, t: Tongue, meters: Sequence[Meter], registry: Registry, *, owners: bool = True) -> None:
        self._t = t
        self._rows: list[Row] = []
        with tag("div", "scroll"), tag("table", "grid tight cards"):
            heads = ["state", "meter", *(["enterprise"] if owners else []), "medium", "role", "newest", "heard"]
            with tag("thead"), tag("tr"):
                for head in heads:
                    text("th", t(f"col_{head}"), "n" if head in {"newest", "heard"} else "", scope="col")
            with tag("tbody"):
                for meter in meters:
                    self._rows.append(self._row(meter, registry if owners else None))

    def _row(self, meter: Meter, registry: Registry | None) -> Row:
        t = self._t
        with tag("tr"):
            with tag("td"), tag("span", "dot never") as dot:
                state = text("span", t("never"))
            with tag("td", "name wide"):
                text("a", t.pick(meter.name, meter.name_en), href=f"/meters/{meter.id}")
                text("small", meter.id, "mono")
            if registry is not None:
                owner = registry.by_enterprise.get(meter.enterprise)
                name = t.pick(owner.name, owner.name_en) if owner else meter.enterprise
                with tag("td", "name wide"):
                    text("a", name, href=f"/enterprises/{meter.enterprise}")
            text("td", t(f"medium_{meter.medium}"), "no-phone")
            text("td", t(f"role_{meter.role}"))
            with tag("td", "n"):
                value, unit = text("span", MISSING), text("span", "", "unit")
            heard = text("td", MISSING, "n")
        return meter, dot, state, value, unit, heard

    def tell(self, pulse: Pulse) -> None:
        """Fill in the newest."""
        t = self._t
        for meter, dot, state, value, unit, heard in self._rows:
            mark(dot, state, pulse.online.get(meter.id), t)
            metric = main_metric(meter)
            shown, its_unit = written(pulse.latest.get((meter.id, metric)) if metric else None, t)
            value.set_text(shown)
            unit.set_text(its_unit)
            last = newest(meter, pulse.latest)
            heard.set_text(t.calm_age(last.at if last else None, pulse.now))


def mark(dot: Element, words: TextElement, online: bool | None, t: Tongue) -> None:  # noqa: FBT001  # three states of one
    """Show whether a meter is alive, by form and word and not by colour alone."""
    key = "never" if online is None else "online" if online else "offline"
    words.set_text(t(key))
    kind = {"never": "never", "online": "on", "offline": "off"}[key]
    if kind not in dot.classes:
        dot.classes(add=kind, remove=" ".join({"on", "off", "never"} - {kind}))

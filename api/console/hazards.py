"""What must not be overlooked: what leaves the stacks, and what the safety detectors read."""

from collections.abc import Callable

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from api.console.board import Pulse
from api.console.frame import Visit
from api.console.parts import tag, text
from api.console.tongue import MISSING, UNITS, Tongue, number
from api.overview import fresh
from park.metric import Kind, Medium, metrics
from park.place import Meter, Role
from park.reading import Reading

Tell = Callable[[Pulse], None]
POLLUTANTS = ("so2", "nox", "pm")
URGENCY = {
    name: place
    for place, name in enumerate(
        ("lel", "co", "h2s", "nh3", "cl2", "so2", "o2", "smoke", "residual_current", "cable_temp", "temperature")
    )
}
"""Detectors in the order one looks at them: what explodes or poisons first."""
MOST = 48
Chip = tuple[Meter, Element, list[tuple[str, TextElement]]]


def stacks(visit: Visit, pulse: Pulse) -> Tell:
    """Put the table of flue gas outlets here; what it gives fills in the newest values."""
    t = visit.t
    outlets = [m for m in pulse.registry.meters_of(role=Role.OUTLET) if m.medium is Medium.EMISSION][:MOST]
    if not outlets:
        text("p", t("no_stacks"), "empty")
        return lambda _: None
    cells: list[tuple[Meter, str, TextElement]] = []
    with tag("table", "grid tight lines"):
        with tag("thead"), tag("tr"):
            text("th", t("outlet"), scope="col")
            for head in ("SO₂", "NOx", t("particulates"), "O₂ %"):
                text("th", head, "n", scope="col")
        with tag("tbody"):
            for meter in outlets:
                with tag("tr"):
                    with tag("td", "name"):
                        text("a", t.pick(meter.name, meter.name_en), href=f"/meters/{meter.id}")
                        text("small", _place(meter, pulse, t))
                    for name in (*POLLUTANTS, "o2"):
                        corrected = f"{name}_zs"
                        metric = corrected if corrected in meter.metrics else name
                        cells.append((meter, metric, text("td", MISSING, "n")))

    def tell(now: Pulse) -> None:
        for meter, metric, cell in cells:
            reading = now.latest.get((meter.id, metric))
            live = reading is not None and fresh(meter, reading, now.now)
            cell.set_text(number(reading.value) if reading is not None and live else MISSING)

    return tell


def detectors(visit: Visit, pulse: Pulse) -> Tell:
    """Put the strip of safety detectors here, gases first; what it gives fills in the newest values."""
    t = visit.t
    found = [meter for meter in pulse.registry.meters_of(role=Role.DETECTOR) if meter.metrics]
    found.sort(key=lambda meter: URGENCY.get(meter.metrics[0], len(URGENCY)))
    if not found:
        text("p", t("no_detectors"), "empty")
        return lambda _: None
    with tag("div", "chips"):
        chips = [_chip(meter, pulse, t) for meter in found[:MOST]]

    def tell(now: Pulse) -> None:
        for meter, chip, values in chips:
            readings = [now.latest.get((meter.id, name)) for name in meter.metrics]
            for (name, cell), reading in zip(values, readings, strict=False):
                cell.set_text(_written(name, reading, t))
            live = now.up(meter) and readings[0] is not None and fresh(meter, readings[0], now.now)
            if live == ("off" in chip.classes):
                chip.classes(**({"remove": "off"} if live else {"add": "off"}))
                chip.props["aria-label"] = "" if live else t("offline")

    return tell


def _chip(meter: Meter, pulse: Pulse, t: Tongue) -> Chip:
    """Make a detector: what it detects with its value, where it hangs with its second value."""
    name = t.pick(meter.name, meter.name_en)
    first, *others = meter.metrics
    values = []
    with tag("a", "chip", href=f"/meters/{meter.id}", title=f"{name} · {_place(meter, pulse, t)}") as chip:
        with tag("div", "what"):
            metric = metrics()[first]
            text("span", t(f"short_{first}") if first in URGENCY else t.pick(metric.zh, metric.en))
            values.append((first, _value(first, "b")))
        with tag("div", "where"):
            text("span", _place(meter, pulse, t))
            values += [(other, _value(other, "span")) for other in others[:1]]
    return meter, chip, values


def _value(name: str, kind: str) -> TextElement:
    metric = metrics()[name]
    with tag("span"):
        value = text(kind, MISSING)
        text("span", "" if metric.kind is Kind.STATE else UNITS.get(metric.unit, metric.unit), "unit")
    return value


def _written(name: str, reading: Reading | None, t: Tongue) -> str:
    if reading is None:
        return MISSING
    if metrics()[name].kind is Kind.STATE:
        return t("state_1" if reading.value else "state_0")
    return number(reading.value)


def _place(meter: Meter, pulse: Pulse, t: Tongue) -> str:
    enterprise = pulse.registry.by_enterprise.get(meter.enterprise)
    return t.pick(enterprise.name, enterprise.name_en) if enterprise else meter.enterprise

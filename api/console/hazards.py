"""What must not be overlooked: what leaves the stacks, and what the safety detectors read."""

from collections.abc import Callable

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
MOST = 48


def stacks(visit: Visit, pulse: Pulse) -> Tell:
    """Put the table of flue gas outlets here; what it gives fills in the newest values."""
    t = visit.t
    outlets = [m for m in pulse.registry.meters_of(role=Role.OUTLET) if m.medium is Medium.EMISSION][:MOST]
    if not outlets:
        text("p", t("no_stacks"), "empty")
        return lambda _: None
    cells: list[tuple[Meter, str, TextElement]] = []
    with tag("table", "grid tight"):
        with tag("thead"), tag("tr"):
            text("th", t("outlet"), scope="col")
            for head in ("SO₂", "NOx", t("particulates"), "O₂ %"):
                text("th", head, "n", scope="col")
        with tag("tbody"):
            for meter in outlets:
                with tag("tr"):
                    with tag("td", "name"):
                        text("a", t.pick(meter.name, meter.name_en), href=f"/meters/{meter.id}")
                        tag("br")
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
    """Put the strip of safety detectors here; what it gives fills in the newest values."""
    t = visit.t
    found = [(m, name) for m in pulse.registry.meters_of(role=Role.DETECTOR) for name in m.metrics][:MOST]
    if not found:
        text("p", t("no_detectors"), "empty")
        return lambda _: None
    chips = []
    with tag("div", "chips"):
        for meter, name in found:
            metric = metrics()[name]
            with tag("a", "chip", href=f"/meters/{meter.id}", title=t.pick(meter.name, meter.name_en)) as chip:
                with tag("div", "what"):
                    text("span", t.pick(metric.zh, metric.en))
                    state = text("span")
                with tag("div", "val"):
                    value = text("span", MISSING)
                    text("span", "" if metric.kind is Kind.STATE else f" {UNITS.get(metric.unit, metric.unit)}", "unit")
                text("div", _place(meter, pulse, t), "where")
            chips.append((meter, name, chip, value, state))

    def tell(now: Pulse) -> None:
        for meter, name, chip, value, state in chips:
            reading = now.latest.get((meter.id, name))
            live = reading is not None and now.up(meter) and fresh(meter, reading, now.now)
            value.set_text(_written(name, reading, t))
            state.set_text("" if live else t("offline") if reading is not None else t("never"))
            if live == ("off" in chip.classes):
                chip.classes(**({"remove": "off"} if live else {"add": "off"}))

    return tell


def _written(name: str, reading: Reading | None, t: Tongue) -> str:
    if reading is None:
        return MISSING
    if metrics()[name].kind is Kind.STATE:
        return t("state_1" if reading.value else "state_0")
    return number(reading.value)


def _place(meter: Meter, pulse: Pulse, t: Tongue) -> str:
    enterprise = pulse.registry.by_enterprise.get(meter.enterprise)
    return t.pick(enterprise.name, enterprise.name_en) if enterprise else meter.enterprise

"""All enterprises with what they use now and have used today."""

from nicegui.elements.mixins.text_element import TextElement

from api.console import empty, industry
from api.console.board import Pulse
from api.console.frame import Visit
from api.console.parts import tag, text
from api.console.tongue import MISSING, percent, scaled
from api.overview import Day, Figure
from park.place import Enterprise

Row = tuple[Enterprise, list[TextElement], list[TextElement], TextElement, TextElement]


async def build(visit: Visit) -> str:
    """Fill the page."""
    t = visit.t
    pulse = await visit.board.pulse()
    with tag("div", "page-head"):
        text("h1", t("nav_enterprises"))
        text("span", t("n_enterprises", n=len(pulse.registry.enterprises)), "sub")
    if not pulse.registry.enterprises:
        empty.registry(t)
        return t("nav_enterprises")
    rows: list[Row] = []
    with tag("section", "panel"), tag("div", "scroll"), tag("table", "grid cards pairs"):
        with tag("thead"), tag("tr"):
            for head in ("enterprise", "industry", "area", "power", "energy", "measured", "meters"):
                right = head in {"area", "power", "energy", "measured", "meters"}
                text("th", t(f"col_{head}"), "n" if right else "", scope="col")
        with tag("tbody"):
            rows.extend(_row(visit, enterprise) for enterprise in pulse.registry.enterprises)

    def now_values(now: Pulse) -> None:
        for enterprise, power, _, _, online in rows:
            _fill(power, now.power.get(enterprise.id))
            meters = list(now.registry.meters_of(enterprise.id))
            online.set_text(f"{sum(now.up(meter) for meter in meters)} / {len(meters)}")

    def day_values(day: Day) -> None:
        for enterprise, _, energy, measured, _ in rows:
            figure = day.energy.get(enterprise.id)
            _fill(energy, figure)
            measured.set_text(percent(figure.coverage.share) if figure and figure.coverage.of else MISSING)

    async def tick(now: Pulse) -> None:
        now_values(now)
        day_values(await visit.board.day(None))

    visit.every_second(tick)
    return t("nav_enterprises")


def _row(visit: Visit, enterprise: Enterprise) -> Row:
    t = visit.t
    with tag("tr"):
        with tag("td", "name wide"):
            text("a", t.pick(enterprise.name, enterprise.name_en), href=f"/enterprises/{enterprise.id}")
        text("td", industry.name(enterprise.industry, t.language) or MISSING, "wide")
        with tag("td", "n no-phone"):
            text("span", f"{enterprise.area_mu:,.1f}" if enterprise.area_mu is not None else MISSING)
            text("span", t("mu") if enterprise.area_mu is not None else "", "unit")
        cells = []
        for key in ("power", "energy"):
            with tag("td", "n labelled", data_label=t(f"col_{key}")):
                cells.append([text("span", MISSING), text("span", "", "unit")])
        measured = text("td", MISSING, "n labelled", data_label=t("col_measured"))
        online = text("td", MISSING, "n labelled", data_label=t("col_meters"))
    return enterprise, cells[0], cells[1], measured, online


def _fill(cell: list[TextElement], figure: Figure | None) -> None:
    value, unit = scaled(figure.value, figure.unit) if figure is not None else (MISSING, "")
    cell[0].set_text(value)
    cell[1].set_text(unit if value != MISSING else "")

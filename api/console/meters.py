"""All meters, found by medium, enterprise, state or a piece of text."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Request
from nicegui.element import Element

from api import overview
from api.console.board import Pulse
from api.console.frame import Visit
from api.console.meter_table import MeterTable
from api.console.parts import button, tag, text
from park.metric import Medium
from park.place import Meter

ON_ONE_PAGE = 50
STATES = ("online", "offline", "never")


@dataclass(slots=True)
class Filters:
    """What the reader looks for; empty means everything."""

    words: str = ""
    medium: str = ""
    enterprise: str = ""
    state: str = ""

    def fits(self, meter: Meter, pulse: Pulse) -> bool:
        """Tell whether a meter is looked for."""
        if (self.medium and meter.medium != self.medium) or (self.enterprise and meter.enterprise != self.enterprise):
            return False
        online = pulse.online.get(meter.id)
        state = "never" if online is None else "online" if online else "offline"
        if self.state and state != self.state:
            return False
        owner = pulse.registry.by_enterprise.get(meter.enterprise)
        names = [meter.id, meter.name, meter.name_en, *([owner.name, owner.name_en] if owner else [])]
        return all(word in " ".join(names).lower() for word in self.words.lower().split())


async def build(visit: Visit, request: Request) -> str:
    """Fill the page; the query of the address is what is looked for first."""
    t = visit.t
    first = await visit.board.pulse()
    registry = overview.scope(first.registry, visit.enterprise)
    query = request.query_params
    filters = Filters(query.get("q", ""), query.get("medium", ""), query.get("enterprise", ""), query.get("state", ""))
    place = 0
    table: MeterTable | None = None
    with tag("div", "page-head"):
        text("h1", t("nav_meters"))
        count = text("span", "", "sub", role="status")
    with tag("div", "bar-of-filters", role="search"):
        _search(t("search"), t("search_hint"), filters.words, lambda words: look(words=words))
        _choice(
            t("col_medium"),
            {m.value: t(f"medium_{m}") for m in Medium},
            filters.medium,
            lambda v: look(medium=v),
            t("all"),
        )
        if visit.enterprise is None:
            owners = {e.id: t.pick(e.name, e.name_en) for e in registry.enterprises}
            _choice(t("col_enterprise"), owners, filters.enterprise, lambda v: look(enterprise=v), t("all"))
        _choice(t("col_state"), {s: t(s) for s in STATES}, filters.state, lambda v: look(state=v), t("all"))
    with tag("section", "panel"):
        body = tag("div")
        with tag("div", "pager") as pager:
            back = button(t("previous"), lambda: turn(-1))
            where = text("span")
            onward = button(t("next"), lambda: turn(1))

    def look(**changed: str) -> None:
        nonlocal place
        for name, value in changed.items():
            setattr(filters, name, value)
        place = 0
        draw(latest)

    def turn(by: int) -> None:
        nonlocal place
        place += by
        draw(latest)

    def draw(pulse: Pulse) -> None:
        nonlocal table
        found = [m for m in overview.scope(pulse.registry, visit.enterprise).meters if filters.fits(m, pulse)]
        start = place * ON_ONE_PAGE
        shown = found[start : start + ON_ONE_PAGE]
        count.set_text(t("n_meters", n=f"{len(found):,}"))
        pager.set_visibility(len(found) > ON_ONE_PAGE)
        where.set_text(t("rows", first=start + 1, last=start + len(shown), of=f"{len(found):,}"))
        back.set_visibility(place > 0)
        onward.set_visibility(start + ON_ONE_PAGE < len(found))
        body.clear()
        with body:
            if not shown:
                _none(visit, bool(registry.meters))
                table = None
                return
            table = MeterTable(t, shown, pulse.registry, owners=visit.enterprise is None)
            table.tell(pulse)

    latest = first
    draw(first)

    def tick(pulse: Pulse) -> None:
        nonlocal latest
        latest = pulse
        if table is not None:
            table.tell(pulse)

    visit.every_second(tick)
    return t("nav_meters")


def _none(visit: Visit, any_registered: bool) -> None:  # noqa: FBT001  # which of two sentences
    key = "none_found" if any_registered else "empty_registry"
    with tag("div", "empty"):
        text("h2", visit.t(f"{key}_title"))
        text("p", visit.t(key))
        if not any_registered:
            text("code", "smartpark registry import park.yaml")


def _search(label: str, hint: str, value: str, on_change: Callable[[str], None]) -> None:
    with tag("label", "field"):
        text("span", label)
        field = tag("input", type="search", placeholder=hint, value=value, maxlength="100", autocomplete="off")
    field.on(
        "input", lambda event: on_change(str(event.args)), throttle=0.4, leading_events=False,
        js_handler="(event) => emit(event.target.value)",
    )  # fmt: skip


def _choice(
    label: str, options: dict[str, str], value: str, on_change: Callable[[str], None], everything: str
) -> Element:
    with tag("label", "field"):
        text("span", label)
        with tag("select") as select:
            for key, words in {"": everything, **options}.items():
                option = text("option", words, value=key)
                if key == value:
                    option.props["selected"] = True
    select.on("change", lambda event: on_change(str(event.args)), js_handler="(event) => emit(event.target.value)")
    return select

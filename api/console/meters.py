"""All meters, found by medium, enterprise, state or a piece of text."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from fastapi import Request
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement
from sqlalchemy.exc import SQLAlchemyError

from api import overview
from api.console.account_panel import line as account_line
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
    query = request.query_params
    filters = Filters(query.get("q", ""), query.get("medium", ""), query.get("enterprise", ""), query.get("state", ""))
    with tag("div", "page-head"):
        text("h1", t("nav_meters"))
        count = text("span", "", "sub", role="status")
        arrived = text("span", "", "sub")
    found = Found(visit, filters, count, first)
    with tag("div", "bar-of-filters", role="search"):
        _search(t("search"), t("search_hint"), filters.words, partial(found.look, "words"))
        media = {medium.value: t(f"medium_{medium}") for medium in Medium}
        _choice(t("col_medium"), media, filters.medium, partial(found.look, "medium"), t("all"))
        if visit.enterprise is None:
            owners = {e.id: t.pick(e.name, e.name_en) for e in first.registry.enterprises}
            _choice(t("col_enterprise"), owners, filters.enterprise, partial(found.look, "enterprise"), t("all"))
        _choice(t("col_state"), {s: t(s) for s in STATES}, filters.state, partial(found.look, "state"), t("all"))
    found.place_here()
    visit.every_second(found.tell)

    async def tell_account(_pulse: Pulse) -> None:
        with suppress(SQLAlchemyError):  # the line stays as it was
            totals, with_gaps = await visit.board.account(visit.enterprise)
            arrived.set_text(account_line(totals, with_gaps, t))

    visit.every_second(tell_account)
    return t("nav_meters")


class Found:
    """The meters that were looked for, a page of them at a time."""

    def __init__(self, visit: Visit, filters: Filters, count: TextElement, pulse: Pulse) -> None:
        self._visit = visit
        self._filters = filters
        self._count = count
        self._pulse = pulse
        self._page = 0
        self._table: MeterTable | None = None

    def place_here(self) -> None:
        """Put the table and its pager here."""
        t = self._visit.t
        with tag("section", "panel"):
            self._body = tag("div")
            with tag("div", "pager") as self._pager:
                self._back = button(t("previous"), lambda: self._turn(-1))
                self._where = text("span")
                self._onward = button(t("next"), lambda: self._turn(1))
        self._draw()

    def look(self, name: str, value: str) -> None:
        """Look for something else."""
        setattr(self._filters, name, value)
        self._page = 0
        self._draw()

    def tell(self, pulse: Pulse) -> None:
        """Fill in the newest values; who is listed changes only when somebody asks."""
        self._pulse = pulse
        if self._table is not None:
            self._table.tell(pulse)

    def _turn(self, by: int) -> None:
        self._page += by
        self._draw()

    def _draw(self) -> None:
        t, pulse, own = self._visit.t, self._pulse, self._visit.enterprise
        mine = overview.scope(pulse.registry, own).meters
        found = [meter for meter in mine if self._filters.fits(meter, pulse)]
        start = self._page * ON_ONE_PAGE
        shown = found[start : start + ON_ONE_PAGE]
        self._count.set_text(t("n_meters", n=f"{len(found):,}"))
        self._pager.set_visibility(len(found) > ON_ONE_PAGE)
        self._where.set_text(t("rows", first=start + 1, last=start + len(shown), of=f"{len(found):,}"))
        self._back.set_visibility(self._page > 0)
        self._onward.set_visibility(start + ON_ONE_PAGE < len(found))
        self._body.clear()
        self._table = None
        with self._body:
            if shown:
                self._table = MeterTable(t, shown, pulse.registry, owners=own is None)
                self._table.tell(pulse)
            else:
                _none(self._visit, "none_found" if mine else "empty_registry")


def _none(visit: Visit, key: str) -> None:
    with tag("div", "empty"):
        text("h2", visit.t(f"{key}_title"))
        text("p", visit.t(key))
        if key == "empty_registry":
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

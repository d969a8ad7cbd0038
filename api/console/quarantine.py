"""What was not let in: by reason, with a sentence that says how to mend it, and a button that tries it again."""

import asyncio
from dataclasses import dataclass, field

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from adapters.relational import quarantine as held
from api.console.board import Pulse
from api.console.frame import Visit
from api.console.held_rows import MOST_MESSAGES, HeldRow
from api.console.parts import tag, text
from park.commission import STRAY
from park.reason import REASONS, WORDS, Reason

LOOK_EVERY = 3
"""Ticks between two looks whether anything new is held."""
MOST_ROWS = 20
"""Rows of one reason; a thousand devices with one mistake need not be listed to be mended."""
Key = tuple[str, str | None]


@dataclass(slots=True)
class Shelf:
    """The panel of one reason."""

    box: Element
    rows: Element
    count: TextElement
    rest: TextElement
    held: dict[Key, HeldRow] = field(default_factory=dict)


async def build(visit: Visit) -> str:
    """Fill the page."""
    t = visit.t
    with tag("div", "page-head"):
        text("h1", t("nav_quarantine"))
        count = text("span", "", "sub", role="status")
    text("p", t("quarantine_sub"), "lead")
    told = text("p", "", "notice", role="status")
    told.set_visibility(visible=False)

    def announce(words: str) -> None:
        told.set_text(words)
        told.set_visibility(visible=True)

    body = tag("div", "stack")
    with body, tag("section", "panel") as nothing, tag("div", "empty"):
        text("h2", t("nothing_held_title"))
        text("p", t("nothing_held"))
    nothing.set_visibility(visible=False)
    shelves: dict[str, Shelf] = {}
    engine = visit.board.services.engine

    async def look(pulse: Pulse) -> None:
        try:
            groups = await asyncio.to_thread(held.summary, engine)
            known = {key for shelf in shelves.values() for key in shelf.held}
            fresh = _first_of_each(groups, known)
            newest = await asyncio.to_thread(_newest, engine, fresh)
        except OperationalError:
            count.set_text(t("database_down"))
            return
        count.set_text(t("n_held", n=f"{sum(group.count for group in groups):,}"))
        nothing.set_visibility(not groups)
        for reason in [reason for reason in shelves if reason not in {group.reason for group in groups}]:
            shelves.pop(reason).box.delete()
        for reason in dict.fromkeys(group.reason for group in groups):
            if reason not in shelves:
                with body:
                    shelves[reason] = _shelf(visit, reason)
            shelf = shelves[reason]
            members = {(g.reason, g.meter): g for g in groups if g.reason == reason}
            with shelf.rows:
                for key in [key for key in members if key in newest]:
                    shelf.held[key] = HeldRow(visit, members[key], newest[key], announce)
            _fill(visit, shelf, members, pulse)

    beats = 0

    async def tick(pulse: Pulse) -> None:
        nonlocal beats
        if beats % LOOK_EVERY == 0:
            await look(pulse)
        beats += 1

    await look(await visit.board.pulse())
    visit.every_second(tick)
    return t("nav_quarantine")


def _first_of_each(groups: list[held.Group], known: set[Key]) -> list[Key]:
    """Give the groups that need a new row, as many a reason as are shown."""
    taken: dict[str, int] = {}
    result = []
    for group in groups:
        taken[group.reason] = taken.get(group.reason, 0) + 1
        if taken[group.reason] <= MOST_ROWS and (group.reason, group.meter) not in known:
            result.append((group.reason, group.meter))
    return result


def _newest(engine: Engine, keys: list[Key]) -> dict[Key, list[held.Held]]:
    """Read the newest messages of some groups; those whose topic names no meter are looked for among their reason's."""
    result = {}
    for reason, meter in keys:
        found, _ = held.listing(engine, reason=reason, meter=meter, limit=MOST_MESSAGES)
        result[reason, meter] = [message for message in found if message.meter == meter]
    return result


def _shelf(visit: Visit, reason: str) -> Shelf:
    t = visit.t
    words = WORDS[Reason(reason)] if reason in REASONS else None
    with tag("section", "panel") as box:
        with tag("header", "panel-head"):
            text("h2", t.pick(words.zh, words.en) if words else reason)
            count = text("span", "", "sub")
            if reason in STRAY:
                text("a", t("room_commissioning"), "more", href="/commissioning")
        with tag("div", "panel-body flush"):
            rows = tag("ul")
            rest = text("p", "", "note pager")
    return Shelf(box, rows, count, rest)


def _fill(visit: Visit, shelf: Shelf, groups: dict[Key, held.Group], pulse: Pulse) -> None:
    """Bring a reason's rows up to date; those that are empty now go."""
    shelf.count.set_text(visit.t("n_held", n=f"{sum(group.count for group in groups.values()):,}"))
    for key in [key for key in shelf.held if key not in groups]:
        shelf.held.pop(key).box.delete()
    for key, row in shelf.held.items():
        row.tell(groups[key], pulse.now)
    more = len(groups) - len(shelf.held)
    shelf.rest.set_text(visit.t("and_more", n=f"{more:,}") if more else "")
    shelf.rest.set_visibility(more > 0)

"""The account of one meter: what it published, what came of it, and by number what is missing or came twice."""

import asyncio
from datetime import datetime
from math import floor
from typing import NamedTuple

from nicegui.elements.mixins.text_element import TextElement
from sqlalchemy.exc import SQLAlchemyError

from adapters.relational import meter_account
from adapters.relational.meter_account import Standing, Totals
from api.console.board import Pulse
from api.console.frame import Visit
from api.console.parts import tag, text
from api.console.tongue import MISSING, Tongue

LOOK_EVERY = 5
"""Ticks between two looks: the collector copies its accounts as often."""
MOST_ROWS = 8
STATIONS = ("published", "received", "accepted", "stored")
FAULTS = {
    "missing": "n_missing", "duplicates": "n_duplicates", "restarts": "n_restarts", "held": "n_in_quarantine",
    "unnumbered": "n_unnumbered",
}  # fmt: skip


class Event(NamedTuple):
    """Numbers that are missing or came twice, and when."""

    kind: str
    first: int
    last: int
    since: datetime
    until: datetime


class AccountPanel:
    """Made once, filled in as the account goes on."""

    def __init__(self, visit: Visit, meter: str) -> None:
        self._visit = visit
        self._meter = meter
        self._beats = 0
        t = visit.t
        with tag("dl", "chain inset"):
            self._stations: dict[str, tuple[TextElement, TextElement]] = {}
            for name in STATIONS:
                with tag("div"):
                    text("dt", t(f"account_{name}"))
                    with tag("dd"):
                        number = text("span", MISSING, "num")
                        text("span", t("unit_readings" if name in {"accepted", "stored"} else "unit_messages"), "unit")
                    share = text("dd", "", "note")
                self._stations[name] = (number, share)
        self._quality = text("p", t("account_none"), "quality inset", role="status")
        with tag("table", "grid tight cards pairs") as self._table:
            with tag("thead"), tag("tr"):
                text("th", t("col_event"), scope="col")
                text("th", t("col_numbers"), "n", scope="col")
                text("th", t("col_count"), "n", scope="col")
                text("th", t("col_before"), "n", scope="col")
                text("th", t("col_after"), "n", scope="col")
            with tag("tbody"):
                self._rows = [_row(t) for _ in range(MOST_ROWS)]
        self._more = text("p", "", "note inset")
        self._table.set_visibility(visible=False)
        self._more.set_visibility(visible=False)

    async def tell(self, pulse: Pulse) -> None:
        """Fill in the account, now and then; while it cannot be read, it stays as it was."""
        self._beats += 1
        if self._beats % LOOK_EVERY != 1:
            return
        try:
            standing = await asyncio.to_thread(meter_account.one, self._visit.board.services.engine, self._meter)
        except SQLAlchemyError:
            self._quality.set_text(self._visit.t("database_down"))
            return
        if standing is not None:
            self._show(standing, pulse.now)

    def _show(self, standing: Standing, now: datetime) -> None:
        t, totals = self._visit.t, standing.totals
        for name, (number, _) in self._stations.items():
            number.set_text(f"{getattr(totals, name):,}")
        self._stations["received"][1].set_text(t("share_received", share=fine(totals)))
        self._stations["published"][1].set_text(t("account_since", at=t.moment(standing.since, now)))
        self._stations["accepted"][1].set_text(t("n_refused", n=f"{totals.refused:,}") if totals.refused else "")
        unstored = totals.accepted - totals.stored
        self._stations["stored"][1].set_text(t("n_refused", n=f"{unstored:,}") if unstored else "")
        self._quality.set_text(quality(totals, t))
        found = events(standing)
        for place, (row, cells) in enumerate(self._rows):
            row.set_visibility(place < len(found))
            if place < len(found):
                _fill(cells, found[place], t, now)
        self._table.set_visibility(bool(found))
        self._more.set_text(t("more_events", n=max(0, len(found) - MOST_ROWS)))
        self._more.set_visibility(len(found) > MOST_ROWS)


def events(standing: Standing) -> list[Event]:
    """Give what is missing and what came twice, the newest first."""
    found = [Event("missing", gap.first, gap.last, gap.before, gap.after) for gap in standing.gaps]
    found += [Event("duplicates", one.first, one.last, one.since, one.until) for one in standing.doubles]
    return sorted(found, key=lambda event: event.until, reverse=True)


def quality(totals: Totals, t: Tongue) -> str:
    """Say in one line what is wrong with an account, or that nothing is."""
    found = [t(key, n=f"{getattr(totals, name):,}") for name, key in FAULTS.items() if getattr(totals, name)]
    return " · ".join(found) or t("account_whole")


def line(totals: Totals, with_gaps: int, t: Tongue) -> str:
    """Say in one line how well the messages of some meters arrive; nothing where none was ever received."""
    if not totals.published:
        return ""
    lack = [t("n_meters_lack", n=f"{with_gaps:,}"), t("n_missing", n=f"{totals.missing:,}")] if with_gaps else []
    return " · ".join([t("share_whole", share=fine(totals)), *lack])


def fine(totals: Totals) -> str:
    """Write the share received to a hundredth of a percent; only all of it is 100 %."""
    if not totals.published:
        return MISSING
    share = floor(totals.received / totals.published * 10_000) / 100
    return "100 %" if not totals.missing else f"{min(share, 99.99):.2f} %"


Cells = tuple[TextElement, TextElement, TextElement, TextElement, TextElement]


def _row(t: Tongue) -> tuple[TextElement, Cells]:
    with text("tr") as row:
        cells = (
            text("td"),
            text("td", "", "n mono"),
            text("td", "", "n no-phone"),
            text("td", "", "n labelled", data_label=t("col_before")),
            text("td", "", "n labelled", data_label=t("col_after")),
        )
    return row, cells


def _fill(cells: Cells, event: Event, t: Tongue, now: datetime) -> None:
    numbers = f"{event.first}" if event.first == event.last else f"{event.first}–{event.last}"
    words = (
        t(f"event_{event.kind}"),
        numbers,
        f"{event.last - event.first + 1:,}",
        t.moment(event.since, now),
        t.moment(event.until, now),
    )
    for cell, word in zip(cells, words, strict=True):
        cell.set_text(word)

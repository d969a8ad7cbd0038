"""What happened to alerts lately: below the list of what burns, so that what is over is not forgotten."""

import asyncio

from sqlalchemy.exc import SQLAlchemyError

from adapters.alert_store import Numbered
from adapters.relational import alerts
from api import alert_words
from api.alarms import Standing
from api.alert_view import unit_of
from api.console.alarm import change_title
from api.console.alert_marks import mark
from api.console.frame import Visit
from api.console.parts import link, panel, tag, text
from api.console.tongue import number

MOST = 30


class Recent:
    """The newest changes; read again when there is a newer one."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._last: int | None = None
        with panel(visit.t("alerts_recent"), "no-print", body="flush"):
            self._box = tag("div", "scroll")

    async def tell(self, standing: Standing | None) -> None:
        """Show them."""
        if standing is None or standing.last == self._last:
            return
        services, own = self._visit.board.services, self._visit.enterprise
        meters = None if own is None else [own, *(one.id for one in services.registry.peek().meters_of(own))]
        try:
            found = await asyncio.to_thread(alerts.changes, services.engine, meters=meters, limit=MOST)
        except SQLAlchemyError:
            return
        self._last = standing.last
        self._box.clear()
        with self._box:
            self._draw(found)

    def _draw(self, found: list[Numbered]) -> None:
        t = self._visit.t
        now = self._visit.board.services.clock()
        if not found:
            text("p", t("alerts_recent_none"), "note inset")
            return
        with tag("table", "grid tight cards"), tag("tbody"):
            for one in found:
                change = one.change
                with tag("tr"):
                    text("td", t.moment(change.known_at, now), "n no-phone")
                    with tag("td"):
                        mark(t, change.severity)
                    with tag("td", "wide"):
                        link(change_title(self._visit, change), f"/alerts/{change.rule}/{change.meter}")
                        if change.drill:
                            text("span", t("alerts_drill"), "badge drill")
                    with tag("td", "wide"):
                        text("span", alert_words.say(alert_words.KINDS[change.kind], t.language))
                        value = "" if change.value is None else f"{number(change.value)} {unit_of(change.metric)}"
                        said = " ".join(filter(None, [value, change.who, change.note]))
                        text("small", said)

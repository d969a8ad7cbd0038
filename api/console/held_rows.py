"""The messages of one meter that are held for one reason: how many, since when, what they look like, and a button."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from nicegui.element import Element

from adapters.relational import quarantine as held
from api.console.frame import Visit
from api.console.parts import button, tag, text
from api.console.tongue import MISSING
from api.payload_text import readable
from park.principal import Right
from park.reason import sentence

MOST_MESSAGES = 5
PATIENCE = 60
"""Looks, one a second, for the collector's answer to a replay before saying that it goes on without us."""


class HeldRow:
    """One row, refilled in place, so that what a reader has opened stays open."""

    def __init__(
        self, visit: Visit, group: held.Group, newest: Sequence[held.Held], announce: Callable[[str], None]
    ) -> None:
        self._visit = visit
        self._announce = announce
        """Tells the whole page: the row itself is gone when all of it was let in."""
        self._reason, self._meter = group.reason, group.meter
        t = visit.t
        with tag("li", "held") as self.box:
            with tag("div"):
                text("strong", group.meter or t("no_meter_named"), "mono")
                text("span", " · ")
                self._count = text("span")
                self._subject = text("p", "", "note")
                text("p", t("last_topic", topic=newest[0].topic[:200] if newest else MISSING), "note mono")
            with tag("div", "act"):
                self._result = text("span", "", "note", role="status")
                self._replay: Element | None = None
                if visit.who.may(Right.KEEP_QUARANTINE):
                    self._replay = button(t("replay"), self._try_again)
            with tag("details", "full"):
                text("summary", t("show_messages"))
                self._messages = tag("div")
        self._preview(newest)

    def tell(self, group: held.Group, now: datetime) -> None:
        """Fill in how many there are by now."""
        t = self._visit.t
        since, last = t.moment(group.first, now), t.moment(group.last, now)
        self._count.set_text(t("held_count", n=f"{group.count:,}", first=since, last=last))
        self._subject.set_text(sentence(group.reason, group.subject, t.language))

    def _preview(self, messages: Sequence[held.Held]) -> None:
        t = self._visit.t
        with self._messages:
            for message in messages:
                when = message.at.astimezone(t.zone)
                text("p", f"{when:%Y-%m-%d %H:%M:%S} · {message.topic[:200]} · {message.size:,} B", "note mono")
                text("pre", readable(message.payload), "payload")

    async def _try_again(self) -> None:
        """Ask the collector to try them again, and wait for what it says."""
        visit, t = self._visit, self._visit.t
        if self._replay is None or "disabled" in self._replay.props:
            return
        services = visit.board.services
        self._replay.props["disabled"] = True
        self._result.set_text(t("replay_running"))
        number = await asyncio.to_thread(
            held.request_replay,
            services.engine,
            who=visit.who.name,
            now=services.clock(),
            reason=self._reason,
            meter=self._meter,
        )
        status: held.Request | None = None
        for _ in range(PATIENCE):
            await asyncio.sleep(1)
            status = await asyncio.to_thread(held.replay_status, services.engine, number)
            if status is None or status.finished_at is not None:
                break
        done = status is not None and status.finished_at is not None
        told = (
            t("replay_done", good=status.replayed or 0, bad=status.refused_again or 0)
            if status is not None and done
            else t("replay_waits")
        )
        self._announce(f"{self._meter or t('no_meter_named')}: {told}")
        if not self.box.is_deleted:
            self._result.set_text("")
            del self._replay.props["disabled"]

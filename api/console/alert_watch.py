"""Whether anybody watches: an empty list says nothing where nobody does."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from adapters.relational import deliveries
from api.alarms import Standing
from api.console.frame import Visit
from api.console.parts import tag, text

DEAD_AFTER = timedelta(seconds=30)
"""The watch says every five seconds that it is there."""
LOOK_EVERY = timedelta(seconds=10)


class WatchStrip:
    """A line at the head of the desk."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._looked: datetime | None = None
        self._delivered = ""
        with tag("p", "watch-strip", role="status") as self._box:
            self._words = [text("span") for _ in range(4)]

    async def tell(self, standing: Standing | None, now: datetime) -> None:
        """Say how the watch stands."""
        t = self._visit.t
        watched = standing.watched if standing is not None else None
        dead = watched is None or now - watched.at > DEAD_AFTER
        if self._visit.enterprise is None and (self._looked is None or now - self._looked > LOOK_EVERY):
            self._looked = now
            self._delivered = await self._last(now)
        if standing is None:
            words = [t("database_down")]
        elif watched is None or dead:
            words = [t("alerts_watch_dead", at=t.calm_age(watched.at if watched else None, now)), self._delivered]
        elif not watched.meters:
            words = [t("alerts_watch_none")]
        else:
            words = [
                t("alerts_watch", rules=watched.rules, meters=watched.meters),
                t("alerts_watch_heard", at=t.calm_age(watched.heard, now)),
                t("alerts_watch_said", at=t.calm_age(watched.at, now)),
                self._delivered,
            ]
        for place, said in zip(self._words, [*words, "", "", "", ""], strict=False):
            place.set_text(said)
        self._box.classes(**({"add": "dead"} if dead else {"remove": "dead"}))

    async def _last(self, now: datetime) -> str:
        t = self._visit.t
        try:
            stand = await asyncio.to_thread(deliveries.standing, self._visit.board.services.engine)
        except SQLAlchemyError:
            return self._delivered
        sent = [(one.sent, name) for name, one in stand.items() if one.sent is not None]
        if not sent:
            return t("alerts_watch_undelivered")
        at, who = max(sent)
        return t("alerts_watch_delivered", at=t.moment(at, now), who=who)

"""The overview's figure of open alerts; it leads to the desk."""

from api import alert_words
from api.console.alarm import seen, unanswered
from api.console.board import Pulse
from api.console.frame import Visit
from api.console.parts import Tile, tag


class AlertTile:
    """How many are open, the gravest of them, and how many nobody looks after."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        with tag("a", "tile-link", href="/alerts"):
            self._tile = Tile(visit.t("alerts_tile"), "alerts")

    async def tell(self, pulse: Pulse) -> None:
        """Fill it in; nobody watching is not the same as no alert."""
        t = self._visit.t
        standing = await self._visit.board.standing()
        if standing is None or standing.watched is None:
            self._tile.show("—", "", t("alerts_watch_dead", at=t("never")))
            return
        found = seen(self._visit, standing)
        waiting = unanswered(found, standing, pulse.now)
        worst = alert_words.severity(found[0].severity, t.language) if found else ""
        words = t("alerts_tile_unanswered", n=len(waiting)) if found else ""
        watching = t("alerts_tile_calm", rules=standing.watched.rules)
        self._tile.show(str(len(found)), worst, words or watching, watching if words else "")
        level = f"tile{f' sev-{found[0].severity.word}' if found else ''}"
        self._tile.box.classes(replace=level)

"""The overview: the whole park on one screen, as it hangs on the wall of the management committee."""

from api.console.alert_tile import AlertTile
from api.console.board import Pulse
from api.console.collector_notice import collector_notice
from api.console.frame import Visit
from api.console.hazards import detectors, stacks
from api.console.load_chart import LoadChart
from api.console.parts import link, panel, tag, text
from api.console.rivals import Rivals
from api.console.tiles import Tiles
from api.overview import Day

RANKS = 10
INDUSTRIES = 10


async def build(visit: Visit) -> str:
    """Fill the page."""
    t = visit.t
    pulse = await visit.board.pulse()
    text("h1", t("nav_overview"), "visually-hidden")
    collector_notice(visit)
    if not pulse.registry.meters:
        _empty(visit, "empty_registry", "smartpark registry import park.yaml")
        return t("nav_overview")
    if not pulse.latest and not (await visit.board.extent()).first:
        _empty(visit, "empty_readings", "smartpark doctor")
        visit.every_second(lambda now: visit.client.open("/") if now.latest else None)
        return t("nav_overview")
    with tag("div", "wall"):
        with tag("div", "tiles"):
            alert_tile = AlertTile(visit)
            tiles = Tiles(t, pulse.registry)
        with panel(t("load_today"), "load", body="chart", sub=t("load_sub")):
            chart = LoadChart(t)
        with panel(t("by_industry"), "industry") as head:
            industries = Rivals(t, head, rows=INDUSTRIES, by_industry=True)
        with panel(t("ranking"), "ranking") as head:
            ranking = Rivals(t, head, rows=RANKS, by_industry=False)
        with panel(t("stacks"), "stacks", body="flush", sub=t("stacks_sub")):
            tell_stacks = stacks(visit, pulse)
        with panel(t("detectors"), "detectors") as head:
            with head:
                link(t("all"), "/meters?medium=safety", "more")
            tell_detectors = detectors(visit, pulse)

    def now_figures(now: Pulse, day: Day | None) -> None:
        tiles.tell(now, day)
        industries.tell(now, day)
        ranking.tell(now, day)

    async def tick(now: Pulse) -> None:
        tell_stacks(now)
        tell_detectors(now)
        await alert_tile.tell(now)
        now_figures(now, None)
        day = await visit.board.day(None)
        now_figures(now, day)
        chart.tell(day)

    visit.every_second(tick)
    return t("nav_overview")


def _empty(visit: Visit, key: str, command: str) -> None:
    with tag("section", "panel"), tag("div", "empty"):
        text("h2", visit.t(f"{key}_title"))
        text("p", visit.t(key))
        text("code", command)

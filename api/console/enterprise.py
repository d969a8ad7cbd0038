"""One enterprise: its figures, its load against yesterday, its last thirty days and its meters."""

from api import overview
from api.console import industry
from api.console.board import Pulse
from api.console.daily import DailyChart
from api.console.frame import Visit
from api.console.load_chart import LoadChart
from api.console.meter_table import MeterTable
from api.console.parts import panel, tag, text
from api.console.tiles import Tiles
from park.metric import Medium


async def build(visit: Visit, enterprise_id: str) -> str:
    """Fill the page; whether the visitor may see this enterprise was asked before."""
    t = visit.t
    pulse = await visit.board.pulse()
    own = overview.scope(pulse.registry, enterprise_id)
    enterprise = own.enterprises[0]
    name = t.pick(enterprise.name, enterprise.name_en)
    with tag("div", "page-head"):
        if visit.enterprise is None:
            with tag("p", "crumb"):
                text("a", t("nav_enterprises"), href="/enterprises")
                text("span", f" / {enterprise.id}", "mono")
        text("h1", name)
        facts = [industry.name(enterprise.industry, t.language)]
        facts += [f"{enterprise.area_mu:,.1f} {t('mu')}"] if enterprise.area_mu is not None else []
        text("span", " · ".join(filter(None, facts)), "sub")
    if not own.meters:
        with tag("section", "panel"), tag("div", "empty"):
            text("h2", t("empty_meters_title"))
            text("p", t("empty_meters"))
            text("code", "smartpark registry import park.yaml")
        return name
    feeders = overview.boundary(own, Medium.ELECTRICITY, "ep_imp")
    with tag("div", "stack"):
        with tag("div", "tiles"):
            tiles = Tiles(t, own, always=(Medium.ELECTRICITY,), rate=False)
        with tag("div", "half"):
            with panel(t("load_today"), body="chart", sub=t("load_sub")):
                load = LoadChart(t)
            with panel(t("daily_electricity"), body="chart", sub=t("last_30_days")):
                daily = DailyChart(t, "kWh")
        with panel(t("nav_meters"), body="flush", sub=t("n_meters", n=len(own.meters))):
            table = MeterTable(t, own.meters, own, owners=False)

    async def tick(now: Pulse) -> None:
        table.tell(now)
        tiles.tell(now, None)
        day = await visit.board.day(enterprise_id)
        tiles.tell(now, day)
        load.tell(day)
        daily.tell(await visit.board.days(enterprise_id, feeders, "ep_imp"))

    visit.every_second(tick)
    return name

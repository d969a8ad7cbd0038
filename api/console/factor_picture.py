"""What electricity is worth this year, to be read at a glance, and the grid factors it was chosen from."""

from api.console.chart import bars, base, draw
from api.console.factor_known import Known
from api.console.frame import Visit
from api.console.parts import Tile, panel, tag, text
from api.console.tongue import MISSING, Tongue
from park.factor import REGIONS, Factor, Purpose
from park.factor_book import ELECTRICITY, NoFactor
from park.term import Term

HUES = ("--accent", "--bar", "--before")


def tiles(visit: Visit, known: Known, term: Term) -> None:
    """Put the four factors of electricity here, each with its reason."""
    t = visit.t
    asked = (
        ("factor_tile_equivalent", ELECTRICITY, Purpose.EQUIVALENT, "electricity"),
        ("factor_tile_calorific", ELECTRICITY, Purpose.CALORIFIC, "electricity"),
        ("factor_tile_location", ELECTRICITY, Purpose.CARBON, "overview"),
        ("factor_tile_market", known.policy.residual, Purpose.CARBON_MARKET, "overview"),
    )
    with tag("div", "tiles"):
        for title, key, purpose, symbol in asked:
            tile = Tile(t(title), symbol)
            try:
                chosen = known.book.select(
                    key, purpose, policy=known.policy, term=term, as_of=known.now, enterprise=visit.enterprise
                )
            except NoFactor as gap:
                tile.box.classes("gap")
                tile.box.props["title"] = gap.sentence(t.language)
                tile.show(MISSING, "", t("factor_none"))
                continue
            factor = chosen.factor
            tile.box.props["title"] = chosen.sentence(t.language)
            tile.show(f"{factor.value:g}", factor.unit, where(factor, t), "" if factor.verified else t("factor_open"))


def where(factor: Factor, t: Tongue) -> str:
    """Say where a factor holds and of which year it is."""
    zh, en = REGIONS.get(factor.region, (factor.region, factor.region))
    year = t("factor_of_year", year=factor.data_year) if factor.data_year is not None else t("factor_no_year")
    return f"{t.pick(zh, en)} · {year}"


def grids(visit: Visit, known: Known) -> None:
    """Draw the grid's factors by data year, those of the regions the policy looks in."""
    t = visit.t
    found = [
        one for one in known.book.factors if one.key == ELECTRICITY and one.purpose is Purpose.CARBON and not one.own
    ]
    years = sorted({one.data_year for one in found if one.data_year is not None})
    regions = [name for name in dict.fromkeys((*known.policy.regions, "northwest", "national")) if name in REGIONS]
    with panel(t("factor_grids"), body="chart", sub=t("factor_grids_sub")):
        options = base("kgCO2/kWh", legend=True, digits=4)
        options["xAxis"] |= {"type": "category", "data": [str(year) for year in years]}
        options["xAxis"]["axisLabel"].pop("formatter")
        options["series"] = [
            bars(t.pick(*REGIONS[region]), [_value(found, region, year) for year in years], hue)
            for region, hue in zip(regions, HUES, strict=False)
        ]
        if years:
            draw(options, t("factor_grids"))
        else:
            text("p", t("factor_none"), "nothing-here")


def _value(found: list[Factor], region: str, year: int) -> float | None:
    fitting = [one for one in found if one.region == region and one.data_year == year]
    return max(fitting, key=lambda one: (one.published, one.id)).value if fitting else None

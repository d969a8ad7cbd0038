"""The form of one factor: a value as it was told, a heating value as it was measured, or a state of steam."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.exc import OperationalError

from adapters.relational import factors as store
from api.console.form import Form
from api.console.frame import Visit
from api.console.parts import button, tag, text
from park.carrier import carriers
from park.factor import NUMERATOR, REGIONS, Purpose
from park.factor_table import keys, sets
from park.own_factor import FactorMistaken
from park.policy import Policy
from park.steam import Reference
from park.window import SITE

WAYS = ("value", "measured", "steam")
FIELDS = {
    "value": ("value",),
    "measured": ("ncv", "ncv_unit", "carbon_content", "oxidation"),
    "steam": ("pressure", "pressure_unit", "reference", "temperature", "dryness", "feed_water"),
}
PLACES = {
    "measured.ncv": "ncv",
    "measured.unit": "ncv_unit",
    "measured.carbon_content": "carbon_content",
    "measured.oxidation": "oxidation",
    "steam.pressure": "pressure",
    "steam.unit": "pressure_unit",
    "steam.reference": "reference",
    "steam.temperature": "temperature",
    "steam.dryness": "dryness",
    "steam.feed_water": "feed_water",
    "park": "owner",
    "enterprise": "owner",
    "steam": "pressure",
    "measured": "ncv",
}
"""The field in which a mistake of a document is mended."""
EVERYBODY = "*"


class FactorForm:
    """Drawn once; what does not belong to the way chosen is hidden."""

    def __init__(self, visit: Visit, policy: Policy, added: Callable[[], Awaitable[None]]) -> None:
        self._visit = visit
        self._policy = policy
        self._added = added
        self._way = "value"
        self._form = Form()
        t, form = visit.t, self._form
        registry = visit.board.services.registry.current()
        owners = {"park": t("factor_whole_park")}
        owners |= {one.id: t.pick(one.name, one.name_en) for one in registry.enterprises if one.park == policy.park}
        form.rest_here()
        with tag("div", "bar-of-filters"):
            form.choice("owner", t("factor_owner"), owners | {EVERYBODY: t("factor_official")})
            form.choice("key", t("factor_carrier"), {one.name: t.pick(one.zh, one.en) for one in keys().values()})
            form.choice("purpose", t("factor_purpose"), {one.value: t(f"factor_purpose_{one}") for one in Purpose})
            way = form.choice("way", t("factor_way"), {one: t(f"factor_way_{one}") for one in WAYS})
            way.on(
                "change", lambda event: self._choose(str(event.args)), js_handler="(event) => emit(event.target.value)"
            )
            form.line("unit", t("factor_unit"), hint="kgce/Nm³ · tCO2/t · GJ/t")
        with tag("div", "bar-of-filters"):
            self._worth()
        with tag("div", "bar-of-filters"):
            form.line("source", t("factor_source_field"), hint=t("factor_source_hint"))
            form.line("valid_from", t("factor_valid_from"), kind="date")
            form.line("valid_to", t("factor_valid_to"), kind="date")
            form.line("note", t("factor_note"))
        with tag("details"):
            text("summary", t("factor_official_more"))
            with tag("div", "bar-of-filters"):
                form.choice("set", t("factor_set"), {one.id: t.pick(one.zh, one.en) for one in sets().values()})
                form.choice("region", t("factor_region"), {name: t.pick(*words) for name, words in REGIONS.items()})
                form.line("data_year", t("factor_data_year"), hint="2024")
                form.line("published", t("factor_published"), kind="date")
        button(t("factor_save"), self._save, "button main")
        self._choose("value")

    def _worth(self) -> None:
        t, form = self._visit.t, self._form
        form.line("value", t("factor_value"), hint="1.2143")
        form.line("ncv", t("factor_ncv"), hint="35.5")
        form.line("ncv_unit", t("factor_ncv_unit"), value="MJ/Nm³")
        form.line("carbon_content", t("factor_carbon_content"), hint="0.0153")
        form.line("oxidation", t("factor_oxidation"), hint="0.99")
        form.line("pressure", t("factor_pressure"), hint="0.8")
        form.line("pressure_unit", t("factor_pressure_unit"), value="MPa")
        form.choice("reference", t("factor_reference"), {one.value: t(f"factor_{one}") for one in Reference})
        form.line("temperature", t("factor_temperature"), hint="200")
        form.line("dryness", t("factor_dryness"), hint="1")
        form.line("feed_water", t("factor_feed_water"), value=f"{self._policy.feed_water_kj_kg:g}")

    def _choose(self, way: str) -> None:
        self._way = way
        for name, fields in FIELDS.items():
            for field in fields:
                self._form.show(field, visible=name == way)

    def document(self) -> dict[str, Any]:
        """Give what was filled in as the document of an entry."""
        form = self._form
        made: dict[str, Any] = {
            name: form.word(name) for name in ("key", "purpose", "unit", "source", "valid_from", "valid_to", "note")
        }
        owner = form.word("owner")
        if owner == EVERYBODY:
            made |= {name: form.word(name) for name in ("set", "region", "data_year", "published")}
        else:
            made |= {"park": self._policy.park} if owner == "park" else {"enterprise": owner}
        if self._way == "value":
            made["value"] = form.word("value")
        elif self._way == "measured":
            inner = {"ncv": form.word("ncv"), "unit": form.word("ncv_unit")}
            more = {name: form.word(name) for name in ("carbon_content", "oxidation")}
            made["measured"] = inner | {name: word for name, word in more.items() if word}
        else:
            made |= {"purpose": Purpose.HEAT.value, "key": "steam"}
            names = ("pressure", "reference", "temperature", "dryness", "feed_water")
            inner = {name: form.word(name) for name in names if form.word(name)}
            made["steam"] = inner | {"unit": form.word("pressure_unit")}
        made["unit"] = made["unit"] or _usual_unit(made)
        return {name: found for name, found in made.items() if found != ""}

    async def _save(self) -> None:
        t, services = self._visit.t, self._visit.board.services
        now = services.clock()
        try:
            await asyncio.to_thread(
                store.add,
                services.engine,
                self.document(),
                today=now.astimezone(SITE).date(),
                who=self._visit.who.name,
                now=now,
            )
        except FactorMistaken as refused:
            self._form.tell(refused.mistakes, t.language, PLACES)
            return
        except OperationalError:
            self._form.say(t("database_down"))
            return
        self._form.tell((), t.language)
        await self._added()


def _usual_unit(document: dict[str, Any]) -> str:
    """Give the unit a factor is usually told in, where none was filled in."""
    carrier = carriers().get(document["key"])
    unit = carrier.unit if carrier is not None else keys()[document["key"]].unit
    return f"{NUMERATOR[Purpose(document['purpose'])]}/{unit}"

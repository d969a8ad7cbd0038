"""Factors as they go over the wire, and which of them a principal may see."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.services import Services
from api.sight import seen_enterprises
from park.factor import Factor, Purpose
from park.own_factor import OwnFactor
from park.principal import Principal

EXAMPLE: dict[str, Any] = {
    "id": "mee-grid/electricity/carbon/shaanxi/2023",
    "set": "mee-grid",
    "key": "electricity",
    "purpose": "carbon",
    "value": 0.6335,
    "unit": "kgCO2/kWh",
    "region": "shaanxi",
    "data_year": 2023,
    "published": "2025-12-31",
    "valid_from": None,
    "valid_to": None,
    "source": "生态环境部 国家统计局 公告 2025 年第 47 号",
    "verified": True,
    "note": "",
    "inputs": [],
    "formula": "",
    "park": None,
    "enterprise": None,
}
OWN: dict[str, Any] = {
    "number": 1,
    "revision": 1,
    "withdrawn": False,
    "who": "王丽",
    "at": "2026-11-23T08:00:00+08:00",
    "reason": "",
    "factor": EXAMPLE
    | {
        "id": "own/1/r1",
        "set": "own",
        "key": "natural_gas",
        "purpose": "energy_calorific",
        "value": 1.2112899,
        "unit": "kgce/Nm³",
        "region": "national",
        "data_year": None,
        "published": "2026-11-23",
        "source": "供气合同附件 3 气质报告",
        "inputs": [{"name": "ncv", "value": 35.5, "unit": "MJ/Nm³", "detail": ""}],
        "formula": "35.5 MJ/Nm³ ÷ 29307.6 kJ/kgce = 1.21129 kgce/Nm³",
        "enterprise": "e01",
    },
}
DOCUMENT: dict[str, Any] = {
    "enterprise": "e01",
    "key": "natural_gas",
    "purpose": "energy_calorific",
    "unit": "kgce/Nm³",
    "measured": {"ncv": 35.5, "unit": "MJ/Nm³"},
    "valid_from": "2026-01-01",
    "source": "供气合同附件 3 气质报告",
}


class InputItem(BaseModel):
    """A number a factor was worked out from."""

    name: str
    value: float
    unit: str
    detail: str


class FactorItem(BaseModel):
    """A factor with its source, year, region and validity."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: str
    set: str = Field(description="The set it belongs to; `own` for what was measured for one park or enterprise.")
    key: str = Field(description="A carrier, or what only factors tell apart.")
    purpose: Purpose
    value: float
    unit: str
    region: str
    data_year: int | None = Field(description="The year it is an average of; null for what belongs to no year.")
    published: date = Field(description="The first day it could be known.")
    valid_from: date | None
    valid_to: date | None = Field(description="The last day it holds.")
    source: str
    verified: bool = Field(description="False: from memory, to be checked before it is reported.")
    note: str
    inputs: list[InputItem]
    formula: str = Field(description="How the value was worked out, where it was.")
    park: str | None
    enterprise: str | None


class OwnFactorItem(BaseModel):
    """One revision of an entry."""

    model_config = ConfigDict(json_schema_extra={"examples": [OWN]})

    number: int
    revision: int
    withdrawn: bool
    who: str
    at: datetime
    reason: str
    factor: FactorItem


class FactorDocument(BaseModel):
    """A factor as it is entered: exactly one of `value`, `measured` and `steam`."""

    model_config = ConfigDict(json_schema_extra={"examples": [DOCUMENT]})

    park: str | None = Field(default=None, description="Whose own it is; neither park nor enterprise: everybody's.")
    enterprise: str | None = None
    set: str | None = Field(default=None, description="For everybody's: the set it carries on, as mee-grid.")
    key: str
    purpose: Purpose
    value: float | None = None
    unit: str
    region: str = "national"
    data_year: int | None = None
    published: date | None = Field(default=None, description="Today where it is left out.")
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = Field(description="The evidence: report, contract, notice.")
    note: str = ""
    measured: dict[str, Any] | None = Field(
        default=None, description="A lower heating value: ncv, unit; for CO2 also carbon_content (tC/GJ), oxidation."
    )
    steam: dict[str, Any] | None = Field(
        default=None,
        description="pressure, unit, reference (gauge, absolute); temperature (°C) or dryness; feed_water (kJ/kg).",
    )
    reason: str | None = Field(default=None, description="Why it is revised; needed with PUT.")


def item(factor: Factor, lang: str) -> FactorItem:
    """Write one factor."""
    return FactorItem(
        id=factor.id,
        set=factor.set,
        key=factor.key,
        purpose=factor.purpose,
        value=factor.value,
        unit=factor.unit,
        region=factor.region,
        data_year=factor.data_year,
        published=factor.published,
        valid_from=factor.valid_from,
        valid_to=factor.valid_to,
        source=factor.source,
        verified=factor.verified,
        note=factor.note if lang == "zh" else factor.note_en,
        inputs=[InputItem(name=one.name, value=one.value, unit=one.unit, detail=one.detail) for one in factor.inputs],
        formula=factor.formula(),
        park=factor.park,
        enterprise=factor.enterprise,
    )


def own_item(parts: Services, own: OwnFactor, lang: str) -> OwnFactorItem:
    """Write one revision of an entry."""
    return OwnFactorItem(
        number=own.number,
        revision=own.revision,
        withdrawn=own.withdrawn,
        who=own.who,
        at=parts.local(own.at),
        reason=own.reason,
        factor=item(own.factor, lang),
    )


def seen(parts: Services, principal: Principal, factors: Iterable[Factor]) -> list[Factor]:
    """Give the factors open to a principal: another's own does not exist for it."""
    if principal.enterprise is None:
        return list(factors)
    parks = {one.park for one in seen_enterprises(parts, principal)}
    return [
        one
        for one in factors
        if (one.enterprise is None or principal.sees(one.enterprise)) and (one.park is None or one.park in parks)
    ]

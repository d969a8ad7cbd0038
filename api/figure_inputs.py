"""What a figure was made of as it goes over the wire, with links down to consumption and readings."""

from collections.abc import Iterable
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from api.figure_view import CoverageItem, coverage_item
from api.services import Services
from park.carrier import carriers
from park.figure import Figure, Input, Item, Kind, Scope, Used, name
from park.indicator import ENERGY, quantities


class MeterPart(BaseModel):
    """What one meter counted."""

    meter: str
    amount: float | None
    sign: int
    coverage: CoverageItem
    intervals: str = Field(description="Its consumption by days.")
    readings: str = Field(description="The readings behind that.")


class ItemPart(BaseModel):
    """One of the things an input was added up from."""

    kind: str
    key: str
    name: str
    value: float | None
    amount: float | None
    unit: str
    counted: bool
    coverage: CoverageItem
    factors: list[str]
    revision: int | None
    note: str
    meters: list[MeterPart]
    link: str | None


class InputItem(BaseModel):
    """One quantity of the formula."""

    name: str
    title: str
    value: float | None
    unit: str
    coverage: CoverageItem
    figure: str | None = Field(description="The figure that explains it, where this one does not.")
    link: str | None
    items: list[ItemPart]


class FactorItem(BaseModel):
    """A factor, where it comes from, and why it was this one."""

    id: str
    key: str
    purpose: str
    value: float
    unit: str
    set: str
    region: str
    data_year: int | None
    published: str
    source: str
    verified: bool
    why: str


class LeftItem(BaseModel):
    """An enterprise that is not in the sums."""

    enterprise: str
    why: str


class PanelItem(BaseModel):
    """Whose quantities were added up."""

    included: list[str]
    left: list[LeftItem]


def input_items(parts: Services, figure: Figure, lang: str) -> list[InputItem]:
    """Write what a figure was made of."""
    return [
        InputItem(
            name=one.name,
            title=quantities()[one.name].called(lang),
            value=one.value,
            unit=one.unit,
            coverage=coverage_item(one.coverage),
            figure=one.figure,
            link=None if one.figure is None else f"/api/v1/figures/{one.figure}",
            items=[_item(parts, figure, one, item, lang) for item in one.items],
        )
        for one in figure.inputs
    ]


def factor_items(used: Iterable[Used], lang: str) -> list[FactorItem]:
    """Write factors."""
    return [
        FactorItem(
            id=one.id,
            key=one.key,
            purpose=one.purpose,
            value=one.value,
            unit=one.unit,
            set=one.set,
            region=one.region,
            data_year=one.data_year,
            published=one.published,
            source=one.source,
            verified=one.verified,
            why=one.zh if lang == "zh" else one.en,
        )
        for one in used
    ]


def panel_item(figure: Figure, lang: str) -> PanelItem | None:
    """Write whose quantities were added up; None for a single enterprise."""
    panel = figure.panel
    if panel is None:
        return None
    left = [LeftItem(enterprise=one.enterprise, why=one.why.sentence(lang)) for one in panel.left]
    return PanelItem(included=list(panel.included), left=left)


def _item(parts: Services, figure: Figure, of: Input, item: Item, lang: str) -> ItemPart:
    return ItemPart(
        kind=item.kind.value,
        key=item.key,
        name=called(parts, item, lang),
        value=item.value,
        amount=item.amount,
        unit=item.unit,
        counted=item.counted,
        coverage=coverage_item(item.coverage),
        factors=list(item.factors),
        revision=item.revision,
        note=item.note,
        meters=[
            MeterPart(
                meter=one.meter,
                amount=one.amount,
                sign=one.sign,
                coverage=coverage_item(one.coverage),
                intervals=_link(
                    parts, "intervals", figure, meter=one.meter, carrier=_carrier(item, one.sign), every="1d"
                ),
                readings=_link(parts, "readings", figure, meter=one.meter, metric=_metric(item, one.sign)),
            )
            for one in item.meters
        ],
        link=_of_item(parts, figure, of, item),
    )


def called(parts: Services, item: Item, lang: str) -> str:
    """Name an item: a carrier, an enterprise, an entry, a term."""
    if item.kind is Kind.ENTERPRISE:
        found = parts.registry.current().by_enterprise.get(item.key)
        if found is not None:
            return found.name if lang == "zh" or not found.name_en else found.name_en
    carrier = carriers().get(item.key.removesuffix("_export"))
    if carrier is not None and item.kind in {Kind.CARRIER, Kind.ENTRY}:
        return carrier.zh if lang == "zh" else carrier.en
    return item.key


def _of_item(parts: Services, figure: Figure, of: Input, item: Item) -> str | None:
    if item.kind is Kind.ENTERPRISE:
        basis = figure.basis if of.name == ENERGY else None
        return f"/api/v1/figures/{name(Scope.ENTERPRISE, item.key, of.name, figure.term, basis)}"
    if item.kind is Kind.STATEMENT:
        return f"/api/v1/statements/{figure.subject}/{item.key}/revisions"
    if item.kind is Kind.ENTRY:
        return "/api/v1/activities?" + urlencode({"enterprise": figure.subject, "item": item.key})
    if item.kind is Kind.OUTLET:
        return _link(parts, "intervals", figure, meter=item.key, carrier=of.name, every="1d")
    return _link(parts, "intervals", figure, enterprise=figure.subject, carrier=item.key, every="1d")


def _link(parts: Services, path: str, figure: Figure, **query: str) -> str:
    start, end = (parts.local(at).isoformat() for at in (figure.term.start(parts.zone), figure.term.end(parts.zone)))
    return f"/api/v1/{path}?" + urlencode({**query, "start": start, "end": end})


def _carrier(item: Item, sign: int) -> str:
    return f"{item.key}_export" if sign < 0 else item.key


def _metric(item: Item, sign: int) -> str:
    carrier = carriers().get(item.key)
    if carrier is None:
        return item.key
    return (carrier.export if sign < 0 else carrier.register) or item.key

"""How values look: colours from limits, words for codes, links out of a panel."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models.dashboard import (
    DynamicConfigValue,
    MatcherConfig,
    Threshold,
    ThresholdsMode,
    ValueMap,
    ValueMapping,
    ValueMappingResult,
)

from grafana.units import shown
from grafana.words import Said, Words

GREEN, BLUE, YELLOW, ORANGE, RED, DARK, GREY = "green", "blue", "yellow", "orange", "red", "dark-red", "#8e8e8e"


@dataclass(frozen=True, slots=True)
class Code:
    """What one stored value is called, and in which colour."""

    said: Said
    color: str = ""


Codes = Mapping[str, Code]


@dataclass(frozen=True, slots=True)
class Link:
    """A way out of a panel: to another board or to the console."""

    said: Said
    url: str
    elsewhere: bool = False
    """Whether it leaves Grafana."""


@dataclass(frozen=True, slots=True)
class Column:
    """How one column of a table, or one series, is shown."""

    name: Said
    """As the query calls it: once in each language."""
    unit: str = ""
    decimals: int | None = None
    width: int | None = None
    codes: Codes | None = None
    links: Sequence[Link] = ()
    hidden: bool = False
    bar: bool = False
    """Whether a table draws its number as a bar."""
    color: str = ""
    dashed: bool = False
    limits: "Sequence[tuple[float, str]] | None" = None


def thresholds(limits: Sequence[tuple[float, str]], *, base: str = GREEN) -> build.ThresholdsConfig:
    """Colour values from each limit on; below all of them they have the base's."""
    steps = [Threshold(None, base), *(Threshold(value, color) for value, color in sorted(limits))]
    return build.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps)


def mapping(words: Words, codes: Codes) -> list[ValueMapping]:
    """Say words for codes."""
    results = {
        value: ValueMappingResult(text=words.title(code.said), color=code.color or None, index=index)
        for index, (value, code) in enumerate(codes.items())
    }
    return [ValueMap(options=results)]


def link(words: Words, to: Link) -> build.DashboardLink:
    """Make a link of a panel or of its values."""
    return build.DashboardLink(words.title(to.said)).url(to.url).target_blank(to.elsewhere)


def data_link(words: Words, to: Link) -> dict[str, object]:
    """Make a link of one value."""
    return {"title": words.title(to.said), "url": to.url, "targetBlank": to.elsewhere}


def override(words: Words, column: Column, *, table: bool) -> model.DashboardFieldConfigSourceOverrides:
    """Show one column or series in its own way."""
    said = [*_drawn(column), *_meaning(words, column)]
    if table and (column.codes is not None or column.limits is not None):
        said.append(("custom.cellOptions", {"type": "color-text"}))
    if column.hidden:
        said.append(("custom.hidden", True) if table else ("custom.hideFrom", _NOWHERE))
    matcher = MatcherConfig(id_val="byName", options=words.title(column.name))
    properties = [DynamicConfigValue(id_val=name, value=value) for name, value in said]
    return model.DashboardFieldConfigSourceOverrides(matcher=matcher, properties=properties)


def _drawn(column: Column) -> Iterator[tuple[str, object]]:
    if column.unit:
        yield "unit", shown(column.unit)
    if column.decimals is not None:
        yield "decimals", column.decimals
    if column.width:
        yield "custom.width", column.width
    if column.bar:
        yield "custom.cellOptions", {"type": "gauge", "mode": "basic", "valueDisplayMode": "text"}
    if column.color:
        yield "color", {"mode": "fixed", "fixedColor": column.color}
    if column.dashed:
        yield "custom.lineStyle", {"fill": "dash", "dash": [8, 6]}
        yield "custom.fillOpacity", 0


def _meaning(words: Words, column: Column) -> Iterator[tuple[str, object]]:
    if column.codes is not None:
        yield "mappings", mapping(words, column.codes)
    if column.links:
        yield "links", [data_link(words, one) for one in column.links]
    if column.limits is not None:
        yield "thresholds", thresholds(column.limits).build()


_NOWHERE = {"legend": True, "tooltip": True, "viz": True}

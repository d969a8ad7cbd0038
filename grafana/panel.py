"""A panel of a board: what it is called, what it says, what it asks, and how it looks."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grafana_foundation_sdk.builders import common as parts
from grafana_foundation_sdk.models import common
from grafana_foundation_sdk.models import dashboard as model

from grafana.look import GREEN, Codes, Column, Link, link, mapping, override, thresholds
from grafana.query import Target, ref
from grafana.sources import MIXED
from grafana.units import shown
from grafana.words import Said, Words

IDS = 1 << 24


def number(key: str) -> int:
    """Give the id of a panel: of its key alone, so that it stays when panels come, go and move."""
    return zlib.crc32(key.encode()) % IDS + 1


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What every kind of panel has.  Each kind is a builder of the library's and a few words of its own."""

    key: str
    """Its name in code and in links: stable, and one of a kind within its board."""
    title: Said
    about: Said
    """What it shows, and over which coverage."""
    asks: Sequence[Target]
    unit: str = "count"
    decimals: int | None = None
    limits: Sequence[tuple[float, str]] = ()
    """From where on values have which colour."""
    base: str = GREEN
    """The colour below all limits."""
    codes: Codes | None = None
    columns: Sequence[Column] = ()
    links: Sequence[Link] = ()
    """Ways out of each value."""
    doors: Sequence[Link] = ()
    """Ways out of the panel's head."""
    at_least: str = ""
    """The finest step it asks for, as `1m`."""
    look_back: str = ""
    """Its own range instead of the board's, as `1h`."""
    least: float | None = None
    most: float | None = None
    transforms: Sequence[tuple[str, Mapping[str, object]]] = ()
    """What Grafana does to the rows before it draws them, each by its own name, with its settings."""
    nothing: Said = field(default=Said("没有数据", "no data"))

    def kind(self) -> Any:  # noqa: ANN401  # the library's builders have no common type
        """Give the library's builder, with what this kind says of itself."""
        raise NotImplementedError

    def is_table(self) -> bool:
        """Whether its columns are those of a table."""
        return False

    def built(self, words: Words, place: model.GridPos) -> model.Panel:
        """Make the panel at its place."""
        builder = self.kind()
        builder.title(words.title(self.title)).description(words.about(self.about)).id(number(self.key))
        builder.datasource(self._source()).grid_pos(place).targets(list(self._lettered()))
        builder.unit(shown(self.unit)).no_value(words.title(self.nothing))
        builder.thresholds(thresholds(self.limits, base=self.base))
        if self.decimals is not None:
            builder.decimals(self.decimals)
        if self.codes is not None:
            builder.mappings(mapping(words, self.codes))
        if self.doors:
            builder.links([link(words, one) for one in self.doors])
        for name, options in self.transforms:
            builder.with_transformation(model.DataTransformerConfig(id_val=name, options=dict(options)))
        for name, value in (("interval", self.at_least), ("time_from", self.look_back)):
            if value:
                getattr(builder, name)(value)
        for name, bound in (("min", self.least), ("max", self.most)):
            if bound is not None:
                getattr(builder, name)(bound)
        made: model.Panel = builder.build()
        assert isinstance(made.field_config, model.FieldConfigSource)  # noqa: S101  # for the type alone
        made.field_config.overrides = [override(words, column, table=self.is_table()) for column in self.columns]
        if self.links:
            made.field_config.defaults.links = [link(words, one).build() for one in self.links]
        return made

    def _lettered(self) -> Sequence[Target]:
        return [target.lettered(chr(ord("A") + place)) for place, target in enumerate(self.asks)]

    def _source(self) -> common.DataSourceRef:
        sources = {target.source for target in self.asks}
        return ref(next(iter(sources)) if len(sources) == 1 else MIXED)


def legend(*, table: bool = False, right: bool = False, calcs: Sequence[str] = ()) -> parts.VizLegendOptions:
    """Say what is drawn in which colour; the library would hide it."""
    mode = common.LegendDisplayMode.TABLE if table else common.LegendDisplayMode.LIST
    place = common.LegendPlacement.RIGHT if right else common.LegendPlacement.BOTTOM
    return parts.VizLegendOptions().show_legend(True).display_mode(mode).placement(place).calcs(list(calcs))  # noqa: FBT003  # the library's


def tooltip() -> parts.VizTooltipOptions:
    """Show all series of a moment together."""
    return parts.VizTooltipOptions().mode(common.TooltipDisplayMode.MULTI).sort(common.SortOrder.DESCENDING)


def last(*, every_row: bool = False, calc: str = "lastNotNull") -> parts.ReduceDataOptions:
    """Take one value of each series, the last by default, or every row as a value of its own."""
    return parts.ReduceDataOptions().values(every_row).calcs([calc]).fields("")

"""What a panel asks.

The library of panels knows no query of InfluxDB's or PostgreSQL's: these are as those plugins write them.
"""

from dataclasses import dataclass, replace

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models.common import DataSourceRef

from grafana.sources import INFLUX, NAMES, Source


def ref(source: Source) -> DataSourceRef:
    """Name a data source as a board does."""
    return DataSourceRef(type_val=source.kind, uid=source.uid)


@dataclass(frozen=True)
class Target(Dataquery, Builder[Dataquery]):
    """One question to one data source."""

    source: Source
    text: str
    table: bool = False
    """Whether rows are wanted, and not series over time."""
    alias: str = ""
    """What to call a series; `$tag_meter` is its tag."""
    letter: str = "A"

    def build(self) -> Dataquery:
        """Give itself: there is nothing to put together."""
        return self

    def lettered(self, letter: str) -> "Target":
        """Give the same as another of the questions of its panel."""
        return replace(self, letter=letter)

    def to_json(self) -> dict[str, object]:
        """Write it as its plugin reads it."""
        head: dict[str, object] = {"refId": self.letter, "datasource": ref(self.source), "rawQuery": True}
        form = "table" if self.table else "time_series"
        if self.source.kind == INFLUX:
            named = {"alias": self.alias} if self.alias else {}
            return {**head, "query": self.text, "resultFormat": form, **named}
        return {**head, "rawSql": self.text, "format": form, "editorMode": "code"}


def asked(text: str, *, table: bool = True) -> Target:
    """Ask the relational store."""
    return Target(NAMES, text, table=table)

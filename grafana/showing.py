"""How a panel says its values: units, words for codes, colours of limits, columns that are hidden; out of its JSON."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from grafana.run import Json
from grafana.sources import ZONE
from grafana.units import meant

SITE = ZoneInfo(ZONE)
LARGER = {"kW": ("MW", "GW"), "kWh": ("MWh", "GWh"), "t": ("kt", "Mt"), "kg": ("t", "kt")}
GREY = "#8e8e8e"


class Showing:
    """One panel's ways."""

    def __init__(self, panel: Json) -> None:
        config = panel.get("fieldConfig", {})
        self._preset: Mapping[str, Any] = config.get("defaults", {})
        self._own: dict[str, dict[str, Any]] = {}
        for override in config.get("overrides", ()):
            name = str(override["matcher"].get("options"))
            self._own.setdefault(name, {}).update({each["id"]: each["value"] for each in override["properties"]})

    def hidden(self, column: str) -> bool:
        """Tell whether a column is only there for links."""
        own = self._own.get(column, {})
        return bool(own.get("custom.hidden") or (own.get("custom.hideFrom") or {}).get("viz"))

    def color(self, column: str) -> str:
        """Give the colour that a series has been given; empty for none."""
        return str((self._own.get(column, {}).get("color") or {}).get("fixedColor", ""))

    def shaded(self, column: str) -> bool:
        """Tell whether a column of a table is coloured by its values."""
        return bool({"mappings", "thresholds"} & self._own.get(column, {}).keys())

    def limits(self, column: str = "") -> list[tuple[float, str]]:
        """Give the limits above the base, with their colours."""
        return [(step["value"], step["color"]) for step in self._steps(column) if step.get("value") is not None]

    def shade(self, column: str, value: Any) -> str:  # noqa: ANN401  # whatever a cell holds
        """Give the colour of a value: that of its word, or of the limit it is above."""
        mapped = self._mapped(column, value)
        if mapped and mapped.get("color"):
            return str(mapped["color"])
        if isinstance(value, str) or value is None:
            return GREY if value is None else "text"
        color = next((step["color"] for step in self._steps(column)), "text")
        for limit, own in self.limits(column):
            color = own if float(value) >= limit else color
        return str(color)

    def number(self, column: str, value: Any) -> str:  # noqa: ANN401  # whatever a cell holds
        """Say a value as the panel would."""
        mapped = self._mapped(column, value)
        if mapped and mapped.get("text"):
            return str(mapped["text"])
        if value is None or isinstance(value, str | bool | datetime):
            return said(value)
        own = self._own.get(column, {})
        decimals = own.get("decimals", self._preset.get("decimals"))
        return _written(float(value), str(own.get("unit", self._preset.get("unit", ""))), decimals)

    def _steps(self, column: str) -> Sequence[Json]:
        of = self._own.get(column, {}).get("thresholds") or self._preset.get("thresholds") or {}
        steps: Sequence[Json] = of.get("steps", ())
        return steps

    def _mapped(self, column: str, value: Any) -> Json | None:  # noqa: ANN401  # whatever a cell holds
        plain = f"{value:g}" if isinstance(value, float) else str(value)
        for mapping in self._own.get(column, {}).get("mappings") or self._preset.get("mappings") or ():
            found: Json | None = mapping.get("options", {}).get(plain) if mapping["type"] == "value" else None
            if found is not None:
                return found
        return None


def said(value: Any) -> str:  # noqa: ANN401  # whatever a cell holds
    """Say what is no number."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return f"{value.astimezone(SITE):%m-%d %H:%M}"
    return str(value)


def _written(value: float, grafana: str, decimals: int | None) -> str:
    unit = meant(grafana) or ""
    if grafana == "percentunit":
        return f"{value * 100:.{1 if decimals is None else decimals}f} %"
    if grafana == "dtdurations" or unit == "s":
        return _length(value)
    if unit == "bytes":
        return f"{value / 1_048_576:,.1f} MiB"
    if unit == "moment":
        return said(datetime.fromtimestamp(value / 1_000, SITE))
    for larger in LARGER.get(unit, ()):
        if abs(value) < 1_000:  # noqa: PLR2004  # a thousand of one is one of the next
            break
        value, unit, decimals = value / 1_000, larger, 2 if decimals is None else decimals
    digits = _digits(value) if decimals is None else decimals
    plain = "" if unit in {"1", "count", "words", "share", "rate", "bytes"} else unit
    return f"{value:,.{digits}f} {plain}".rstrip()


def _digits(value: float) -> int:
    """Give as many decimals as a reader wants of a number that size."""
    if value == int(value) or abs(value) >= 100:  # noqa: PLR2004  # more would not be read
        return 0
    return 2 if abs(value) >= 0.1 else 4  # noqa: PLR2004  # a small one has its digits further down


def _length(seconds: float) -> str:
    for width, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= width:
            return f"{seconds / width:.1f} {name}"
    return f"{seconds:.1f} s"

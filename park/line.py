"""Readings as InfluxDB line protocol.

One line for each meter and instant.  Every value is a float field; a reading with anything against it adds the integer
field `<metric>_q`.  Nothing that can change is a tag.
"""

from collections.abc import Iterable
from datetime import datetime
from math import isfinite

from park.instant import to_ms
from park.place import Meter
from park.reading import Reading
from park.registry import Registry

# Inside a tag these must be escaped; ids are made of safe letters (place.IDENTIFIER), so only foreign text needs it.
_ESCAPES = str.maketrans({",": r"\,", "=": r"\=", " ": r"\ ", "\n": r"\n"})


def escape(text: str) -> str:
    """Escape a measurement, tag or field name."""
    return text.translate(_ESCAPES)


def head(meter: Meter) -> str:
    """Write the measurement and tags of a meter's lines, tags in order."""
    tags = {"enterprise": meter.enterprise, "meter": meter.id, "park": meter.park}
    return ",".join([escape(meter.medium), *(f"{name}={escape(value)}" for name, value in tags.items())])


def lines(readings: Iterable[Reading], registry: Registry, *, restate: bool = False) -> list[str]:
    """Write readings as lines with millisecond times; those of unregistered meters are left out.

    Of two readings of one identity the later counts.  `restate` writes the quality field of good readings too, so that
    it replaces an earlier, worse one.
    Raises ValueError for a value that is not finite.
    """
    fields: dict[tuple[str, datetime], dict[str, str]] = {}
    for reading in readings:
        if not isfinite(reading.value):
            raise ValueError(f"{reading.meter} {reading.metric}: {reading.value}")
        text = f"{reading.metric}={float(reading.value)!r}"  # numpy's floats would write their type as well
        if reading.quality or restate:
            text += f",{reading.metric}_q={int(reading.quality)}i"
        fields.setdefault((reading.meter, reading.at), {})[reading.metric] = text
    heads = {meter: head(registry.by_meter[meter]) for meter, _ in fields if meter in registry.by_meter}
    return [
        f"{heads[meter]} {','.join(values.values())} {to_ms(at)}"
        for (meter, at), values in fields.items()
        if meter in heads
    ]

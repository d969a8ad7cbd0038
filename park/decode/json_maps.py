"""What well-known products write where: a map is a name under which the registry has it ready.

The rows stand in `json_maps.csv`; of several paths of one metric the first that is there counts, for one product
writes a number or a list depending on its phases.  Left out on purpose is what a product says in differing units: the
power factor of Zigbee2MQTT (1 or % by device), the temperatures of Tasmota (°C or °F by its setting).
"""

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

CHANNEL = "{channel}"


class Row(NamedTuple):
    """One path of a product."""

    path: str
    metric: str
    unit: str
    whole: bool
    """Whether it is of all channels together, and says nothing of one."""


class ProductMap(NamedTuple):
    """One product's way of writing."""

    name: str
    zh: str
    en: str
    time: str
    """The path of its time; empty where it writes none."""
    form: str
    channel: str | None
    """Which of several channels is meant where the registry names none; None where the message speaks of one only."""
    rows: tuple[Row, ...]

    def of(self, channel: object) -> tuple[Row, ...]:
        """Give the rows of one channel, or of the device as a whole where that is None."""
        if channel is None:
            return tuple(row for row in self.rows if CHANNEL not in row.path)
        chosen = (row for row in self.rows if not row.whole)
        return tuple(row._replace(path=row.path.replace(CHANNEL, str(channel))) for row in chosen)


HEADS = (
    # Tasmota writes the wall clock's time unless SetOption52 adds the offset.
    ("tasmota", "Tasmota, 主题 tele/…/SENSOR", "Tasmota, topic tele/…/SENSOR", "Time", "local", None),
    ("shelly", "Shelly 第二代及以后, 主题 …/events/rpc", "Shelly Gen2 and later, topic …/events/rpc", "params.ts", "s",
     "0"),
    ("shelly_status", "Shelly 第二代及以后, 主题 …/status/组件:通道",
     "Shelly Gen2 and later, topic …/status/component:channel", "", "", None),
    ("zigbee2mqtt", "Zigbee2MQTT, 主题 zigbee2mqtt/设备名", "Zigbee2MQTT, topic zigbee2mqtt/name", "last_seen", "",
     None),
)  # fmt: skip


@cache
def maps() -> Mapping[str, ProductMap]:
    """Every map by its name."""
    text = resources.files("park.decode").joinpath("json_maps.csv").read_text(encoding="utf-8")
    rows: dict[str, list[Row]] = {}
    for row in csv.DictReader(text.splitlines()):
        rows.setdefault(row["map"], []).append(Row(row["path"], row["metric"], row["unit"], row["whole"] == "yes"))
    return {
        name: ProductMap(name, zh, en, time, form, channel, tuple(rows[name]))
        for name, zh, en, time, form, channel in HEADS
    }

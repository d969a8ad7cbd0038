"""The data sources of the boards, each by a uid that never changes: one for each resolution, and one for names.

Provisioning makes exactly these; a board names no other.
"""

from dataclasses import dataclass

from adapters.influx.resolution import DAY, HOUR, QUARTER, RAW, Resolution

INFLUX = "influxdb"
POSTGRES = "grafana-postgresql-datasource"
ZONE = "Asia/Shanghai"
"""By whose midnight days are cut."""


@dataclass(frozen=True, slots=True)
class Source:
    """One data source."""

    uid: str
    kind: str
    """The id of Grafana's own plugin for it."""
    zh: str
    en: str
    resolution: Resolution | None = None
    """Which bucket it asks; None for the relational store."""

    def called(self, language: str = "zh") -> str:
        """Name it in one language."""
        return self.en if language == "en" else self.zh


READINGS = Source("park-raw", INFLUX, "园区 原始读数", "Park, readings", RAW)
QUARTERS = Source("park-15m", INFLUX, "园区 15 分钟", "Park, 15 minutes", QUARTER)
HOURS = Source("park-1h", INFLUX, "园区 1 小时", "Park, hours", HOUR)
DAYS = Source("park-1d", INFLUX, "园区 1 天", "Park, days", DAY)
NAMES = Source("park-sql", POSTGRES, "园区 台账与告警", "Park, registry and alerts")
SOURCES = (READINGS, QUARTERS, HOURS, DAYS, NAMES)
BY_UID = {source.uid: source for source in SOURCES}

STORE = Source("${store}", INFLUX, "随时间范围", "by the range")
"""Readings or slots of them, whichever the range asks for: see `variable.store`."""
SLOTS = Source("${slots}", INFLUX, "随时间范围", "by the range")
"""Consumption in slots, whichever width the range asks for: see `variable.slots`."""
CHOSEN = (STORE, SLOTS)
MIXED = Source("-- Mixed --", "datasource", "混合", "mixed")
"""Grafana's own name for a panel whose questions go to several sources."""
PEAKS = ('"', '_max"')
"""How the name of a metric's highest value ends, closing quote and all: among readings, and in slots of them."""

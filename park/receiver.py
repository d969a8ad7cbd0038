"""Who is told of alerts: what concerns them, when they may be disturbed, and how often."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import msgspec

from park.severity import Severity
from park.window import SITE, day_start

NEVER_HELD_BACK = Severity.MAJOR
"""From here on neither quiet hours nor rates nor groups hold a notice back: people may be in danger."""
DAY = timedelta(days=1)


class Way(StrEnum):
    """How a receiver is reached."""

    APPRISE = "apprise"
    """DingTalk, WeCom, Feishu, mail, SMS gateways: whatever apprise reaches by an address."""
    WEBHOOK = "webhook"
    """A signed POST."""
    MQTT = "mqtt"
    """The alert's own topic, retained: for sirens and panels."""
    CONSOLE = "console"
    """Whoever has the console open."""


class Hours(msgspec.Struct, frozen=True):
    """A stretch of every local day; where it ends before it begins it goes over midnight."""

    start: time
    end: time
    weekdays: tuple[int, ...] = ()
    """Monday is 0; empty is every day.  A stretch over midnight belongs to the day it begins on."""

    def hold(self, at: datetime, zone: ZoneInfo = SITE) -> datetime | None:
        """Give when the stretch that holds an instant ends; None where none does."""
        midnight = day_start(at, zone)
        for day in (midnight - DAY, midnight):
            if self.weekdays and day.weekday() not in self.weekdays:
                continue
            begin = datetime.combine(day.date(), self.start, zone)
            end = datetime.combine(day.date() + (DAY if self.end <= self.start else timedelta(0)), self.end, zone)
            if begin <= at < end:
                return end
        return None


class Receiver(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One person, group or device.  Where it is reached is kept apart: an address may let anybody in."""

    id: str
    name: str
    way: Way
    enabled: bool = True
    least: Severity = Severity.GENERAL
    enterprises: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    """Empty for all, in both."""
    cleared: bool = True
    """Whether it is also told that something is over."""
    quiet: Hours | None = None
    group: timedelta = timedelta(0)
    """What comes within so long of a notice is told with the next."""
    most_an_hour: int = 0
    """0 for no bound."""
    language: str = "zh"
    on_duty_only: bool = False
    """Told only while the roster names it."""
    escalates_to: str = ""
    escalate_after: timedelta = timedelta(minutes=10)
    """How long an alert may stay unacknowledged before the next receiver is told."""

    @property
    def panel(self) -> bool:
        """Whether it shows what is, to whoever looks, and is nobody who can be woken."""
        return self.way in {Way.MQTT, Way.CONSOLE}

    def concerns(self, rule: str, enterprise: str, named: tuple[str, ...]) -> bool:
        """Tell whether an alert is this receiver's: by its own filter, and by the rule's where that names receivers."""
        mine = (not self.enterprises or enterprise in self.enterprises) and (not self.rules or rule in self.rules)
        return mine and (not named or self.id in named or self.panel)

"""One language, ready to speak: `t("power_now")` gives the words of the table."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from api.console.words import WORDS
from park.window import SITE

LANGUAGES = ("zh", "en")
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MISSING = "—"


@dataclass(frozen=True, slots=True)
class Tongue:
    """The words, and the way to write times and ages, in one language."""

    language: str = "zh"
    zone: ZoneInfo = SITE

    def __call__(self, key: str, **parts: object) -> str:
        """Give the words for a key, with its parts filled in."""
        words = WORDS[key]
        return (words.zh if self.language == "zh" else words.en).format(**parts)

    def pick(self, zh: str, en: str) -> str:
        """Choose between a Chinese and an English name; what has no name in one language shows the other."""
        return (zh or en) if self.language == "zh" else (en or zh)

    def time(self, at: datetime | None) -> str:
        """Write the time of day."""
        return at.astimezone(self.zone).strftime("%H:%M:%S") if at else MISSING

    def minute(self, at: datetime) -> str:
        """Write the time of day without seconds."""
        return at.astimezone(self.zone).strftime("%H:%M")

    def date(self, at: datetime) -> str:
        """Write the date with its weekday."""
        local = at.astimezone(self.zone)
        return f"{local:%Y-%m-%d} {self('weekdays').split(' ')[local.weekday()]}"

    def moment(self, at: datetime | None, now: datetime) -> str:
        """Write the time of day, and the date before it where it is not today's."""
        if at is None:
            return MISSING
        local = at.astimezone(self.zone)
        same = local.date() == now.astimezone(self.zone).date()
        return local.strftime("%H:%M:%S" if same else "%Y-%m-%d %H:%M:%S")

    def age(self, at: datetime | None, now: datetime) -> str:
        """Say how long ago something was."""
        if at is None:
            return self("never")
        past = max(now - at, timedelta())
        if past < MINUTE:
            return self("seconds_ago", n=int(past.total_seconds()))
        if past < HOUR:
            return self("minutes_ago", n=past // MINUTE)
        if past < 2 * DAY:
            return self("hours_ago", n=past // HOUR)
        return self("days_ago", n=past // DAY)

    def calm_age(self, at: datetime | None, now: datetime) -> str:
        """Say how long ago something was, without counting seconds: a wall of counting numbers is no information."""
        if at is not None and now - at < MINUTE:
            return self("just_now")
        return self.age(at, now)


def number(value: float | None) -> str:
    """Write a number with as many digits as its size deserves; missing is a dash and never 0."""
    if value is None:
        return MISSING
    size = abs(value)
    digits = 0 if size >= 1_000 else 1 if size >= 100 else 2  # noqa: PLR2004  # the steps of the ladder
    return f"{value:,.{digits}f}".replace("-", "−")


LADDER = {"kWh": ((1e8, "GWh", 1e6), (1e5, "MWh", 1e3)), "kW": ((1e4, "MW", 1e3),)}


def scaled(value: float | None, unit: str) -> tuple[str, str]:
    """Write a number and its unit, in the larger unit where the number would be too long to read at a glance."""
    for limit, larger, factor in LADDER.get(unit, ()):
        if value is not None and abs(value) >= limit:
            return f"{value / factor:,.2f}".replace("-", "−"), larger
    return number(value), UNITS.get(unit, unit)


UNITS = {"1": "", "%VOL": "%VOL", "pH": ""}
"""Units that are written otherwise beside a number: a bare number has none."""


def percent(share: float) -> str:
    """Write a share; only all of it is 100 %, and only nothing is 0 %."""
    if 0 < share < 0.01:  # noqa: PLR2004  # below what one percent can say
        return "< 1 %"
    return f"{min(int(share * 100 + 1e-9), 100)} %"

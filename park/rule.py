"""A rule as data: what is watched where, how long it must last, how grave it is, who is told, and what to do then."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

import msgspec

from park.alert import Timing
from park.condition import Condition
from park.place import Enterprise, Meter
from park.severity import Severity


class Text(msgspec.Struct, frozen=True):
    """Something to say, in both languages."""

    zh: str
    en: str = ""

    def pick(self, language: str) -> str:
        """Choose one; what is not said in English is said in Chinese."""
        return (self.en or self.zh) if language == "en" else self.zh


class Scope(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which meters a rule watches: those that fit everything that is named; what is empty fits all."""

    parks: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    """Beginnings of GB/T 4754 codes."""
    enterprises: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    meters: tuple[str, ...] = ()

    def holds(self, meter: Meter, enterprise: Enterprise | None) -> bool:
        """Tell whether a meter is watched."""
        industry = enterprise.industry if enterprise is not None else ""
        return (
            _among(meter.park, self.parks)
            and _among(meter.enterprise, self.enterprises)
            and _among(meter.role.value, self.roles)
            and _among(meter.medium.value, self.media)
            and _among(meter.id, self.meters)
            and (not self.industries or industry.startswith(self.industries))
        )


def _among(word: str, words: tuple[str, ...]) -> bool:
    return not words or word in words


class Rule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One rule."""

    id: str
    name: Text
    severity: Severity
    scope: Scope
    when: Condition
    permits: Mapping[str, Condition] = msgspec.field(default_factory=dict)
    """What holds on one meter instead: the value of its permit wins over a preset."""
    timing: Timing
    silent_after: timedelta | None = None
    """When its sensors count as silent; None for three of a meter's own periods, a minute at least."""
    receivers: tuple[str, ...] = ()
    """Who is told; empty for all whose own filter lets it through."""
    renotify: timedelta | None = None
    """How often it is said again while nobody has acknowledged it."""
    inhibits: tuple[str, ...] = ()
    """Rules whose alerts on the same meter are not told while this one burns."""
    message: Text | None = None
    runbook: Text | None = None
    standard: str = ""
    """Where its limits are from."""
    verified: bool = True
    """Whether the limits were read in a published text of the standard; what was not is shipped switched off."""
    enabled: bool = True
    source: Literal["file", "console"] = "file"
    revision: int = 1

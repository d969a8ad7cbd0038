"""The report on the quality of alarms, read for one principal from what the rules service copied."""

from datetime import datetime, timedelta

from adapters.relational import alerts
from api.alert_view import enterprise_of, sees
from api.services import Services
from park.alarm_quality import Quality, assess
from park.alarm_spell import SEEN_TO, Spell, spells
from park.alert_change import AlertChange, Kind
from park.own_rule import OWN
from park.principal import Principal
from park.rulebook import Key

BEFORE = timedelta(days=31)
"""So long before the time asked about, what still burned within it may have begun."""
PAGE = 5_000
MOST = 500_000
"""Changes looked at; whoever has more of them in a year knows the answer."""
KINDS = SEEN_TO | {Kind.RAISED, Kind.CLEARED}


def read(
    parts: Services,
    principal: Principal,
    start: datetime,
    end: datetime,
    *,
    operators: int = 1,
    enterprise: str | None = None,
) -> Quality:
    """Assess the alerts that a principal sees, of one enterprise or of all."""

    def wanted(meter: str) -> bool:
        return sees(parts, principal, meter) and enterprise in {None, enterprise_of(parts, meter)}

    known: dict[str, bool] = {}
    found: list[AlertChange] = []
    for change in _changes(parts, start - BEFORE, end):
        if change.meter not in known:
            known[change.meter] = wanted(change.meter)
        if known[change.meter] and change.kind in KINDS:
            found.append(change)
    old = [one for one in _older(parts, start) if wanted(one.key.meter)]
    return assess([*old, *spells(found)], start, end, operators=operators, zone=parts.zone)


def names(parts: Services, key: Key, language: str) -> tuple[str, str]:
    """Name an alert's rule and meter for people; an id stands for what is gone."""
    rule = parts.alarms.rules().get(key.rule) or OWN.get(key.rule)
    meter = parts.registry.current().by_meter.get(key.meter)
    name = key.rule if rule is None else rule.name.pick(language)
    if meter is None:
        return name, key.meter
    return name, (meter.name_en or meter.name) if language == "en" else meter.name


def _older(parts: Services, start: datetime) -> list[Spell]:
    """Give what has burned for longer than is looked back: it is on the list, and its beginning is known from there."""
    burning = [
        Spell(record.key, record.severity, record.raised_at, record.care.acknowledged_at)
        for record in parts.alarms.look().open
        if not record.drill and record.raised_at is not None and record.raised_at < start - BEFORE
    ]
    return sorted(burning, key=lambda spell: spell.raised)


def _changes(parts: Services, start: datetime, end: datetime) -> list[AlertChange]:
    """Give the changes of a time in order."""
    found: list[AlertChange] = []
    before: int | None = None
    while len(found) < MOST:
        page = alerts.changes(parts.engine, since=start, until=end, before=before, limit=PAGE)
        found += [one.change for one in page]
        if len(page) < PAGE:
            break
        before = page[-1].id
    return found[::-1]

"""In which months something of an enterprise's meters waits for review: figures of these are not final."""

from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from adapters.relational import suspicions
from park.registry import Registry
from park.term import month_of
from park.window import SITE

MOST = 10_000


def months(engine: Engine, registry: Registry, zone: ZoneInfo = SITE) -> dict[str, frozenset[int]]:
    """Give the months (year * 12 + month − 1) that each open suspicion touches, by enterprise."""
    found: dict[str, set[int]] = {}
    queue, _ = suspicions.queue(engine, limit=MOST)
    for one in queue:
        meter = registry.by_meter.get(one.suspicion.meter)
        if meter is not None:
            first, last = (month_of(at, zone).last for at in (one.suspicion.before[0], one.suspicion.after[0]))
            found.setdefault(meter.enterprise, set()).update(range(first, last + 1))
    return {enterprise: frozenset(some) for enterprise, some in found.items()}

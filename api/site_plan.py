"""The plan of the site for one who looks: their points as they stand, and the picture where it is theirs to see."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from adapters.relational import site_plan as store
from adapters.relational.site_plan import Kept
from api import alert_view, sight
from api.alarms import Standing
from api.services import Services
from park import site_plan
from park.place import Enterprise, Meter
from park.principal import Principal
from park.site_plan import Place, Point


class Drawn(NamedTuple):
    """What was drawn: it changes seldom, and only by a person."""

    picture: Kept | None
    places: Mapping[str, Place]


def drawn(parts: Services, principal: Principal) -> Drawn:
    """Give the picture and the places; an enterprise's own user has neither, as the picture shows the others, too."""
    if principal.enterprise is not None:
        return Drawn(None, {})
    return Drawn(store.picture(parts.engine), store.places(parts.engine))


def points(
    parts: Services, principal: Principal, standing: Standing | None, online: Mapping[str, bool | None], now: datetime
) -> list[Point]:
    """Say how everything stands that a principal may see."""
    burning = [one for one in standing.open if alert_view.sees(parts, principal, one.meter)] if standing else []
    waiting = standing.unanswered(burning, now) if standing else []
    subjects: list[Enterprise | Meter] = [
        *sight.seen_enterprises(parts, principal),
        *sight.seen_meters(parts, principal),
    ]
    return site_plan.points(subjects, online, burning, waiting)

"""What the registry's options of one meter that speaks JSON come to: where its values, its time and its name stand."""

from collections.abc import Hashable, Mapping
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from park.decode.clock_form import CONTRACT
from park.decode.field import Field, plan_field
from park.decode.json_maps import maps
from park.decode.json_path import MISSING, Steps, steps
from park.decode.owners import Owners
from park.decode.plans import Plans
from park.place import Meter

ITSELF: Final = "*"
"""In place of a path: the message itself."""


Where = tuple[tuple[str, Steps], ...]
"""The paths by which a sender is told, as written and taken apart."""


class Place(NamedTuple):
    """One path of a metric."""

    path: str
    steps: Steps
    field: Field
    shipped: bool
    """Of a shipped map: what is no number there is of another device of the same product."""


class Plan(NamedTuple):
    """What one meter's options come to."""

    where: tuple[tuple[str, Steps, object], ...]
    each: Steps | None
    """Where a list of records stands; empty for the message itself, None where the message is the one record."""
    time: Steps
    form: str
    zone: ZoneInfo | None
    places: tuple[tuple[Place, ...], ...]
    """Each metric's paths, of which the first that is there counts."""


def _plan(meter: Meter) -> Plan:
    options = meter.options
    shipped = maps().get(str(options.get("map")))
    each, zone = options.get("each"), options.get("zone")
    time = options.get("time", shipped.time if shipped else None)
    form = options.get("form", shipped.form if shipped and "time" not in options else CONTRACT)
    return Plan(
        where=tuple((path, steps(path), wanted) for path, wanted in _mapping(options.get("where")).items()),
        each=None if each is None else () if each == ITSELF else steps(str(each)),
        time=steps(str(time)) if time else (),
        form=str(form),
        zone=ZoneInfo(str(zone)) if zone else None,
        places=_places(meter),
    )


def _places(meter: Meter) -> tuple[tuple[Place, ...], ...]:
    places: dict[str, list[Place]] = {}
    for path, value in _mapping(meter.options.get("fields")).items():
        field = plan_field(value)
        places[field.metric] = [Place(path, steps(path), field, shipped=False)]
    shipped = maps().get(str(meter.options.get("map")))
    channel = meter.options.get("channel", shipped.channel if shipped else None)
    mapped: dict[str, list[Place]] = {}
    for row in shipped.of(channel) if shipped else ():
        if row.metric in places or row.metric not in meter.metrics:
            continue
        # What the registry says of this meter goes before what the map says of its product.
        field = Field(row.metric, None if row.metric in meter.units else row.unit)
        mapped.setdefault(row.metric, []).append(Place(row.path, steps(row.path), field, shipped=True))
    return tuple(map(tuple, [*places.values(), *mapped.values()]))


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def sign_of(value: object) -> Hashable:
    """Give what is found as a meter is told by it: true is not 1, and what is no plain value tells nobody."""
    if isinstance(value, bool):
        return ("true" if value else "false",)
    return value if isinstance(value, str | int | float) or value is None else MISSING


def _traits(plan: Plan) -> tuple[tuple[Steps | None, Where], Hashable]:
    where = tuple((path, way) for path, way, _ in plan.where)
    return (plan.each, where), tuple(sign_of(wanted) for _, _, wanted in plan.where)


PLANS = Plans(_plan)
OWNERS = Owners(PLANS, _traits)

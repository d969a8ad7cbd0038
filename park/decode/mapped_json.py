"""JSON of any form, by what the registry says of it: which path is which metric, in which unit, and where the time is.

    codec: {json: {map: tasmota, topic: tele/plug7/SENSOR, zone: Asia/Shanghai}}
    codec: {json: {topic: gw/1/up, where: {dev: A12}, time: t, form: s, fields: {"d.p": {metric: p, unit: W}}}}

A path that leads nowhere makes no claim, nor does null; a text where a number should be refuses the message.  A shipped
map claims only what the meter is registered to measure; one message may speak of several meters.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from park.decode.clock_form import CONTRACT, read_time
from park.decode.context import Context
from park.decode.dialect import Dialect
from park.decode.field import Field, number_of, plan_field
from park.decode.json_maps import maps
from park.decode.json_path import MISSING, Steps, find, steps
from park.decode.json_text import load
from park.decode.mapped_options import check
from park.decode.plans import Plans
from park.decode.said import Said
from park.decode.topic_filters import filters_of
from park.instant import from_ms, to_ms
from park.malformed import Malformed
from park.place import Meter
from park.quality import Quality
from park.reading import Claim
from park.reason import Reason

RECEIVE_TIME = int(Quality.RECEIVE_TIME)
NOTHING_MAPPED = ("no_field",)
"""The remark on a message in which no registered path leads anywhere: mistyped, or another kind of message."""


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
    time: Steps
    form: str
    zone: ZoneInfo | None
    places: tuple[tuple[Place, ...], ...]
    """Each metric's paths, of which the first that is there counts."""


def read(payload: bytes, context: Context) -> Said:
    """Read one message.  Raises Malformed."""
    if not context.meters:
        raise Malformed(Reason.UNKNOWN_SENDER, context.topic)
    document = load(payload)
    claims: list[Claim] = []
    told = context.topic
    meant = False
    for meter in context.meters:
        plan = PLANS.of(meter)
        stranger = _stranger(document, plan)
        if stranger is None:
            meant = True
            claims += _claims(document, plan, meter, context.received)
        else:
            told = stranger
    if not meant:
        raise Malformed(Reason.UNKNOWN_SENDER, told)
    return Said(claims, remarks=() if claims else NOTHING_MAPPED)


def _stranger(document: object, plan: Plan) -> str | None:
    """Say who speaks where it is not this meter; None where it is."""
    for path, way, wanted in plan.where:
        found = find(document, way)
        if found != wanted or isinstance(found, bool) is not isinstance(wanted, bool):
            return f"{path} = {'—' if found is MISSING else found}"
    return None


def _claims(document: object, plan: Plan, meter: Meter, received: datetime) -> list[Claim]:
    found = [
        (place.field, number)
        for places in plan.places
        for place, number in (_first(document, places),)
        if number is not None
    ]
    if not found:
        return []
    at, quality = _instant(document, plan, received)
    return [Claim(meter.id, field.metric, number, at, quality, field.unit) for field, number in found]


def _first(document: object, places: tuple[Place, ...]) -> tuple[Place, float | None]:
    for place in places:
        value = find(document, place.steps)
        if value is MISSING or (place.shipped and isinstance(value, dict | list)):
            continue
        return place, number_of(value, place.field, place.path)
    return places[0], None


def _instant(document: object, plan: Plan, received: datetime) -> tuple[datetime, int]:
    """Read the message's time, or take the receive time and the flag that says so."""
    value = find(document, plan.time) if plan.time else MISSING
    at = None if value is MISSING or value is None else read_time(value, plan.form, plan.zone, received)
    return (at, 0) if at is not None else (from_ms(to_ms(received)), RECEIVE_TIME)


def _plan(meter: Meter) -> Plan:
    options = meter.options
    shipped = maps().get(str(options.get("map")))
    zone = options.get("zone")
    time = options.get("time", shipped.time if shipped else None)
    form = options.get("form", shipped.form if shipped and "time" not in options else CONTRACT)
    own = _mapping(options.get("fields"))
    places: dict[str, list[Place]] = {}
    for path, value in own.items():
        field = plan_field(value)
        places[field.metric] = [Place(path, steps(path), field, shipped=False)]
    channel = options.get("channel", shipped.channel if shipped else None)
    mapped: dict[str, list[Place]] = {}
    for row in shipped.of(channel) if shipped else ():
        if row.metric in places or row.metric not in meter.metrics:
            continue
        # What the registry says of this meter goes before what the map says of its product.
        field = Field(row.metric, None if row.metric in meter.units else row.unit)
        mapped.setdefault(row.metric, []).append(Place(row.path, steps(row.path), field, shipped=True))
    return Plan(
        where=tuple((path, steps(path), wanted) for path, wanted in _mapping(options.get("where")).items()),
        time=steps(str(time)) if time else (),
        form=str(form),
        zone=ZoneInfo(str(zone)) if zone else None,
        places=tuple(map(tuple, [*places.values(), *mapped.values()])),
    )


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


PLANS = Plans(_plan)

DIALECT = Dialect(
    "json",
    "按台账映射的 JSON",
    "JSON mapped by the registry",
    read,
    check,
    topics=lambda meter: filters_of(meter.options),
    content_types=(),
)

"""JSON of any form, by what the registry says of it: which path is which metric, in which unit, and where the time is.

    codec: {json: {map: tasmota, topic: tele/plug7/SENSOR, zone: Asia/Shanghai}}
    codec: {json: {topic: gw/1/up, where: {dev: A12}, time: t, form: s, fields: {"d.p": {metric: p, unit: W}}}}

A path that leads nowhere makes no claim, nor does null; a text where a number should be refuses the message.  A shipped
map claims only what the meter is registered to measure; one message may speak of several meters, and with `each` of
several instants.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from park.decode.clock_form import read_time
from park.decode.context import Context
from park.decode.dialect import Dialect
from park.decode.field import number_of
from park.decode.json_path import MISSING, Steps, find
from park.decode.json_text import load
from park.decode.mapped_options import check
from park.decode.mapped_plan import OWNERS, Place, Plan, Where, sign_of
from park.decode.said import Said
from park.decode.topic_filters import filters_of
from park.instant import from_ms, to_ms
from park.malformed import Malformed
from park.quality import Quality
from park.reading import Claim
from park.reason import Reason

MAX_RECORDS: Final = 1_000
RECEIVE_TIME: Final = int(Quality.RECEIVE_TIME)
NOTHING_MAPPED: Final = ("no_field",)
"""The remark on a message in which no registered path leads anywhere: mistyped, or another kind of message."""


def read(payload: bytes, context: Context) -> Said:
    """Read one message.  Raises Malformed."""
    if not context.meters:
        raise Malformed(Reason.UNKNOWN_SENDER, context.topic)
    document = load(payload)
    claims: list[Claim] = []
    told = context.topic
    meant = False
    for (each, where), table in OWNERS.of(context.meters).items():
        before = len(claims)
        for record in _records(document, each):
            signs = tuple(sign_of(_look(record, document, way)) for _, way in where)
            owners = table.get(signs, ())
            for meter, plan in owners:
                claims += _claims(record, document, plan, meter.id, context.received)
            meant = meant or bool(owners)
            told = told if owners else _stranger(where, signs)
        if each is not None:
            _refuse_overlap(claims[before:])
    if not meant:
        raise Malformed(Reason.UNKNOWN_SENDER, told)
    return Said(claims, remarks=() if claims else NOTHING_MAPPED)


def _stranger(where: Where, signs: tuple[object, ...]) -> str:
    """Say who speaks, where nobody is registered that speaks so."""
    shown = ("—" if sign is MISSING else sign[0] if isinstance(sign, tuple) else sign for sign in signs)
    return ", ".join(f"{path} = {sign}" for (path, _), sign in zip(where, shown, strict=True))


def _records(document: object, each: Steps | None) -> list[object]:
    """Give the records of a message; one that has none stands for itself, so that somebody is meant by it."""
    found = document if each is None else find(document, each)
    if each is None or not isinstance(found, list):
        return [found if isinstance(found, dict | list) else {}]
    if len(found) > MAX_RECORDS:
        raise Malformed(Reason.TOO_LARGE, f"{len(found)} records")
    return found or [{}]


def _look(record: object, document: object, way: Steps) -> object:
    """Find what a record says itself, or the message for all of its records."""
    found = find(record, way)
    return find(document, way) if found is MISSING and record is not document else found


def _claims(record: object, document: object, plan: Plan, meter: str, received: datetime) -> Iterator[Claim]:
    found = [
        (place.field, number)
        for places in plan.places
        for place, number in (_first(record, places),)
        if number is not None
    ]
    if found:
        at, quality = _instant(_look(record, document, plan.time) if plan.time else MISSING, plan, received)
        for field, number in found:
            yield Claim(meter, field.metric, number, at, quality, field.unit)


def _first(record: object, places: tuple[Place, ...]) -> tuple[Place, float | None]:
    for place in places:
        value = find(record, place.steps)
        if value is MISSING or (place.shipped and isinstance(value, dict | list)):
            continue
        return place, number_of(value, place.field, place.path)
    return places[0], None


def _instant(value: object, plan: Plan, received: datetime) -> tuple[datetime, int]:
    """Read a record's time, or take the receive time and the flag that says so."""
    at = None if value is MISSING or value is None else read_time(value, plan.form, plan.zone, received)
    return (at, 0) if at is not None else (from_ms(to_ms(received)), RECEIVE_TIME)


def _refuse_overlap(claims: list[Claim]) -> None:
    """Refuse two records that say something of the same metric at the same instant."""
    seen: set[tuple[str, str, datetime]] = set()
    for claim in claims:
        if (claim.meter, claim.metric, claim.at) in seen:
            raise Malformed(Reason.METRIC_TWICE, f"{claim.metric} @ {claim.at.isoformat()}")
        seen.add((claim.meter, claim.metric, claim.at))


DIALECT = Dialect(
    "json",
    "按台账映射的 JSON",
    "JSON mapped by the registry",
    read,
    check,
    topics=lambda meter: filters_of(meter.options),
    content_types=(),
)

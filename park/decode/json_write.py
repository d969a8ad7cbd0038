"""Writing JSON as a meter's map has it, as simulated devices do: the inverse of reading it."""

import math
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from park.decode.clock_form import LOCAL
from park.decode.json_path import SUM, Steps
from park.decode.mapped_plan import PLANS, Place, Plan
from park.instant import to_ms
from park.place import Meter
from park.reading import Claim, Reading

WRITTEN_AS_TEXT = ("rfc3339", LOCAL)


def encode(claims: Iterable[Claim | Reading], meter: Meter) -> bytes:
    """Write what a meter says where its map looks, in the units of the map; with `each` a record an instant.

    Raises ValueError for what the map cannot carry: nothing, several instants without `each`, a metric that it does not
    have, a value that is not finite.
    """
    plan = PLANS.of(meter)
    rows: dict[datetime, list[Claim | Reading]] = {}
    for claim in claims:
        rows.setdefault(claim.at, []).append(claim)
    if not rows or (plan.each is None and len(rows) > 1):
        raise ValueError(f"a message carries one instant, not {len(rows)}")
    records = [_record(some, plan, at) for at, some in rows.items()]
    if plan.each == ():
        whole: object = [_named(record, plan) for record in records]
    else:
        whole = _named({} if plan.each else records[0], plan)
        if plan.each:
            _put(whole, plan.each, records)
    return msgspec.json.encode(whole)


def _named(document: dict[str, object], plan: Plan) -> dict[str, object]:
    """Write down who speaks."""
    for _, way, wanted in plan.where:
        _put(document, way, wanted)
    return document


def _record(claims: list[Claim | Reading], plan: Plan, at: datetime) -> dict[str, object]:
    places = {each[0].field.metric: each for each in plan.places}
    record: dict[str, object] = {}
    # What has one place only is put first: what has several takes another where that one is a list by now.
    for claim in sorted(claims, key=lambda claim: len(places.get(claim.metric, ()))):
        if claim.metric not in places or not math.isfinite(claim.value):
            raise ValueError(f"{claim.metric}: {claim.value}")
        _write(record, places[claim.metric], claim)
    if plan.time:
        _put(record, plan.time, _time(at, plan.form, plan.zone))
    return record


def _write(document: dict[str, object], places: tuple[Place, ...], claim: Claim | Reading) -> None:
    for place in places:
        value: object = claim.value / place.field.factor
        if _put(document, place.steps, value):
            return
    raise ValueError(f"{claim.metric}: no room at {places[0].path}")


def _put(document: dict[str, object], way: Steps, value: object) -> bool:
    """Put a value at the end of a way; False where something else is in the way."""
    here: Any = document
    for step, following in zip(way, (*way[1:], None), strict=True):
        empty: object = value if following is None else [] if _of_list(following) else {}
        if isinstance(here, list):
            here, found = _into_list(here, step, empty)
        elif isinstance(here, dict) and not (step in here and following is None):
            found, here = True, here.setdefault(step, empty)
        else:
            return False
        if not found:
            return False
    return True


def _into_list(items: list[Any], step: str, empty: object) -> tuple[Any, bool]:
    """Find the item of a list that a step means, or make it."""
    if step == SUM:
        items.append(empty)
        return empty, len(items) == 1
    key, chosen, wanted = step.partition("=")
    if chosen:
        for item in items:
            if isinstance(item, dict) and item.get(key) == wanted:
                return item, True
        items.append({key: wanted})
        return items[-1], isinstance(empty, dict)
    if not step.isdecimal():
        return None, False
    items += [None] * (int(step) + 1 - len(items))
    if items[int(step)] is None:
        items[int(step)] = empty
        return empty, True
    return items[int(step)], isinstance(empty, dict | list)


def _of_list(step: str) -> bool:
    return step == SUM or step.isdecimal() or "=" in step


def _time(at: datetime, form: str, zone: ZoneInfo | None) -> object:
    if form == "s":
        return to_ms(at) / 1000
    if form not in WRITTEN_AS_TEXT:
        return to_ms(at)
    local = at.astimezone(zone or UTC)
    text = local.isoformat(timespec="milliseconds")
    return text if form != LOCAL or zone is None else text[: -len("+08:00")]

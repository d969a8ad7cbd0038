"""The plan of the site as people drew it: one picture, and the places of points."""

from collections.abc import Collection, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Final, NamedTuple

from sqlalchemy import Engine, delete, insert, select

from adapters.relational import audit
from adapters.relational.engine import deciding, reading
from adapters.relational.refusal import EntryRefused
from adapters.relational.tables_site_plan import plan_point, site_plan
from park.mistake import Mistake
from park.picture import recognise
from park.registry_notes import Notes, near, show
from park.site_plan import Place

ONE: Final = "site"


class Kept(NamedTuple):
    """What is known of the picture without its bytes."""

    media: str
    width: int
    height: int
    digest: str
    who: str
    at: datetime


def picture(engine: Engine) -> Kept | None:
    """Give what is known of the picture; None where there is none."""
    with reading(engine) as connection:
        row = connection.execute(select(*(site_plan.c[name] for name in Kept._fields))).first()
    return None if row is None else Kept(*row)


def content(engine: Engine) -> tuple[str, bytes] | None:
    """Give the picture's kind and its bytes."""
    with reading(engine) as connection:
        row = connection.execute(select(site_plan.c.media, site_plan.c.content)).first()
    return None if row is None else (row.media, bytes(row.content))


def places(engine: Engine) -> dict[str, Place]:
    """Give where each point is, by meter."""
    with reading(engine) as connection:
        return {row.meter: Place(row.x, row.y) for row in connection.execute(select(plan_point))}


def put_picture(engine: Engine, given: bytes, *, who: str, now: datetime) -> Kept:
    """Keep a picture in place of the one before; points stay at their shares.  Raises EntryRefused."""
    found = recognise(given)
    if isinstance(found, Mistake):
        raise EntryRefused([found])
    kept = Kept(found.media, found.width, found.height, sha256(given).hexdigest(), who, now)
    before = picture(engine)
    with deciding(engine) as connection:
        connection.execute(delete(site_plan))
        connection.execute(insert(site_plan).values(name=ONE, content=given, **kept._asdict()))
        audit.record(
            connection, at=now, who=who, action="plan.change", subject=ONE, before=_plain(before), after=_plain(kept)
        )
    return kept


def remove_picture(engine: Engine, *, who: str, now: datetime) -> bool:
    """Take the picture away; tell whether there was one.  Points stay for the next."""
    before = picture(engine)
    if before is None:
        return False
    with deciding(engine) as connection:
        connection.execute(delete(site_plan))
        audit.record(connection, at=now, who=who, action="plan.delete", subject=ONE, before=_plain(before))
    return True


def put_places(
    engine: Engine, given: Mapping[str, Place | None], known: Collection[str], *, who: str, now: datetime
) -> None:
    """Move the points that are named, all or none; None takes one off.  Raises EntryRefused with every mistake."""
    notes = Notes({})
    for place, name in enumerate(given):
        if name not in known:
            zh, en = near(name, sorted(known))
            notes.add(f"points[{place}].meter", f"没有设备 {show(name)}; {zh}", f"There is no meter {show(name)}; {en}")
    if notes.mistakes:
        raise EntryRefused(notes.mistakes)
    rows = [{"meter": meter, "x": at.x, "y": at.y} for meter, at in given.items() if at is not None]
    facts: dict[str, object] = {meter: None if at is None else list(at) for meter, at in given.items()}
    with deciding(engine) as connection:
        connection.execute(delete(plan_point).where(plan_point.c.meter.in_(sorted(given))))
        if rows:
            connection.execute(insert(plan_point), rows)
        audit.record(connection, at=now, who=who, action="plan.points", subject=ONE, after=facts)


def _plain(kept: Kept | None) -> dict[str, object] | None:
    return None if kept is None else {**kept._asdict(), "at": kept.at.isoformat()}

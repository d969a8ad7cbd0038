"""The registry as it is kept: loaded whole, changed in one transaction with its audit, checked before it is written.

Whatever way a change comes (file, API, console), what is written passed `park.registry_file.check`.
"""

import re
from collections.abc import Callable
from dataclasses import replace as changed
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, Engine, select, update

from adapters.relational import audit, registry_rows
from adapters.relational.engine import deciding, reading
from adapters.relational.refusal import RegistryRefused
from adapters.relational.schema import api_key, edition, user
from park import registry_dump, registry_file
from park.mistake import Mistake
from park.place import Enterprise, Meter, Multiplier, Park
from park.registry import Registry
from park.registry_difference import Difference, difference, merge, settle
from park.registry_scale import ALWAYS
from park.registry_topics import clashes

__all__ = [
    "Difference",
    "RegistryRefused",
    "change_meter",
    "compare",
    "delete_enterprise",
    "delete_meter",
    "delete_park",
    "load",
    "replace",
    "save_enterprise",
    "save_meter",
    "save_park",
    "version",
    "with_multiplier",
]

SUBJECT = "registry"
NAMED = 5
OWN_PATH = re.compile(r"^(meters\[0\]|enterprises\[0\]|park)\.")
T = TypeVar("T", Park, Enterprise, Meter)


def load(engine: Engine) -> Registry:
    """Give the whole registry as of one moment."""
    with reading(engine) as connection:
        return registry_rows.read(connection)


def version(engine: Engine) -> int:
    """Give a number that is another one after each change; asking costs one row."""
    with engine.connect() as connection:
        number: int = connection.execute(select(edition.c.number).where(edition.c.subject == SUBJECT)).scalar_one()
    return number


def compare(engine: Engine, registry: Registry, *, prune: bool = False) -> Difference:
    """Say what `replace` would do, and do nothing."""
    return difference(load(engine), registry, prune=prune)


def replace(engine: Engine, registry: Registry, *, who: str, now: datetime, prune: bool = False) -> Difference:
    """Import a registry, all of it or nothing.  What it does not name stays, or goes with `prune`.

    Raises RegistryRefused.
    """
    with deciding(engine) as connection:
        old = registry_rows.read(connection)
        done = difference(old, registry, prune=prune)
        _change(connection, old, merge(old, registry, prune=prune), done, who=who, now=now)
        if done:
            counts = {"added": len(done.added), "changed": len(done.changed), "removed": len(done.removed)}
            audit.record(connection, at=now, who=who, action="registry.import", subject=SUBJECT, after=counts)
    return done


def save_park(engine: Engine, park: Park, *, who: str, now: datetime) -> bool:
    """Add a park, or change the one of its id; True where it is new.  Raises RegistryRefused."""

    def put(old: Registry) -> Registry:
        [sound] = _sound(Registry(parks=(park,))).parks
        return Registry(_put(old.parks, sound), old.enterprises, old.meters)

    return bool(_edit(engine, put, who=who, now=now).added)


def save_enterprise(engine: Engine, enterprise: Enterprise, *, who: str, now: datetime) -> bool:
    """Add an enterprise, or change the one of its id; True where it is new.  Raises RegistryRefused."""

    def put(old: Registry) -> Registry:
        [sound] = _sound(Registry(old.parks, (enterprise,))).enterprises
        return settle(old.parks, _put(old.enterprises, sound), old.meters)

    return bool(_edit(engine, put, who=who, now=now).added)


def save_meter(engine: Engine, meter: Meter, *, who: str, now: datetime) -> bool:
    """Add a meter, or change the one of its id; True where it is new.  Its park is its enterprise's.

    Raises RegistryRefused.
    """

    def put(old: Registry) -> Registry:
        [sound] = _sound(Registry(old.parks, old.enterprises, (meter,))).meters
        return Registry(old.parks, old.enterprises, _put(old.meters, sound))

    return bool(_edit(engine, put, who=who, now=now).added)


def delete_park(engine: Engine, number: str, *, who: str, now: datetime) -> bool:
    """Take a park out; False where there is none.  Raises RegistryRefused while it has enterprises."""

    def take(old: Registry) -> Registry:
        _refuse_used("园区", "Park", number, [each.id for each in old.enterprises if each.park == number])
        return Registry(tuple(each for each in old.parks if each.id != number), old.enterprises, old.meters)

    return bool(_edit(engine, take, who=who, now=now).removed)


def delete_enterprise(engine: Engine, number: str, *, who: str, now: datetime) -> bool:
    """Take an enterprise out; False where there is none.  Raises RegistryRefused while it has meters, users or keys."""

    def take(old: Registry) -> Registry:
        _refuse_used("企业", "Enterprise", number, [each.id for each in old.meters if each.enterprise == number])
        return Registry(old.parks, tuple(each for each in old.enterprises if each.id != number), old.meters)

    return bool(_edit(engine, take, who=who, now=now).removed)


def delete_meter(engine: Engine, number: str, *, who: str, now: datetime) -> bool:
    """Take a meter out, and leave its readings where they are; False where there is none."""

    def take(old: Registry) -> Registry:
        return Registry(old.parks, old.enterprises, tuple(each for each in old.meters if each.id != number))

    return bool(_edit(engine, take, who=who, now=now).removed)


def change_meter(
    connection: Connection, number: str, change: Callable[[Meter], Meter], *, who: str, now: datetime
) -> None:
    """Change one meter within a transaction that does more; one that is registered no more stays away."""

    def put(old: Registry) -> Registry:
        meter = old.by_meter.get(number)
        if meter is None:
            return old
        [sound] = _sound(Registry(old.parks, old.enterprises, (change(meter),))).meters
        return Registry(old.parks, old.enterprises, _put(old.meters, sound))

    _edit_within(connection, put, who=who, now=now)


def with_multiplier(meter: Meter, since: datetime, value: float) -> Meter:
    """Give a meter whose multiplier is another from an instant on, until the next that is registered already."""
    kept = meter.multipliers or (Multiplier(ALWAYS, 1.0),)
    steps = {step.since: step.value for step in kept} | {since: value}
    return changed(meter, multipliers=tuple(Multiplier(at, steps[at]) for at in sorted(steps)))


def _edit(engine: Engine, edit: Callable[[Registry], Registry], *, who: str, now: datetime) -> Difference:
    with deciding(engine) as connection:
        return _edit_within(connection, edit, who=who, now=now)


def _edit_within(
    connection: Connection, edit: Callable[[Registry], Registry], *, who: str, now: datetime
) -> Difference:
    old = registry_rows.read(connection)
    new = edit(old)
    done = difference(old, new, prune=True)
    _change(connection, old, new, done, who=who, now=now)
    return done


def _change(connection: Connection, old: Registry, new: Registry, done: Difference, *, who: str, now: datetime) -> None:
    for item in done.removed:
        if item.kind == "enterprise":
            _refuse_held(connection, item.id)
    if new == old:
        return
    _refuse_clashes(old, new)
    registry_rows.write(connection, old, new)
    connection.execute(update(edition).where(edition.c.subject == SUBJECT).values(number=edition.c.number + 1))
    before, after = _plain(old), _plain(new)
    for action, items in (("create", done.added), ("change", done.changed), ("delete", done.removed)):
        for item in items:
            key = (item.kind, item.id)
            audit.record(
                connection,
                at=now,
                who=who,
                action=f"{item.kind}.{action}",
                subject=item.id,
                before=before.get(key),
                after=after.get(key),
            )


def _plain(registry: Registry) -> dict[tuple[str, str], dict[str, object]]:
    """Write each thing as the registry file does, for the audit."""
    plain = {("park", park.id): registry_dump.park(park) for park in registry.parks}
    plain |= {("enterprise", each.id): registry_dump.enterprise(each) for each in registry.enterprises}
    return plain | {("meter", meter.id): registry_dump.meter(meter) for meter in registry.meters}


def _sound(registry: Registry) -> Registry:
    """Give a registry as its own file would be read.  Raises RegistryRefused with every mistake, at its place."""
    try:
        checked = registry_file.check(registry_file.dump(registry))
    except ValueError as error:  # a period below a millisecond, which no file can say
        raise RegistryRefused(f"无法登记: {error}。", f"Cannot be registered: {error}.") from error
    if checked.registry is None:
        mistakes = [changed(mistake, path=OWN_PATH.sub("", mistake.path)) for mistake in checked.mistakes]
        zh = " ".join(f"{mistake.path}: {mistake.zh}" for mistake in mistakes)
        en = " ".join(f"{mistake.path}: {mistake.en}" for mistake in mistakes)
        raise RegistryRefused(zh, en, mistakes)
    return checked.registry


def _refuse_clashes(old: Registry, new: Registry) -> None:
    """Refuse a changed meter on a topic of another codec; those that have not changed come first and are not blamed."""
    known = {meter.id for meter in new.meters if old.by_meter.get(meter.id) == meter}
    found = clashes(sorted(new.meters, key=lambda meter: meter.id not in known))
    mistakes = [
        Mistake("codec", None, f"{clash.meter.id}: {clash.zh()}", f"{clash.meter.id}: {clash.en()}")
        for clash in found
        if clash.meter.id not in known
    ]
    if mistakes:
        zh, en = (" ".join(mistake.sentence(language) for mistake in mistakes) for language in ("zh", "en"))
        raise RegistryRefused(zh, en, mistakes)


def _put(things: tuple[T, ...], thing: T) -> tuple[T, ...]:
    """Put a thing in the place of the one with its id, or last."""
    alone: tuple[T, ...] = (thing,)
    if all(each.id != thing.id for each in things):
        return things + alone
    return tuple(thing if each.id == thing.id else each for each in things)


def _refuse_used(zh: str, en: str, number: str, users: list[str]) -> None:
    if users:
        some = ", ".join(users[:NAMED]) + (" …" if len(users) > NAMED else "")
        raise RegistryRefused(
            f"{zh} {number} 下还有 {len(users)} 项 ({some}), 不能删除; 请先删除或移走它们。",
            f"{en} {number} still has {len(users)} under it ({some}) and cannot be deleted; delete those first.",
        )


def _refuse_held(connection: Connection, enterprise: str) -> None:
    users = select(user.c.name).where(user.c.enterprise == enterprise, user.c.disabled_at.is_(None))
    keys = select(api_key.c.name).where(api_key.c.enterprise == enterprise, api_key.c.revoked_at.is_(None))
    holders = [*connection.execute(users).scalars(), *(f"key:{name}" for name in connection.execute(keys).scalars())]
    if holders:
        names = ", ".join(holders)
        raise RegistryRefused(
            f"企业 {enterprise} 还有可用的用户或密钥 ({names}), 不能删除; 请先停用用户、吊销密钥。",
            f"Enterprise {enterprise} still has users or keys ({names}) and cannot be deleted; "
            "disable or revoke those first.",
        )

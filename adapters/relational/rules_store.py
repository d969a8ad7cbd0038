"""Rules made in the console, and what was changed about any rule without rewriting it; every revision for ever.

A rule that this version can no longer read is left out, and says so: the others must not wait for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Row, Table, func, insert, select, tuple_

from adapters import registry_yaml
from adapters.log import logger
from adapters.relational import audit, revised
from adapters.relational.engine import deciding, reading
from adapters.relational.refusal import EntryRefused
from adapters.relational.tables_alarm_desk import rule as table
from adapters.relational.tables_alarm_desk import rule_overlay as overlay_table
from park import rule_file
from park.mistake import Mistake
from park.permit import Overlay, overlaid
from park.registry_notes import Notes
from park.rule import Rule

SUBJECT = "rules"
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Written:
    """One revision of a rule made in the console."""

    id: str
    revision: int
    written: str | None
    """YAML; None where it was withdrawn."""
    who: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Laid:
    """One revision of what was changed about a rule."""

    rule: str
    revision: int
    overlay: Overlay
    who: str
    at: datetime
    reason: str


def version(engine: Engine) -> int:
    """Give a number that is another one after each change; asking costs one row."""
    return revised.version(engine, SUBJECT)


def written(engine: Engine) -> dict[str, Written]:
    """Give the newest revision of each rule made here that was not withdrawn."""
    with reading(engine) as connection:
        return {one.id: one for one in _newest_written(connection) if one.written is not None}


def overlays(engine: Engine) -> dict[str, Laid]:
    """Give what is changed about rules now, by rule."""
    with reading(engine) as connection:
        return _newest_laid(connection)


def load(engine: Engine, shipped: Sequence[Rule] = ()) -> tuple[Rule, ...]:
    """Give the rules made here; they may inhibit `shipped` ones."""
    return readable(written(engine).values(), shipped)[0]


def overlay(engine: Engine, shipped: Sequence[Rule]) -> tuple[Rule, ...]:
    """Give every rule there is as it holds: the shipped ones and those made here, with what was changed about each."""
    with reading(engine) as connection:
        made = [one for one in _newest_written(connection) if one.written is not None]
        laid = _newest_laid(connection)
    rules, mistaken = readable(made, shipped)
    for name, mistakes in mistaken.items():
        log.error("a rule made in the console cannot be read", rule=name, why=mistakes[0].en)
    return tuple(_laid_on(rule, laid.get(rule.id)) for rule in (*shipped, *rules))


def readable(made: Iterable[Written], shipped: Sequence[Rule]) -> tuple[tuple[Rule, ...], dict[str, list[Mistake]]]:
    """Read written rules together, and leave out those that cannot be read, with their mistakes."""
    items, mistaken = dict[str, object](), dict[str, list[Mistake]]()
    revisions = {one.id: one.revision for one in made if _item(one, items, mistaken)}
    while True:
        names = list(items)
        checked = rule_file.check({"rules": list(items.values())}, source="console", known=shipped)
        if not checked.mistakes:
            rules = [msgspec.structs.replace(rule, revision=revisions[rule.id]) for rule in checked.rules]
            return tuple(rules), mistaken
        for mistake in checked.mistakes:
            place = mistake.path.removeprefix("rules[").partition("]")[0]
            name = names[int(place)] if place.isdigit() and int(place) < len(names) else names[0]
            mistaken.setdefault(name, []).append(mistake)
            items.pop(name, None)


def history(engine: Engine, name: str) -> list[Written]:
    """Give every revision of a rule made here, the newest first."""
    query = select(table).where(table.c.id == name).order_by(table.c.revision.desc())
    with reading(engine) as connection:
        return [_written(row) for row in connection.execute(query)]


def overlay_history(engine: Engine, name: str) -> list[Laid]:
    """Give every revision of what was changed about a rule, the newest first."""
    query = select(overlay_table).where(overlay_table.c.rule == name).order_by(overlay_table.c.revision.desc())
    with reading(engine) as connection:
        return [_laid(row) for row in connection.execute(query)]


def save(engine: Engine, name: str, text: str | None, *, who: str, now: datetime, reason: str = "") -> Written:
    """Keep a checked rule as another revision, or withdraw it with None; the same text again makes none.

    Whoever changes or withdraws says why.  Raises EntryRefused.
    """
    with deciding(engine) as connection:
        old = next(iter(_newest_written(connection, name)), None)
        if old is not None and old.written == text:
            return old
        if old is not None:
            _ask_reason(reason)
        made = Written(name, 1 if old is None else old.revision + 1, text, who, now, reason.strip())
        connection.execute(
            insert(table).values(id=name, revision=made.revision, written=text, who=who, at=now, reason=made.reason)
        )
        revised.bump(connection, SUBJECT)
        action = "rule.withdraw" if text is None else "rule.create" if old is None else "rule.change"
        before = None if old is None else {"revision": old.revision, "written": old.written}
        after = {"revision": made.revision, "written": text, "reason": made.reason}
        audit.record(connection, at=now, who=who, action=action, subject=name, before=before, after=after)
    return made


def lay(engine: Engine, rule: Rule, given: Overlay, *, who: str, now: datetime, reason: str) -> Laid:
    """Keep what is changed about a rule; saying the same again changes nothing.  Raises EntryRefused."""
    mistakes = overlaid(rule, given)[1]
    if mistakes:
        raise EntryRefused(mistakes)
    with deciding(engine) as connection:
        old = _newest_laid(connection, rule.id).get(rule.id)
        if given == (Overlay() if old is None else old.overlay):
            return old or Laid(rule.id, 0, given, who, now, "")
        _ask_reason(reason)
        made = Laid(rule.id, 1 if old is None else old.revision + 1, given, who, now, reason.strip())
        plain: Mapping[str, object] = msgspec.to_builtins(given)
        connection.execute(
            insert(overlay_table).values(
                rule=rule.id, revision=made.revision, document=plain, who=who, at=now, reason=made.reason
            )
        )
        revised.bump(connection, SUBJECT)
        before: Mapping[str, object] | None = None if old is None else msgspec.to_builtins(old.overlay)
        audit.record(
            connection,
            at=now,
            who=who,
            action="rule.adjust",
            subject=rule.id,
            before=before,
            after={**plain, "reason": made.reason},
        )
    return made


def _ask_reason(reason: str) -> None:
    if not reason.strip():
        notes = Notes({})
        notes.add("reason", "请写明修改原因; 它会留在历史里。", "Say why; it stays in the history.")
        raise EntryRefused(notes.mistakes)


def _item(one: Written, items: dict[str, object], mistaken: dict[str, list[Mistake]]) -> bool:
    """Read the YAML of one rule; tell whether it could be."""
    source = registry_yaml.read(one.written or "")
    document = source.document
    found = document.get("rules") if isinstance(document, Mapping) else None
    if source.mistakes or not isinstance(found, Sequence) or not found:
        gone = Mistake("rules", None, "已不能识别; 请重新编写。", "This can no longer be read; write it anew.")
        mistaken[one.id] = list(source.mistakes) or [gone]
        return False
    items[one.id] = found[0]
    return True


def _laid_on(rule: Rule, laid: Laid | None) -> Rule:
    if laid is None:
        return rule
    made, mistakes = overlaid(rule, laid.overlay)
    for mistake in mistakes:
        log.error("a change of a rule cannot be read", rule=rule.id, why=mistake.en)
    if mistakes and laid.overlay.enabled is not None:  # a switch must not depend on a limit
        return msgspec.structs.replace(rule, enabled=laid.overlay.enabled)
    return made


def _newest(source: Table, key: str, name: str | None) -> Any:  # noqa: ANN401  # a select of whatever the table holds
    newest = select(source.c[key], func.max(source.c.revision)).group_by(source.c[key])
    if name is not None:
        newest = newest.where(source.c[key] == name)
    return select(source).where(tuple_(source.c[key], source.c.revision).in_(newest)).order_by(source.c[key])


def _newest_written(connection: Connection, name: str | None = None) -> list[Written]:
    return [_written(row) for row in connection.execute(_newest(table, "id", name))]


def _newest_laid(connection: Connection, name: str | None = None) -> dict[str, Laid]:
    return {row.rule: _laid(row) for row in connection.execute(_newest(overlay_table, "rule", name))}


def _written(row: Row[Any]) -> Written:
    return Written(row.id, row.revision, row.written, row.who, row.at, row.reason)


def _laid(row: Row[Any]) -> Laid:
    return Laid(row.rule, row.revision, msgspec.convert(row.document, Overlay), row.who, row.at, row.reason)

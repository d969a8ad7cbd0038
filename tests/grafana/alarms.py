"""A month of alarms: the shipped rules over what the detectors measured, told, and looked after by people."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine as Database
from sqlalchemy import text

from adapters import rule_yaml
from adapters.alert_store import AlertStore, NoticeRow
from adapters.relational import alert_watch
from adapters.relational.alert_watch import Watched
from adapters.relational.engine import writing
from park.alert import ACTIVE
from park.alert_change import Kind
from park.care import Action, Deed
from park.contact import Phonebook
from park.engine import Engine
from park.reading import Reading
from park.registry import Registry
from park.rulebook import Key, bind
from rules.alert_ledger import AlertLedger
from rules.mirror import Draw, Mirror
from rules.teller import AlertTeller
from rules.wanted import Known

ANSWER: Final = timedelta(minutes=11)
"""How long after it was raised somebody acknowledges an alert."""
HEARD: Final = timedelta(seconds=0.4)
"""How long after its own time a reading is heard."""
WHO: Final = ("admin", "safety")


class Deaf:
    """Delivers nothing: what was decided stays written down."""

    def offer(self, notices: Sequence[NoticeRow]) -> None:
        """Take them over and let them lie."""


def delivered(database: Database) -> None:
    """Have what waits delivered a second and a half after it was due, but the newest: that is still on its way."""
    sent = "state = 'sent', tries = 1, sent = due + interval '1.5 seconds'"
    waits = "state = 'waiting' AND change < (SELECT max(change) FROM notice)"
    with writing(database) as connection:
        connection.execute(text(f"UPDATE notice SET {sent} WHERE {waits}"))  # noqa: S608  # our own words


def live(readings: Iterable[Reading], registry: Registry, database: Database, draw: Draw, now: datetime) -> int:
    """Let the rules hear readings in order of time, and copy what they found to both stores; give how many changes."""
    rules = rule_yaml.shipped().rules
    by_id = {rule.id: rule for rule in rules}
    heard = sorted(readings, key=lambda one: (one.at, one.meter))
    ears = {one.meter for one in heard}  # a meter that nobody listens to is not silent
    registry = Registry(registry.parks, registry.enterprises, tuple(one for one in registry.meters if one.id in ears))
    book = bind(rules, registry)
    engine = Engine(book, {}, heard[0].at)
    store = AlertStore(None)
    known = Known(registry=registry, rules=by_id, book=book)
    teller = AlertTeller(store=store, known=lambda: known, phonebook=Phonebook, deliver=Deaf(), now=heard[0].at)
    ledger = AlertLedger(store, teller)
    mirror = Mirror(store=store, engine=database, registry=lambda: registry, clock=lambda: now, draw=draw)
    acted: list[tuple[datetime, Key]] = []
    number = 0
    for reading in heard:
        received = reading.at + HEARD
        turns = engine.tick(received) + engine.hear([reading], received)
        if turns:
            ledger.enter_turns(turns, by_id, engine, received)
            acted += [(received + ANSWER, turn.key) for turn in turns if turn.turn.after.phase in ACTIVE]
        while acted and acted[0][0] <= received:
            at, key = acted.pop(0)
            record = ledger.records[key]
            if record.care.acknowledged_at is None and number % 4 < 3:
                ledger.act([Action(id=number + 1, at=at, who=WHO[number % 2], rule=key.rule, meter=key.meter,
                                   deed=Deed.ACKNOWLEDGE, note="已派人查看")], engine, at)  # fmt: skip
            number += 1
    while mirror.copy(now):
        continue
    delivered(database)
    alert_watch.say(
        database,
        Watched(at=now, acted=number, rules=len(by_id), meters=len({key.meter for key in book.watches}), heard=now,
                behind_ms=400, holder="rules-1"),
    )  # fmt: skip
    raised = sum(one.change.kind is Kind.RAISED for one in store.changes_after(0, 1_000_000))
    store.close()
    return raised

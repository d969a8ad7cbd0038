"""Asking for a deed on alerts: what the rules service would refuse is refused here already, with its reason."""

from collections.abc import Sequence
from datetime import datetime

from adapters.relational import alert_actions
from adapters.relational.refusal import Refused
from api.problem import Problem
from api.services import Services
from park import care
from park.alert_record import AlertRecord
from park.care import Action, Deed


def ask(
    parts: Services,
    records: Sequence[AlertRecord],
    deed: Deed,
    *,
    who: str,
    note: str = "",
    until: datetime | None = None,
    to: str = "",
) -> list[Action]:
    """Write down one deed on some alerts, all or none.  Raises Problem with the reason of the first that cannot be."""
    now = parts.clock()
    for record in records:
        wish = Action(
            id=0,
            at=now,
            who=who,
            rule=record.rule,
            meter=record.meter,
            deed=deed,
            note=note.strip(),
            until=until,
            to=to.strip(),
        )
        done = care.perform(record.care, wish, record.phase, now)
        if isinstance(done, care.Refused):
            raise Problem("conflict", refused=Refused(done.zh, done.en))
    made = alert_actions.ask(
        parts.engine,
        [record.key for record in records],
        deed,
        who=who,
        now=now,
        note=note.strip(),
        until=until,
        to=to.strip(),
    )
    parts.alarms.refresh()
    return made

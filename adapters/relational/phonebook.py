"""Whom to tell, who is on duty and where work goes on, together, as the rules service wants it."""

from datetime import datetime

from sqlalchemy import Engine

from adapters.relational import duty, maintenance, receivers
from park.contact import Phonebook


def version(engine: Engine) -> tuple[int, int, int]:
    """Give something that differs after each change."""
    return receivers.version(engine), duty.version(engine), maintenance.version(engine)


def load(engine: Engine, since: datetime | None = None) -> Phonebook:
    """Give everything that is not over by `since`."""
    return Phonebook(
        contacts=receivers.load(engine),
        shifts=tuple(one.shift for one in duty.listing(engine, since=since)),
        maintenance=tuple(one.work for one in maintenance.listing(engine, since=since)),
    )

"""Meters and local days whose consumption is due again, because readings came late."""

from sqlalchemy import Engine

from adapters.relational.dues import Due, Dues
from adapters.relational.tables_ledger import interval_due

__all__ = ["Due", "IntervalDues"]


class IntervalDues(Dues):
    """Keeps what the accounts still have to do.  Raises StoreUnavailable while the relational store is away."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, interval_due, "consumption")

"""Copies the accounts that changed into the relational store, where API and console read them."""

from threading import Event

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from adapters.log import logger
from adapters.relational import meter_account
from collector.books import Books
from collector.counts import Counts

PAUSE = 5.0
"""Seconds between two copies."""
log = logger(__name__)


class Clerk:
    """Copies until told to stop."""

    def __init__(self, *, books: Books, engine: Engine, counts: Counts) -> None:
        self._books = books
        self._engine = engine
        self._counts = counts

    def run(self, stop: Event) -> None:
        """Copy every few seconds until `stop` is set, and then once more."""
        while not stop.wait(PAUSE):
            self.step()
        self.step()

    def step(self) -> None:
        """Copy what changed; while the database is away the spool's own notes lose nothing."""
        accounts = self._books.take_unsaid()
        try:
            meter_account.save(self._engine, accounts)
        except SQLAlchemyError as error:
            self._books.put_back(accounts)
            words = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
            if "account" not in self._counts.trouble:
                log.warning("the meters' accounts cannot be shown", why=words)
            self._counts.trouble["account"] = words
        else:
            self._counts.trouble.pop("account", None)

"""What every way to a receiver does, and what it says when it cannot."""

from datetime import timedelta
from typing import Protocol

from park.notice import Notice


class Undelivered(Exception):
    """A notice did not reach its receiver; the words hold no address and no secret."""


class TryAgain(Undelivered):
    """Not now; the same may go through later, after a while where the receiver said so."""

    def __init__(self, words: str, after: timedelta | None = None) -> None:
        """Say why."""
        super().__init__(words)
        self.after = after


class GiveUp(Undelivered):
    """Never, whatever we do."""


class Way(Protocol):
    """One receiver's, for one thread."""

    joins: bool
    """Whether people read it, for whom many at once are better told in one."""

    def deliver(self, notice: Notice) -> None:
        """Return once the receiver has it.  Raises TryAgain or GiveUp."""

    def rest(self) -> None:
        """Do what is to be done now and then while there is nothing to deliver.  Never raises."""

    def close(self) -> None:
        """Let go of everything."""

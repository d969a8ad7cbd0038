"""Whoever has the console open: the notice is in the relational store, where the desk looks by itself."""

from park.notice import Notice


class Console:
    """There is nothing to send."""

    joins = False

    def deliver(self, notice: Notice) -> None:
        """Leave it where it is."""

    def rest(self) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""

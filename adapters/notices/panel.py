"""The alert topics: `{prefix}/{park}/{enterprise}/{meter}/alert/{rule}`, retained, for sirens and panels.

A topic holds its alert for as long as that is on the list, and is emptied then.  A broker that was started anew may
have forgotten them all, so whenever a connection is made everything that stands is said again.
"""

from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from adapters.notices.way import GiveUp, TryAgain
from adapters.publisher import Publisher, PublisherError
from park.notice import Notice
from park.topic import PREFIX, alert_topic

PATIENCE: Final = 5.0


class Panel:
    """All alert topics, over one connection that mends itself."""

    joins = False

    def __init__(
        self, publisher: Callable[[], Publisher], standing: Callable[[], Iterable[Notice]], prefix: str = PREFIX
    ) -> None:
        """Take how to make a publisher, and what gives the alerts as they stand."""
        self._make = publisher
        self._standing = standing
        self._prefix = prefix
        self._publisher: Publisher | None = None
        self._connections = 0

    def deliver(self, notice: Notice) -> None:
        """Put it on its topic, or empty that.  Raises TryAgain or GiveUp."""
        if not notice.park:
            raise GiveUp("the meter is not registered, so that it has no topic")
        self._restore(self._connected())
        self._publish([notice])

    def rest(self) -> None:
        """Say everything again after a connection was made anew."""
        try:
            self._restore(self._connected())
        except TryAgain:
            return

    def close(self) -> None:
        """Hang up."""
        if self._publisher is not None:
            self._publisher.__exit__(None, None, None)
            self._publisher = None

    def _connected(self) -> Publisher:
        if self._publisher is None:
            publisher = self._make()
            try:
                publisher.__enter__()
            except PublisherError as error:
                raise TryAgain(str(error)) from error
            self._publisher, self._connections = publisher, 0
        return self._publisher

    def _restore(self, publisher: Publisher) -> None:
        connections = publisher.statistics.connections
        if connections != self._connections:
            self._publish([notice for notice in self._standing() if notice.park])
            self._connections = connections

    def _publish(self, notices: list[Notice]) -> None:
        publisher = self._connected()
        refused = publisher.statistics.refused
        try:
            for notice in notices:
                topic = alert_topic(notice.park, notice.enterprise, notice.meter, notice.rule, self._prefix)
                payload = msgspec.json.encode(notice) if notice.open else b""
                publisher.publish(topic, payload, retain=True, timeout=PATIENCE)
        except PublisherError as error:
            raise TryAgain(str(error)) from error
        if not publisher.drain(PATIENCE):
            raise TryAgain("the broker does not acknowledge")
        if publisher.statistics.refused != refused:
            raise GiveUp("the broker refused it: may we write the alert topics?")

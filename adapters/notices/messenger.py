"""Whatever apprise reaches by an address: mail, SMS gateways, and a hundred more.

It says only that something failed, and its own log may hold addresses and tokens: that is kept from ours, but for the
number of an HTTP status.  Mail with all its plugins takes it a second to load, so it is loaded where it is needed.
"""

import logging
import re
import warnings
from typing import TYPE_CHECKING, Final

from adapters.notices.way import GiveUp, TryAgain
from park.notice import Notice
from park.severity import BY_WORD, Severity

if TYPE_CHECKING:
    from apprise import Apprise

STATUS: Final = re.compile(r"\berror=(\d{3})\b")
LATER: Final = frozenset({408, 409, 423, 425, 429})
REFUSALS: Final = range(400, 500)
NO_ADDRESS: Final = "apprise does not understand the address"


class Messenger:
    """One address."""

    joins = True

    def __init__(self, address: str) -> None:
        """Keep the address; it is understood when something is first to go there."""
        self._address = address
        self._apprise: Apprise | None = None

    def deliver(self, notice: Notice) -> None:
        """Send it as a title and a text.  Raises TryAgain or GiveUp."""
        service = self._service()
        kind = "failure" if BY_WORD[notice.severity] >= Severity.MAJOR else "warning"
        result = service.notify(body=notice.text, title=notice.title, notify_type=kind if notice.open else "success")
        if result:
            return
        status = next((int(found[1]) for found in map(STATUS.search, map(str, result.logs())) if found), None)
        words = "apprise: not delivered" if status is None else f"apprise: HTTP {status}"
        if status in REFUSALS and status not in LATER:
            raise GiveUp(words)
        raise TryAgain(words)

    def rest(self) -> None:
        """Load it before it is needed."""
        if self._apprise is None:
            try:
                self._service()
            except GiveUp:
                return

    def close(self) -> None:
        """Nothing is kept open."""

    def _service(self) -> "Apprise":
        if self._apprise is None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # one of its plugins imports what Python drops
                from apprise import Apprise  # noqa: PLC0415  # a second and forty megabytes

                words = logging.getLogger("apprise")
                words.setLevel(logging.WARNING)  # below that it tells addresses with all that is in them
                words.propagate = False
                words.addHandler(logging.NullHandler())
                service = Apprise()
                if not service.add(self._address):
                    raise GiveUp(NO_ADDRESS)
                for each in service:
                    each.request_rate_per_sec = 0.0  # by itself it rests 5.5 s between two messages: our rates are ours
            self._apprise = service
        return self._apprise

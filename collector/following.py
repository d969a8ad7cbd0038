"""What the receiver listens to, as the registry has it, and the note of it beside the spool."""

from collections.abc import Callable, Sequence

import msgspec

from adapters.log import logger
from adapters.mqtt import LoopClient
from adapters.spool import Spool, SpoolError
from adapters.subscriptions import Subscriptions
from collector.counts import Counts

SUBSCRIBED = "subscribed"
"""The note of what we subscribed to last: the broker's session goes on with it while we are away."""
log = logger(__name__)


class Following:
    """On the receiver's thread."""

    def __init__(
        self,
        *,
        client: LoopClient,
        fixed: Sequence[str],
        foreign: Callable[[], Sequence[str] | None],
        spool: Spool,
        counts: Counts,
    ) -> None:
        """Take the parts.

        `foreign` gives the filters beside the fixed ones, the same object until they change; None before they are
        known: then those of an earlier run stand.
        """
        self._foreign = foreign
        self._followed: Sequence[str] | None = None
        self._spool = spool
        self._counts = counts
        self._subscriptions = Subscriptions(client, dict.fromkeys(fixed, 1), kept=_kept(spool))
        self.begin = self._subscriptions.begin

    def look(self) -> None:
        """Listen to what the registry has come to say."""
        filters = self._foreign()
        if filters is None or filters is self._followed:
            return
        self._followed = filters
        if self._subscriptions.follow(filters):
            log.info("topics of gateways' own", filters=len(filters))
        try:
            self._spool.note({SUBSCRIBED: msgspec.json.encode(self._subscriptions.wanted)})
        except SpoolError as error:  # at worst a filter outlives its meter in the session
            log.warning("subscriptions not noted", why=str(error))

    def answered(self, mid: int, refused: list[bool]) -> bool:
        """Take the broker's answer, say where it does not let us in, and tell whether we hear what we must."""
        if not self._subscriptions.answered(mid, refused):
            return False
        words = self._subscriptions.refusal
        if words is None:
            self._counts.trouble.pop("subscription", None)
        elif self._counts.trouble.get("subscription") != words:
            self._counts.trouble["subscription"] = words
            log.error("subscription refused", why=words)
        return not self._subscriptions.blind


def _kept(spool: Spool) -> list[str]:
    """Give what an earlier run had subscribed to."""
    try:
        return msgspec.json.decode(spool.notes().get(SUBSCRIBED, b"[]"), type=list[str])
    except (msgspec.MsgspecError, SpoolError):
        return []

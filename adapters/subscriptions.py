"""What a client listens to, kept as it should be: asked for on every connection, and changed on the living one.

Lives on the client's own thread.  A session that the broker keeps goes on with what it was asked for, so what is not
wanted any more is given up by name; nothing here raises.
"""

from collections.abc import Iterable, Mapping

from adapters.mqtt import LoopClient

NAMED = 5
PIECE = 200
"""Filters in one packet: a small broker takes no large ones."""


class Subscriptions:
    """The filters of one client: those that are fixed, and those that follow the registry."""

    def __init__(self, client: LoopClient, fixed: Mapping[str, int], *, qos: int = 1, kept: Iterable[str] = ()) -> None:
        """Take the fixed filters with their QoS, and those of an earlier run: they stand until others follow."""
        self._client = client
        self._fixed = dict(fixed)
        self._qos = qos
        self._wanted = dict.fromkeys(kept, qos) | dict(fixed)
        self._gone: set[str] = set()
        self._asked: dict[int, list[str]] = {}
        self._refused: set[str] = set()

    @property
    def wanted(self) -> list[str]:
        """What is listened to."""
        return list(self._wanted)

    @property
    def blind(self) -> bool:
        """Whether a fixed filter is refused: then we hear less than we must."""
        return bool(self._refused & self._fixed.keys())

    @property
    def refusal(self) -> str | None:
        """Which filters the broker refuses us, in a sentence; None where it lets us in everywhere."""
        names = sorted(self._refused)
        some = ", ".join(names[:NAMED]) + (f" … ({len(names)})" if len(names) > NAMED else "")
        return f"the broker does not let us subscribe to {some}" if names else None

    def follow(self, filters: Iterable[str]) -> bool:
        """Listen to these beside the fixed ones; tell whether anything changed."""
        wanted = dict.fromkeys(filters, self._qos) | self._fixed
        if wanted == self._wanted:
            return False
        new = [name for name in wanted if name not in self._wanted]
        self._gone |= self._wanted.keys() - wanted.keys()
        self._gone -= wanted.keys()
        self._refused &= wanted.keys()
        self._wanted = wanted
        if self._client.is_connected():
            self._ask(new)
            self._leave()
        return True

    def begin(self) -> None:
        """Ask for everything; call it on every connection."""
        self._asked.clear()
        self._refused.clear()
        self._leave()
        self._ask(list(self._wanted))

    def answered(self, mid: int, refused: list[bool]) -> bool:
        """Take the broker's answer to one packet; tell whether none is outstanding."""
        names = self._asked.pop(mid, [])
        self._refused |= {name for name, no in zip(names, refused, strict=False) if no and name in self._wanted}
        return not self._asked

    def _ask(self, names: list[str]) -> None:
        for start in range(0, len(names), PIECE):
            piece = names[start : start + PIECE]
            _, mid = self._client.subscribe([(name, self._wanted[name]) for name in piece])
            if mid is not None:
                self._asked[mid] = piece

    def _leave(self) -> None:
        names = sorted(self._gone)
        for start in range(0, len(names), PIECE):
            self._client.unsubscribe(names[start : start + PIECE])
        self._gone.clear()

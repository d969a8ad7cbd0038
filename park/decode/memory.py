"""What codecs keep in mind between messages: the names a device gave once, the first part of what comes in parts.

Bounded, the longest untouched forgotten first.  It holds plain data only, so that a program can write it down and read
it back after a restart; what a codec wants said to a device, it wishes here, and the program that may speak does it.
"""

from collections import OrderedDict
from typing import Final, NamedTuple

import msgspec

MOST: Final = 65_536
MOST_WISHES: Final = 1_024

Key = tuple[str, ...]
"""The codec's name first, then whatever tells one sender from another."""


class Wish(NamedTuple):
    """A message that a codec wants published, such as a request to say all names again."""

    topic: str
    payload: bytes


class Memory:
    """One program's; not shared between threads."""

    def __init__(self, most: int = MOST) -> None:
        """Start empty."""
        self._kept: OrderedDict[Key, object] = OrderedDict()
        self._most = most
        self._wishes: dict[str, Wish] = {}
        self.changed = False
        """Whether something was put or forgotten since it was last written down."""

    def get(self, key: Key) -> object | None:
        """Give what was put under a key, or None."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: Key, value: object) -> None:
        """Keep plain data (what msgpack can write) under a key, in place of what was there."""
        self._kept[key] = value
        self._kept.move_to_end(key)
        self.changed = True
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def forget(self, key: Key) -> None:
        """Keep nothing under a key any more."""
        if self._kept.pop(key, None) is not None:
            self.changed = True

    def wish(self, wish: Wish) -> None:
        """Ask that something be published; of several on one topic the last."""
        if wish.topic in self._wishes or len(self._wishes) < MOST_WISHES:
            self._wishes[wish.topic] = wish

    def take_wishes(self) -> list[Wish]:
        """Give what codecs asked for, once."""
        taken, self._wishes = list(self._wishes.values()), {}
        return taken

    def dump(self) -> bytes:
        """Write all of it down, the longest untouched first."""
        self.changed = False
        return msgspec.msgpack.encode([(list(key), value) for key, value in self._kept.items()])

    def load(self, written: bytes) -> None:
        """Take back what `dump` wrote, in place of all that is kept.  Raises ValueError for anything else."""
        pairs = msgspec.msgpack.decode(written, type=list[tuple[tuple[str, ...], object]])
        self._kept = OrderedDict(pairs[-self._most :])
        self.changed = False

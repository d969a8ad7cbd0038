"""What codecs keep in mind between messages: the names a device gave once, the first part of what comes in parts.

Bounded, the longest untouched forgotten first.  It holds plain data only, so that a program can write it down and read
it back after a restart (a tuple comes back as a list); what a codec wants said to a device, it wishes here, and the
program that may speak does it.  What was put is never changed in place: another is put instead.  So what a batch of
messages taught can be undone, when the batch has to be read again.
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
        self._before: dict[Key, object | None] = {}
        self._wished: dict[str, Wish] = {}
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
        self._before.setdefault(key, self._kept.get(key))
        self._kept[key] = value
        self._kept.move_to_end(key)
        self.changed = True
        while len(self._kept) > self._most:
            self._before.setdefault(*self._kept.popitem(last=False))

    def forget(self, key: Key) -> None:
        """Keep nothing under a key any more."""
        gone = self._kept.pop(key, None)
        if gone is not None:
            self._before.setdefault(key, gone)
            self.changed = True

    def mark(self) -> None:
        """Begin anew to note what changes."""
        self._before, self._wished = {}, dict(self._wishes)

    def changes(self) -> dict[Key, object | None]:
        """Give what is kept now under each key that was touched since the mark; None is nothing."""
        return {key: self._kept.get(key) for key in self._before}

    def undo(self) -> None:
        """Be as at the mark."""
        for key, value in self._before.items():
            if value is None:
                self._kept.pop(key, None)
            else:
                self._kept[key] = value
        self._before, self._wishes = {}, dict(self._wished)

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
        self._before = {}
        self.changed = False


class Aside(Memory):
    """What messages of long ago are read with: all that is kept, and what they say themselves.

    They teach what nobody knew.  They never overwrite what is known: an old birth with other aliases would have the
    values of today misread.
    """

    def __init__(self, memory: Memory) -> None:
        """Look into a memory."""
        super().__init__()
        self._under = memory
        self._taught: set[Key] = set()
        self._gone: set[Key] = set()

    def get(self, key: Key) -> object | None:
        """Give what was put here, or what is kept."""
        own = super().get(key)
        return self._under.get(key) if own is None and key not in self._gone else own

    def put(self, key: Key, value: object) -> None:
        """Keep it here, and for good where nothing was kept."""
        super().put(key, value)
        self._gone.discard(key)
        if key in self._taught or self._under.get(key) is None:
            self._taught.add(key)
            self._under.put(key, value)

    def forget(self, key: Key) -> None:
        """Keep nothing here, and for good what was taught from here."""
        super().forget(key)
        self._gone.add(key)
        if key in self._taught:
            self._under.forget(key)

    def wish(self, wish: Wish) -> None:
        """Pass it on."""
        self._under.wish(wish)

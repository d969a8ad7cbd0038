"""The accounts of all meters, kept exactly as far as the spool has been emptied.

What a batch changes is written as one page into the spool's notes, in the same step in which the batch leaves it.  A
crash before that step forgets both, and the batch is done again; so nothing is counted twice and no gap is invented.
Now and then one page takes the place of all: what is read at a start is bounded by the number of meters.
"""

from collections.abc import Mapping
from threading import Lock
from typing import NamedTuple

import msgspec

from park.account import Account, Heard, step

PAGE = "account/"
SPARE = 1_024
"""Accounts written beside those that are kept, before one page takes the place of all."""
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(dict[str, Account])


class Draft(NamedTuple):
    """What a batch changes, not yet true."""

    changed: dict[str, Account]
    notes: dict[str, bytes | None]
    whole: bool
    """The page holds every account, and the earlier pages go."""


class Books:
    """One writer, the pipeline; read from any thread."""

    def __init__(self, notes: Mapping[str, bytes]) -> None:
        """Read what the spool noted, the oldest page first.  A page that cannot be read loses what only it said."""
        self._accounts: dict[str, Account] = {}
        self._pages = sorted(key for key in notes if key.startswith(PAGE))
        self._number = int(self._pages[-1].removeprefix(PAGE)) if self._pages else 0
        self._written = 0
        self.damaged = 0
        """Pages that could not be read."""
        for key in self._pages:
            try:
                page = _decoder.decode(notes[key])
            except msgspec.MsgspecError:
                self.damaged += 1
                continue
            self._accounts |= page
            self._written += len(page)
        self._lock = Lock()
        self._unsaid = set(self._accounts)

    def draft(self, heard: Mapping[str, list[Heard]]) -> Draft:
        """Say what a batch changes."""
        accounts = self._accounts
        changed = {meter: step(accounts.get(meter), said) for meter, said in heard.items()}
        key = f"{PAGE}{self._number + 1:015}"
        if not changed:
            return Draft({}, {}, whole=False)
        if self._written + len(changed) <= 2 * len(accounts) + SPARE:
            return Draft(changed, {key: _encoder.encode(changed)}, whole=False)
        notes: dict[str, bytes | None] = dict.fromkeys(self._pages)
        return Draft(changed, notes | {key: _encoder.encode(accounts | changed)}, whole=True)

    def enter(self, draft: Draft) -> None:
        """Make a draft true, after the spool has kept its notes."""
        if not draft.changed:
            return
        self._number += 1
        key = f"{PAGE}{self._number:015}"
        with self._lock:
            self._accounts |= draft.changed
            self._unsaid |= draft.changed.keys()
        if draft.whole:
            self._pages, self._written = [key], len(self._accounts)
        else:
            self._pages.append(key)
            self._written += len(draft.changed)

    def take_unsaid(self) -> dict[str, Account]:
        """Give the accounts that changed since they were last taken."""
        with self._lock:
            unsaid, self._unsaid = self._unsaid, set()
            return {meter: self._accounts[meter] for meter in unsaid}

    def put_back(self, meters: Mapping[str, Account]) -> None:
        """Note that what was taken has not been said after all."""
        with self._lock:
            self._unsaid |= meters.keys()

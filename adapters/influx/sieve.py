"""Tell the readings that a server refuses from the rest, in a bounded number of requests.

A refused batch is halved until the bad readings are alone.  As soon as one is, all others of its measurement and field
are set aside until the rest is stored: most often the field itself is at fault (a type that sticks), and then the rest
goes in with one request.  What is still undecided when the requests run out is refused as it stands: it is held and can
be replayed, while halving on would cost two requests a reading.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from adapters.influx.answers import Answer, Verdict
from park.reading import Reading
from park.telemetry import StoreHeld

Send = Callable[[Sequence[Reading]], Answer]
"""Sends readings; gives an answer that is accepted, refused or too large, and raises StoreUnavailable for others."""
Key = Callable[[Reading], object]
"""Gives what readings have in common that share a column: their measurement and field."""

REQUESTS = 512
NOTHING_TAKEN = 128
"""So many requests and none accepted: it is not the readings."""
UNDECIDED = "refused together with others, not by itself"


class Refused(NamedTuple):
    """Readings that were refused together, and what the server said."""

    readings: Sequence[Reading]
    words: str


class Sieve:
    """Sorts one refused batch; everything that is not refused is stored when `sort` returns."""

    def __init__(self, send: Send, key: Key, *, requests: int = REQUESTS) -> None:
        self._send = send
        self._key = key
        self._left = requests
        self._spent = 0
        self._accepted = False
        self._bad: list[tuple[Reading, str]] = []
        self._suspect: dict[object, list[Reading]] = {}

    def sort(self, readings: Sequence[Reading], words: str) -> list[tuple[Reading, str]]:
        """Store what can be stored of a batch that was refused, and give the rest, each with the server's words.

        Raises StoreHeld where the server takes nothing at all, and StoreUnavailable.
        """
        self._halve([Refused(readings, words)], aside=True)
        for suspects in self._suspect.values():
            self._halve(self._offer(suspects, words), aside=False)
        return self._bad

    def _halve(self, refused: list[Refused], *, aside: bool) -> None:
        """Take batches apart that were refused whole; with `aside`, leave out the fields of those already found."""
        while refused:
            batch, words = refused.pop()
            if len(batch) == 1:
                self._bad.append((batch[0], words))
                if aside:
                    self._suspect.setdefault(self._key(batch[0]), [])
                    refused = [again for each in refused for again in self._without_suspects(each)]
            elif self._left <= 0:
                self._bad += [(reading, f"{words} ({UNDECIDED})") for reading in batch]
            else:
                middle = len(batch) // 2
                for half in (batch[middle:], batch[:middle]):
                    refused += self._offer(self._set_aside(half) if aside else half, words)

    def _without_suspects(self, refused: Refused) -> list[Refused]:
        rest = self._set_aside(refused.readings)
        return [refused] if len(rest) == len(refused.readings) else self._offer(rest, refused.words)

    def _set_aside(self, batch: Sequence[Reading]) -> Sequence[Reading]:
        """Give the batch without the readings of suspected fields, which wait for the end."""
        rest: list[Reading] = []
        for reading in batch:
            self._suspect.get(self._key(reading), rest).append(reading)
        return rest

    def _offer(self, batch: Sequence[Reading], words: str) -> list[Refused]:
        """Send; give the batch back with the server's words where it is refused, or with the old ones unsent."""
        if not batch:
            return []
        if self._left <= 0:
            self._bad += [(reading, f"{words} ({UNDECIDED})") for reading in batch]
            return []
        answer = self._send(batch)
        self._left -= 1
        self._spent += 1
        if answer.verdict is Verdict.ACCEPTED:
            self._accepted = True
            return []
        if not self._accepted and self._spent >= NOTHING_TAKEN:
            raise StoreHeld(f"the server refuses every reading: HTTP {answer.status}, {answer.words}")
        return [Refused(batch, answer.words)]

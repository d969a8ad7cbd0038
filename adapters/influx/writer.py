"""Readings into the raw bucket: own batches of gzipped lines, one request each, every answer looked at."""

import gzip
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from adapters.influx.answers import Answer, Verdict
from adapters.influx.homes import Homes
from adapters.influx.put import EXPIRED, LEVEL, LINES
from adapters.influx.resolution import RAW
from adapters.influx.server import Server
from adapters.influx.sieve import Sieve
from adapters.log import logger
from park.instant import EPOCH
from park.line import lines
from park.reading import Reading
from park.registry import Registry
from park.telemetry import StoreRefused

BYTES = 1_000_000
NO_CONTENT = 204
log = logger(__name__)
AHEAD = timedelta(minutes=10)
"""A reading may be this much ahead of the clock at the most, see park.admit."""


class Writer:
    """Writes for one process; each meter has one writer at a time."""

    def __init__(self, server: Server, homes: Homes, now: datetime) -> None:
        self._server = server
        self._homes = homes
        self._bucket = server.target.bucket(RAW)
        self._most_bytes = BYTES
        self._unknown_until = now + AHEAD
        self._flagged: dict[tuple[str, str], datetime] = {}
        self._told = False

    def write(self, readings: Sequence[Reading]) -> None:
        """Store all.  Raises StoreRefused for those the server will never take, StoreUnavailable."""
        housed = self._homes.house(readings)
        refused = [(reading, "the meter is not registered") for reading in housed.homeless]
        for registry, part in housed.parts:
            for some, restate in self._by_quality(part):
                refused += self._store(some, registry, restate=restate)
        if refused:
            raise StoreRefused(refused)

    def _by_quality(self, readings: list[Reading]) -> list[tuple[list[Reading], bool]]:
        """Part those that must say expressly that they are good: where a worse one of their identity may be stored.

        That is known only of what this process wrote; before its time anything may be there.
        """
        plain: list[Reading] = []
        restated: list[Reading] = []
        flagged, until = self._flagged, self._unknown_until
        flaws = False
        for reading in readings:
            at = reading.at
            if reading.quality:
                flaws = True
                plain.append(reading)
                key = (reading.meter, reading.metric)
                flagged[key] = max(at, flagged.get(key, EPOCH))
            elif at <= until or (flagged and at <= flagged.get((reading.meter, reading.metric), EPOCH)):
                restated.append(reading)
            else:
                plain.append(reading)
        if flaws and restated:  # one identity must not be in both, or the worse would win
            last = {(reading.meter, reading.metric, reading.at): reading for reading in readings}
            plain = [reading for reading in plain if last[reading.meter, reading.metric, reading.at] is reading]
            restated = [reading for reading in restated if last[reading.meter, reading.metric, reading.at] is reading]
        return [(some, restate) for some, restate in ((plain, False), (restated, True)) if some]

    def _store(self, readings: list[Reading], registry: Registry, *, restate: bool) -> list[tuple[Reading, str]]:
        """Write readings that live in one registry; give those that are refused."""
        written = lines(readings, registry, restate=restate)
        refused: list[tuple[Reading, str]] = []
        groups: list[list[Reading]] | None = None
        for first, end in _cut(written, self._most_bytes):
            answer = self._send(written[first:end])
            if self._let_go(answer) or answer.verdict is Verdict.ACCEPTED:
                self._most_bytes = min(BYTES, self._most_bytes + self._most_bytes // 100 + 1)
                continue
            groups = groups or _by_line(readings)
            some = [reading for group in groups[first:end] for reading in group]

            def send(part: Sequence[Reading]) -> Answer:
                answer = self._send(lines(part, registry, restate=restate))
                return Answer(NO_CONTENT) if self._let_go(answer) else answer

            def key(reading: Reading) -> object:
                return registry.by_meter[reading.meter].medium, reading.metric

            if answer.verdict is Verdict.TOO_LARGE and end - first > 1:
                self._most_bytes = max(1, sum(map(len, written[first:end])) // 2)
                refused += self._store(some, registry, restate=restate)
            else:
                refused += Sieve(send, key).sort(some, answer.words)
        return refused

    def _let_go(self, answer: Answer) -> bool:
        """Tell whether a refusal is only of readings older than the bucket keeps: it would delete them at once.

        The server stores the others of the batch.  It is said once, for somebody may have sent years of history.
        """
        expired = answer.verdict is Verdict.REFUSED and EXPIRED in answer.words
        if expired and not self._told:
            self._told = True
            log.warning("readings older than the bucket keeps are let go", bucket=self._bucket, why=answer.words)
        return expired

    def _send(self, written: Sequence[str]) -> Answer:
        """Send one batch.  Raises StoreUnavailable for an answer that says nothing about the readings."""
        body = gzip.compress("\n".join(written).encode(), LEVEL, mtime=0)
        answer = self._server.write(self._bucket, body)
        if answer.verdict in {Verdict.ACCEPTED, Verdict.REFUSED, Verdict.TOO_LARGE}:
            return answer
        raise answer.error(f"InfluxDB {self._server.target}, {self._bucket}")


def _cut(written: Sequence[str], most_bytes: int) -> Iterator[tuple[int, int]]:
    """Give the ends of batches within both bounds, of at least one line each."""
    first = size = 0
    for place, line in enumerate(written):
        if place > first and (place - first >= LINES or size + len(line) >= most_bytes):
            yield first, place
            first, size = place, 0
        size += len(line) + 1
    if written:
        yield first, len(written)


def _by_line(readings: Sequence[Reading]) -> list[list[Reading]]:
    """Group readings as `park.line.lines` makes lines of them, in the same order."""
    groups: dict[tuple[str, datetime], list[Reading]] = {}
    for reading in readings:
        groups.setdefault((reading.meter, reading.at), []).append(reading)
    return list(groups.values())

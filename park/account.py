"""The account of one meter: of what it published, how much was received, let in and stored; what is missing, and when.

Published is what the meter's own numbers (`seq`) tell.  A number that never came is missing, until it comes late; one
that comes again is a duplicate and changes nothing else.  Where the numbers start again, the device has restarted.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from park.run import Gap, Number, Run, count

MOST_GAPS = 50
MOST_RUNS = 8
MOST_DOUBLES = 20
LARGEST = 2**63
"""A number beyond it is none: no store takes it."""
EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC)


class Heard(msgspec.Struct, frozen=True, gc=False):
    """What one message of a meter came to."""

    seq: int | None
    at: datetime | None
    """The device's time of its last record, None where it named none."""
    received: datetime
    accepted: int = 0
    """Readings that were let in."""
    refused: int = 0
    """Readings that were not."""
    held: bool = False
    """It is in quarantine, in whole or in part; what has refused or unstored readings always is."""
    counted: bool | None = None
    """For a message replayed from the quarantine: whether it was counted here when it was held."""
    unstored: int = 0
    """Readings that were let in and that the store refused."""


class Double(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Numbers that came again, one after the other, and when."""

    first: int
    last: int
    since: datetime
    until: datetime


class Account(msgspec.Struct, frozen=True, array_like=True):
    """One meter's account, as far as the store has confirmed."""

    since: datetime
    """When its first message reached us."""
    heard: datetime
    """When its last message reached us."""
    received: int = 0
    """Messages, none twice."""
    unnumbered: int = 0
    """Of these, without a number, or with one that could not be read."""
    duplicates: int = 0
    restarts: int = 0
    held: int = 0
    """Messages in quarantine, in whole or in part."""
    accepted: int = 0
    """Readings let in, none of a duplicate; a replayed message's count again."""
    refused: int = 0
    """Readings refused."""
    stored: int = 0
    """Readings the store confirmed."""
    runs: tuple[Run, ...] = ()
    doubles: tuple[Double, ...] = ()
    forgotten: int = 0
    """Numbers missing in runs that are no longer kept."""

    @property
    def missing(self) -> int:
        """How many numbers never came."""
        return self.forgotten + sum(run.missing for run in self.runs)

    @property
    def published(self) -> int:
        """How many messages the device sent, as its numbers tell."""
        return self.received + self.missing

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The gaps that are listed, the oldest first; there may be more missing than they name."""
        return tuple(gap for run in self.runs for gap in run.gaps)


def step(account: Account | None, said: Sequence[Heard]) -> Account:
    """Add messages, in the order in which they were spooled."""
    book = account or Account(said[0].received, said[0].received)
    received = accepted = refused = unstored = held = 0
    ahead, begin, end, heard = _tail(book)
    for one in said:
        at = one.at
        if one.seq == ahead is not None and one.counted is None and (at is None or at >= begin):  # nearly always
            ahead += 1
            heard = one.received
            if at is not None and at > end:
                end = at
            received += 1
            accepted += one.accepted
            if one.held:
                held += 1
                refused += one.refused
                unstored += one.unstored
            continue
        book = _counted(_settled(book, ahead, end, heard), one)
        ahead, begin, end, heard = _tail(book)
    book = _settled(book, ahead, end, heard)
    return msgspec.structs.replace(
        book,
        heard=max(book.heard, said[-1].received),
        received=book.received + received,
        accepted=book.accepted + accepted,
        refused=book.refused + refused,
        stored=book.stored + accepted - unstored,
        held=max(0, book.held + held),
    )


def _tail(book: Account) -> tuple[int | None, datetime, datetime, datetime]:
    """Give the number that comes next, and the newest run's times; sentinels stay within `step`."""
    if not book.runs:
        return None, LATEST, EARLIEST, EARLIEST
    run = book.runs[-1]
    return run.last + 1, run.begin or LATEST, run.end or EARLIEST, run.heard


def _settled(book: Account, ahead: int | None, end: datetime, heard: datetime) -> Account:
    """Write down how far the newest run has come."""
    if ahead is None or ahead == book.runs[-1].last + 1:
        return book
    run = book.runs[-1]
    until = end if end > EARLIEST else None
    run = Run(run.first, ahead - 1, run.since, heard, run.begin, until, run.gaps, run.folded)
    return msgspec.structs.replace(book, runs=(*book.runs[:-1], run))


def _counted(book: Account, one: Heard) -> Account:
    """Add one message that does not simply follow the one before."""
    seq = one.seq if one.seq is not None and 0 <= one.seq < LARGEST else None
    runs, fresh = book.runs, True
    if seq is not None:
        runs, fresh = count(runs, Number(seq, one.at, one.received, one.counted is not None))
    if not fresh and not one.counted and seq is not None:
        doubles = _doubled(book.doubles, seq, one.received)
        return msgspec.structs.replace(book, duplicates=book.duplicates + 1, doubles=doubles)
    new, unnumbered, held = 1, int(seq is None), int(one.held)
    if one.counted:  # it was received and held then; now it may be let in, and its number be readable
        new, unnumbered, held = 0, -int(fresh and seq is not None), held - 1
    restarts = book.restarts + max(0, len(runs) - max(1, len(book.runs)))
    runs, forgotten = _bounded(runs)
    return msgspec.structs.replace(
        book,
        received=book.received + new,
        unnumbered=max(0, book.unnumbered + unnumbered),
        restarts=restarts,
        held=book.held + held,
        accepted=book.accepted + one.accepted,
        refused=book.refused + one.refused,
        stored=book.stored + one.accepted - one.unstored,
        runs=runs,
        forgotten=book.forgotten + forgotten,
    )


def _doubled(doubles: tuple[Double, ...], seq: int, received: datetime) -> tuple[Double, ...]:
    """Name a duplicate, together with those right before it."""
    last = doubles[-1] if doubles else None
    if last is not None and last.first <= seq <= last.last + 1:
        return (*doubles[:-1], Double(last.first, max(last.last, seq), last.since, max(last.until, received)))
    return (*doubles[-MOST_DOUBLES + 1 :], Double(seq, seq, received, received))


def _bounded(runs: tuple[Run, ...]) -> tuple[tuple[Run, ...], int]:
    """Let go of the oldest runs, and of the oldest gaps' places, but not of how many are missing in them."""
    forgotten = sum(run.missing for run in runs[:-MOST_RUNS])
    runs = runs[-MOST_RUNS:]
    spare = sum(len(run.gaps) for run in runs) - MOST_GAPS
    if spare <= 0:
        return runs, forgotten
    kept: list[Run] = []
    for run in runs:
        gone, spare = run.gaps[:spare], max(0, spare - len(run.gaps))
        folded = run.folded + sum(gap.missing for gap in gone)
        kept.append(msgspec.structs.replace(run, gaps=run.gaps[len(gone) :], folded=folded))
    return tuple(kept), forgotten

"""The second stage: from the spool into the store.  A blob leaves the spool only after the store has confirmed it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from threading import Event

import msgspec
from msgspec.structs import replace
from sqlalchemy.exc import SQLAlchemyError

from adapters.clock import Clock
from adapters.log import logger
from adapters.spool import Held, Spool, SpoolError
from collector.books import Books
from collector.counts import Counts
from collector.intake import take_in
from collector.message import Message, Refused, pack, unpack_messages
from collector.patience import patience
from collector.recall import pages, recall
from collector.receiver import RAW
from park.account import Heard
from park.decode.memory import Wish
from park.instant import to_ms
from park.listener import Listener
from park.partition import Partition
from park.reason import Reason
from park.registry import Registry
from park.routes import filters
from park.telemetry import StoreHeld, StoreRefused, StoreUnavailable, Telemetry

REFUSED = "refused"
BATCH_BYTES = 2 * 1024 * 1024
"""How much of the spool one write takes: some ten thousand messages."""
BLOBS = 2_000
LINGER = 0.5
"""Seconds a reading may wait for others to share its write, when there are few."""
LAST_WORDS = timedelta(seconds=10)
"""How long a stop may take to store what is spooled; the rest waits on the disk for the next start."""
log = logger(__name__)


class Pipeline:
    """Decodes, admits and stores what is spooled until told to stop."""

    def __init__(
        self,
        *,
        spool: Spool,
        telemetry: Telemetry,
        registry: Callable[[], Registry],
        counts: Counts,
        clock: Clock,
        prefix: str,
        partition: Partition | None = None,
        discover: Sequence[str] = (),
        ask: Callable[[Sequence[Wish]], None] | None = None,
    ) -> None:
        """Take the parts.

        `discover` are topics on which unknown devices are heard; `ask` takes what codecs wish to have said to devices.
        """
        self._spool = spool
        self._telemetry = telemetry
        self._registry = registry
        self._counts = counts
        self._clock = clock
        self._prefix = prefix
        self._partition = partition
        self._discover = discover
        self._ask = ask
        self._known: Registry | None = None
        self._listener = Listener(Registry())
        self.foreign: tuple[str, ...] | None = None
        """The gateways' own topics to listen to, the same object until they change; None before they are known."""
        self._failures = 0
        self._pause = timedelta()
        notes = spool.notes()
        self._memory = recall(notes)
        self.books = Books(notes)
        """Every meter's account."""
        if self.books.damaged:
            log.error("part of the meters' accounts cannot be read", pages=self.books.damaged)
        self.work = Event()
        """Set when something was spooled."""
        self.refusals = Event()
        """Set when something was refused."""

    def run(self, stop: Event) -> None:
        """Store until `stop` is set, then what is left as long as the store takes it."""
        while not stop.is_set():
            self.work.clear()
            if not self.step():
                if self._failures:
                    stop.wait(self._pause.total_seconds())
                else:
                    self.work.wait(LINGER)
            elif self._spool.bytes_in(RAW) < BATCH_BYTES / 2:
                stop.wait(LINGER)
        end = self._clock() + LAST_WORDS
        while self.step() and self._clock() < end:
            pass

    def step(self) -> bool:
        """Do one batch, and tell whether there was one and it is done."""
        try:
            held = self._spool.peek(RAW, most=BLOBS, most_bytes=BATCH_BYTES)
            if not held:
                self._look()
                return False
            self._memory.mark()
            remarks: list[str] = []
            messages, refused, readings, heard = self._store(held, remarks)
            draft = self.books.draft(heard)
            notes = draft.notes | pages(self._memory.changes())
            if refused:
                self._spool.move(held, RAW, REFUSED, pack(refused), notes=notes)
                self.refusals.set()
            else:
                self._spool.drop(RAW, held, notes=notes)
            self.books.enter(draft)
        except (StoreUnavailable, SpoolError, SQLAlchemyError) as error:
            self._memory.undo()
            self._stumble(error)
            return False
        if self._counts.trouble.pop("store", None):
            log.info("store takes readings again")
        self._failures = 0
        self._counts.handled += messages
        self._counts.stored += readings
        for one in refused:
            self._counts.refuse(one.reason)
        for word in remarks:
            self._counts.remark(word)
        wishes = self._memory.take_wishes()
        if wishes and self._ask is not None:
            self._ask(wishes)
        return True

    def _store(self, held: list[Held], remarks: list[str]) -> tuple[int, list[Refused], int, dict[str, list[Heard]]]:
        """Write the readings of some blobs.

        Give how many messages they were, what was refused, how many readings were stored, and what each meter said.
        """
        messages: list[Message] = []
        torn: list[Refused] = []
        for blob in held:
            try:
                messages += unpack_messages(blob.bytes)
            except msgspec.MsgspecError as error:  # a damaged file must not stop what stands behind the damage
                whole = Message("", blob.bytes, to_ms(self._clock()))
                torn.append(Refused(whole, None, Reason.DEFECT, f"spool: {error}"[:200]))
        heard: dict[str, list[Heard]] = {}
        readings, refused = take_in(messages, self._current(), memory=self._memory, heard=heard, remarks=remarks)
        refused += torn
        stored = len(readings)
        try:
            self._telemetry.write(readings)
        except StoreRefused as error:
            stored -= len(error.refused)
            heard.clear()
            self._memory.undo()
            refused += self._refused_by_store(messages, error, heard)
        return len(messages) + len(torn), refused, stored, heard

    def _look(self) -> None:
        """See what the registry says, also where nobody speaks yet."""
        with suppress(SQLAlchemyError):  # it is asked again, and with a message in hand aloud
            self._current()

    def _current(self) -> Listener:
        """Give the listener of the present registry."""
        registry = self._registry()
        if registry is not self._known:
            self._known = registry
            self._listener = Listener(registry, self._prefix, partition=self._partition)
            self.foreign = filters(registry.meters, self._prefix, partition=self._partition, discover=self._discover)
        return self._listener

    def _refused_by_store(
        self, messages: list[Message], error: StoreRefused, heard: dict[str, list[Heard]]
    ) -> list[Refused]:
        """Hold the messages whose readings the store refused, as they came, so that a replay starts from the truth."""
        words = {(reading.meter, reading.metric, reading.at): why for reading, why in error.refused}
        refused: list[Refused] = []
        for message in messages:
            said: dict[str, list[Heard]] = {}
            readings = take_in([message], self._listener, memory=self._memory, heard=said).readings
            unstored = [one for one in readings if (one.meter, one.metric, one.at) in words]
            if unstored:
                first = unstored[0]
                subject = f"{first.metric}: {words[first.meter, first.metric, first.at]}"[:200]
                refused.append(Refused(message, first.meter, Reason.STORE_REFUSED, subject))
            for meter, [one] in said.items():
                own = sum(reading.meter == meter for reading in unstored)
                held = replace(one, held=True, unstored=own) if own else one
                heard.setdefault(meter, []).append(held)
        return refused

    def _stumble(self, error: Exception) -> None:
        """Note that nothing can be stored now, and how long to leave the store alone; say so once."""
        words = str(error).partition("\n")[0]
        self._failures += 1
        self._pause = patience(error, self._failures)
        if isinstance(error, StoreHeld):
            if self._counts.trouble.get("store") != words:
                log.error("readings stay in the spool until this is mended", why=words)
        elif "store" not in self._counts.trouble:
            log.warning("readings stay in the spool", why=words)
        self._counts.trouble["store"] = words

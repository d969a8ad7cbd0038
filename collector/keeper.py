"""The side stage: from the spool's refused lane into the quarantine, and from there back when a replay is asked for."""

from collections.abc import Callable
from threading import Event

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from adapters.clock import Clock
from adapters.log import logger
from adapters.relational import quarantine
from adapters.spool import Spool, SpoolError
from collector.counts import Counts
from collector.intake import take_in
from collector.message import Message, Refused, pack, unpack_refused
from collector.pipeline import REFUSED
from collector.recall import recall
from collector.receiver import RAW
from park.instant import to_ms
from park.listener import Listener
from park.reason import Reason
from park.registry import Registry

PAUSE = 1.0
"""Seconds between looks for replay requests."""
PAGE = 1_000
BATCH_BYTES = 8 * 1024 * 1024
EVICT_EVERY = 16 * 1024 * 1024
"""Payload bytes quarantined between two looks at the bound."""
UNCOUNTED = {Reason.TOPIC, Reason.UNKNOWN_METER, Reason.WRONG_PLACE, Reason.UNKNOWN_SENDER}
"""Held for these, a message has not come to its meter's account yet."""
log = logger(__name__)


class Keeper:
    """Keeps the quarantine until told to stop."""

    def __init__(
        self,
        *,
        spool: Spool,
        engine: Engine,
        fresh: Callable[[], Registry],
        counts: Counts,
        clock: Clock,
        prefix: str,
        most_bytes: int,
    ) -> None:
        self._spool = spool
        self._engine = engine
        self._fresh = fresh
        self._counts = counts
        self._clock = clock
        self._prefix = prefix
        self._most_bytes = most_bytes
        self._since_evict = EVICT_EVERY

    def run(self, stop: Event, work: Event) -> None:
        """Keep until `stop` is set; `work` is set when something was refused."""
        while not stop.is_set():
            work.clear()
            self.step()
            work.wait(PAUSE)
        self.step()

    def step(self) -> None:
        """Do all there is to do now; while the database is away, everything stays where it is."""
        try:
            while self._hold():
                pass
            for request in quarantine.pending_replays(self._engine):
                self._replay(request)
        except (SQLAlchemyError, SpoolError) as error:
            words = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
            if "quarantine" not in self._counts.trouble:
                log.warning("refused messages stay in the spool", why=words)
            self._counts.trouble["quarantine"] = words
        else:
            self._counts.trouble.pop("quarantine", None)

    def _hold(self) -> bool:
        """Move some refusals into the quarantine, and tell whether there were any."""
        held = self._spool.peek(REFUSED, most=PAGE, most_bytes=BATCH_BYTES)
        if not held:
            return False
        refused = [one for blob in held for one in unpack_refused(blob.bytes)]
        quarantine.insert(self._engine, [_row(one) for one in refused])
        self._since_evict += sum(len(one.message.payload) for one in refused)
        if self._since_evict >= min(EVICT_EVERY, self._most_bytes // 4):
            self._since_evict = 0
            evicted = quarantine.evict(self._engine, self._most_bytes)
            if evicted:
                self._counts.evicted += evicted
                log.error("quarantine full: the oldest had to go", messages=evicted)
        self._spool.drop(REFUSED, held)
        return True

    def _replay(self, request: quarantine.Request) -> None:
        """Put back into the stream what would be let in by now; what would not stays where it is.

        The registry is read anew: whoever registers a meter asks for the replay in the same breath.
        """
        listener = Listener(self._fresh(), self._prefix)
        memory = recall(self._spool.notes())
        replayed = again = after = 0
        while rows := quarantine.matching(self._engine, request, after=after, limit=PAGE):
            after = rows[-1].id
            ready: list[Message] = []
            done: list[int] = []
            for row in rows:
                counted = row.meter is not None and row.reason not in UNCOUNTED
                message = Message(row.topic, row.payload, to_ms(row.at), counted, row.content_type)
                outcome = take_in([message], listener, memory=memory)
                if outcome.refused and not outcome.readings:
                    again += 1
                    continue
                ready.append(message)
                done.append(row.id)
            if ready:
                self._spool.put(RAW, pack(ready))
                quarantine.delete(self._engine, done)
                replayed += len(ready)
        quarantine.finish_replay(self._engine, request.id, now=self._clock(), replayed=replayed, refused_again=again)
        log.info("replayed", request=request.id, who=request.who, replayed=replayed, refused_again=again)


def _row(refused: Refused) -> quarantine.NewHeld:
    message = refused.message
    return quarantine.NewHeld(
        message.received,
        message.topic,
        refused.meter,
        refused.reason,
        refused.subject,
        message.payload,
        message.content_type,
    )

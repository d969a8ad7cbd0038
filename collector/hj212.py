"""The listener for data loggers that speak HJ 212 over TCP only.

Each frame goes to the broker as it came, on `hj212/{MN}`, so that everything behind is the same as for loggers that
publish themselves; and the logger gets its answer when the broker has taken the frame, not before.  One frame of a
connection is under way at a time; while the broker is away the loggers are hung up on, and keep what they have.
"""

import asyncio
import re
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from threading import Event, Thread
from typing import Final

from adapters.clock import Clock
from adapters.log import logger
from collector.hj212_counts import ListenerCounts
from collector.hj212_station import Entry, Stations
from collector.hj212_stream import FrameStream
from park.decode.hj212_frame import Frame, answer, parse
from park.decode.hj212_options import MN, TOPICS
from park.malformed import Malformed
from park.registry import Registry

MOST_CONNECTIONS: Final = 1_000
IDLE: Final = timedelta(minutes=70)
"""A logger that reports by the hour is heard within it; whoever is silent longer has gone without goodbye."""
PATIENCE: Final = 30.0
"""Seconds that the broker may take to take a frame; then the logger had better know that we cannot."""
ROOM: Final = 0.05
"""Seconds until it is looked again for room on the way to the broker."""
WRITE: Final = 10.0
"""Seconds that a logger may take to read our answer."""
PORTION: Final = 4_096
COUNTED: Final = {
    Entry.STRANGER: "strangers",
    Entry.TOO_OFTEN: "held_back",
    Entry.WRONG_PASSWORD: "wrong_password",
}
NAMED: Final = re.compile(rb"MN=([0-9A-Za-z_-]{1,64})")
NAMELESS: Final = "_"
"""Stands for the station in the topic of a frame that names none."""
NOTICES: Final = frozenset({"1013", "9015"})
"""What is answered by 9013: the request to set its clock, and the heart-beat of 2025."""
NOTICE_ANSWER: Final = "9013"
DATA_ANSWER: Final = "9014"
OWN: Final = frozenset("19")
"""Commands of these hundreds carry nothing for the platform: times, intervals, answers, heart-beats."""

MOST_NAMES: Final = 1_000

Publish = Callable[[str, bytes, Callable[[bool], None]], bool]
"""(topic, payload, done): hand a message to the broker, or tell that there is no room on the way to it now.

`done` is told once whether the broker took it, from any thread.  It may not block.
"""
log = logger(__name__)


class Hj212Listener:
    """Listens between `start` and `stop`, in a thread of its own."""

    def __init__(
        self, host: str, port: int, *, publish: Publish, registry: Callable[[], Registry], clock: Clock
    ) -> None:
        """Take the address.  Raises OSError, with the settings to look at, where it cannot be had."""
        self.counts = ListenerCounts()
        self._publish = publish
        self._stations = Stations(registry)
        self._clock = clock
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            self._socket = socket.create_server((host, port), family=family, backlog=128)
        except OSError as error:
            raise OSError(
                f"HJ 212 监听无法使用 {host}:{port} ({error.strerror}); 请检查 SMARTPARK_HJ212_HOST 与 "
                "SMARTPARK_HJ212_PORT / the HJ 212 listener cannot listen there; check these two settings"
            ) from error
        self.port: int = self._socket.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._talks: set[asyncio.Task[None]] = set()
        self._stopping: asyncio.Event | None = None
        self._started = Event()
        self._named: set[tuple[str, Entry]] = set()
        self._thread = Thread(target=self._run, name="hj212-listener")

    def start(self) -> None:
        """Begin to listen; returns when it does."""
        self._thread.start()
        self._started.wait()

    def alive(self) -> bool:
        """Tell whether it is listening."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Hang up on every logger, and listen no more; what was not answered will be sent again."""
        if self._thread.is_alive() and self._stopping is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
        if self._thread.ident is not None:
            self._thread.join()
        else:
            self._socket.close()
            self._loop.close()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._started.set()
            self._loop.close()

    async def _serve(self) -> None:
        self._stopping = asyncio.Event()
        server = await asyncio.start_server(self._accept, sock=self._socket)
        log.info("HJ 212 listener", port=self.port)
        self._started.set()
        await self._stopping.wait()
        server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk to one logger until either side hangs up."""
        if len(self._talks) >= MOST_CONNECTIONS:
            self.counts.turned_away += 1
            writer.transport.abort()
            return
        talk = asyncio.current_task()
        assert talk is not None  # noqa: S101  # asyncio runs us as a task
        self._talks.add(talk)
        self.counts.accepted += 1
        self.counts.connections = len(self._talks)
        try:
            await self._talk(reader, writer)
            writer.close()
        except (OSError, TimeoutError, asyncio.CancelledError):
            pass  # it went, was silent for too long, the broker is away, or we are stopping: it will call again
        finally:
            if not writer.is_closing():
                writer.transport.abort()
            self._talks.discard(talk)
            self.counts.connections = len(self._talks)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        stream = FrameStream()
        data, passed_over = b"-", 0
        while data:
            data = await asyncio.wait_for(reader.read(PORTION), IDLE.total_seconds())
            for payload in stream.feed(data) if data else stream.end():
                said = await self._take(payload)
                if said:
                    writer.write(said)
                    await asyncio.wait_for(writer.drain(), WRITE)
                    self.counts.answered += 1
            self.counts.garbage_bytes += stream.passed_over - passed_over
            passed_over = stream.passed_over

    async def _take(self, payload: bytes) -> bytes:
        """Pass one frame on; give our answer, or nothing where none is due."""
        self.counts.frames += 1
        try:
            frame = parse(payload)
        except Malformed:
            await self._broken(payload)
            return b""
        if not MN.fullmatch(frame.mn):
            await self._broken(payload)
            return b""
        entry = self._stations.entry(frame, self._clock())
        self._note(frame.mn, entry)
        if entry in {Entry.WRONG_PASSWORD, Entry.TOO_OFTEN}:
            return b""
        if frame.cn[:1] not in OWN and not await self._pass_on(frame.mn, payload):
            return b""
        return _answer(frame)

    def _note(self, mn: str, entry: Entry) -> None:
        """Count what is not as it should be; say so once a station."""
        if entry is Entry.KNOWN:
            return
        setattr(self.counts, COUNTED[entry], getattr(self.counts, COUNTED[entry]) + 1)
        if len(self._named) >= MOST_NAMES:
            self._named.clear()
        if (mn, entry) not in self._named and entry is not Entry.TOO_OFTEN:
            self._named.add((mn, entry))
            log.warning("a station is not as registered", mn=mn, why=entry.value)

    async def _broken(self, payload: bytes) -> None:
        """Show the platform what is broken, once in a while a station; it is not answered."""
        self.counts.broken += 1
        named = NAMED.search(payload)
        mn = named[1].decode() if named else NAMELESS
        if self._stations.seldom(f"broken {mn}", self._clock()):
            await self._pass_on(mn, payload)
        else:
            self.counts.held_back += 1

    async def _pass_on(self, mn: str, payload: bytes) -> bool:
        """Publish a frame and tell whether the broker took it.  Raises TimeoutError where it says nothing."""
        taken: asyncio.Future[bool] = self._loop.create_future()

        def settle(answer: bool) -> None:  # noqa: FBT001  # one thing is told
            if not taken.done():
                taken.set_result(answer)

        def done(answer: bool) -> None:  # noqa: FBT001  # one thing is told
            with suppress(RuntimeError):  # we may have stopped meanwhile
                self._loop.call_soon_threadsafe(settle, answer)

        async with asyncio.timeout(PATIENCE):
            while not self._publish(f"{TOPICS}/{mn}", payload, done):  # noqa: ASYNC110  # another thread makes room
                await asyncio.sleep(ROOM)
            took = await taken
        if took:
            self.counts.published += 1
            return True
        self.counts.refused += 1
        return False


def _answer(frame: Frame) -> bytes:
    """Write what a logger that asks for it is told: that we have its notice or its data."""
    if frame.cn in NOTICES:
        return answer(frame, NOTICE_ANSWER) if frame.wants_answer else b""
    return answer(frame, DATA_ANSWER) if frame.wants_answer and frame.cn[:1] not in OWN else b""

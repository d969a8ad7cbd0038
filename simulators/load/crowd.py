"""A crowd of devices at one broker: who is connected, who speaks when, and how all of it stands.

One thread and one loop.  Nothing that a device has said is dropped: where the broker does not follow, the crowd falls
behind, and says by how much.
"""

import asyncio
import heapq
import os
import random
import ssl
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Final

from adapters.clock import Clock
from adapters.endpoint import Endpoint
from park.instant import to_ms
from simulators.load.line import Line, Manners
from simulators.load.link import Link
from simulators.load.packet import Door
from simulators.load.speaker import Service, Speaker
from simulators.load.station import Station
from simulators.load.tally import Standing, Tally
from simulators.voices.voice import Utterance

TICK: Final = 0.02
LOOK: Final = 1.0
DIALLING: Final = 500
"""Attempts to connect under way at once."""
PATIENCE: Final = 15.0
BATCH: Final = 1_000
"""Messages that are said before the broker is listened to again."""
MOST: Final = 100_000
"""Messages that may wait or be under way before the devices wait too."""
SHARED_WINDOW, OWN_WINDOW = 2_000, 20
"""Messages under way on a connection that many devices share, and on one of a single device."""
HANG_UP: Final = 5.0

Show = Callable[[Standing], None]


class NoBroker(Exception):
    """There is no broker to speak to; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a crowd reaches the broker."""

    target: Endpoint
    connections: int | None = None
    """How many connections all share; None for one each."""
    ramp: float = 500.0
    """Connections opened a second."""
    name: str = "load"
    """What the client ids of shared connections begin with."""


class Crowd:
    """The devices and their connections; `run` does it all."""

    def __init__(self, speakers: Sequence[Speaker], way: Way, clock: Clock) -> None:
        """Take who speaks, and how; nothing is opened yet."""
        self._speakers = speakers
        self._way = way
        self._clock = clock
        self._tally = Tally()
        self._lines: list[Link] = []
        self._of: list[Link] = []
        """The line of each speaker, by its place."""
        self._elsewhere: dict[Link, Service] = {}
        """Where a line leads that does not lead to the broker."""
        self._due: list[tuple[int, int]] = []
        self._to_dial: list[tuple[float, int, Link]] = []
        self._dialled = 0
        self._dialling: set[asyncio.Task[None]] = set()
        self._leaving = False
        self._began = 0.0
        self._behind_ms = 0

    async def run(self, stop: Event, *, lasts: float | None, show: Show, drain: float) -> Standing:
        """Speak until told to stop, or for so many seconds; then say goodbye and wait for what is under way.

        Raises NoBroker where nobody listens at the start.
        """
        loop = asyncio.get_running_loop()
        tls = self._trust()
        await self._probe(tls)
        self._began = loop.time()
        self._connect_all()
        works = [asyncio.create_task(work) for work in (self._dial(tls), self._speak(), self._watch(show))]
        try:
            while not stop.is_set() and (lasts is None or loop.time() - self._began < lasts):
                await asyncio.sleep(TICK)
                _raise_what_failed(works)
            works.pop(1).cancel()
            spoken = self._standing()  # a farewell of all at once says nothing about how quick the broker is
            self._say_goodbye()
            spoke = loop.time()
            while self._tally.in_flight and loop.time() - spoke < drain:  # noqa: ASYNC110  # a clock ends it as well
                await asyncio.sleep(TICK)
        finally:
            self._leaving = True
            for each in (*works, *self._dialling):
                each.cancel()
            await asyncio.gather(*works, *self._dialling, return_exceptions=True)
            standing = self._standing()
            await self._hang_up()
        return standing._replace(p50_ms=spoken.p50_ms, p99_ms=spoken.p99_ms)

    def _trust(self) -> ssl.SSLContext | None:
        if not self._way.target.tls:
            return None
        ca_file = self._way.target.ca_file
        try:
            return ssl.create_default_context(cafile=ca_file)
        except OSError as error:
            raise NoBroker(f"CA 证书 {ca_file} 无法读取 / the CA file cannot be used: {error}") from error

    async def _probe(self, tls: ssl.SSLContext | None) -> None:
        target = self._way.target
        try:
            async with asyncio.timeout(PATIENCE):
                _, writer = await asyncio.open_connection(target.host, target.port, ssl=tls)
        except (OSError, TimeoutError) as error:
            raise NoBroker(
                f"连接不上 MQTT 服务器 {target}: {error or '超时 / timeout'}; 请检查地址、端口以及服务是否已启动 / "
                f"cannot reach the MQTT broker at {target}: check its address and port, and that it runs"
            ) from error
        writer.close()

    def _connect_all(self) -> None:
        """Make the lines, and have each dialled."""
        share = self._way.connections
        groups: list[Sequence[Speaker]]
        if share is None:
            groups = [[speaker] for speaker in self._speakers]
        else:
            groups = [self._speakers[place::share] for place in range(min(share, len(self._speakers)))]
        for place, group in enumerate(groups):
            line = self._link(place, group)
            self._lines.append(line)
            heapq.heappush(self._to_dial, (0.0, place, line))
        self._dialled = len(groups)
        self._of = [self._lines[place % len(groups)] for place in range(len(self._speakers))]
        now = self._now()
        self._due = [(speaker.first(now), place) for place, speaker in enumerate(self._speakers)]
        heapq.heapify(self._due)

    def _link(self, place: int, group: Sequence[Speaker]) -> Link:
        target, own = self._way.target, self._way.connections is None
        if own and group[0].listener is not None:
            station = Station(self._tally, ended=self._again)
            self._elsewhere[station] = group[0].listener
            return station
        door = group[0].door if own else Door(f"{self._way.name}-{place}", target.user, target.password)
        window = OWN_WINDOW if own else SHARED_WINDOW
        return Line(door, self._manners(group, own=own), self._tally, window=window, ended=self._again)

    def _manners(self, group: Sequence[Speaker], *, own: bool) -> Manners:
        def heard(topic: str, payload: bytes) -> Iterable[Utterance]:
            asked = [speaker for speaker in group if speaker.voice.heard(topic, payload)]
            return [said for speaker in asked for said in speaker.hello(self._now())]

        return Manners(
            will=(lambda: group[0].voice.will(self._now())) if own else (lambda: None),
            hello=lambda: [said for speaker in group for said in speaker.hello(self._now())],
            hears=tuple(topic for speaker in group for topic in speaker.voice.hears),
            heard=heard,
        )

    def _now(self) -> int:
        return to_ms(self._clock())

    async def _dial(self, tls: ssl.SSLContext | None) -> None:
        """Open connections, as many a second as are allowed and no more at once than is sensible."""
        loop = asyncio.get_running_loop()
        slot = loop.time()
        while True:
            due = self._to_dial and self._to_dial[0][0] <= loop.time() and len(self._dialling) < DIALLING
            if not due:
                await asyncio.sleep(TICK)
                slot = max(slot, loop.time() - TICK)
                continue
            line = heapq.heappop(self._to_dial)[2]
            task = asyncio.create_task(self._open(line, tls))
            self._dialling.add(task)
            task.add_done_callback(self._dialling.discard)
            slot += 1 / self._way.ramp
            if slot > loop.time():
                await asyncio.sleep(slot - loop.time())

    async def _open(self, line: Link, tls: ssl.SSLContext | None) -> None:
        where: Endpoint | Service = self._way.target
        if line in self._elsewhere:
            where, tls = self._elsewhere[line], None
        try:
            async with asyncio.timeout(PATIENCE):
                await asyncio.get_running_loop().create_connection(lambda: line, where.host, where.port, ssl=tls)
        except (OSError, TimeoutError) as error:
            number = getattr(error, "errno", None)
            self._tally.refused[os.strerror(number) if number else str(error) or "超时 / timeout"] += 1
            line.failures += 1
            self._again(line)

    def _again(self, line: Link) -> None:
        """Have a line dialled once more, after a while."""
        if self._leaving:
            return
        due = asyncio.get_running_loop().time() + line.pause(random.random())
        self._dialled += 1
        heapq.heappush(self._to_dial, (due, self._dialled, line))

    async def _speak(self) -> None:
        """Have each device speak at its instants; one that was never connected says nothing yet."""
        while True:
            now = self._now()
            spoken: set[Link] = set()
            full = False
            for _ in range(BATCH):
                at, place = self._due[0]
                full = self._tally.in_flight >= MOST
                if at > now or full:
                    break
                speaker, line = self._speakers[place], self._of[place]
                if line.was_up:
                    line.say(speaker.says(at))
                    spoken.add(line)
                heapq.heapreplace(self._due, (at + speaker.period_ms, place))
            for line in spoken:
                line.flush()
            wait_ms = self._due[0][0] - self._now()
            self._behind_ms = max(0, -wait_ms)
            await asyncio.sleep(TICK if full else min(TICK, max(0, wait_ms) / 1000))

    async def _watch(self, show: Show) -> None:
        """Look after the lines, and tell how it stands."""
        while True:
            await asyncio.sleep(LOOK)
            for line in self._lines:
                line.tend()
            show(self._standing())

    def _say_goodbye(self) -> None:
        now = self._now()
        for speaker, line in zip(self._speakers, self._of, strict=True):
            if line.was_up:
                line.say(speaker.voice.goodbye(now))
        for line in self._lines:
            line.flush()

    async def _hang_up(self) -> None:
        loop = asyncio.get_running_loop()
        lines = self._lines
        for line in lines:
            line.leave()
        began = loop.time()
        while any(line.open for line in lines) and loop.time() - began < HANG_UP:  # noqa: ASYNC110  # as above
            await asyncio.sleep(TICK)

    def _standing(self) -> Standing:
        tally = self._tally
        p50, p99 = (_ms(tally.percentile(share)) for share in (0.5, 0.99))
        return Standing(
            seconds=asyncio.get_running_loop().time() - self._began,
            devices=len(self._speakers),
            connections=len(self._lines),
            connected=tally.connected,
            said=tally.said,
            published=tally.published,
            acked=tally.acked,
            in_flight=tally.in_flight,
            reconnects=max(0, tally.connections - sum(line.was_up for line in self._lines)),
            failed=dict(tally.refused),
            behind=self._behind_ms / 1000,
            p50_ms=p50,
            p99_ms=p99,
        )


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 2)


def _raise_what_failed(works: Iterable[asyncio.Task[None]]) -> None:
    """End with what ended a work: none of them ends by itself."""
    for work in works:
        if work.done():
            work.result()

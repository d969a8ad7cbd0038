"""The alerts' own thread: it listens to the broker, judges, writes down, has people told, and only then acknowledges.

It waits for no database.  What it needs of them (rules, registry, what people asked for) is fetched by another thread
(`rules.wanted`) and taken from there; what they are to know is copied to them by a third (`rules.mirror`).
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Event
from typing import Protocol

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from adapters.clock import Clock
from adapters.log import logger
from adapters.mqtt import Arrival, Endpoint, LoopClient, Waker
from park.care import Action
from park.engine import LATE, Change, Engine
from park.registry import Registry
from park.rule import Rule
from park.rulebook import bind
from rules.alert_ledger import AlertLedger
from rules.hearing import Hearing

TICK = 0.1
"""Seconds between two looks at what time alone changes."""
GROUP = timedelta(milliseconds=200)
"""How long a message that changed nothing may wait for others to share its commit."""
MOST = 1_000
SMALL_WINDOW = 10
"""MQTT 3.1.1 brokers hand out as few as 20 messages before the first acknowledgement."""
SESSION_SECONDS = 7 * 86_400
BACKOFF_MOST = 5.0
CAUGHT_UP = timedelta(seconds=5)
"""Once readings are no older than this, the backlog of our own absence is in."""
LONGEST_CATCH_UP = timedelta(minutes=10)
HEARTBEAT = timedelta(seconds=5)
log = logger(__name__)


class Wanted(Protocol):
    """What the databases say, as last heard; asking never waits."""

    def registry(self) -> Registry:
        """Give the registry."""

    def rules(self) -> Sequence[Rule]:
        """Give every rule."""

    def edition(self) -> object:
        """Give something that differs after every change of the two."""

    def actions(self) -> Sequence[Action]:
        """Give what people asked for since the last time, in order."""


class AlertWatch:
    """Watches until told to stop."""

    def __init__(
        self,
        *,
        client: LoopClient,
        target: Endpoint,
        topics: Sequence[str],
        prefix: str,
        ledger: AlertLedger,
        wanted: Wanted,
        engine: Engine,
        clock: Clock,
    ) -> None:
        self._client = client
        self._target = target
        self._topics = topics
        self._ledger = ledger
        self._wanted = wanted
        self._engine = engine
        self._clock = clock
        self._hearing = Hearing(wanted.registry, prefix)
        self._edition: object = None
        self._rules: dict[str, Rule] = {}
        self._mids: list[int] = []
        self._left_over: list[Arrival] = []
        """What came by a connection that is no more: it is heard, and never acknowledged on another."""
        self._lost_at: datetime | None = None
        self._batch = MOST if client.five else SMALL_WINDOW
        now = clock()
        self._kept = now
        self._failures = 0
        before = ledger.heartbeat()
        self._away = max(now - before, timedelta(0)) if before is not None else timedelta(0)
        self._catching_up_until = now + LONGEST_CATCH_UP
        self._listening = False
        self.heard: datetime | None = None
        """When the last message came."""
        self.lag: timedelta | None = None
        """How old the newest reading of the last batch was."""
        self.messages = self.readings = self.refused = self.changes = 0
        self.trouble: str | None = None
        """Why the broker does not talk to us; None is well."""
        self.waker = Waker()
        client.on_connect = self._connected
        client.on_disconnect = self._disconnected
        client.on_subscribe = self._subscribed

    def run(self, stop: Event) -> None:
        """Watch until `stop` is set (then `waker.wake()`)."""
        while not stop.is_set():
            self._follow()
            if self._client.socket() is None:
                self._open(stop)
            self._client.turn(TICK, wake=self.waker)
            now = self._clock()
            self._listen(now)
            self._let_pass(now)
        self._keep(self._clock())
        self._client.turn(0)
        self._client.disconnect()
        self._client.turn(0)
        self.waker.close()

    def _follow(self) -> None:
        """Take over changed rules and meters, and what people asked for."""
        now = self._clock()
        edition = self._wanted.edition()
        if edition != self._edition:
            self._edition = edition
            self._rules = {rule.id: rule for rule in self._wanted.rules()}
            memories = self._engine.memories()
            book = bind(self._rules.values(), self._wanted.registry())
            self._engine = Engine(book, memories, now)
            self._ledger.withdraw(memories.keys() - book.watches.keys(), self._engine, now)
            log.info("rules bound", rules=len(self._rules), watches=len(book.watches))
        actions = self._wanted.actions()
        if actions:
            self._ledger.act(actions, self._engine, now)

    def _listen(self, now: datetime) -> None:
        fresh = self._client.take()
        arrived, self._left_over = self._left_over + fresh, []
        if not arrived:
            return
        self.heard = now
        self.messages += len(arrived)
        self._mids += [message.mid for message in fresh if message.qos]
        said = self._hearing.read(arrived, now)
        self.readings += len(said.readings)
        self.refused += said.refused
        late = LATE + self._away
        turns = self._engine.hear(said.readings, now, late=late)
        if said.readings:
            self.lag = now - max(reading.at for reading in said.readings)
            if self._away and (self.lag < CAUGHT_UP or now > self._catching_up_until):
                self._away = timedelta(0)
        self._enter(turns, now)

    def _let_pass(self, now: datetime) -> None:
        """See what time alone has changed; while nobody is heard, nobody is silent."""
        self._enter(self._engine.tick(now, listening=self._listening), now)
        self._ledger.expire(self._engine, now)
        due = now - self._kept >= (GROUP if self._mids else HEARTBEAT)
        if due or len(self._mids) >= self._batch:
            self._keep(now)

    def _enter(self, turns: list[Change], now: datetime) -> None:
        if not turns:
            return
        self.changes += len(turns)
        if self._ledger.enter_turns(turns, self._rules, self._engine, now):
            self._acknowledge(now)

    def _keep(self, now: datetime) -> None:
        self._kept = now
        if self._ledger.keep(self._engine, now):
            self._acknowledge(now)

    def _acknowledge(self, now: datetime) -> None:
        """Let the broker forget what is written down."""
        self._kept = now
        self._client.acknowledge(self._mids)
        self._mids = []

    def _open(self, stop: Event) -> None:
        """Connect; after failures, wait before that a while that grows with them.  Time passes meanwhile."""
        if self._failures:
            pause = min(BACKOFF_MOST, TICK * 2.0 ** min(self._failures, 10)) * random.uniform(0.5, 1.0)  # noqa: S311  # jitter
            until = self._clock() + timedelta(seconds=pause)
            while self._clock() < until and not stop.wait(TICK):
                self._let_pass(self._clock())
        try:
            self._client.open(self._target, expiry=SESSION_SECONDS)
        except (OSError, ValueError) as error:
            self._failed(f"broker {self._target}: {getattr(error, 'strerror', None) or error}")

    def _failed(self, words: str) -> None:
        self._failures += 1
        if self.trouble != words:
            log.warning("broker not reachable", why=words)
        self.trouble = words

    # --- what paho tells us; nothing here may raise -------------------------------------------------------------------

    def _connected(
        self, client: Client, _data: object, _flags: ConnectFlags, code: ReasonCode, _props: Properties | None
    ) -> None:
        if code.is_failure:
            self._failed(f"broker {self._target} refused us: {code}")
            return
        client.subscribe([(topic, 1) for topic in self._topics])

    def _subscribed(
        self, _client: Client, _data: object, _mid: int, codes: list[ReasonCode], _props: Properties | None
    ) -> None:
        if any(code.is_failure for code in codes):
            self.trouble = f"the broker does not let us subscribe to {', '.join(self._topics)}"
            log.error("subscription refused", topics=list(self._topics))
            return
        self.trouble = None
        self._failures = 0
        self._listening = True
        now = self._clock()
        if self._lost_at is not None:
            self._away = max(self._away, now - self._lost_at)
            self._catching_up_until = now + LONGEST_CATCH_UP
        self._engine.awaken(now)
        log.info("watching", broker=str(self._target))

    def _disconnected(
        self, _client: Client, _data: object, _flags: DisconnectFlags, code: ReasonCode, _props: Properties | None
    ) -> None:
        """Message numbers die with the connection; what was not acknowledged comes again."""
        self._left_over += self._client.take()
        self._mids = []
        if self._listening:
            self._lost_at = self._clock()
            log.warning("connection lost", broker=str(self._target), why=str(code))
        self._listening = False
        self.trouble = self.trouble or f"connection to {self._target} lost: {code}"
        self._failures += 1

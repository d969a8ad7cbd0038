"""The alerts' own thread: it listens to the broker, judges, writes down, has people told, and only then acknowledges.

It waits for no database.  What it needs of them (rules, registry, what people asked for) is fetched by another thread
(`rules.wanted`) and taken from there; what they are to know is copied to them by a third (`rules.mirror`).
"""

import random
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from threading import Event
from typing import Protocol

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from adapters.clock import Clock
from adapters.log import logger
from adapters.mqtt import Arrival, Endpoint, LoopClient, Waker
from adapters.subscriptions import Subscriptions
from park.care import Action
from park.engine import LATE, Change, Engine
from park.reading import Reading
from park.registry import Registry
from park.routes import filters
from park.rulebook import Key, bind
from park.watching import Memory
from rules.alert_ledger import AlertLedger
from rules.backlog import Backlog
from rules.hearing import Hearing
from rules.tally import Tally
from rules.wanted import Known

TICK = 0.1
"""Seconds between two looks at what time alone changes."""
GROUP = timedelta(milliseconds=200)
"""How long a message that changed nothing may wait for others to share its commit."""
MOST = 1_000
MOST_HELD = 2_000
"""With a disk that takes nothing, so many are held back; then they are let go: to hear nothing more is worse."""
SMALL_WINDOW = 10
"""MQTT 3.1.1 brokers hand out as few as 20 messages before the first acknowledgement."""
SESSION_SECONDS = 7 * 86_400
BACKOFF_MOST = 5.0
STEADY = timedelta(seconds=5)
"""A connection that ends sooner is a failure."""
CONNECT_WITHIN = 3.0
"""Seconds: while we knock, nothing is judged."""
TAKEN_OVER = 0x8E
"""The broker's reason for ending a connection whose session another has now."""
KEEP_ALIVE, REMIND = timedelta(seconds=5), timedelta(seconds=1)
log = logger(__name__)


class Wants(Protocol):
    """What the databases say, as last heard; asking never waits."""

    def known(self) -> Known | None:
        """Give what to watch: the same object until something changed; None where nothing was ever heard."""

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
        wanted: Wants,
        memories: Mapping[Key, Memory],
        clock: Clock,
    ) -> None:
        """Go on from what is stored: the records in the ledger, and what every watch remembered."""
        self._client = client
        self._target = target
        self._subscriptions = Subscriptions(client, dict.fromkeys(topics, 1))
        self._prefix = prefix
        self._ledger = ledger
        self._wanted = wanted
        self._clock = clock
        now = clock()
        self._known: Known | None = None
        self._memories: Mapping[Key, Memory] | None = memories
        self._engine = Engine(bind((), Registry()), {}, now)
        self._hearing = Hearing(prefix)
        self._beside: deque[Reading] = deque()
        """What the accounts say."""
        self._mids: list[int] = []
        self._left_over: list[Arrival] = []
        """What came by a connection that is no more: it is heard, and never acknowledged on another."""
        self._batch = MOST if client.five else SMALL_WINDOW
        self._kept = self._reminded = now
        self._failures = 0
        self._try_again = self._since = now
        self._backlog = Backlog(now, ledger.listened())
        self._listening = self._leaving = False
        self.tally = Tally()
        self.ousted: datetime | None = None
        """When another last took our session at the broker; only MQTT 5 says so."""
        self.trouble: str | None = "not connected yet"
        """Why the broker does not talk to us; None is well."""
        self.waker = Waker()
        client.connect_timeout = CONNECT_WITHIN
        client.on_connect = self._connected
        client.on_disconnect = self._disconnected
        client.on_subscribe = self._subscribed

    @property
    def watches(self) -> int:
        """How many alerts there may be."""
        return 0 if self._known is None else len(self._known.book.watches)

    @property
    def rules(self) -> int:
        """How many rules watch something."""
        return 0 if self._known is None else len({key.rule for key in self._known.book.watches})

    @property
    def meters(self) -> int:
        """How many meters are watched."""
        return 0 if self._known is None else len({key.meter for key in self._known.book.watches})

    def say(self, readings: Sequence[Reading]) -> None:
        """Take readings that came by no message; for any thread.  They are judged with the next look, and not kept."""
        self._beside.extend(readings)

    def run(self, stop: Event) -> None:
        """Watch until `stop` is set (then `waker.wake()`)."""
        while not stop.is_set():
            self._follow()
            if self._client.socket() is None and self._clock() >= self._try_again:
                self._open()
            if self._client.socket() is None:
                stop.wait(TICK)
            else:
                self._client.turn(TICK, wake=self.waker)
            self._listen(self._clock())
            self._listen_beside(self._clock())
            self._let_pass(self._clock())
        self._keep(self._clock())
        self._client.turn(0)
        self._leaving = True
        self._client.disconnect()
        self._client.turn(0)
        self.waker.close()

    def _follow(self) -> None:
        """Take over changed rules and meters, and what people asked for."""
        known = self._wanted.known()
        if known is not None and known is not self._known:
            self._bind(known, self._clock())
        if self._known is not None and (actions := self._wanted.actions()):
            self._ledger.act(actions, self._engine, self._clock())

    def _bind(self, known: Known, now: datetime) -> None:
        memories = self._engine.memories() if self._memories is None else self._memories
        self._known, self._memories = known, None
        episodes = {key: record.episode for key, record in self._ledger.records.items()}
        self._engine = Engine(known.book, memories, now, awake=self._engine.awake, episodes=episodes)
        self._hearing.against(known.registry)
        self._subscriptions.follow(filters(known.registry.meters, self._prefix))
        self._ledger.reconcile(self._engine, memories.keys(), now)
        log.info("rules bound", rules=len(known.rules), watches=len(known.book.watches))

    def _listen(self, now: datetime) -> None:
        """Hear what came; before we know what to watch, it waits, and the broker with it."""
        if self._known is None:
            return
        fresh = self._client.take()
        arrived, self._left_over = self._left_over + fresh, []
        if not arrived:
            return
        self._mids += [message.mid for message in fresh if message.qos]
        said, tally = self._hearing.read(arrived, now), self.tally
        tally.heard = now
        tally.messages += len(arrived)
        tally.readings += len(said.readings)
        tally.refused += said.refused
        for wish in self._hearing.wishes(now):
            self._client.publish(wish.topic, wish.payload)
        newest = max((reading.at for reading in said.readings), default=None)
        if newest is not None:
            tally.lag = now - newest
        late = self._backlog.late(now)
        turns = self._engine.hear(said.readings, now, late=late or LATE, behind=late is not None)
        self._backlog.heard(now, newest)
        self._enter(turns, now)

    def _listen_beside(self, now: datetime) -> None:
        if self._known is not None and self._beside:
            said = [self._beside.popleft() for _ in range(len(self._beside))]
            self._enter(self._engine.hear(said, now), now)

    def _let_pass(self, now: datetime) -> None:
        """See what time alone has changed; while nobody is heard, nobody is silent."""
        self.tally.looked = now
        self.tally.ticks += 1
        if self._known is not None and not self._backlog.stands(now):
            self._enter(self._engine.tick(now, listening=self._listening), now)
        if self._known is not None and now - self._reminded >= REMIND:
            self._reminded = now
            self._ledger.pass_time(self._engine, now)
        due = now - self._kept >= (GROUP if self._mids else KEEP_ALIVE)
        if due or len(self._mids) >= self._batch:
            self._keep(now)
        self.tally.held = len(self._mids)

    def _enter(self, turns: list[Change], now: datetime) -> None:
        if turns and self._known is not None:
            self.tally.changes += len(turns)
            self._ledger.enter_turns(turns, self._known.rules, self._engine, now)

    def _keep(self, now: datetime) -> None:
        if self._ledger.keep(self._engine, now, listened=self._listening and not self._backlog.behind(now)):
            self._acknowledge(now)
            return
        self._kept = now
        if len(self._mids) >= (MOST_HELD if self._client.five else SMALL_WINDOW):
            self.tally.let_go += len(self._mids)
            self._acknowledge(now)

    def _acknowledge(self, now: datetime) -> None:
        """Let the broker forget what is written down."""
        self._kept = now
        self._client.acknowledge(self._mids)
        self._mids = []

    def _open(self) -> None:
        """Connect; after failures, the next time is a while away that grows with them."""
        self._since = self._clock()
        try:
            self._client.open(self._target, expiry=SESSION_SECONDS)
        except (OSError, ValueError) as error:  # ValueError: a host name that no resolver takes
            self._failed(f"broker {self._target}: {getattr(error, 'strerror', None) or error}")

    def _failed(self, words: str) -> None:
        self._failures += 1
        pause = min(BACKOFF_MOST, TICK * 2.0 ** min(self._failures, 10)) * random.uniform(0.5, 1.0)  # noqa: S311  # jitter
        self._try_again = self._clock() + timedelta(seconds=pause)
        if self.trouble != words:
            log.warning("broker not reachable", why=words)
        self.trouble = words

    # --- what paho tells us; nothing here may raise -------------------------------------------------------------------

    def _connected(
        self, _client: Client, _data: object, _flags: ConnectFlags, code: ReasonCode, _props: Properties | None
    ) -> None:
        if code.is_failure:
            self._failed(f"broker {self._target} refused us: {code}")
            return
        self._subscriptions.begin()

    def _subscribed(
        self, _client: Client, _data: object, mid: int, codes: list[ReasonCode], _props: Properties | None
    ) -> None:
        if not self._subscriptions.answered(mid, [code.is_failure for code in codes]):
            return
        words = self._subscriptions.refusal
        if words is not None:
            log.error("subscription refused", why=words)
        self.trouble = words
        if self._listening or self._subscriptions.blind:
            return
        self._listening = True
        now = self._clock()
        self._backlog.connected(now)
        self._engine.awaken(now)
        log.info("watching", broker=str(self._target))

    def _disconnected(
        self, _client: Client, _data: object, _flags: DisconnectFlags, code: ReasonCode, _props: Properties | None
    ) -> None:
        """Message numbers die with the connection; what was not acknowledged comes again."""
        self._left_over += self._client.take()
        self._mids = []
        now = self._clock()
        self._backlog.lost(now)
        self._listening = False
        if self._leaving:
            return
        if code.value == TAKEN_OVER:
            self.ousted = now
        if now - self._since >= STEADY:
            self._failures = 0
        self._failed(f"connection to {self._target} lost: {code}")

"""The first stage: from the broker into the spool, and only then the acknowledgement.

One thread reads, commits and acknowledges, so nothing can be acknowledged before it is on the disk, and no
acknowledgement can reach another connection than the one its message came by.
"""

import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Event

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from adapters.clock import Clock
from adapters.log import logger
from adapters.mqtt import Arrival, Endpoint, LoopClient, Waker
from adapters.spool import Spool, SpoolError, SpoolFull
from collector.counts import Counts
from collector.following import Following
from collector.message import Message, pack, weight
from collector.rival import Rival
from collector.speaker import Speaker
from park.decode import MAX_BYTES
from park.instant import to_ms

LINGER = timedelta(milliseconds=10)
"""How long a message may wait for others to share its commit."""
IDLE = 0.5
BATCH = 2_000
SMALL_WINDOW = 10
"""MQTT 3.1.1 brokers hand out as few as 20 messages before the first acknowledgement: commit at half of that."""
BATCH_BYTES = 4 * 1024 * 1024
HOLD_BYTES = 32 * 1024 * 1024
MOST_PAYLOAD = 2 * MAX_BYTES
"""Of a longer message the head is kept: it is refused as too large whatever it says, and nobody may fill the spool."""
RETRY = timedelta(seconds=1)
BACKOFF_MOST = 5.0
SILENCE = timedelta(milliseconds=300)
"""A broker that has said nothing for so long holds nothing for us any more."""
STEADY = timedelta(seconds=5)
"""A connection that ends sooner is a failure."""
SESSION_SECONDS = 7 * 86_400
"""How long the broker keeps our session, and what it holds for us, while we are away: a holiday."""

RAW = "raw"
log = logger(__name__)


class Receiver:
    """Takes messages from the broker into the spool until told to stop."""

    def __init__(
        self,
        *,
        client: LoopClient,
        rival: Rival,
        target: Endpoint,
        filters: list[str],
        spool: Spool,
        counts: Counts,
        clock: Clock,
        on_spooled: Callable[[], None],
        foreign: Callable[[], Sequence[str] | None] = tuple,
    ) -> None:
        """Take the parts; `foreign` gives the filters to listen to beside the fixed ones."""
        self._client = client
        self._rival = rival
        self._target = target
        self._spool = spool
        self._following = Following(client=client, fixed=filters, foreign=foreign, spool=spool, counts=counts)
        self.speaker = Speaker(client=client, counts=counts, clock=clock)
        self._counts = counts
        self._clock = clock
        self._on_spooled = on_spooled
        self._waiting: list[Message] = []
        self._mids: list[int] = []
        self._bytes = 0
        self._loose = 0
        self._batch = BATCH if client.five else SMALL_WINDOW
        self._due = clock()
        self._since = self._due
        self._failures = 0
        self._pause = timedelta(0)
        self._leaving = False
        self._session_kept = False
        self.last_wait = timedelta(0)
        """How long a stop may go on taking what the broker holds for us: for a broker that ends with us."""
        self.waker = Waker()
        client.on_connect = self._connected
        client.on_disconnect = self._disconnected
        client.on_subscribe = self._subscribed

    def run(self, stop: Event) -> None:
        """Receive until `stop` is set (then `waker.wake()`), and leave nothing un-spooled that was taken."""
        while not stop.is_set():
            self._following.look()
            if self._client.socket() is None and not self._open(stop):
                continue
            self._client.turn(self._patience(), wake=self.waker)
            self._take()
            self._keep()
            self.speaker.speak()
            self._be_alone()
        self._drain()
        self._take()
        self._keep(at_once=True)
        self._client.turn(0)
        self._leaving = True
        self._client.disconnect()
        self._client.turn(0)
        self.waker.close()

    def _drain(self) -> None:
        """Go on until the broker falls silent, as long as a stop may wait for that."""
        end = quiet = self._clock() + self.last_wait
        while self._counts.connected and self._clock() < min(end, quiet):
            before = self._counts.received
            self._client.turn(SILENCE.total_seconds() / 4)
            self._take()
            self._keep()
            if self._counts.received != before or quiet == end:
                quiet = self._clock() + SILENCE

    def _open(self, stop: Event) -> bool:
        """Connect; after failures, wait before that a while that grows with them."""
        if self._pause:
            self._keep(at_once=True)
            stop.wait(self._pause.total_seconds())
            self._pause = timedelta(0)
        elif self._failures:
            stop.wait(min(BACKOFF_MOST, 0.1 * 2.0 ** min(self._failures, 10)) * random.uniform(0.5, 1.0))  # noqa: S311  # jitter
        if stop.is_set():
            return False
        try:
            self._client.open(self._target, expiry=SESSION_SECONDS)
        except (OSError, ValueError) as error:  # ValueError: a host name that no resolver takes
            self._failed(f"broker {self._target}: {getattr(error, 'strerror', None) or error}")
            return False
        return True

    def _failed(self, words: str) -> None:
        """Note that there is no connection; say so once."""
        self._failures += 1
        self._rival.absent()
        if self._counts.trouble.get("broker") != words:
            log.warning("broker not reachable", why=words)
        self._counts.trouble["broker"] = words

    def _be_alone(self) -> None:
        """Forget a rival that has let us be for long."""
        counts = self._counts
        if "rival" in counts.trouble and counts.connected and self._clock() - self._since > self._rival.calm:
            del counts.trouble["rival"]
            log.info("the session is ours alone again")

    def _give_way(self, pause: timedelta) -> None:
        """Leave the session for a while to the program that takes it, and say so."""
        self._counts.takeovers += 1
        self._pause = pause
        words = self._counts.trouble["rival"] = self._counts.trouble["broker"] = self._rival.sentence()
        log.error("session taken by another program", why=words, again_in_seconds=round(pause.total_seconds()))

    def _patience(self) -> float:
        """How long the network may be waited for: not beyond the moment a batch is due."""
        if not self._waiting:
            return IDLE
        return min(IDLE, max(0.0, (self._due - self._clock()).total_seconds()))

    def _take(self) -> None:
        """Move what has arrived to the batch."""
        arrived = self._client.take()
        if not arrived:
            return
        now = self._clock()
        if not self._waiting:
            self._due = now + LINGER
        ms = to_ms(now)
        self._counts.received += len(arrived)
        self._counts.heard = now
        for arrival in arrived:
            self._add(arrival, ms)

    def _add(self, arrival: Arrival, ms: int) -> None:
        if arrival.qos:
            self._mids.append(arrival.mid)
        if arrival.retained:
            self._counts.retained += 1
            return
        message = Message(arrival.topic, arrival.payload[:MOST_PAYLOAD], ms, None, arrival.content_type)
        self._waiting.append(message)
        self._bytes += weight(message)
        self._loose += not arrival.qos

    def _keep(self, *, at_once: bool = False) -> None:
        """Commit the batch when it is due or large, and acknowledge it."""
        if not self._waiting and not self._mids:
            return
        large = len(self._waiting) >= self._batch or self._bytes >= BATCH_BYTES
        troubled = "spool" in self._counts.trouble
        if not at_once and self._clock() < self._due and (troubled or not large):
            return
        try:
            self._put()
        except SpoolError as error:
            self._hold(error)
            return
        if self._counts.trouble.pop("spool", None):
            log.info("spool keeps again")
        self._client.acknowledge(self._mids)
        self._counts.acknowledged += len(self._mids)
        self._forget()

    def _put(self) -> None:
        """Spool what waits: in one piece, or in as large ones as there is room for.

        What was held back while the spool was full may be more than the spool holds at all.
        """
        count = len(self._waiting)
        while self._waiting:
            piece = self._waiting[:count]
            try:
                self._spool.put(RAW, pack(piece))
            except SpoolFull:
                if count == 1:
                    raise
                count = (count + 1) // 2
                continue
            del self._waiting[:count]
            self._bytes -= sum(map(weight, piece))
            self._counts.spooled += len(piece)
            self._on_spooled()

    def _hold(self, error: SpoolError) -> None:
        """Keep what cannot be spooled in memory, un-acknowledged; beyond a bound give it back to the broker."""
        words = f"{type(error).__name__}: {error}"
        if "spool" not in self._counts.trouble:
            log.error("spool cannot keep messages; they stay with the broker", why=words)
        self._counts.trouble["spool"] = words
        self._counts.turned_away += 1
        self._due = self._clock() + RETRY
        if self._bytes >= HOLD_BYTES:
            self._counts.lost += min(self._loose, len(self._waiting))
            log.error("giving messages back to the broker", messages=len(self._waiting), lost_qos_0=self._loose)
            self._forget()
            self._client.disconnect()
            self._failures += 1

    def _forget(self) -> None:
        self._waiting, self._mids, self._bytes, self._loose = [], [], 0, 0

    # --- what paho tells us; nothing here may raise -------------------------------------------------------------------

    def _connected(
        self, _client: Client, _data: object, flags: ConnectFlags, code: ReasonCode, _props: Properties | None
    ) -> None:
        if code.is_failure:
            self._failed(f"broker {self._target} refused us: {code}; check user, password and MQTT version")
            return
        self._since = self._clock()
        self._counts.connected = True
        self._counts.trouble.pop("broker", None)
        self._session_kept = flags.session_present
        self._following.begin()

    def _subscribed(
        self, _client: Client, _data: object, mid: int, codes: list[ReasonCode], _props: Properties | None
    ) -> None:
        if self._following.answered(mid, [code.is_failure for code in codes]):
            self._counts.subscribed = True
            log.info("connected", broker=str(self._target), session_kept=self._session_kept)

    def _disconnected(
        self, _client: Client, _data: object, _flags: DisconnectFlags, code: ReasonCode, _props: Properties | None
    ) -> None:
        """Message numbers die with the connection; the messages themselves stay, and come a second time at worst."""
        self._take()  # or numbers of this connection would be acknowledged on the next
        self._mids = []
        self._counts.subscribed = False
        if self._leaving:
            self._counts.connected = False
        elif self._counts.connected:
            self._counts.reconnects += 1
            self._counts.connected = False
            lasted = self._clock() - self._since
            self._failures = self._failures + 1 if lasted < STEADY else 0
            self._counts.trouble["broker"] = f"connection to {self._target} lost: {code}"
            log.warning("connection lost", broker=str(self._target), why=str(code))
            pause = self._rival.closed(code, lasted)
            if pause is not None:
                self._give_way(pause)
        else:
            self._failed(self._counts.trouble.get("broker") or f"broker {self._target} closed the connection: {code}")

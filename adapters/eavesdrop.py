"""Listen at a broker to what one device says, as a third party would: nothing is taken from anybody, nothing stored.

Two connections: one is handed what the broker keeps (retained) and leaves; the other hears what is said from now on,
and with MQTT 5 sees whether it is said to be kept.
"""

import time
import uuid
from collections.abc import Sequence
from threading import Event, Lock
from typing import Final

from paho.mqtt.client import Client
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from adapters.clock import Clock
from adapters.endpoint import Endpoint
from adapters.mqtt import Arrival, LoopClient
from park.acceptance.heard import BrokerLine, Message, Plug, Session

LOG: Final = "$SYS/broker/log/N"
PATIENCE: Final = 10.0
SETTLE: Final = 1.0
"""What a broker keeps has come by then."""
TURN: Final = 0.2
MOST: Final = 200_000
MOST_BYTES: Final = 64 * 1024 * 1024
MOST_LINES: Final = 5_000
NOT_KEPT: Final = 2
"""MQTT 5 retain handling: send nothing that is kept when we subscribe."""


class CannotListen(Exception):
    """The broker does not let us listen; its words say why."""


class Eavesdropper:
    """One listening; `run` in one thread, everything else from any."""

    def __init__(
        self,
        target: Endpoint,
        filters: Sequence[str],
        *,
        version: str,
        clock: Clock,
        tls: bool | None = None,
        asks: Sequence[tuple[str, bytes]] = (),
    ) -> None:
        """Be ready to listen; `version` is what the broker speaks, 5 or 3.1.1.

        `asks` is said once to the device, topic and payload: one that speaks by numbers is asked for its names.
        """
        self._target = target
        self._filters = tuple(filters)
        self._version = version
        self._clock = clock
        self._tls = tls
        self._asks = tuple(asks)
        self._lock = Lock()
        self._messages: list[Message] = []
        self._lines: list[BrokerLine] = []
        self._bytes = 0
        self._plug: Plug | None = None
        self.since = clock()
        self.full = False
        """Whether more came than is held; what came later is left out."""
        self.trouble: str | None = None
        """Why nothing is heard at present."""

    @property
    def heard(self) -> int:
        """How many messages came so far."""
        return len(self._messages)

    def session(self) -> Session:
        """Give all that was heard so far."""
        with self._lock:
            messages, lines, plug = tuple(self._messages), tuple(self._lines), self._plug
        return Session(self.since, self._clock(), messages, lines, plug, self._version == "5", self._tls)

    def pull_plug(self) -> None:
        """Note that the engineer is asked to cut the device off now."""
        with self._lock:
            self._plug = Plug(self._clock())

    def end_plug(self) -> None:
        """Note that nobody waits for the device any more."""
        with self._lock:
            self._plug = None if self._plug is None else self._plug._replace(until=self._clock())

    def run(self, stop: Event) -> None:
        """Listen until `stop` is set; a lost connection is made again.  Raises CannotListen where it cannot begin."""
        self.since = self._clock()
        live = self._connect(kept=False)
        try:
            for topic, payload in self._asks:
                live.publish(topic, payload, 0)
            if live.five:
                self._hear_kept()
            while not stop.is_set():
                if live.socket() is None:
                    try:
                        live = self._connect(kept=False)
                    except CannotListen as error:
                        self.trouble = str(error)
                        stop.wait(1.0)
                        continue
                self.trouble = None
                live.turn(TURN)
                self._note(live.take(), live, kept=not live.five)
        finally:
            _leave(live)

    def _hear_kept(self) -> None:
        """Ask, on a connection of its own, for what the broker keeps."""
        client = self._connect(kept=True)
        try:
            end = time.monotonic() + SETTLE
            while time.monotonic() < end and client.socket() is not None:
                client.turn(TURN)
                self._note([one for one in client.take() if one.retained], client, kept=True)
        finally:
            _leave(client)

    def _connect(self, *, kept: bool) -> LoopClient:
        client = LoopClient(f"smartpark-acceptance-{uuid.uuid4().hex[:8]}", version=self._version, clean=True)
        refusals: list[ReasonCode] = []
        granted: list[list[ReasonCode]] = []

        def on_connect(_c: Client, _d: object, _f: object, reason: ReasonCode, _p: Properties | None) -> None:
            if reason.is_failure:
                refusals.append(reason)
                return
            options = SubscribeOptions(qos=1, retainAsPublished=True, retainHandling=0 if kept else NOT_KEPT)
            # A broker without MQTT 5 may hang up on who asks for its log, as the embedded one does.
            names = (*self._filters, LOG) if client.five and not kept else self._filters
            client.subscribe([(name, options) for name in names] if client.five else [(name, 1) for name in names])

        def on_subscribe(_c: Client, _d: object, _m: int, codes: list[ReasonCode], _p: Properties | None) -> None:
            granted.append(codes)

        client.on_connect = on_connect
        client.on_subscribe = on_subscribe
        try:
            client.open(self._target)
        except (OSError, ValueError) as error:
            raise CannotListen(f"broker {self._target}: {getattr(error, 'strerror', None) or error}") from error
        end = time.monotonic() + PATIENCE
        while not granted and not refusals and client.socket() is not None and time.monotonic() < end:
            client.turn(TURN)
        refusals += [code for code in (granted[0] if granted else [])[: len(self._filters)] if code.is_failure]
        if refusals or not granted:
            _leave(client)
            raise CannotListen(f"broker {self._target}: {refusals[0] if refusals else 'no answer'}")
        return client

    def _note(self, arrived: Sequence[Arrival], client: LoopClient, *, kept: bool) -> None:
        """Write down what came, and acknowledge it, or the broker would soon hand out no more."""
        if not arrived:
            return
        now = self._clock()
        client.acknowledge([one.mid for one in arrived if one.qos])
        with self._lock:
            for one in arrived:
                if one.topic == LOG:
                    if len(self._lines) < MOST_LINES:
                        self._lines.append(BrokerLine(now, one.payload.decode(errors="replace")))
                    continue
                self._bytes += len(one.payload)
                self.full = self.full or len(self._messages) >= MOST or self._bytes > MOST_BYTES
                if not self.full:
                    stored = kept and one.retained
                    self._messages.append(
                        Message(now, one.topic, one.payload, one.qos, one.retained, one.content_type or "", stored)
                    )


def _leave(client: LoopClient) -> None:
    client.disconnect()
    client.turn(0)

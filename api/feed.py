"""The thread that listens to the broker for the live values.

It reads messages with the same library calls as the collector: decode, admit.  It keeps no session: what passed while
nobody listened is in the store, whose newest values are taken beside (`api.renewal`).
"""

from __future__ import annotations

import uuid
from threading import Event, Thread
from typing import TYPE_CHECKING

from adapters.broker_endpoint import broker_endpoint
from adapters.log import logger
from adapters.mqtt import Arrival, LoopClient, Waker
from adapters.subscriptions import Subscriptions
from api.renewal import EVERY, Renewal
from park.asking import Asking
from park.decode.memory import Memory
from park.foreign import Foreign
from park.listener import Listener
from park.malformed import Malformed
from park.reading import Reading
from park.telemetry import Telemetry
from park.topic import Channel, subscription

if TYPE_CHECKING:
    from datetime import datetime

    from paho.mqtt.client import Client
    from paho.mqtt.reasoncodes import ReasonCode

    from adapters.clock import Clock
    from adapters.settings import Settings
    from api.live import Live
    from park.registry import Registry

PATIENCE = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds between attempts to reach the broker; the last one stays."""
STATES = {b"online": "online", b"offline": "offline"}
log = logger(__name__)


class Feed:
    """Listens while it is started; `connected` says whether the broker answers."""

    def __init__(
        self, live: Live, *, settings: Settings, telemetry: Telemetry, clock: Clock, renew_every: float = EVERY
    ) -> None:
        self.refused = 0
        """Messages that could not be read, or came from a meter nobody registered."""
        self._live = live
        self._settings = settings
        self._renewal = Renewal(telemetry=telemetry, registry=live.registry, take=live.seed, every=renew_every)
        self._clock = clock
        self._stopping = Event()
        self._thread: Thread | None = None
        self._waker: Waker | None = None
        self._up = False
        self._memory = Memory()
        self._asking = Asking()
        self._listener: tuple[Registry, Listener] | None = None

    def start(self) -> None:
        """Start the threads, once."""
        if self._thread is None:
            self._renewal.start()
            self._stopping.clear()
            self._waker = Waker()
            self._thread = Thread(target=self._run, name="api-live", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the threads and wait for them."""
        self._renewal.stop()
        if self._thread is None or self._waker is None:
            return
        self._stopping.set()
        self._waker.wake()
        self._thread.join()
        self._thread = None
        self._waker.close()

    def connected(self) -> bool:
        """Tell whether the thread lives and the broker has let us in."""
        return self._up and self._thread is not None and self._thread.is_alive()

    def _run(self) -> None:
        """Listen until told to stop; whatever fails is tried again."""
        attempt = 0
        while not self._stopping.is_set():
            try:
                self._listen()
            except Exception as error:  # noqa: BLE001  # this thread must outlive anything a message or broker does
                if attempt == 0:
                    log.warning("live values interrupted", error=f"{type(error).__name__}: {error}")
            attempt = 0 if self._up else attempt + 1
            self._up = False
            self._stopping.wait(PATIENCE[min(attempt, len(PATIENCE) - 1)])

    def _listen(self) -> None:
        """Stay connected until the connection is lost or we are told to stop.  Raises OSError."""
        settings = self._settings
        target = broker_endpoint(settings)
        client, subscriptions = self._client()
        foreign = Foreign(self._live.registry.current, prefix=settings.mqtt_prefix)
        client.open(target)
        try:
            while not self._stopping.is_set():
                subscriptions.follow(foreign())
                client.turn(0.5, wake=self._waker)
                if client.is_connected() and not self._up:
                    self._up = True
                    self._renewal.ask()
                    log.info("live values connected", broker=str(target))
                self._drain(client)
                if not client.is_connected() and (self._up or client.socket() is None):
                    raise ConnectionError(f"{target} closed the connection")
        finally:
            client.disconnect()
            client.turn(0)

    def _client(self) -> tuple[LoopClient, Subscriptions]:
        """Make a client that subscribes whenever it is let in; nothing in its callback can raise.

        The broker forgets it as soon as it is gone.
        """
        name = f"smartpark-api-{uuid.uuid4().hex[:12]}"
        client = LoopClient(name, version=self._settings.mqtt_version, clean=True)
        prefix = self._settings.mqtt_prefix
        fixed = {subscription(Channel.DATA, prefix): 0, subscription(Channel.STATE, prefix): 1}
        subscriptions = Subscriptions(client, fixed, qos=0)

        def on_connect(_client: Client, _data: object, _flags: object, reason: ReasonCode, _props: object) -> None:
            if not reason.is_failure:
                subscriptions.begin()

        client.on_connect = on_connect
        return client, subscriptions

    def _drain(self, client: LoopClient) -> None:
        """Decode what has arrived: at most what one turn reads, so that no more than that ever waits."""
        received = self._clock()
        arrived = client.take()
        for message in arrived:
            try:
                self._take(message, received)
            except Malformed:
                self.refused += 1  # the collector quarantines it, with its reason
        client.acknowledge(message.mid for message in arrived if message.qos)
        # The collector asks too, but for what it has forgotten: after a restart of ours alone only we know nothing.
        for wish in self._asking.due(self._memory.take_wishes(), received):
            client.publish(wish.topic, wish.payload)

    def _take(self, message: Arrival, received: datetime) -> None:
        """Read one message as the collector does.  Raises Malformed."""
        listener = self._current()
        route = listener.route(message.topic, message.content_type)
        if route.refusal is not None:
            self.refused += 1
            return
        if route.address is not None and route.address.channel is Channel.STATE:
            state = STATES.get(message.payload.strip().lower())
            if state is not None:
                self._live.hear_state(route.meters[0], state, received, retained=message.retained)
            return
        if message.retained:
            return  # an old value that someone retained by mistake is not live
        readings = listener.read(route, message.topic, message.payload, received, self._memory).readings
        self._memory.mark()
        if route.meter is not None:
            self._live.hear(route.meters[0], readings, received)
            return
        of: dict[str, list[Reading]] = {}
        for reading in readings:
            of.setdefault(reading.meter, []).append(reading)
        for meter in route.meters:
            if meter.id in of:
                self._live.hear(meter, of[meter.id], received)

    def _current(self) -> Listener:
        """Give the listener to the registry as it is now."""
        registry = self._live.registry.current()
        if self._listener is None or self._listener[0] is not registry:
            self._listener = (registry, Listener(registry, self._settings.mqtt_prefix))
        return self._listener[1]

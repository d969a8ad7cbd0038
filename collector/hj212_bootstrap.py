"""The HJ 212 listener as a program: every part made here, nowhere else."""

from collections.abc import Callable
from threading import Event, Thread

from adapters.clock import Clock
from adapters.log import logger
from adapters.publisher import LARGEST_WINDOW, Publisher, PublisherError, PublishTimeout
from adapters.settings import Settings
from collector.hj212 import MOST_CONNECTIONS, Hj212Listener
from collector.hj212_instruments import ListenerInstruments
from park.broker_rights import LISTENER
from park.registry import Registry

WINDOW = min(2 * MOST_CONNECTIONS, LARGEST_WINDOW)
AGAIN = 5.0
"""Seconds between attempts to reach a broker that was never reached."""
DRAIN = 2.0
"""Seconds that a stop waits for what is on its way."""
log = logger(__name__)


class ListenerService:
    """The listener and its connection to the broker, which it waits for as long as it takes."""

    def __init__(self, settings: Settings, *, registry: Callable[[], Registry], clock: Clock) -> None:
        """Take the address that loggers call.  Raises OSError where it cannot be had."""
        if settings.hj212_port is None:
            raise ValueError("SMARTPARK_HJ212_PORT is not set")
        self._settings = settings
        self._publisher: Publisher | None = None
        self._why_not = "尚未连接消息服务器 / not connected to the broker yet"
        self._stop = Event()
        self._opener = Thread(target=self._open, name="hj212-broker")
        self.listener = Hj212Listener(
            settings.hj212_host, settings.hj212_port, publish=self._publish, registry=registry, clock=clock
        )
        self.instruments = ListenerInstruments(self.listener.counts)

    def start(self) -> None:
        """Listen, and connect to the broker; returns at once."""
        self._opener.start()
        self.listener.start()

    def alive(self) -> bool:
        """Tell whether it listens."""
        return self.listener.alive()

    def troubles(self) -> dict[str, str]:
        """Say what is wrong now; nothing is well."""
        wrong: dict[str, str] = {}
        publisher = self._publisher
        if publisher is None:
            wrong["hj212_broker"] = self._why_not
        elif not publisher.is_connected:
            wrong["hj212_broker"] = "与消息服务器的连接已断开 / the connection to the broker is lost"
        if not self.alive():
            wrong["hj212_listener"] = "HJ 212 监听已退出 / the HJ 212 listener has ended"
        return wrong

    def stop(self) -> None:
        """Hang up on loggers first, then on the broker: what was not answered comes again."""
        self._stop.set()
        self.listener.stop()
        if self._opener.ident is not None:
            self._opener.join()
        if self._publisher is not None:
            self._publisher.drain(DRAIN)
            self._publisher.__exit__(None, None, None)
            self._publisher = None

    def _open(self) -> None:
        """Connect to the broker; once it is there, the publisher finds it again by itself."""
        settings = self._settings
        password = settings.mqtt_password.get_secret_value() if settings.mqtt_password else None
        pause = 0.0
        while not self._stop.wait(pause):
            pause = AGAIN
            publisher = Publisher(
                settings.mqtt_url.get_secret_value(),
                client_id=LISTENER,
                password=password,
                ca_file=settings.mqtt_ca_file,
                version=settings.mqtt_version,
                window=WINDOW,
            )
            try:
                self._publisher = publisher.__enter__()
            except PublisherError as error:
                if str(error) != self._why_not:
                    log.warning("broker not reachable", why=str(error))
                self._why_not = str(error)
            else:
                return

    def _publish(self, topic: str, payload: bytes, done: Callable[[bool], None]) -> bool:
        """Hand a frame over without ever waiting; tell whether there was room."""
        publisher = self._publisher
        if publisher is None:
            return False
        try:
            publisher.publish(topic, payload, timeout=0, done=done)
        except PublishTimeout:
            return False
        return True

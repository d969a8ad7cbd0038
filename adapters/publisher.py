"""Publish to an MQTT broker without loss and with bounded memory.

At most `window` QoS 1 messages wait for their acknowledgement; the next publish blocks.  Whatever is un-acknowledged
when the connection breaks is sent again on the next one, so a receiver may see a message twice and never not at all.

Errors:
    PublisherError   the broker cannot be used; the sentence says why and what to try
    PublishTimeout   no place became free in time: the message was not sent, try again

"""

import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, NamedTuple, Self

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from adapters.log import logger
from adapters.mqtt import endpoint

Version = Literal["5", "3.1.1"]

PROTOCOLS: Final = {"5": MQTTProtocolVersion.MQTTv5, "3.1.1": MQTTProtocolVersion.MQTTv311}
LARGEST_WINDOW: Final = 30_000
"""Packet ids are 16 bits; half of them keeps a reused id far from a message still under way."""
CONNECT_PATIENCE: Final = 10.0
KEEP_ALIVE: Final = 30
LONGEST_RETRY: Final = 15
ID_IN_USE: Final = 0.005
NOBODY: Final = 0x10
"""The reason code of a message that nobody had asked the broker for, and that it has let go of."""
UNSUPPORTED: Final = 0x84
"""The reason code of a broker that does not speak our version."""
log = logger(__name__)


class PublisherError(Exception):
    """The broker cannot be used, for the reason in the sentence."""


class PublishTimeout(PublisherError):
    """The window stayed full; the message was not taken."""


class Will(NamedTuple):
    """What the broker publishes for us when we are gone without goodbye."""

    topic: str
    payload: bytes
    qos: int = 1
    retain: bool = True


@dataclass(frozen=True, slots=True)
class Statistics:
    """What became of the messages so far."""

    sent: int = 0
    acked: int = 0
    refused: int = 0
    """Acknowledged with an error by the broker (MQTT 5 only); they are not sent again."""
    connections: int = 0
    """How often a connection was made: more than one means that it broke; retained messages may be gone then."""


class Publisher:
    """One connection that publishes.  Any thread may publish; open it with `with`."""

    def __init__(
        self,
        url: str,
        *,
        client_id: str,
        password: str | None = None,
        ca_file: Path | None = None,
        version: Version = "5",
        fall_back: bool = False,
        window: int = 1_000,
        will: Will | None = None,
    ) -> None:
        """Take the parts of the connection; nothing is opened yet.  Raises ValueError for what can never work.

        With `fall_back`, a broker that does not speak MQTT 5 is spoken to in 3.1.1.
        """
        if not 1 <= window <= LARGEST_WINDOW:
            raise ValueError(f"window is {window}; it must be 1 to {LARGEST_WINDOW}")
        self._endpoint = endpoint(url, password=password, ca_file=ca_file)
        self.version: Version = version
        """What is spoken; after a fall-back, 3.1.1."""
        self._fall_back = fall_back
        self._window = window
        self._limit = window
        self._changed = threading.Condition()
        self._under_way = 0
        self._sent = self._acked = self._refused = self._connections = 0
        self._awaited: dict[int, Callable[[bool], None]] = {}
        self._early: dict[int, bool] = {}  # what came before `publish` knew the number of its message
        self._connected = False
        self._why_not = ""
        self._too_new = False
        """Whether the broker hung up without an answer, or said that it does not speak our version."""
        self._build_client = partial(self._build, client_id, will)
        self._client = self._build_client()

    def _build(self, client_id: str, will: Will | None) -> Client:
        client = Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=PROTOCOLS[self.version])
        client.suppress_exceptions = True  # an exception in a callback would silently end paho's thread
        client.max_inflight_messages_set(0)  # the window is ours
        client.max_queued_messages_set(0)
        client.reconnect_delay_set(1, LONGEST_RETRY)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_publish = self._on_publish
        if self._endpoint.user is not None:
            client.username_pw_set(self._endpoint.user, self._endpoint.password)
        if self._endpoint.tls:
            ca_file = self._endpoint.ca_file
            try:
                client.tls_set_context(ssl.create_default_context(cafile=str(ca_file) if ca_file else None))
            except (OSError, ssl.SSLError) as error:
                raise PublisherError(f"CA 证书 {ca_file} 无法读取 / the CA file cannot be used: {error}") from error
        if will is not None:
            client.will_set(will.topic, will.payload, will.qos, will.retain)
        return client

    def __enter__(self) -> Self:
        """Connect.  Raises PublisherError with the reason; once connected, it reconnects by itself for ever."""
        refused = self._attempt()
        if refused and self._fall_back and self._too_new and self.version == "5":
            log.info("the broker does not speak MQTT 5; using 3.1.1", broker=str(self._endpoint))
            self.version, self._why_not = "3.1.1", ""
            self._client = self._build_client()
            refused = self._attempt()
        if refused:
            raise PublisherError(
                f"MQTT 服务器 {self._endpoint} 拒绝连接: {refused} / the broker refused: check user, password, "
                f"and whether it speaks MQTT {self.version} (embedded brokers often speak 3.1.1 only)"
            )
        return self

    def _attempt(self) -> str:
        """Connect; give why the broker did not let us in, or nothing.  Raises PublisherError where there is none."""
        where = str(self._endpoint)
        try:
            self._client.connect(self._endpoint.host, self._endpoint.port, keepalive=KEEP_ALIVE)
        except (OSError, ValueError) as error:
            raise PublisherError(
                f"连接不上 MQTT 服务器 {where}: {error}; 请检查地址、端口以及服务是否已启动 / "
                f"cannot reach the MQTT broker at {where}: check its address and port, and that it runs"
            ) from error
        self._client.loop_start()
        deadline = time.monotonic() + CONNECT_PATIENCE
        with self._changed:
            while not self._connected and not self._why_not and (left := deadline - time.monotonic()) > 0:
                self._changed.wait(left)
            connected, why_not = self._connected, self._why_not
        if connected:
            return ""
        self._end()
        return why_not or "no answer"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say goodbye to the broker; call `drain` before where un-acknowledged messages matter."""
        self._end()

    def _end(self) -> None:
        self._client.disconnect()
        self._client.drop_out_messages()  # with messages left, paho's thread would not end
        self._client.loop_stop()
        self._client._reset_sockets()  # noqa: SLF001  # paho leaves its own pair of sockets to the garbage collector

    @property
    def statistics(self) -> Statistics:
        """What became of the messages so far."""
        with self._changed:
            return Statistics(self._sent, self._acked, self._refused, self._connections)

    @property
    def is_connected(self) -> bool:
        """Whether the broker answered, and has not gone since."""
        with self._changed:
            return self._connected

    @property
    def under_way(self) -> int:
        """How many messages wait for their acknowledgement; never more than the window."""
        with self._changed:
            return self._under_way

    def publish(
        self,
        topic: str,
        payload: bytes,
        *,
        qos: int = 1,
        retain: bool = False,
        timeout: float | None = None,
        done: Callable[[bool], None] | None = None,
    ) -> None:
        """Hand one message over, and wait for a place in the window where there is none.

        `done` is told once whether the broker took it for somebody (of which only MQTT 5 tells), from a thread of the
        publisher's, and must not raise.

        It reaches the broker sooner or later.  QoS 0 would lose it and QoS 2 is not what the contract speaks, so both
        are refused with ValueError.  Raises PublishTimeout where no place became free within `timeout` seconds.
        """
        if qos != 1:
            raise ValueError(f"qos is {qos}; this publisher promises delivery, which is qos 1")
        deadline = None if timeout is None else time.monotonic() + timeout
        with self._changed:
            while self._under_way >= self._limit:
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0:
                    raise PublishTimeout(f"{self._under_way} messages wait for their acknowledgement")
                self._changed.wait(left)
            self._under_way += 1
            self._sent += 1
        try:
            while (said := self._client.publish(topic, payload, qos, retain)).rc == MQTTErrorCode.MQTT_ERR_QUEUE_SIZE:
                time.sleep(ID_IN_USE)  # the next packet id still belongs to a message under way
        except BaseException:
            with self._changed:
                self._under_way -= 1
                self._sent -= 1
                self._changed.notify()
            raise
        self._await(said.mid, done or _forget)

    def _await(self, mid: int, done: Callable[[bool], None]) -> None:
        """Have `done` told of the acknowledgement of a message, which may have come already."""
        with self._changed:
            taken = self._early.pop(mid, None)
            if taken is None:
                self._awaited[mid] = done
        if taken is not None:
            done(taken)

    def drain(self, timeout: float) -> bool:
        """Wait until every message is acknowledged; tell whether that came true in time."""
        with self._changed:
            return self._changed.wait_for(lambda: self._under_way == 0, timeout)

    # Called by paho's thread.  They only note; none of them calls back into paho.

    def _on_connect(
        self, client: Client, _: object, flags: ConnectFlags, reason: ReasonCode, properties: Properties | None
    ) -> None:
        del client, flags
        with self._changed:
            if reason.is_failure:
                self._why_not, self._too_new = str(reason), reason.value == UNSUPPORTED
            else:
                self._connected, self._why_not = True, ""
                self._connections += 1
                self._limit = min(self._window, getattr(properties, "ReceiveMaximum", self._window))
            self._changed.notify_all()

    def _on_disconnect(
        self, client: Client, _: object, flags: DisconnectFlags, reason: ReasonCode, properties: Properties | None
    ) -> None:
        del client, flags, properties
        with self._changed:
            self._connected = False
            self._too_new = self._too_new or not (self._why_not or self._connections)
            self._why_not = self._why_not or str(reason)  # what the broker answered says more than that it hung up
            self._changed.notify_all()

    def _on_publish(
        self, client: Client, _: object, mid: int, reason: ReasonCode, properties: Properties | None
    ) -> None:
        del client, properties
        taken = not reason.is_failure and reason.value != NOBODY
        with self._changed:
            done = self._awaited.pop(mid, None)
            if done is None:
                self._early[mid] = taken
            self._under_way -= 1
            if reason.is_failure:
                self._refused += 1
            else:
                self._acked += 1
            self._changed.notify_all()
        if done is not None:
            done(taken)


def _forget(_taken: bool) -> None:  # noqa: FBT001  # one thing is told
    """Ask nothing of an acknowledgement."""

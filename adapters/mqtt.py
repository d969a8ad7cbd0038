"""A paho client that is driven by its owner's loop, over a socket that reads and writes in large pieces."""

import socket
import ssl
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from paho.mqtt.client import Client, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.exception import MalformedPacket, MQTTException
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from adapters.buffered_socket import BufferedSocket, Waker, wait
from adapters.endpoint import Endpoint, endpoint

__all__ = ["Arrival", "BufferedSocket", "Endpoint", "LoopClient", "Waker", "endpoint"]

WINDOW = 4_000
"""How many messages a broker may hand over before the first is acknowledged (MQTT 5 Receive Maximum)."""
PUBACK_HEAD = b"\x40\x02"


class Arrival(NamedTuple):
    """One message as it came."""

    topic: str
    payload: bytes
    mid: int
    qos: int
    retained: bool
    content_type: str | None = None


def _trust(ca_file: Path | None) -> ssl.SSLContext:
    """Trust the authority in a file, or those of the system.  Raises OSError that names the file."""
    try:
        return ssl.create_default_context(cafile=ca_file)
    except ssl.SSLError as error:
        raise OSError(f"{ca_file} (SMARTPARK_MQTT_CA_FILE) is no PEM file of certificates") from error
    except OSError as error:
        raise OSError(f"{ca_file} (SMARTPARK_MQTT_CA_FILE) cannot be read: {error.strerror}") from error


class LoopClient(Client):
    """A paho client for a loop of one's own, on one thread: nothing here may be called from another.

    Raises OSError from `open` when the broker cannot be reached; afterwards a lost connection shows as
    `is_connected()` being False, and `open` may be called again.
    """

    def __init__(self, client_id: str, *, version: str = "5", clean: bool = False) -> None:
        """Make a client whose session the broker keeps while we are away, or with `clean` forgets at once."""
        five = version == "5"
        super().__init__(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            clean_session=None if five else clean,
            protocol=MQTTv5 if five else MQTTv311,
            manual_ack=True,
            reconnect_on_failure=False,  # paho's own way is to try an older version, blocking, within a read
        )
        self.five = five
        self.clean = clean
        self._arrived: list[Arrival] = []

    def take(self) -> list[Arrival]:
        """Hand over what has arrived, in order."""
        arrived, self._arrived = self._arrived, []
        return arrived

    def acknowledge(self, mids: Iterable[int]) -> None:
        """Acknowledge QoS 1 messages of this connection, in the order given; they go out with the next `turn`."""
        sock = self._sock
        if isinstance(sock, BufferedSocket):
            sock.send(b"".join([PUBACK_HEAD + mid.to_bytes(2, "big") for mid in mids]))

    def open(self, target: Endpoint, *, keepalive: int = 60, expiry: int = 86_400) -> None:
        """Connect with a session that outlives the connection by `expiry` seconds; a clean one never does."""
        if target.user:
            self.username_pw_set(target.user, target.password)
        if target.tls and self._ssl_context is None:
            self.tls_set_context(_trust(target.ca_file))
        if self.five:
            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = 0 if self.clean else expiry
            properties.ReceiveMaximum = WINDOW
            self.connect(target.host, target.port, keepalive, clean_start=self.clean, properties=properties)
        else:
            self.connect(target.host, target.port, keepalive)

    def read(self, most: int) -> None:
        """Handle up to `most` packets that have arrived, and never wait for more."""
        for _ in range(most):
            self.loop_read()
            if not isinstance(self._sock, BufferedSocket) or not self._sock.pending():
                return

    def turn(self, timeout: float, *, most: int = 1_000, wake: Waker | None = None) -> None:
        """Wait up to `timeout` seconds for the network (or `wake`), read, write, and keep the connection alive."""
        sock = self._sock
        if not isinstance(sock, BufferedSocket):
            return
        held = not self._flush(sock)
        if self._sock is not sock:  # writing found the connection broken
            return
        ready = wait(sock, write=held, wake=wake, timeout=0 if sock.pending() else timeout)
        if wake and wake.fileno() in ready:
            wake.clear()
        if sock.fileno() in ready or sock.pending():
            self.read(most)
        self.loop_misc()
        if self.want_write():  # what callbacks queued: subscriptions, acknowledgements
            self.loop_write()
        if self._sock is sock:
            self._flush(sock)

    def _flush(self, sock: BufferedSocket) -> bool:
        """Send what is held back; a broken connection ends here as it would in paho's own write."""
        try:
            return sock.flush()
        except OSError:
            while self._sock is not None and (sock.pending() or wait(sock, write=False, wake=None, timeout=0)):
                self.read(1_000)  # what came before the end: a broker that was killed will not send it again
            if self._sock is not None:
                self._loop_rc_handle(MQTTErrorCode.MQTT_ERR_CONN_LOST)
            return True

    def _handle_publish(self) -> MQTTErrorCode:
        """Take a message apart without paho's MQTTMessage and Properties, which cost 50 µs of every MQTT 5 message."""
        header, packet = self._in_packet["command"], bytes(self._in_packet["packet"])
        qos = header >> 1 & 3
        try:
            place = 2 + int.from_bytes(packet[:2], "big")
            topic = packet[2:place].decode(errors="replace")
            mid = 0
            if qos:
                mid = int.from_bytes(packet[place : place + 2], "big")
                place += 2
            content_type = None
            if self.five:
                if packet[place]:
                    properties = Properties(PacketTypes.PUBLISH)
                    length = properties.unpack(packet[place:])[1]
                    content_type = getattr(properties, "ContentType", None)
                    place += length
                else:
                    place += 1
        except (LookupError, ValueError, TypeError, struct.error, MQTTException) as error:
            # all that paho's reader of properties raises; anything else here would end the owner's thread
            raise MalformedPacket(str(error)) from error
        if place > len(packet):
            raise MalformedPacket("shorter than it says")
        self._arrived.append(Arrival(topic, packet[place:], mid, qos, bool(header & 1), content_type))
        return MQTTErrorCode.MQTT_ERR_SUCCESS

    def _ssl_wrap_socket(self, tcp_sock: socket.socket) -> ssl.SSLSocket:
        """Shake hands; a broker that cannot prove who it is is hung up on, which paho leaves to the collector."""
        context = self._ssl_context or _trust(None)
        sock = context.wrap_socket(tcp_sock, server_hostname=self._host, do_handshake_on_connect=False)
        try:
            sock.settimeout(self._connect_timeout)
            sock.do_handshake()
        except BaseException:
            sock.close()
            raise
        return sock

    def _create_socket(self) -> BufferedSocket:  # type: ignore[override]  # its recv may give a memoryview
        """Wrap the connected socket; paho does the same for its own WebSocket transport."""
        return BufferedSocket(super()._create_socket())  # type: ignore[arg-type]  # TCP or TLS: a real socket

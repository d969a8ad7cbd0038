"""A socket that reads ahead and holds writes back, and how a loop waits for it.

paho reads a packet in three or more `recv` calls and writes each acknowledgement with a `send` of its own.  The socket
below serves those from memory: an order of magnitude fewer system calls, and as many fewer moments in which the
network thread gives the interpreter away to a busy one.
"""

import contextlib
import select
import socket
import ssl

CHUNK = 256 * 1024


class BufferedSocket:
    """A connected socket that reads ahead and holds writes back until `flush`."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._ahead = memoryview(b"")
        self._behind = bytearray()

    def recv(self, size: int) -> memoryview | bytes:
        """Give up to `size` bytes, from memory where there are any.  Raises BlockingIOError when there are none."""
        if not self._ahead:
            self._ahead = memoryview(self._sock.recv(CHUNK))
        piece = self._ahead[:size]
        self._ahead = self._ahead[size:]
        return piece

    def send(self, data: bytes | bytearray) -> int:
        """Take all of it; it goes out with the next `flush`."""
        self._behind += data
        return len(data)

    def flush(self) -> bool:
        """Write what was held back, as much as the network takes, and tell whether all of it went out."""
        while self._behind:
            try:
                sent = self._sock.send(self._behind)
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                return False
            del self._behind[:sent]
        return True

    def pending(self) -> int:
        """Count the bytes that can be read without waiting for the network."""
        hidden = self._sock.pending() if isinstance(self._sock, ssl.SSLSocket) else 0
        return len(self._ahead) + hidden

    def fileno(self) -> int:
        """Give the descriptor, for select."""
        return self._sock.fileno()

    def setblocking(self, flag: bool) -> None:  # noqa: FBT001  # the socket interface
        """Pass on to the socket."""
        self._sock.setblocking(flag)

    def close(self) -> None:
        """Write what can be written at once (a DISCONNECT, most of the time), then close."""
        try:
            self.flush()
        except OSError:
            self._behind.clear()
        self._sock.close()


class Waker:
    """Wakes a loop that waits in `turn`, from any thread."""

    def __init__(self) -> None:
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)  # noqa: FBT003  # the socket interface
        self._write.setblocking(False)  # noqa: FBT003  # the socket interface

    def wake(self) -> None:
        """Make the next or present wait end at once."""
        with contextlib.suppress(BlockingIOError):  # a full pipe wakes as well
            self._write.send(b"!")

    def clear(self) -> None:
        """Forget that we were woken."""
        with contextlib.suppress(BlockingIOError):
            self._read.recv(4_096)

    def fileno(self) -> int:
        """Give the descriptor, for select."""
        return self._read.fileno()

    def close(self) -> None:
        """Close both ends."""
        self._read.close()
        self._write.close()


def wait(sock: BufferedSocket, *, write: bool, wake: Waker | None, timeout: float) -> set[int]:
    """Wait for the socket or the waker, and give the descriptors that have something to read, or are broken."""
    if hasattr(select, "poll"):  # select itself refuses descriptors from 1,024 on, which a busy server reaches
        poll = select.poll()
        poll.register(sock, select.POLLIN | (select.POLLOUT if write else 0))
        if wake:
            poll.register(wake, select.POLLIN)
        return {number for number, events in poll.poll(timeout * 1_000) if events & ~select.POLLOUT}
    numbers = [sock.fileno(), wake.fileno()] if wake else [sock.fileno()]
    return set(select.select(numbers, numbers[:1] if write else [], [], timeout)[0])

"""A real SMTP server for a test: it keeps the letters it took, and may refuse them."""

import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Condition, Thread


@dataclass
class SmtpServer:
    """What came, and what is said to a letter."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    verdict: bytes = b"250 taken"
    _came: Condition = field(default_factory=Condition)

    def take(self, data: bytes) -> bytes:
        with self._came:
            if self.verdict.startswith(b"2"):
                self.letters.append(email.message_from_bytes(data, policy=email.policy.default))
                self._came.notify_all()
            return self.verdict

    def wait_for(self, count: int, patience: float = 30.0) -> list[EmailMessage]:
        """Give the first so many, once they are here."""
        with self._came:
            if not self._came.wait_for(lambda: len(self.letters) >= count, patience):
                raise TimeoutError(f"{len(self.letters)} of {count} came")
            return self.letters[:count]


@contextmanager
def smtp_server() -> Iterator[SmtpServer]:
    """Run one on a free loopback port."""
    kept = SmtpServer()

    class Session(StreamRequestHandler):
        """RFC 5321 as far as a client needs it."""

        def handle(self) -> None:
            self._say(b"220 test")
            while line := self.rfile.readline():
                match line.strip().upper().split(b" ")[0].split(b":")[0]:
                    case b"EHLO":
                        self._say(b"250-test", b"250 8BITMIME")
                    case b"DATA":
                        self._say(b"354 go on")
                        self._say(kept.take(self._letter()))
                    case b"QUIT":
                        self._say(b"221 bye")
                        return
                    case _:
                        self._say(b"250 fine")

        def _letter(self) -> bytes:
            lines: list[bytes] = []
            while (line := self.rfile.readline()) not in {b".\r\n", b""}:
                lines.append(line.removeprefix(b"."))
            return b"".join(lines)

        def _say(self, *lines: bytes) -> None:
            self.wfile.write(b"".join(line + b"\r\n" for line in lines))

    class Server(ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Session) as server:
        kept.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield kept
        finally:
            server.shutdown()
            thread.join()

"""A data logger on TCP: what was not answered is said again, and every piece is struck off once."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from adapters import clock
from adapters.endpoint import Endpoint
from park.decode.hj212_frame import Frame, build, parse
from simulators import dialects
from simulators.load.crowd import Way
from simulators.load.run import run
from simulators.load.speaker import Service
from simulators.load.tally import Standing
from tests.mosquitto import Mosquitto
from tests.ports import LOOPBACK


class Moody:
    """A listener that behaves as it is told to on each connection in turn, and well on all that follow."""

    def __init__(self, *moods: str) -> None:
        self.moods = list(moods)
        self.frames: list[bytes] = []
        self.answered: list[str] = []
        self._socket = socket.create_server((LOOPBACK, 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._listen)

    def _listen(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            with line:
                self._talk(line, self.moods.pop(0) if self.moods else "well")

    def _talk(self, line: socket.socket, mood: str) -> None:
        held = b""
        while more := line.recv(4_096):
            held += more
            while b"\r\n" in held:
                frame, _, held = held.partition(b"\r\n")
                self.frames.append(frame)
                asked = parse(frame)
                if mood == "hangs up":
                    return
                if mood == "talks nonsense":
                    line.sendall(b"who are you\r\n")
                    continue
                line.sendall(build(Frame(asked.qn, "91", "9014", asked.pw, asked.mn, 4)))
                self.answered.append(asked.qn)

    @contextmanager
    def listening(self) -> Iterator["Moody"]:
        """Listen until the end of the block."""
        self._thread.start()
        try:
            yield self
        finally:
            self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            self._thread.join()


@pytest.mark.broker
@pytest.mark.parametrize("moods", [(), ("hangs up", "talks nonsense")], ids=["well", "moody"])
def test_a_logger_says_again_what_was_not_answered(mosquitto: Mosquitto, moods: tuple[str, ...]) -> None:
    stop = threading.Event()
    cast = [one for one in dialects.devices(2, dialects.PERIOD / 10) if one.meter.id == dialects.TCP]
    with Moody(*moods).listening() as moody:
        speakers = dialects.speakers(cast, listener=Service(LOOPBACK, moody.port))

        def show(standing: Standing) -> None:
            if standing.acked >= 3:
                stop.set()

        found = run(
            speakers, Way(target=Endpoint(LOOPBACK, mosquitto.port)), lasts=None, show=show, clock=clock.now, stop=stop
        )
        assert (found.in_flight, found.reconnects) == (0, len(moods))
        assert len(moody.answered) == found.said == len(set(moody.answered))
        assert len(moody.frames) > len(moody.answered) if moods else len(moody.frames) == len(moody.answered)
        assert all(parse(frame).wants_answer for frame in moody.frames)

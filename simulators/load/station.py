"""A data logger that speaks HJ 212 over TCP: a frame is done with when the listener has answered it."""

from collections.abc import Callable
from itertools import count
from typing import Final

from park.decode import hj212_frame
from park.malformed import Malformed
from simulators.load.link import Link, NotUnderstood
from simulators.load.tally import Tally
from simulators.voices.voice import Utterance

ANSWERED: Final = "9014"
"""The command of the answer to data."""
WINDOW: Final = 8
NO_ANSWER: Final = 20.0
END: Final = b"\r\n"
LONGEST: Final = 65_536


class Station(Link):
    """One connection to the listener; frames without an answer are said again on the next."""

    def __init__(self, tally: Tally, *, ended: Callable[[Link], None]) -> None:
        """Start with nothing heard."""
        super().__init__(tally, window=WINDOW, ended=ended)
        self._held = b""
        self._numbers = count()

    def tend(self) -> None:
        """Hang up on a listener that does not answer."""
        oldest = next(iter(self._under_way.values()), None)
        if oldest is not None and self._transport is not None and self._loop.time() - oldest.at > NO_ANSWER:
            self._transport.abort()

    def _opened(self) -> None:
        self._held = b""
        self._stands(())

    def _written(self, said: Utterance) -> tuple[int, bytes]:
        return next(self._numbers), said.payload

    def _came(self, data: bytes) -> None:
        *lines, self._held = (self._held + data).split(END)
        if len(self._held) > LONGEST:
            raise NotUnderstood("a frame without an end")
        for line in lines:
            try:
                answer = hj212_frame.parse(line + END)
            except Malformed as error:
                raise NotUnderstood(str(error)) from error
            if answer.cn == ANSWERED:
                self._answered(answer.qn)

    def _answered(self, qn: str) -> None:
        """Strike off the first frame of that number: the pieces of one message share it, and are answered in turn."""
        for number, under_way in self._under_way.items():
            if f"QN={qn};".encode() in under_way.said.payload:
                self._acknowledged(number)
                return

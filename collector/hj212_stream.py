"""Frames of HJ 212 out of a stream of bytes, found again after whatever came between them."""

from typing import Final

from park.decode.hj212_frame import CRC_LETTERS, DIGITS, HEAD, START, crc

MOST: Final = 16 * 1024
"""Bytes without a frame in them that are kept: more than the length of any frame can say."""
END: Final = b"\n"


class FrameStream:
    """Takes what one connection sends, in whatever portions, and gives the frames in it."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._waiting = b""
        self.passed_over = 0
        """Bytes that belonged to no frame."""

    def feed(self, data: bytes) -> list[bytes]:
        """Take more bytes, and give every frame that is now here, whole or broken, without the end of its line."""
        self._waiting += data
        found: list[bytes] = []
        while True:
            self._seek()
            length = self._length()
            if length is None:
                break
            found.append(self._waiting[:length].rstrip())
            self._waiting = self._waiting[length:]
        if len(self._waiting) > MOST:
            self._drop(len(self._waiting))
        return found

    def end(self) -> list[bytes]:
        """Give what is left when the logger has hung up: the last frame may have come without the end of its line."""
        return self.feed(END)

    def _seek(self) -> None:
        """Let go of what comes before the next beginning of a frame."""
        start = self._waiting.find(START)
        if start < 0:
            start = len(self._waiting) - self._waiting.endswith(START[:1])
        while self._waiting.startswith(START[:1], start + len(START)):
            start += 1  # of a row of signs the last two begin the frame
        if start:
            self._drop(start)

    def _drop(self, count: int) -> None:
        self.passed_over += len(self._waiting[:count].strip())
        self._waiting = self._waiting[count:]

    def _length(self) -> int | None:
        """Give how many bytes the first frame takes, or None while its end is not here.

        The length it says counts where the checksum behind it fits; else it ends where its line does, or where the
        next begins: neither can stand inside.
        """
        told = self._waiting[len(START) : HEAD]
        if len(told) == DIGITS and told.isdigit():
            length = HEAD + int(told) + CRC_LETTERS
            if len(self._waiting) >= length and _whole(self._waiting[:length]):
                return length
        ends = (self._waiting.find(END, len(START)), self._waiting.find(START, len(START)) - 1)
        return min((end + 1 for end in ends if end > 0), default=None)


def _whole(payload: bytes) -> bool:
    """Tell whether the checksum at the end is that of what lies between it and the head."""
    return payload[-CRC_LETTERS:].upper() == b"%04X" % crc(payload[HEAD:-CRC_LETTERS])

"""The frame of HJ 212: `##`, the length of the data segment in four decimal digits, the segment, its CRC, CR LF.

    ##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=…;Flag=5;CP=&&RtdInterval=30&&1C80

One form for 2005, 2017 and 2025; Flag says which.  The length and the ends are read leniently, because loggers differ
in them, and the CRC strictly, because it alone proves that the frame is whole.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from park.malformed import Malformed
from park.reason import Reason

START = b"##"
DIGITS = 4
HEAD = len(START) + DIGITS
CRC_LETTERS = 4
HEX = re.compile(r"[0-9A-Fa-f]{4}", re.ASCII)
NUMBER = re.compile(r"\d{1,4}", re.ASCII)
OPEN = ";CP=&&"
CLOSE = "&&"
LONGEST_CP = 950
"""Bytes of data a frame may carry by the standard of 2017; more is sent in pieces."""
YEARS = {0: 2005, 1: 2017, 2: 2025}
WORDS = ("QN", "ST", "CN", "PW", "MN")


def _row(value: int) -> int:
    for _ in range(8):
        value = value >> 1 ^ 0xA001 if value & 1 else value >> 1
    return value


ROWS = tuple(_row(value) for value in range(256))


def crc(segment: bytes) -> int:
    """Give the checksum of a data segment.  It is not Modbus CRC-16, which takes each byte in otherwise."""
    value = 0xFFFF
    for byte in segment:
        value = ROWS[value >> 8 ^ byte]
    return value


class Frame(NamedTuple):
    """What one frame says before its data are read."""

    qn: str = ""
    """When it was sent, which names the request; old loggers leave it out."""
    st: str = ""
    """The kind of system: 32 waste water, 31 flue gas, 22 ambient air, …"""
    cn: str = ""
    """What it is: 2011 real-time data, 2051 of minutes, 2061 of hours, 2031 of days, …"""
    pw: str = ""
    mn: str = ""
    """The number of the monitored point: whose data these are."""
    flag: int = 4
    pnum: int | None = None
    pno: int | None = None
    cp: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def year(self) -> int:
        """Give the standard's year; a version that is not known yet is read as the newest."""
        return YEARS.get(self.flag >> 2, 2025)

    @property
    def wants_answer(self) -> bool:
        """Whether the logger waits for our answer, and sends again without."""
        return bool(self.flag & 1)


def parse(payload: bytes) -> Frame:
    """Read one frame.  Raises Malformed: NOT_READABLE, LENGTH or CHECKSUM."""
    segment, remarks = _segment(payload.strip(b"\r\n\t \0"))
    text = segment.decode("utf-8", "replace")
    head, opened, rest = text.partition(OPEN)
    cp, closed, after = rest.rpartition(CLOSE)
    if not opened or not closed or after.strip():
        raise Malformed(Reason.NOT_READABLE, "CP=&&…&&")
    given: dict[str, str] = {}
    for item in head.split(";"):
        key, equals, value = item.partition("=")
        if not item.strip():
            continue
        if not equals or key.strip() in given:
            raise Malformed(Reason.NOT_READABLE, item)
        given[key.strip()] = value.strip()
    texts = {word.lower(): given.get(word, "") for word in WORDS}
    flag, pnum, pno = (_number(given, word) for word in ("Flag", "PNUM", "PNO"))
    if pnum in {0, 1}:  # some loggers number every message, whole ones too
        pnum = pno = None
    if pnum is not None and (pno is None or not 0 < pno <= pnum):
        raise Malformed(Reason.NOT_READABLE, f"PNUM={pnum};PNO={pno}")
    return Frame(**texts, flag=flag or 0, pnum=pnum, pno=pno, cp=cp, remarks=remarks)


def _segment(payload: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Take the data segment out; what its length says may be wrong as long as the CRC fits."""
    if not payload.startswith(START):
        raise Malformed(Reason.NOT_READABLE, "##")
    if len(payload) < HEAD + CRC_LETTERS:
        raise Malformed(Reason.LENGTH, f"{len(payload)} B")
    told, segment, end = payload[len(START) : HEAD], payload[HEAD:-CRC_LETTERS], payload[-CRC_LETTERS:]
    as_told = told.isdigit() and int(told) == len(segment)
    checksum = f"{crc(segment):04X}"
    if _fits(end, checksum):
        return segment, () if as_told else ("length",)
    if as_told:
        raise Malformed(Reason.CHECKSUM, f"{end.decode('ascii', 'replace')}, {checksum}")
    raise Malformed(Reason.LENGTH, f"{told.decode('ascii', 'replace')}, {len(segment)} B")


def _fits(end: bytes, checksum: str) -> bool:
    told = end.decode("ascii", "replace")
    return HEX.fullmatch(told) is not None and told.upper() == checksum


def _number(given: Mapping[str, str], word: str) -> int | None:
    text = given.get(word, "")
    if not text:
        return None
    if not NUMBER.fullmatch(text):
        raise Malformed(Reason.NOT_READABLE, f"{word}={text}")
    return int(text)


def build(frame: Frame) -> bytes:
    """Write one frame, CR LF and all.  The inverse of `parse`."""
    said = [f"{word}={text}" for word, text in zip(WORDS, frame[: len(WORDS)], strict=True) if text]
    said.append(f"Flag={frame.flag}")
    if frame.pnum is not None:
        said += [f"PNUM={frame.pnum}", f"PNO={frame.pno}"]
    segment = f"{';'.join(said)}{OPEN}{frame.cp}{CLOSE}".encode()
    return b"%s%04d%s%04X\r\n" % (START, len(segment), segment, crc(segment))


def answer(frame: Frame, cn: str) -> bytes:
    """Write our answer to a frame: same QN and station, system 91, no data; nothing is asked of the logger."""
    return build(Frame(frame.qn, "91", cn, frame.pw, frame.mn, frame.flag & ~0b11))

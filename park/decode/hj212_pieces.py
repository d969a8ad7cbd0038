"""Messages of HJ 212 in pieces (Flag bit D, PNUM and PNO): each piece is read when it comes, as far as it can be.

A piece that names its DataTime and ends between two factors says all it has to say, which is how loggers cut; it waits
for nothing.  One without a time takes that of its fellows.  One that is cut inside a factor is read once all are here,
in whatever order they come; until then it is refused as INCOMPLETE, so that it can be replayed where the rest is lost.
"""

from typing import Final, NamedTuple

import msgspec

from park.decode.hj212_frame import Frame
from park.decode.memory import Memory
from park.malformed import Malformed
from park.reason import Reason

CODEC: Final = "hj212"
MOST_MESSAGES: Final = 4
"""So many messages of one station are kept; a logger sends one after the other."""
MOST_LETTERS: Final = 256 * 1024
TIME: Final = "DataTime="


class Piece(NamedTuple):
    """One piece that has come."""

    number: int
    cp: str
    told: bool
    """Whether its values were given already."""


class Message(NamedTuple):
    """What is here of a message in pieces."""

    name: str
    pieces: int
    here: tuple[Piece, ...]

    def time(self) -> str:
        """Give the DataTime that a piece named, or nothing."""
        return next((piece.cp.partition(";")[0] for piece in self.here if piece.cp.startswith(TIME)), "")


def gather(frame: Frame, memory: Memory | None) -> Frame:
    """Give the frame with what can be read now: its own data, or those of all pieces.  Raises Malformed INCOMPLETE."""
    if frame.pnum is None or frame.pno is None:
        return frame
    if memory is None:
        if _whole(frame) and frame.cp.startswith(TIME):
            return frame
        raise Malformed(Reason.INCOMPLETE, _which(frame))
    key = (CODEC, frame.mn)
    kept = _kept(memory.get(key))
    name = f"{frame.cn} {frame.qn}"
    before = next((each for each in kept if each.name == name and each.pieces == frame.pnum), None)
    others = [each for each in kept if each is not before]
    here = before.here if before else ()
    if any(piece.number == frame.pno and piece.cp != frame.cp for piece in here):
        here = ()  # another message under the same name, as of loggers that send no QN
    message = Message(name, frame.pnum, tuple(piece for piece in here if piece.number != frame.pno))
    now = _alone(frame, message)
    piece = Piece(frame.pno, frame.cp, told=now is not None)
    message = message._replace(here=tuple(sorted((*message.here, piece))))
    if len(message.here) < frame.pnum:
        _keep(memory, key, [*others, message])
        if now is None:
            raise Malformed(Reason.INCOMPLETE, _which(frame))
        return now
    if now is not None and all(piece.told for piece in message.here):
        _keep(memory, key, others)
        return now
    _keep(memory, key, [*others, message])  # a piece that was held before may be replayed: all are still here then
    return frame._replace(cp=_joined(message))


def _which(frame: Frame) -> str:
    return f"MN={frame.mn} QN={frame.qn} {frame.pno}/{frame.pnum}"


def _kept(value: object | None) -> list[Message]:
    """Read what memory holds, which after a restart are lists."""
    return [] if value is None else msgspec.convert(value, list[Message])


def _keep(memory: Memory, key: tuple[str, str], messages: list[Message]) -> None:
    messages = messages[-MOST_MESSAGES:]
    while messages and sum(len(piece.cp) for each in messages for piece in each.here) > MOST_LETTERS:
        del messages[0]
    if messages:
        memory.put(key, messages)
    else:
        memory.forget(key)


def _alone(frame: Frame, message: Message) -> Frame | None:
    """Give the frame as it can be read by itself, with the time of its fellows where it names none."""
    if not _whole(frame):
        return None
    if frame.cp.startswith(TIME):
        return frame
    time = message.time()
    return frame._replace(cp=f"{time};{frame.cp}") if time else None


def _whole(frame: Frame) -> bool:
    """Tell whether a piece begins and ends between two factors."""
    groups = [group.split(",") for group in frame.cp.removesuffix(";").split(";")]
    if groups[0][0].startswith(TIME):
        groups = groups[1:]
    for group in (groups[:1] + groups[-1:]) if groups else ():
        if any(not item.partition("=")[2] for item in group) or len({item.partition("-")[0] for item in group}) > 1:
            return False
    return frame.pno == frame.pnum or not _cut(frame.cp, flagged="-Flag=" in frame.cp)


def _cut(cp: str, *, flagged: bool) -> bool:
    """Tell whether data end inside a factor: before its flag, or before a value."""
    last = cp.rpartition(";")[2]
    return bool(last) and not last.startswith(TIME) and ((flagged and "-Flag=" not in last) or last.endswith("="))


def _joined(message: Message) -> str:
    """Put the data of all pieces behind each other, with a `;` where a piece ended between two factors."""
    flagged = any("-Flag=" in piece.cp for piece in message.here)
    text, cut = message.time(), False
    for piece in message.here:
        cp = piece.cp
        if cp.startswith(TIME):
            cp, cut = cp.partition(";")[2], False
        text += cp if cut or cp.startswith(",") else f";{cp}"
        cut = _cut(cp, flagged=flagged)
    return text

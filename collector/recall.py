"""What codecs keep in mind, kept as far as the spool has been emptied: one note a key, in the step of its batch."""

from collections.abc import Mapping

import msgspec

from park.decode.memory import Key, Memory

NOTE = "memory/"
_key = msgspec.json.Decoder(tuple[str, ...])


def recall(notes: Mapping[str, bytes]) -> Memory:
    """Give the memory that was noted; a note that cannot be read is as if it were not there."""
    memory = Memory()
    for name, note in notes.items():
        if name.startswith(NOTE):
            try:
                memory.put(_key.decode(name.removeprefix(NOTE)), msgspec.msgpack.decode(note))
            except msgspec.MsgspecError:
                continue
    memory.mark()
    return memory


def pages(changes: Mapping[Key, object | None]) -> dict[str, bytes | None]:
    """Write what changed as notes; None takes one away."""
    return {
        NOTE + msgspec.json.encode(key).decode(): None if value is None else msgspec.msgpack.encode(value)
        for key, value in changes.items()
    }

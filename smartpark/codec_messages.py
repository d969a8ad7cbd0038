"""A file of payloads taken apart into messages: what a person saved from a broker, a log or a wire."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import typer

from smartpark.opening import misuse

WHOLE: Final = frozenset({"line", "sparkplug"})
"""Codecs of which a file is one message."""
A_LINE_EACH: Final = frozenset({"hj212"})


class Message(NamedTuple):
    """One message of a file."""

    topic: str
    payload: bytes


def content_of(file: str) -> bytes:
    """Read a file, or standard input."""
    if file == "-":
        return typer.get_binary_stream("stdin").read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        misuse(f"{file}: {error.strerror}")


def messages_of(content: bytes, codec: str, topic: str, *, as_hex: bool) -> Iterator[Message]:
    """Take a file apart: a message a line in hex and HJ 212, a document or a document a line in JSON, others whole."""
    if as_hex:
        for line in content.decode("ascii", "replace").splitlines():
            *before, digits = line.rsplit(maxsplit=1) or ("",)
            if digits:
                yield Message(before[0] if before else topic, _bytes(digits))
    elif codec in WHOLE or (codec not in A_LINE_EACH and _is_document(content)):
        yield Message(topic, content)
    else:
        for piece in content.splitlines(keepends=True):
            if piece.strip():
                yield Message(topic, piece if codec in A_LINE_EACH else piece.strip())


def _bytes(digits: str) -> bytes:
    try:
        return bytes.fromhex(digits)
    except ValueError:
        misuse(f"--hex: {digits[:40]!r} 不是十六进制 / is not hex")


def _is_document(content: bytes) -> bool:
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return not content.strip().count(b"\n")
    return True

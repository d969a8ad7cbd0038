"""A payload as a person can judge it, without the word that a logger is let in by."""

import re

MOST_TEXT = 2_000
"""Characters of a payload that are shown; the whole of it stays where it is."""

WORD = re.compile(r"(?<=[;0-9])PW=[^;&\r\n]*")
HIDDEN = "PW=•••"


def unspoken(words: str) -> str:
    """Hide the password of an HJ 212 frame; all else, and what is stored, stays as it came."""
    return WORD.sub(HIDDEN, words) if words.lstrip().startswith("##") else words


def readable(payload: bytes) -> str:
    """Write a payload so that a person can judge it: as text where it is text, else as hex; never more than fits."""
    try:
        words = unspoken(payload.decode())
    except UnicodeDecodeError:
        words = payload[: MOST_TEXT // 3].hex(" ")
    shown = "".join(c if c.isprintable() or c in "\n\t" else f"\\x{ord(c):02x}" for c in words[:MOST_TEXT])
    return shown + (" …" if len(payload) > MOST_TEXT else "")

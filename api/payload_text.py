"""A payload as a person can judge it."""

MOST_TEXT = 2_000
"""Characters of a payload that are shown; the whole of it stays where it is."""


def readable(payload: bytes) -> str:
    """Write a payload so that a person can judge it: as text where it is text, else as hex; never more than fits."""
    try:
        words = payload.decode()
    except UnicodeDecodeError:
        words = payload[: MOST_TEXT // 3].hex(" ")
    shown = "".join(c if c.isprintable() or c in "\n\t" else f"\\x{ord(c):02x}" for c in words[:MOST_TEXT])
    return shown + (" …" if len(payload) > MOST_TEXT else "")

"""What one message says: its claims, and the number the device gave it."""

import msgspec

from park.reading import Claim


class Said(msgspec.Struct, frozen=True):
    """The claims of one message, and its `seq`, which counts gaps and never deduplicates."""

    claims: list[Claim]
    seq: int | None = None
    """None where the device does not number its messages."""
    remarks: tuple[str, ...] = ()
    """What was wrong with it and let pass, one word each, to be counted: `length` of an HJ 212 frame, …"""

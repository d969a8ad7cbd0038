"""A seal under what this installation wrote: who holds the file and the installation can tell whether it was changed.

A keyed hash, not a public signature: it is checked where it was made.  There is no authority in a closed network that a
certificate could be checked against.
"""

import hmac
import secrets
from hashlib import sha256
from pathlib import Path
from typing import Final

from adapters import private

KEY_BYTES: Final = 32
NAME: Final = "seal.key"


class Seal:
    """Signs and checks with a key that is made on first use and readable by its owner only."""

    def __init__(self, folder: Path) -> None:
        """Read or make the key in a folder.  Raises OSError."""
        self._key = private.key(folder / NAME, lambda: secrets.token_bytes(KEY_BYTES))

    def sign(self, content: bytes) -> str:
        """Give the seal of some content."""
        return hmac.digest(self._key, content, sha256).hex()

    def holds(self, content: bytes, seal: str) -> bool:
        """Tell whether a seal is this installation's, and of just this content."""
        return hmac.compare_digest(self.sign(content).encode(), seal.encode("ascii", "replace"))

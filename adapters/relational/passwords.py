"""Passwords: made, hashed with Argon2 and compared; never stored, never logged."""

import secrets
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from adapters.relational.refusal import AccountRefused

SHORTEST = 10
LONGEST = 256
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without those that look alike on paper: 0 o, 1 l i."""
GROUPS, GROUP = 4, 4

_hasher = PasswordHasher()
# Each hash takes 64 MiB; more than a few at once would let sign-ins take a small server's memory.
_room = BoundedSemaphore(2)


def one_time_password() -> str:
    """Make a password to be printed once and changed at first use: 79 bits, easy to type."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))


def hash_password(password: str) -> str:
    """Hash a new password.  Raises AccountRefused where it is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise AccountRefused(
            f"密码须为 {SHORTEST} 至 {LONGEST} 个字符; 建议使用一句自己容易记住的话。",
            f"A password has {SHORTEST} to {LONGEST} characters; a short sentence is easy to remember.",
        )
    with _room:
        return _hasher.hash(_bytes(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Compare a password with its hash; without a hash it takes as long and does not match."""
    if len(password) > LONGEST:
        return False
    with _room:
        try:
            same = _hasher.verify(password_hash or _nobodys(), _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
    return same and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Tell whether a hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_bytes(16))


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")  # any text may be typed

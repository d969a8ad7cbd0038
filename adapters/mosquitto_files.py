"""Mosquitto's own files: the password file, `user:$7$iterations$salt$hash` a line, and the access control list."""

import base64
import binascii
import hashlib
import secrets
from collections.abc import Iterable, Mapping

from park.broker_rights import BrokerAccount

ITERATIONS = 101
"""As mosquitto_passwd has it.  Our passwords are random, 120 bits, so guessing is hopeless at any cost; and the broker
has one thread, which after a restart must check every meter of a park before the first message can pass."""
SALT_BYTES = 12
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""32 of them, none taken for another: some gateways have nothing but a keypad."""
LENGTH = 24
KIND = "7"
FIELDS = 4


class MosquittoFileError(ValueError):
    """A line that Mosquitto would not read as it is meant; the sentence says which."""


def new_password() -> str:
    """Make a password of 120 random bits that begins with no dash and needs no quotes."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def hash_password(password: str, *, salt: bytes | None = None, iterations: int = ITERATIONS) -> str:
    """Hash as mosquitto_passwd does: PBKDF2 with HMAC-SHA512."""
    salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, iterations)
    return f"${KIND}${iterations}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def verifies(password: str, hashed: str) -> bool:
    """Tell whether a hash is of this password; one of another kind never is."""
    parts = hashed.removeprefix("$").split("$")
    if len(parts) != FIELDS or parts[0] != KIND or not parts[1].isdecimal() or int(parts[1]) < 1:
        return False
    try:
        salt = base64.b64decode(parts[2], validate=True)
    except binascii.Error:
        return False
    return secrets.compare_digest(hash_password(password, salt=salt, iterations=int(parts[1])), hashed)


def read_passwords(text: str) -> dict[str, str]:
    """Read a password file into hashes by user.  Raises MosquittoFileError."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        user, colon, hashed = line.partition(":")
        if not colon or not user or not hashed.startswith("$"):
            raise MosquittoFileError(
                f"第 {number} 行不是 用户:哈希 / line {number} is not user:hash (a password in the clear is not taken)"
            )
        found[user] = hashed.strip()
    return found


def write_passwords(hashes: Mapping[str, str]) -> str:
    """Write a password file."""
    return "".join(f"{user}:{hashed}\n" for user, hashed in hashes.items())


def write_acl(accounts: Iterable[BrokerAccount]) -> str:
    """Write the access control list.  What it does not name is refused.  Raises MosquittoFileError."""
    lines = ["# 由 smartpark broker credentials 生成, 请勿手改 / generated; changes by hand are overwritten"]
    for account in accounts:
        lines += ["", f"user {account.user}"]
        for right in account.rights:
            if not right.topic.isprintable() or right.topic != right.topic.strip():
                raise MosquittoFileError(
                    f"主题 {right.topic!r} 含不可见字符 / topic {right.topic!r} has letters that cannot be seen"
                )
            lines.append(f"topic {right.verb} {right.topic}")
    return "\n".join([*lines, ""])

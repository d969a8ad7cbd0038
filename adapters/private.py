"""Files that hold a park's measurements, and the folders around them, are for their owner only."""

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

FILE = 0o600
FOLDER = 0o700


def folder(path: Path) -> None:
    """Make a folder where there is none, for us alone; one that exists keeps the mode somebody chose for it."""
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=FOLDER, exist_ok=True)


def create(path: Path) -> None:
    """Make an empty file for us alone, unless there is one.

    A file that exists is never opened here: to close it again would drop the locks that SQLite holds on it in this
    process.
    """
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE))


def restrict(path: Path) -> None:
    """Take a file that a library made away from everybody else; where there is none, or it is not ours, do nothing."""
    with contextlib.suppress(OSError):
        if path.stat().st_mode & ~FILE & 0o777:
            path.chmod(FILE)


def key(path: Path, make: Callable[[], bytes]) -> bytes:
    """Give the secret kept in a file for us alone, made on first use.  Raises OSError."""
    folder(path.parent)
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        fresh.touch(FILE)
        try:
            fresh.write_bytes(make())
            with contextlib.suppress(FileExistsError):
                os.link(fresh, path)  # whole or not at all, and never over another program's
        finally:
            fresh.unlink()
    return path.read_bytes()

"""A folder's files are written by one process: the operating system says which, and forgets it when that one dies."""

import fcntl
import os
from pathlib import Path

from adapters import private

FILE = "alerts.lock"


class FolderLock:
    """Held from `hold` to `let_go`, or until the process ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; nothing is done yet."""
        self._path = folder / FILE
        self._held: int | None = None

    def hold(self) -> bool:
        """Tell whether it is ours; where no lock can be had at all, there is no file to guard either."""
        if self._held is not None:
            return True
        try:
            private.folder(self._path.parent)
            opened = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return True
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(opened)
            return False
        except OSError:  # a file system without locks
            os.close(opened)
            return True
        self._held = opened
        return True

    def let_go(self) -> None:
        """Leave it to others."""
        if self._held is not None:
            os.close(self._held)
            self._held = None

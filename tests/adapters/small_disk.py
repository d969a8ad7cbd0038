"""A disk of a few megabytes, in memory, to be filled up; needs the right to mount."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


class SmallDisk:
    """A mounted tmpfs."""

    def __init__(self, path: Path, megabytes: int) -> None:
        self.path = path
        self._mount(["-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs"])

    def resize(self, megabytes: int) -> None:
        """Give it room."""
        self._mount(["-o", f"remount,size={megabytes}m"])

    def fill(self) -> Path:
        """Take all that is free, with a file that may be deleted again."""
        filler = self.path / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while file.write(bytes(4096)):
                    pass
            except OSError:
                return filler
        return filler

    def _mount(self, arguments: list[str]) -> None:
        subprocess.run(["mount", *arguments, str(self.path)], check=True, capture_output=True, text=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk of 8 MB."""
    if not sys.platform.startswith("linux"):
        pytest.skip("a small disk is a tmpfs, which is Linux's")
    path = tmp_path / "disk"
    path.mkdir()
    try:
        disk = SmallDisk(path, 8)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"mounting a small disk is not allowed here: {getattr(error, 'stderr', '') or error}".strip())
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)

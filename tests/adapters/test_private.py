"""Files for their owner only are so from the moment they are made."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters import private


@pytest.fixture(autouse=True)
def _open_handed() -> Iterator[None]:
    """A mask under which files are for everybody."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_made_for_its_owner_and_one_that_exists_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    private.create(path)
    assert mode(path) == 0o600
    path.write_text("kept")
    path.chmod(0o640)
    private.create(path)
    assert (mode(path), path.read_text()) == (0o640, "kept")


def test_a_file_that_a_library_made_is_narrowed_and_never_widened(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch(0o664)
    private.restrict(path)
    assert mode(path) == 0o600
    path.chmod(0o400)
    private.restrict(path)
    assert mode(path) == 0o400
    private.restrict(tmp_path / "missing")


def test_a_folder_is_made_with_those_above_it_and_one_that_exists_keeps_its_mode(tmp_path: Path) -> None:
    private.folder(tmp_path / "a" / "b")
    assert mode(tmp_path / "a" / "b") == 0o700
    (tmp_path / "open").mkdir(mode=0o755)
    private.folder(tmp_path / "open")
    assert mode(tmp_path / "open") == 0o755


def test_a_lock_that_sqlite_holds_in_this_process_survives(tmp_path: Path) -> None:
    """Closing any descriptor of a file drops the process's locks on it; so an existing file is never opened."""
    path = tmp_path / "file"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("create table a(x)")
    connection.execute("begin exclusive")
    private.create(path)
    private.restrict(path)
    child = os.fork()
    if child == 0:
        try:
            sqlite3.connect(path, timeout=0).execute("select * from a")
        except sqlite3.OperationalError:
            os._exit(0)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 0, "the lock was lost"
    connection.close()

"""What is particular to the embedded telemetry store: one file, one process, and disks that fill up."""

import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from adapters.duckdb_store import DuckDBStore
from park.reading import Reading
from park.telemetry import StoreUnavailable
from tests.adapters.small_disk import SmallDisk
from tests.contracts.telemetry import EVER, after, reading

HOLD = "import duckdb, sys; db = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
SIZE = 20_000


def many(number: int) -> list[Reading]:
    """Give a large batch, whose values do not compress, of meters of its own."""
    return [
        reading((number * SIZE + step) ** 0.5, after(ms=step), meter=f"m{number}-{step % 50}") for step in range(SIZE)
    ]


def mode(path: Path) -> int:
    """Give who may do what with a file."""
    return stat.S_IMODE(path.stat().st_mode)


@contextmanager
def no_file_over(size: int) -> Iterator[None]:
    """Let the system refuse to make a file larger than so many bytes: a write that really fails, without root."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    assert signal.getsignal(signal.SIGXFSZ) == signal.SIG_IGN, "Python sees to it that the write fails instead"
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def fill_up(store: DuckDBStore) -> int:
    """Write until the disk is full, and tell how many batches were stored."""
    for number in range(1_000):
        try:
            store.write(many(number))
        except StoreUnavailable as error:
            assert "No space left on device" in str(error)  # noqa: PT017  # the other way would count one too few
            return number
    raise AssertionError("the disk never filled up")


# --- one file, one process --------------------------------------------------------------------------------------------


def test_a_file_that_another_process_holds_is_said_to_be_so_and_is_ours_once_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "t.duckdb"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(StoreUnavailable, match=r"one process at a time; stop the other one, or point SMARTPARK_TE"):
            DuckDBStore(path)
        other.communicate("")
    with closing(DuckDBStore(path)) as store:
        store.write([reading(1.0)])


def test_a_file_that_is_no_database_is_not_mistaken_for_one_that_is_held(tmp_path: Path) -> None:
    path = tmp_path / "block.duckdb"
    path.write_bytes(b"this block is locked\n" * 1_000)
    with pytest.raises(StoreUnavailable, match="not a valid DuckDB database") as caught:
        DuckDBStore(path)
    assert "one process" not in str(caught.value)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnavailable, match=r"file.*(exists|directory)"):
        DuckDBStore(tmp_path / "file" / "t.duckdb")


def test_a_closed_store_says_so_and_may_be_closed_again(tmp_path: Path) -> None:
    store = DuckDBStore(tmp_path / "t.duckdb")
    store.close()
    store.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        store.write([reading(1.0)])
    with pytest.raises(StoreUnavailable, match="closed"):
        store.latest(["m1"])


# --- who may read it --------------------------------------------------------------------------------------------------


def test_the_file_its_log_and_the_folder_made_for_them_are_for_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "var" / "t.duckdb"
    with closing(DuckDBStore(path)) as store:
        store.write([reading(1.0)])
        assert {one.name: mode(one) for one in path.parent.iterdir()} == {"t.duckdb": 0o600, "t.duckdb.wal": 0o600}
        with store._file.cursor() as cursor:
            cursor.execute("checkpoint")
        assert not path.with_name("t.duckdb.wal").exists()
        store.write([reading(1.0)])
        assert mode(path.with_name("t.duckdb.wal")) == 0o600, "a log made anew is no wider"
    assert mode(path.parent) == 0o700


def test_a_file_of_before_is_taken_from_the_others_and_a_folder_of_somebody_s_left_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir(mode=0o755)
    path = folder / "t.duckdb"
    DuckDBStore(path).close()
    path.chmod(0o644)
    with closing(DuckDBStore(path)):
        assert mode(path) == 0o600
        assert mode(folder) == 0o755


# --- writes that fail -------------------------------------------------------------------------------------------------


def test_a_meter_first_seen_in_a_write_that_failed_is_found_after_the_next(tmp_path: Path) -> None:
    """Numbers that a rolled-back write gave to names would store readings that nobody can find."""
    path = tmp_path / "t.duckdb"
    with closing(DuckDBStore(path)) as store:
        store.write([reading(1.0, meter="before")])
        with no_file_over(64 * 1024), pytest.raises(StoreUnavailable, match="File too large"):
            store.write(many(0))
        assert store.extent().readings == 1
        assert store.latest(["m0-3"]) == []
        store.write([reading(2.0, meter="after"), reading(3.0, after(1), meter="m0-3")])
        assert [one.meter for one in store.latest(["before", "after", "m0-3"])] == ["after", "before", "m0-3"]
    with closing(DuckDBStore(path)) as store:
        assert [one.value for one in store.readings("m0-3", "p", *EVER)] == [3.0]


@pytest.mark.parametrize(
    ("megabytes", "where"), [(6, "in the log"), (20, "in a checkpoint")], ids=["in the log", "in a checkpoint"]
)
def test_a_full_disk_refuses_the_write_whole_and_the_same_store_goes_on_once_there_is_room(
    small_disk: SmallDisk, megabytes: int, where: str
) -> None:
    """DuckDB gives a database up for good when a checkpoint finds no room; it has to be opened again."""
    del where
    small_disk.resize(megabytes)
    path = small_disk.path / "t.duckdb"
    with closing(DuckDBStore(path)) as store:
        stored = fill_up(store)
        for _ in range(2):
            with pytest.raises(StoreUnavailable):
                store.write(many(stored))
        assert store.extent().readings == stored * SIZE
        small_disk.resize(100)
        store.write(many(stored))
        store.write(many(stored))
        assert store.extent().readings == (stored + 1) * SIZE
        assert len(store.latest([f"m{stored}-3", f"m{stored}-49"])) == 2
    with closing(DuckDBStore(path)) as store:
        assert store.extent().readings == (stored + 1) * SIZE
        assert len(store.readings(f"m{stored}-3", "p", *EVER)) == SIZE // 50

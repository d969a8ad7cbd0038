"""Full disks, damaged files and other people's eyes: what was put is kept, or the put says why not."""

import re
import resource
import stat
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from adapters.spool import SPARE, Spool, SpoolBroken
from tests.adapters.small_disk import SmallDisk
from tests.adapters.spools import MIB, blobs, counts, whole


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file of a spool that is not there yet."""
    return tmp_path / "var" / "spool.sqlite"


def fill(spool: Spool) -> int:
    """Put until the spool says that the disk is full, and tell how many blobs it kept."""
    for number in count():
        try:
            spool.put("raw", bytes(100_000))
        except SpoolBroken as error:
            assert re.search(r"the disk is full: \d+ bytes free, of which \d+ are needed to empty", str(error))  # noqa: PT017  # the number is wanted
            return number
    raise AssertionError("endless")


def test_a_disk_that_others_filled_breaks_the_put_whole_and_it_recovers_when_there_is_room(
    small_disk: SmallDisk,
) -> None:
    with closing(Spool(small_disk.path / "s.sqlite", most_bytes=1 << 40, spare_bytes=0)) as spool:
        spool.put("raw", b"before")
        filler = small_disk.fill()
        for _ in range(2):
            with pytest.raises(
                SpoolBroken, match=r"s\.sqlite: .*full.*; make room on the disk, or move SMARTPARK_DATA"
            ):
                spool.put("raw", *[bytes(50_000)] * 9)
        assert blobs(spool) == [b"before"]
        assert counts(spool) == whole(spool)
        filler.unlink()
        spool.put("raw", bytes(50_000))
        assert spool.blobs("raw") == 2


def test_it_does_not_fill_the_disk_up_itself_because_dropping_needs_room_too(small_disk: SmallDisk) -> None:
    small_disk.resize(16)
    with closing(Spool(small_disk.path / "s.sqlite", most_bytes=1 << 40, spare_bytes=8 * MIB)) as spool:
        put = fill(spool)
        assert put > 20
        for left in reversed(range(put)):
            spool.drop("raw", spool.peek("raw"))
            assert spool.blobs("raw") == left
        spool.put("raw", bytes(100_000))


def test_a_write_that_the_system_refuses_breaks_the_put_and_the_next_may_succeed(path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with closing(Spool(path, most_bytes=1 << 40)) as spool:
        spool.put("raw", b"before")
        resource.setrlimit(resource.RLIMIT_FSIZE, (MIB, before[1]))
        try:
            with pytest.raises(SpoolBroken, match=r"spool\.sqlite: "):
                spool.put("raw", bytes(2 * MIB))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert blobs(spool) == [b"before"]
        spool.put("raw", bytes(2 * MIB))
        assert counts(spool) == whole(spool)


def spoil_start(path: Path) -> None:
    path.write_bytes(b"not a database at all, but long enough to be taken for one " * 200)


def spoil_middle(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xaa" * (len(whole) - 8192) + whole[-4096:])


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:4096])


@pytest.mark.parametrize("spoil", [spoil_start, spoil_middle, cut_short])
def test_a_damaged_file_breaks_it_with_a_sentence_that_tells_what_to_do(
    path: Path, spoil: Callable[[Path], None]
) -> None:
    with closing(Spool(path, most_bytes=MIB)) as spool:
        spool.put("raw", *[bytes(3_000)] * 100)
    spoil(path)
    with pytest.raises(SpoolBroken, match=r"spool\.sqlite: .*damaged: stop the collector, move it away together with"):
        Spool(path, most_bytes=MIB)


def test_a_place_where_nothing_can_be_kept_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SpoolBroken, match=r"file/s\.sqlite: .*; check the folder and who may write there"):
        Spool(tmp_path / "file" / "s.sqlite", most_bytes=MIB)
    (tmp_path / "folder").mkdir()
    with pytest.raises(SpoolBroken, match="folder: unable to open"):
        Spool(tmp_path / "folder", most_bytes=MIB)


def test_a_closed_spool_is_broken_and_not_something_else(path: Path) -> None:
    spool = Spool(path, most_bytes=MIB)
    spool.close()
    with pytest.raises(SpoolBroken):
        spool.put("raw", b"late")
    with pytest.raises(SpoolBroken):
        spool.peek("raw")


def test_the_file_and_what_sqlite_puts_beside_it_are_for_their_owner_only(path: Path) -> None:
    with closing(Spool(path, most_bytes=MIB)) as spool:
        spool.put("raw", b"secret enough")
        modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()}
    assert modes == {"spool.sqlite": 0o600, "spool.sqlite-wal": 0o600, "spool.sqlite-shm": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_of_before_is_taken_from_the_others(path: Path) -> None:
    Spool(path, most_bytes=MIB).close()
    path.chmod(0o644)
    with closing(Spool(path, most_bytes=MIB)):
        assert {stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()} == {0o600}


def test_what_is_spared_is_more_than_the_log_can_need() -> None:
    assert SPARE >= 32 * MIB

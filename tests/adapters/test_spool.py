"""What was put is kept until it is dropped, in order, within its bounds, over crashes."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.spool import Held, Spool, SpoolFull
from tests.adapters.putter import blob
from tests.adapters.spools import MIB, blobs, counts, whole
from tests.shape.tree import ROOT


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file of a spool that is not there yet."""
    return tmp_path / "var" / "spool.sqlite"


@pytest.fixture
def spool(path: Path) -> Iterator[Spool]:
    """An empty spool of one megabyte."""
    with closing(Spool(path, most_bytes=MIB)) as spool:
        yield spool


# --- order and bounds -------------------------------------------------------------------------------------------------


def test_peek_gives_the_oldest_first_and_takes_nothing_out(spool: Spool) -> None:
    spool.put("raw", b"one", b"two")
    spool.put("refused", b"other lane")
    spool.put("raw", b"three")
    assert blobs(spool) == blobs(spool) == [b"one", b"two", b"three"]
    assert [held.bytes for held in spool.peek("raw")] == [b"one"]
    assert blobs(spool, "nobody's") == []


BOUNDS = [
    ("as many as asked for", 2, None, 2),
    ("as many bytes as asked for", 9, 7, 2),
    ("a bound that is just reached", 9, 6, 2),
    ("at least one, however large", 9, 1, 1),
    ("whichever bound is met first", 1, 100, 1),
    ("no more than there is", 9, 100, 3),
]


@pytest.mark.parametrize(("most", "most_bytes", "found"), [row[1:] for row in BOUNDS], ids=[row[0] for row in BOUNDS])
def test_peek_stops_at_its_bounds(spool: Spool, most: int, most_bytes: int | None, found: int) -> None:
    spool.put("raw", b"aaa", b"bbb", b"ccc")
    assert len(spool.peek("raw", most=most, most_bytes=most_bytes)) == found


def test_what_is_dropped_is_gone_and_dropping_it_again_changes_nothing(spool: Spool) -> None:
    spool.put("raw", b"one", b"two", b"three")
    held = spool.peek("raw", most=2)
    for _ in range(2):
        spool.drop("raw", held)
        assert blobs(spool) == [b"three"]
        assert counts(spool) == whole(spool)


def test_what_is_moved_is_at_the_end_of_the_other_lane(spool: Spool) -> None:
    spool.put("refused", b"first")
    spool.put("raw", b"one", b"two")
    spool.move(spool.peek("raw"), "raw", "refused", b"why", b"and what")
    assert blobs(spool) == [b"two"]
    assert blobs(spool, "refused") == [b"first", b"why", b"and what"]
    assert counts(spool) == whole(spool)


def test_beyond_its_bytes_it_keeps_nothing_of_the_put_and_goes_on_when_some_are_dropped(spool: Spool) -> None:
    spool.put("raw", bytes(MIB - 10))
    with pytest.raises(SpoolFull, match=f"{MIB - 10} of {MIB} bytes used, 12 more refused"):
        spool.put("raw", b"fits", b"does not")
    assert len(blobs(spool)) == 1
    spool.put("raw", b"0123456789")
    assert spool.size == MIB
    spool.drop("raw", spool.peek("raw"))
    spool.put("raw", b"fits", b"now too")
    assert counts(spool) == whole(spool)


def test_the_bound_does_not_stop_a_move_or_it_could_never_drain(spool: Spool) -> None:
    spool.put("raw", bytes(MIB))
    spool.move(spool.peek("raw"), "raw", "refused", bytes(MIB), b"and the reason")
    assert spool.size == MIB + 14
    with pytest.raises(SpoolFull):
        spool.put("raw", b"")


def test_blobs_of_no_bytes_count_as_blobs(spool: Spool) -> None:
    spool.put("raw", b"", b"")
    spool.put("raw")
    assert counts(spool)["raw"] == (2, 0)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.lists(st.binary(max_size=400), max_size=4)),
        st.tuples(st.just("drop"), st.integers(0, 4)),
        st.tuples(st.just("move"), st.integers(0, 4)),
        st.tuples(st.just("reopen"), st.none()),
    ),
    max_size=25,
)
lanes = st.sampled_from(["raw", "refused"])


@given(steps=st.lists(st.tuples(lanes, steps), max_size=3))
def test_it_behaves_as_two_lists_would(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, list[tuple[str, object]]]]
) -> None:
    path, bound = tmp_path_factory.mktemp("spool") / "s.sqlite", 2_000
    model: dict[str, list[bytes]] = {"raw": [], "refused": []}
    spool = Spool(path, most_bytes=bound)
    for lane, (what, how) in ((lane, step) for lane, some in steps for step in some):
        other = "refused" if lane == "raw" else "raw"
        if what == "put" and isinstance(how, list):
            if sum(map(len, [*model["raw"], *model["refused"], *how])) > bound:
                with pytest.raises(SpoolFull):
                    spool.put(lane, *how)
            else:
                spool.put(lane, *how)
                model[lane] += how
        elif isinstance(how, int):
            held = spool.peek(lane, most=how)
            assert [one.bytes for one in held] == model[lane][:how]
            model[lane] = model[lane][how:]
            if what == "drop":
                spool.drop(lane, held)
            else:
                spool.move(held, lane, other, b"moved", b"")
                model[other] += [b"moved", b""]
        else:
            spool.close()
            spool = Spool(path, most_bytes=bound)
        assert counts(spool) == {name: (len(kept), sum(map(len, kept))) for name, kept in model.items()}
    assert {lane: blobs(spool, lane) for lane in model} == model
    spool.close()


# --- over time and processes ------------------------------------------------------------------------------------------


def test_opened_again_it_holds_and_counts_the_same_and_numbers_go_on_growing(path: Path) -> None:
    with closing(Spool(path, most_bytes=MIB)) as spool:
        spool.put("raw", b"one", b"two", b"three")
        spool.put("refused", b"four")
        last = spool.peek("raw", most=3)
        spool.drop("raw", last)
        before = counts(spool)
    with closing(Spool(path, most_bytes=MIB)) as spool:
        assert counts(spool) == before == {"raw": (0, 0), "refused": (1, 4)}
        spool.put("raw", b"five")
        assert spool.peek("raw")[0].id > last[-1].id, "a number is never used twice, or an old drop would hit it"


@pytest.mark.parametrize("heard", [1, 40, 150])
def test_killed_in_mid_put_it_holds_everything_that_was_confirmed_in_order_and_nothing_by_half(
    path: Path, heard: int
) -> None:
    command = [sys.executable, "-m", "tests.adapters.putter", str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as putter:
        assert putter.stdout is not None
        for _ in range(heard):
            assert putter.stdout.readline()
        putter.kill()
        confirmed = heard + len([line for line in putter.stdout if line.endswith("\n")])
    with closing(Spool(path, most_bytes=1 << 40)) as spool:
        held = blobs(spool)
        assert len(held) in {2 * confirmed, 2 * confirmed + 2}
        assert held == [blob(number) for number in range(len(held))]
        assert counts(spool) == whole(spool)


def test_two_threads_put_while_another_drops(path: Path) -> None:
    seen: list[Held] = []
    mistakes: list[BaseException] = []
    rounds, wanted = 60, 2 * 60 * 3

    def put(name: int) -> None:
        try:
            for number in range(rounds):
                shared.put("raw", *(b"%d-%d-%d" % (name, number, part) for part in range(3)))
        except BaseException as mistake:  # noqa: BLE001  # whatever it is, the test's own thread must raise it
            mistakes.append(mistake)

    with closing(Spool(path, most_bytes=MIB)) as shared:
        threads = [Thread(target=put, args=(name,)) for name in range(2)]
        for thread in threads:
            thread.start()
        while len(seen) < wanted and (any(thread.is_alive() for thread in threads) or shared.blobs("raw")):
            held = shared.peek("raw", most=7)
            seen += held
            shared.drop("raw", held)
        for thread in threads:
            thread.join()
        assert mistakes == []
        assert shared.size == shared.blobs("raw") == 0
    assert [held.id for held in seen] == sorted(held.id for held in seen)
    for name in range(2):
        mine = [held.bytes for held in seen if held.bytes.startswith(b"%d-" % name)]
        assert mine == [b"%d-%d-%d" % (name, number, part) for number in range(rounds) for part in range(3)]

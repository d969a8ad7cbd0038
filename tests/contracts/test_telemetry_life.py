"""What every store of readings survives: many at once, being closed, being killed."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from park.telemetry import Aggregate, Extent, Telemetry
from tests.contracts.telemetry import DAY, DURABLE, EVER, START, Kind, after, opened, reading, series
from tests.contracts.writer import SIZE, batch
from tests.shape.tree import ROOT


def test_threads_write_while_others_read(store: Telemetry) -> None:
    mistakes: list[BaseException] = []

    def guarded(work: Callable[[int], object], number: int) -> None:
        try:
            work(number)
        except BaseException as mistake:  # noqa: BLE001  # whatever it is, the test's own thread must raise it
            mistakes.append(mistake)

    def write(number: int) -> None:
        for turn in range(6):
            store.write([reading(turn, after(turn, ms=step), meter=f"t{number}") for step in range(40)])
            store.write([reading(number, after(turn), meter="contested")])

    def read(_number: int) -> None:
        for _ in range(15):
            store.latest(["t0", "t1", "contested"])
            series(store, "t0")
            store.aggregate(["t0", "t1"], "p", *EVER, every=DAY, how=Aggregate.MEAN)
            store.extent()

    threads = [Thread(target=guarded, args=(work, number)) for work in (write, read) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert mistakes == []
    assert [len(series(store, f"t{number}")) for number in range(3)] == [240] * 3
    assert len(series(store, "contested")) == 6
    assert {one.value for one in store.latest(["t0", "t1", "t2"])} == {5.0}


@pytest.mark.parametrize("kind", DURABLE, ids=lambda kind: kind.name)
def test_closed_and_opened_again_it_holds_everything(kind: Kind, tmp_path: Path) -> None:
    with opened(kind, tmp_path) as store:
        store.write([reading(1.0, quality=2), reading(2.0, after(1))])
    with opened(kind, tmp_path) as store:
        store.write([reading(3.0, after(2), meter="m2")])
        assert store.latest(["m1", "m2"]) == [reading(2.0, after(1)), reading(3.0, after(2), meter="m2")]
    with opened(kind, tmp_path) as store:
        assert series(store) == [reading(1.0, quality=2), reading(2.0, after(1))]
        assert series(store, "m2") == [reading(3.0, after(2), meter="m2")]
        assert store.extent() == Extent(3, START, after(2))


@pytest.mark.parametrize("written", [1, 7, 30])
@pytest.mark.parametrize("kind", DURABLE, ids=lambda kind: kind.name)
def test_killed_in_mid_write_it_holds_every_batch_that_was_confirmed_and_none_by_half(
    kind: Kind, tmp_path: Path, written: int
) -> None:
    assert kind.url is not None
    command = [sys.executable, "-m", "tests.contracts.writer", kind.url(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for _ in range(written):
            assert writer.stdout.readline()
        writer.kill()
        confirmed = written + len([line for line in writer.stdout if line.endswith("\n")])
    with opened(kind, tmp_path) as store:
        held = store.extent().readings
        assert held in {confirmed * SIZE, (confirmed + 1) * SIZE}
        for number in range(held // SIZE):
            assert series(store, f"own-{number}") == batch(number)[:-1]
            assert store.latest([f"own-{number}"]) == batch(number)[-2:-1]
        assert [one.value for one in series(store, "all")] == list(range(held // SIZE))
        store.write(batch(held // SIZE))
        assert store.latest(["all"]) == [batch(held // SIZE)[-1]]

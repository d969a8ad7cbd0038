"""Consumption and figures in the embedded store: what is particular to one file of tables without an index."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Thread

import duckdb
import pytest

from adapters import duckdb_intervals
from adapters.duckdb_file import DuckDBFile, Transaction
from adapters.duckdb_store import DuckDBStore
from park.alert_point import AlertPoint
from park.figure_point import FigurePoint
from park.telemetry import StoreUnavailable
from park.term import Span
from tests.adapters.test_duckdb_store import no_file_over
from tests.contracts.consumption import batch, every_slot, plain
from tests.contracts.telemetry import DAY, EVER, START, after, reading

NEXT = START + DAY
ONE = batch(every_slot(START, NEXT), START, NEXT)
FIGURE = FigurePoint("enterprise", "e01", "park", "energy_intensity", "equivalent", Span.MONTH, START, 0.25, 0.9)
FIRST_SCHEMA = (
    "create table meter(id integer, name varchar)",
    "create table metric(id integer, name varchar)",
    "create table reading(meter integer, metric integer, ts bigint, value double, quality integer)",
    """create table newest(
        meter integer, metric integer, ts bigint, value double, quality integer, primary key (meter, metric))""",
    "insert into meter values (0, 'm1')",
    "insert into metric values (0, 'p')",
    "insert into reading values (0, 0, 1795363200000, 1.5, 0)",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DuckDBStore]:
    """An empty store."""
    with closing(DuckDBStore(tmp_path / "t.duckdb")) as empty:
        yield empty


def rows(store: DuckDBStore, table: str) -> list[tuple[object, ...]]:
    return store._file.rows(f"select * from {table} order by all", [])  # noqa: S608  # the test's own words


def test_a_file_from_before_there_was_consumption_takes_it_in(tmp_path: Path) -> None:
    path = tmp_path / "t.duckdb"
    with closing(duckdb.connect(str(path))) as db:
        for statement in FIRST_SCHEMA:
            db.execute(statement)
    with closing(DuckDBStore(path)) as store:
        store.write_intervals([batch(every_slot(START, NEXT), START, NEXT, meter=meter) for meter in ("m1", "m2")])
        assert store.readings("m1", "p", *EVER) == [reading(1.5)]
        assert store.series(["m1"], "p", *EVER)["m1"].values.tolist() == [1.5]
        assert [one.meter for one in store.interval_sums(START, NEXT, every=DAY)] == ["m1", "m2"]


def test_a_day_is_one_row_and_written_again_still_one(store: DuckDBStore) -> None:
    for count in (96, 96, 4):
        store.write_intervals([batch(every_slot(START, START + count * timedelta(minutes=15)), START, NEXT)])
        assert len(rows(store, "interval")) == count
        [(_, _, ts, until, amount, measured, estimated)] = rows(store, "interval_1d")
        assert (ts, until, amount) == (1795363200000, 1795363200000 + 86_400_000, count)
        assert (measured, estimated) == (count / 96, 0.0)


def test_batches_of_many_transactions_are_all_there(store: DuckDBStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duckdb_intervals, "MOST_SLOTS", 100)
    several = [batch(every_slot(START, NEXT), START, NEXT, meter=f"m{number}") for number in range(5)]
    for _ in range(2):
        store.write_intervals(several)
        assert len(rows(store, "interval")) == 5 * 96
        assert len(rows(store, "interval_1d")) == 5


def test_a_transaction_that_fails_leaves_slots_and_days_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "t.duckdb"
    with closing(DuckDBStore(path)) as store:
        store.write_intervals([batch(every_slot(START, NEXT), START, NEXT)])
        size = sum(file.stat().st_size for file in (path, path.with_name("t.duckdb.wal")))
        many = [
            batch(
                every_slot(START, NEXT + 30 * DAY, (number**0.5, 1.0, 0.0)), START, NEXT + 30 * DAY, meter=f"n{number}"
            )
            for number in range(40)
        ]
        with no_file_over(size), pytest.raises(StoreUnavailable):
            store.write_intervals([batch({}, START, NEXT), *many])
        [day] = store.interval_sums(START, NEXT + 30 * DAY, every=DAY)
        assert (day.meter, day.amount) == ("m1", 96.0)
        store.write_intervals([batch({}, START, NEXT), *many])
        assert len(store.interval_sums(START, NEXT + 31 * DAY, every=Span.QUARTER)) == 40


def test_readings_and_consumption_are_written_at_once_and_share_their_names(store: DuckDBStore) -> None:
    def readings() -> None:
        for step in range(20):
            store.write([reading(step, after(step), meter=f"r{step}"), reading(step, after(step))])

    def consumption() -> None:
        for step in range(20):
            store.write_intervals([batch(every_slot(START, NEXT), START, NEXT, meter=f"i{step}"), ONE])

    threads = [Thread(target=work) for work in (readings, consumption)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.series([*(f"r{step}" for step in range(20)), "m1"], "p", *EVER)) == 21
    found = store.intervals([*(f"i{step}" for step in range(20)), "m1"], "electricity", *EVER)
    assert len(found) == 21
    assert plain(found["m1"]) == every_slot(START, NEXT)
    names = rows(store, "meter")
    assert len({number for number, _ in names}) == len({name for _, name in names}) == len(names) == 41


def fail_after_naming(writing: Transaction) -> None:
    assert writing.numbers("meter", ["lost", "lost", "a"]) == {"a": 0, "lost": 1}
    writing.cursor.execute("no SQL at all")


def test_a_number_given_out_in_a_transaction_that_failed_is_given_out_again(tmp_path: Path) -> None:
    with closing(DuckDBFile(tmp_path / "t.duckdb")) as file:
        with pytest.raises(StoreUnavailable), file.transaction() as writing:
            fail_after_naming(writing)
        assert file.number("meter", "lost") == -1
        with file.transaction() as writing:
            assert writing.numbers("meter", ["m1"]) == {"m1": 0}
            assert writing.numbers("meter", ["m2", "m1"]) == {"m1": 0, "m2": 1}
        assert file.names("meter") == {0: "m1", 1: "m2"}
        assert file.rows("select name from meter order by id", []) == [("m1",), ("m2",)]


def test_of_figures_the_last_of_each_identity_is_held_and_one_without_a_value_is_out(store: DuckDBStore) -> None:
    store.write_figures([])
    store.write_figures([FIGURE._replace(value=9.0), FIGURE, FIGURE._replace(span=Span.YEAR, value=None)])
    identity = ("enterprise", "e01", "park", "energy_intensity", "equivalent", "month", 1795363200000)
    assert rows(store, "intensity") == [(*identity, 0.25, 0.9)]
    store.write_figures([FIGURE._replace(value=0.0, coverage=0.5), FIGURE._replace(id="e02")])
    assert len(rows(store, "intensity")) == 2
    assert rows(store, "intensity")[0] == (*identity, 0.0, 0.5)
    store.write_figures([FIGURE._replace(value=None), FIGURE._replace(id="e02", value=None)])
    assert rows(store, "intensity") == []


def test_of_an_alerts_changes_the_last_of_each_moment_is_held(store: DuckDBStore) -> None:
    raised = AlertPoint("gas", "m1", "e01", "park", "major", START, "raised", burning=True, value=30.0, drill=False)
    store.write_alerts([])
    store.write_alerts([raised, raised._replace(kind="cleared", burning=False, value=None)])
    store.write_alerts([raised._replace(meter="m2", drill=True)])
    ts = 1795363200000
    assert rows(store, "alert") == [
        ("gas", "m1", ts, "e01", "park", "major", "cleared", False, None, False),
        ("gas", "m2", ts, "e01", "park", "major", "raised", True, 30.0, True),
    ]

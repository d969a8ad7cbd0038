"""Late readings are noted for whoever has made something of their day already: after they are stored, and always."""

from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from adapters import stores
from adapters.duckdb_store import DuckDBStore
from adapters.influx.store import InfluxStore
from adapters.late_notes import LATE, LateNotes
from adapters.relational.engine import writing
from adapters.relational.interval_dues import Due, IntervalDues
from adapters.settings import load
from park.reading import Reading
from park.telemetry import StoreRefused, StoreUnavailable, Telemetry
from park.window import SITE
from tests.adapters.influx.fake import FakeInflux, fake_influx, refusing
from tests.adapters.influx.test_writing import REGISTRY
from tests.contracts.telemetry import DAY, EVER, START, reading

NOW = START + timedelta(hours=10)
MOMENT = timedelta(milliseconds=1)
YESTERDAY = START - DAY


class Book:
    """Remembers what was noted, and what the store held by then; `away` is one that cannot be written."""

    def __init__(self) -> None:
        self.noted: list[tuple[str, datetime]] = []
        self.held: list[int] = []
        self.store: Telemetry | None = None
        self.away = False

    def note(self, days: Collection[tuple[str, datetime]]) -> None:
        """Remember."""
        if self.away:
            raise StoreUnavailable("the book is away")
        self.noted += sorted(days)
        if isinstance(self.store, DuckDBStore):
            self.held.append(len(self.store.readings("m1", "p", *EVER)))


CASES = [
    ("what is as late as may be is not noted", [reading(1.0, NOW - LATE)], []),
    ("a moment older is", [reading(1.0, NOW - LATE - MOMENT)], [("m1", START)]),
    ("the site's midnight begins a day", [reading(1.0, START)], [("m1", START)]),
    ("a moment before is the day before", [reading(1.0, START - MOMENT)], [("m1", YESTERDAY)]),
    ("many of one day are one note", [reading(1.0, START + step * MOMENT) for step in range(9)], [("m1", START)]),
    (
        "each meter and day has its own",
        [reading(1.0, START), reading(2.0, YESTERDAY), reading(3.0, START, meter="m2"), reading(4.0, NOW, meter="m3")],
        [("m1", YESTERDAY), ("m1", START), ("m2", START)],
    ),
    ("what is ahead of the clock is not late", [reading(1.0, NOW + DAY)], []),
    ("nothing is nothing", [], []),
]


@pytest.mark.parametrize(("readings", "days"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_late_readings_are_noted_by_meter_and_local_day_in_every_book(
    readings: list[Reading], days: list[tuple[str, datetime]]
) -> None:
    books = Book(), Book()
    LateNotes(books, clock=lambda: NOW).note(readings)
    for book in books:
        assert book.noted == days


def test_a_day_is_that_of_the_site_s_own_zone() -> None:
    book = Book()
    LateNotes([book], clock=lambda: NOW, zone=ZoneInfo("UTC")).note([reading(1.0, START)])
    assert book.noted == [("m1", START - timedelta(hours=16))]


Opener = Callable[[LateNotes], Telemetry]


@pytest.fixture
def fake() -> Iterator[FakeInflux]:
    """A server that takes everything."""
    with fake_influx() as server:
        yield server


@pytest.fixture(params=["duckdb", "influx"])
def opener(request: pytest.FixtureRequest, tmp_path: Path, fake: FakeInflux) -> Opener:
    """How to open a store of each kind that notes what is late."""
    if request.param == "duckdb":
        return lambda late: DuckDBStore(tmp_path / "t.duckdb", late=late)
    target = load(environ={}, telemetry_url=fake.url()).influx_target()
    assert target is not None
    return lambda late: InfluxStore(target, registry=lambda: REGISTRY, clock=lambda: NOW, zone=SITE, late=late)


def test_a_store_notes_what_it_has_stored_and_not_before(opener: Opener) -> None:
    book = Book()
    with closing(opener(LateNotes([book], clock=lambda: NOW))) as store:
        book.store = store
        store.write([reading(1.0, START), reading(2.0, NOW)])
        assert book.noted == [("m1", START)]
        assert book.held in ([], [2]), "the embedded store had both by then"
        store.write([])
        store.write([reading(3.0, NOW)])
        assert len(book.noted) == 1


def test_a_note_that_cannot_be_kept_leaves_the_write_unconfirmed_and_doing_it_again_is_harmless(opener: Opener) -> None:
    book = Book()
    with closing(opener(LateNotes([book], clock=lambda: NOW))) as store:
        book.away = True
        with pytest.raises(StoreUnavailable, match="the book is away"):
            store.write([reading(1.0, START)])
        book.away = False
        store.write([reading(1.0, START)])
        assert book.noted == [("m1", START)]


def test_a_write_that_fails_notes_nothing(tmp_path: Path) -> None:
    book = Book()
    store = DuckDBStore(tmp_path / "t.duckdb", late=LateNotes([book], clock=lambda: NOW))
    store.close()
    with pytest.raises(StoreUnavailable):
        store.write([reading(1.0, START)])
    assert book.noted == []


def test_of_a_batch_that_is_refused_in_part_the_rest_is_noted(fake: FakeInflux) -> None:
    book = Book()
    fake.rule = refusing("meter=m1")
    target = load(environ={}, telemetry_url=fake.url()).influx_target()
    assert target is not None
    late = LateNotes([book], clock=lambda: NOW)
    with closing(InfluxStore(target, registry=lambda: REGISTRY, clock=lambda: NOW, late=late)) as store:
        with pytest.raises(StoreRefused):
            store.write([reading(1.0, START), reading(2.0, START, meter="m2")])
        assert ("m2", START) in book.noted


# --- as the settings open them ----------------------------------------------------------------------------------------


def test_the_embedded_store_of_a_park_notes_for_the_accounts(tmp_path: Path) -> None:
    settings = load(environ={}, data_dir=tmp_path)
    engine = stores.relational(settings)
    with closing(stores.telemetry(settings, engine)) as store:
        store.write([reading(1.0, START - 400 * DAY), reading(2.0, START - 400 * DAY)])
        store.write([reading(1.0, START - 400 * DAY)])
        dues = IntervalDues(engine)
        assert dues.due(9) == [Due("m1", START - 400 * DAY, 2)]
        with writing(engine) as connection:
            connection.execute(text("drop table interval_due"))
        with pytest.raises(StoreUnavailable, match="notes of consumption"):
            store.write([reading(1.0, START - 400 * DAY)])
    engine.dispose()


def test_without_a_relational_store_there_is_nobody_to_note_for(tmp_path: Path) -> None:
    with closing(stores.telemetry(load(environ={}, data_dir=tmp_path))) as store:
        store.write([reading(1.0, START - 400 * DAY)])
        assert store.extent().readings == 1

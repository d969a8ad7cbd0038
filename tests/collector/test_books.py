"""The accounts are exactly as far as the spool has been emptied, whatever happens in between."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from adapters import clock
from adapters.relational import meter_account, quarantine
from adapters.spool import Held, Spool, SpoolBroken
from collector import books as all_books
from collector.books import Books
from collector.clerk import Clerk
from collector.counts import Counts
from collector.keeper import Keeper
from collector.message import Message, pack
from collector.pipeline import Pipeline
from collector.receiver import RAW
from park.account import Account, Heard, step
from park.reason import Reason
from tests.collector.conftest import Registrar
from tests.collector.test_pipeline import Moody
from tests.collector.words import RECEIVED, WIDER
from tests.park.examples import NOW


def numbered(seq: int, *, meter: str = "m1", place: str = "e01", metric: str = "p", value: float = 1.0) -> Message:
    said = {"v": 1, "ts": RECEIVED - 60_000 + 1_000 * seq, "seq": seq, "m": {metric: value}}
    return Message(f"park/v1/hengkou/{place}/{meter}/data", msgspec.json.encode(said), RECEIVED)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Moody]:
    store = Moody(tmp_path / "moody.duckdb")
    yield store
    store.close()


class Works:
    """A pipeline that may be started again over the same spool, as after a kill."""

    def __init__(self, spool: Spool, store: Moody, registrar: Registrar) -> None:
        self._spool, self._store, self._registrar = spool, store, registrar
        self.counts = Counts()
        self.restart()

    def restart(self) -> None:
        self.pipeline = Pipeline(
            spool=self._spool, telemetry=self._store, registry=self._registrar, counts=self.counts, clock=clock.now,
            prefix="park/v1",
        )  # fmt: skip

    def put(self, *messages: Message) -> None:
        self._spool.put(RAW, pack(messages))

    def store(self, *messages: Message) -> Account:
        self.put(*messages)
        assert self.pipeline.step()
        return self.account()

    def account(self, meter: str = "m1") -> Account:
        books = self.pipeline.books
        unsaid = books.take_unsaid()
        books.put_back(unsaid)
        return unsaid[meter]


@pytest.fixture
def works(spool: Spool, store: Moody, registrar: Registrar) -> Works:
    return Works(spool, store, registrar)


def test_each_message_is_accounted_for_by_its_number(works: Works) -> None:
    account = works.store(*map(numbered, [1, 2, 4, 4, 5]))
    assert (account.received, account.missing, account.duplicates, account.stored) == (4, 1, 1, 4)


def test_an_account_outlives_a_kill_between_two_batches(works: Works) -> None:
    before = works.store(*map(numbered, [1, 2, 5]))
    works.restart()
    assert works.account() == before
    assert works.store(*map(numbered, [3, 4, 6])).missing == 0


def test_a_batch_that_is_done_again_is_counted_once(
    works: Works, spool: Spool, store: Moody, monkeypatch: pytest.MonkeyPatch
) -> None:
    works.store(numbered(1))

    def full(_lane: str, _held: list[Held], **_notes: object) -> None:
        raise SpoolBroken("the disk is full")

    with monkeypatch.context() as patch:  # stored, and killed before the spool had forgotten it
        patch.setattr(spool, "drop", full)
        works.put(*map(numbered, [2, 4]))
        assert not works.pipeline.step()
    assert len(store.values()) == 3
    works.restart()
    assert works.pipeline.step()
    account = works.account()
    assert (account.received, account.missing, account.duplicates) == (3, 1, 0)


def test_what_waits_for_the_store_is_not_in_the_account_yet(works: Works, store: Moody) -> None:
    works.store(numbered(1))
    store.away = 1
    works.put(numbered(2))
    assert not works.pipeline.step()
    assert works.account().received == 1
    assert works.pipeline.step()
    assert works.account().received == 2


def test_what_was_refused_came_all_the_same(works: Works) -> None:
    account = works.store(
        numbered(1),
        numbered(2, metric="nobody_knows"),
        Message(numbered(3).topic, b'{"v":1,"seq":3,"m":{}}', RECEIVED),
        Message(numbered(4).topic, b'{"v":9,"seq":4,"m":{"p":1}}', RECEIVED),
        Message(numbered(5).topic, b"garbage", RECEIVED),
        numbered(6),
    )
    assert (account.received, account.held, account.unnumbered) == (6, 4, 1)
    assert [(gap.first, gap.last) for gap in account.gaps] == [(5, 5)]  # whose number nobody could read
    assert (account.accepted, account.refused, account.stored) == (2, 1, 2)


def test_what_the_store_refuses_was_let_in_and_not_stored(works: Works, store: Moody) -> None:
    store.disliked = {13.0}
    account = works.store(numbered(1), numbered(2, value=13.0), numbered(3))
    assert (account.received, account.held, account.accepted, account.stored) == (3, 1, 3, 2)


def test_a_message_under_another_enterprise_does_not_touch_a_meters_account(works: Works) -> None:
    account = works.store(numbered(1), numbered(900, place="e02"), numbered(2, meter="unknown"), numbered(2))
    assert (account.received, account.missing) == (2, 0)
    assert set(works.pipeline.books.take_unsaid()) == {"m1"}


def keeper(works: Works, spool: Spool, database: Engine, registrar: Registrar) -> Keeper:
    return Keeper(
        spool=spool, engine=database, fresh=registrar, counts=works.counts, clock=clock.now, prefix="park/v1",
        most_bytes=1 << 20,
    )  # fmt: skip


def test_messages_of_a_meter_that_was_unknown_come_into_its_account_by_a_replay(
    works: Works, spool: Spool, database: Engine, registrar: Registrar
) -> None:
    kept = keeper(works, spool, database, registrar)
    works.put(*(numbered(seq, meter="new") for seq in (1, 2, 3)))
    works.pipeline.step()
    kept.step()
    registrar.registry = WIDER
    works.store(numbered(1), numbered(4, meter="new"))
    quarantine.request_replay(database, who="test", now=NOW)
    kept.step()
    works.pipeline.step()
    account = works.account("new")
    assert (account.received, account.missing, account.duplicates, account.held) == (4, 0, 0, 0)


def test_a_replay_moves_a_message_out_of_the_quarantine_and_is_no_duplicate(
    works: Works, spool: Spool, store: Moody, database: Engine, registrar: Registrar
) -> None:
    kept = keeper(works, spool, database, registrar)
    store.disliked = {13.0}
    assert works.store(numbered(1), numbered(2, value=13.0), numbered(3)).held == 1
    kept.step()
    store.disliked = set()
    quarantine.request_replay(database, who="test", now=NOW, reason=Reason.STORE_REFUSED)
    kept.step()
    works.pipeline.step()
    account = works.account()
    assert (account.received, account.held, account.duplicates, account.missing) == (3, 0, 0, 0)
    assert sorted(store.values()) == [1.0, 1.0, 13.0]


def test_the_clerk_copies_what_changed_and_waits_for_a_database_that_is_away(
    works: Works, database: Engine, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = Clerk(books=works.pipeline.books, engine=database, counts=counts)
    account = works.store(numbered(1), numbered(3))

    def away(*_: object) -> None:
        raise OperationalError("insert", {}, Exception("no such host"))

    with monkeypatch.context() as patch:
        patch.setattr(meter_account, "save", away)
        clerk.step()
    assert "no such host" in counts.trouble["account"]
    clerk.step()
    assert "account" not in counts.trouble
    (standing,) = meter_account.several(database, ["m1", "m2"])
    assert (standing.meter, standing.totals.received, standing.gaps) == ("m1", 2, account.gaps)
    assert works.pipeline.books.take_unsaid() == {}


def test_after_a_start_everything_is_copied_once_more(works: Works) -> None:
    works.store(numbered(1))
    works.pipeline.books.take_unsaid()
    works.restart()
    assert set(works.pipeline.books.take_unsaid()) == {"m1"}


def test_a_page_that_cannot_be_read_loses_no_other(works: Works, spool: Spool) -> None:
    works.store(numbered(1))
    works.store(numbered(1, meter="m2"), numbered(2))
    first = min(spool.notes())
    spool.drop(RAW, [], notes={first: b"\xc1"})
    works.restart()
    assert works.pipeline.books.damaged == 1
    assert works.account().received == 2


@given(st.lists(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 30)), min_size=1, max_size=6), max_size=30))
def test_pages_are_bounded_and_say_the_same_as_the_memory(batches: list[list[tuple[str, int]]]) -> None:
    notes: dict[str, bytes] = {}
    books = Books({})
    plain: dict[str, Account] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(all_books, "SPARE", 4)
        for batch in batches:
            heard: dict[str, list[Heard]] = {}
            for meter, seq in batch:
                heard.setdefault(meter, []).append(Heard(seq, None, NOW))
            draft = books.draft(heard)
            for key, page in draft.notes.items():
                notes.pop(key, None) if page is None else notes.update({key: page})
            books.enter(draft)
            plain |= {meter: step(plain.get(meter), said) for meter, said in heard.items()}
            assert Books(notes).take_unsaid() == plain
            assert len(notes) <= 2 * len(plain) + 4


def test_a_batch_without_a_known_meter_notes_nothing(works: Works, spool: Spool) -> None:
    works.put(numbered(1, meter="unknown"))
    assert works.pipeline.step()
    assert spool.notes() == {}

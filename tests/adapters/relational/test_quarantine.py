"""Quarantine: nothing is held twice, everything is found again, and it never outgrows its bound."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from adapters.relational import audit, quarantine, registry_store
from adapters.relational.page import WrongCursor
from adapters.relational.quarantine import NewHeld
from tests.park.examples import meter, registry

NOW = datetime(2026, 11, 23, 8, 0, 0, 123_456, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def held(number: int = 0, **changes: object) -> NewHeld:
    """A message of an unknown meter, received `number` seconds later."""
    row = NewHeld(NOW + number * SECOND, "park/v1/hengkou/e01/m1/data", "m1", "unknown_meter", "m1", b'{"v":1}')
    return row._replace(**changes)  # type: ignore[arg-type]  # the fields each test names


def test_a_held_message_comes_back_as_it_was(engine: Engine) -> None:
    row = held(payload=bytes(range(256)), content_type="application/senml+json")
    quarantine.insert(engine, [row])
    [back], following = quarantine.listing(engine)
    assert NewHeld(*(getattr(back, name) for name in NewHeld._fields)) == row
    assert back.size == 256
    assert following is None
    assert quarantine.fetch(engine, [back.id]) == [back]


def test_holding_the_same_again_holds_it_once(engine: Engine) -> None:
    quarantine.insert(engine, [held(), held(1)])
    quarantine.insert(engine, [held(1), held(2), held(2)])
    assert len(quarantine.listing(engine)[0]) == 3


@pytest.mark.parametrize(
    "other",
    [
        held(1),
        held(topic="park/v1/hengkou/e01/m2/data"),
        held(payload=b"{}"),
        held(reason="not_json"),
        held(subject="x"),
    ],
    ids=["time", "topic", "payload", "reason", "subject"],
)
def test_messages_that_differ_are_both_held_where_they_differ_in(engine: Engine, other: NewHeld) -> None:
    quarantine.insert(engine, [held(), other])
    assert len(quarantine.listing(engine)[0]) == 2


def test_nothing_to_hold_is_no_mistake(engine: Engine) -> None:
    quarantine.insert(engine, [])
    quarantine.delete(engine, [])
    assert quarantine.fetch(engine, []) == []
    assert quarantine.summary(engine) == []


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "温度\n"], ids=["NUL", "half a surrogate pair", "a line break"])
def test_what_a_device_calls_things_does_not_stop_the_rest(engine: Engine, text: str) -> None:
    quarantine.insert(engine, [held(subject=text, topic=text), held(1)])
    assert len(quarantine.listing(engine)[0]) == 2


def test_the_newest_come_first_and_pages_hold_each_once(engine: Engine) -> None:
    quarantine.insert(engine, [held(number // 2, payload=bytes([number])) for number in range(7)])
    seen, cursor = quarantine.listing(engine, limit=3)
    while cursor is not None:
        rows, cursor = quarantine.listing(engine, limit=3, cursor=cursor)
        seen += rows
    assert [row.payload[0] for row in seen] == [6, 5, 4, 3, 2, 1, 0]


@pytest.mark.parametrize("cursor", ["1", "x.1", "1.2.3", "999999999999999999.1"])
def test_a_cursor_that_was_never_given_out_is_refused(engine: Engine, cursor: str) -> None:
    with pytest.raises(WrongCursor):
        quarantine.listing(engine, cursor=cursor)


def test_a_list_is_narrowed_by_reason_meter_and_the_enterprise_a_meter_is_registered_to(engine: Engine) -> None:
    registry_store.replace(engine, registry(meter("m1")), who="x", now=NOW)
    quarantine.insert(engine, [held(), held(1, meter="m2"), held(2, reason="not_json"), held(3, meter=None)])

    def count(**narrowed: str) -> int:
        return len(quarantine.listing(engine, **narrowed)[0])  # type: ignore[arg-type]  # only texts are given

    assert count(reason="unknown_meter") == 3
    assert count(meter="m1") == 2
    assert count(meter="m1", reason="not_json") == 1
    assert count(enterprise="e01") == 2
    assert count(enterprise="e02") == 0


def test_the_summary_counts_by_reason_and_meter_the_latest_first(engine: Engine) -> None:
    quarantine.insert(engine, [held(), held(5, subject="newest"), held(1, meter="m2", payload=b"12345")])
    first, second = quarantine.summary(engine)
    assert (first.reason, first.meter, first.count, first.bytes) == ("unknown_meter", "m1", 2, 14)
    assert (first.first, first.last, first.subject) == (NOW, NOW + 5 * SECOND, "newest")
    assert (second.meter, second.count, second.bytes) == ("m2", 1, 5)


def test_deleted_rows_are_gone_and_their_numbers_never_come_again(engine: Engine) -> None:
    quarantine.insert(engine, [held(), held(1)])
    ids = [row.id for row in quarantine.listing(engine)[0]]
    quarantine.delete(engine, [*ids, 4711])
    quarantine.insert(engine, [held(2)])
    [row], _ = quarantine.listing(engine)
    assert row.id not in ids


def test_beyond_the_bound_the_oldest_go(engine: Engine) -> None:
    rows = [held(number, payload=b"x" * 1_000) for number in range(10)]
    quarantine.insert(engine, rows)
    whole = quarantine.weight(engine)
    assert quarantine.evict(engine, whole) == 0
    assert quarantine.evict(engine, whole // 2) == 5
    assert [row.at for row in quarantine.listing(engine)[0]] == [row.at for row in reversed(rows[5:])]
    assert quarantine.evict(engine, 0) == 5
    assert quarantine.weight(engine) == 0


def test_empty_messages_weigh_something_too(engine: Engine) -> None:
    quarantine.insert(engine, [held(number, payload=b"") for number in range(10)])
    assert quarantine.weight(engine) > 10 * 200


def test_a_flood_is_held_in_one_go(engine: Engine) -> None:
    quarantine.insert(engine, [held(payload=b"%d" % number) for number in range(20_000)])
    assert quarantine.summary(engine)[0].count == 20_000


def test_a_replay_is_asked_for_found_and_finished(engine: Engine) -> None:
    quarantine.insert(engine, [held(), held(1, meter="m2"), held(2)])
    number = quarantine.request_replay(engine, who="张三", now=NOW, meter="m1")
    [request] = quarantine.pending_replays(engine)
    assert (request.id, request.who, request.meter, request.replayed) == (number, "张三", "m1", None)
    assert [row.at for row in quarantine.matching(engine, request)] == [NOW, NOW + 2 * SECOND]
    quarantine.finish_replay(engine, number, now=NOW + SECOND, replayed=1, refused_again=1)
    assert quarantine.pending_replays(engine) == []
    done = quarantine.replay_status(engine, number)
    assert done is not None
    assert (done.finished_at, done.replayed, done.refused_again) == (NOW + SECOND, 1, 1)
    assert audit.entries(engine)[0][0].action == "quarantine.replay"


def test_a_finished_replay_is_not_finished_again(engine: Engine) -> None:
    number = quarantine.request_replay(engine, who="x", now=NOW)
    quarantine.finish_replay(engine, number, now=NOW, replayed=3, refused_again=0)
    quarantine.finish_replay(engine, number, now=NOW + SECOND, replayed=0, refused_again=3)
    done = quarantine.replay_status(engine, number)
    assert done is not None
    assert (done.finished_at, done.replayed) == (NOW, 3)


def test_a_replay_nobody_asked_for_has_no_status(engine: Engine) -> None:
    assert quarantine.replay_status(engine, 7) is None


@pytest.mark.parametrize(
    ("narrowed", "numbers"),
    [
        ({}, [0, 1, 2, 3]),
        ({"reason": "not_json"}, [3]),
        ({"meter": "m1"}, [0, 2]),
        ({"ids": [1, 3, 4711]}, [0, 2]),
        ({"ids": []}, []),
        ({"meter": "m2", "ids": [1, 2]}, [1]),
    ],
    ids=["no condition is all", "a reason", "a meter", "ids", "no ids is none", "both"],
)
def test_a_replay_is_about_what_fits_every_condition(
    engine: Engine, narrowed: dict[str, object], numbers: list[int]
) -> None:
    rows = [held(), held(1, meter="m2"), held(2), held(3, reason="not_json", meter=None)]
    quarantine.insert(engine, rows)
    quarantine.request_replay(engine, who="x", now=NOW, **narrowed)  # type: ignore[arg-type]  # by name
    [request] = quarantine.pending_replays(engine)
    found, after = [], 0
    while some := quarantine.matching(engine, request, after=after, limit=2):
        found += some
        after = some[-1].id
    assert [row.at for row in found] == [rows[number].at for number in numbers]


@given(st.text(max_size=30), st.text(max_size=30), st.binary(max_size=30))
def test_any_text_and_bytes_can_be_held(subject: str, topic: str, payload: bytes) -> None:
    values = quarantine._values(held(subject=subject, topic=topic, payload=payload))
    assert "\0" not in str(values["subject"]) + str(values["topic"])
    assert values["size"] == len(payload)

"""The review queue: found once, withdrawn when explained, decided by a person, and never twice in it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from adapters.relational import epochs, quarantine, suspicions
from adapters.relational.interval_dues import IntervalDues
from adapters.relational.quarantine import NewHeld
from adapters.relational.suspicions import State
from park.epoch import Epoch, Kind, Standing
from park.suspicion import Suspicion

NOW = datetime(2026, 11, 23, tzinfo=UTC)
DAY = timedelta(days=1)
AT = NOW - 3 * DAY
REGISTER = ("m1", "ep_imp")
FOUND = Suspicion(
    meter="m1", metric="ep_imp", at=AT, kind=Kind.RESET, before=(AT - timedelta(seconds=15), 50_000.0), after=(AT, 3.0),
    booked=3.0, evidence={"drop": 49_997.0, "said": "by the next sample"},
)  # fmt: skip


def settle(engine: Engine, *found: Suspicion, now: datetime = NOW) -> list[Suspicion]:
    return suspicions.settle(engine, REGISTER, found, AT - DAY, AT + DAY, now=now)


def in_queue(engine: Engine, state: State | None = State.OPEN) -> list[Suspicion]:
    return [each.suspicion for each in suspicions.queue(engine, state=state)[0]]


def test_what_is_found_waits_for_a_person_and_comes_back_as_it_was(engine: Engine) -> None:
    assert settle(engine, FOUND) == [FOUND]
    [found] = suspicions.queue(engine)[0]
    assert (found.suspicion, found.found_at, found.state) == (FOUND, NOW, State.OPEN)
    assert suspicions.one(engine, found.id) == found
    assert suspicions.one(engine, found.id + 1) is None
    assert suspicions.count_open(engine) == {"reset": 1}


def test_finding_it_again_changes_nothing(engine: Engine) -> None:
    settle(engine, FOUND)
    before = suspicions.queue(engine)
    assert settle(engine, FOUND, now=NOW + DAY) == []
    assert suspicions.queue(engine) == before


def test_new_readings_about_it_change_what_it_says_and_not_its_number(engine: Engine) -> None:
    settle(engine, FOUND)
    [before] = suspicions.queue(engine)[0]
    assert settle(engine, replace(FOUND, booked=4.5), now=NOW + DAY) == []
    [after] = suspicions.queue(engine)[0]
    assert (after.id, after.suspicion.booked, after.found_at) == (before.id, 4.5, NOW)


def test_what_a_later_look_does_not_find_is_withdrawn_and_may_come_back(engine: Engine) -> None:
    settle(engine, FOUND)
    assert settle(engine, now=NOW + DAY) == []
    assert in_queue(engine) == []
    assert in_queue(engine, State.WITHDRAWN) == [FOUND]
    assert settle(engine, FOUND, now=NOW + 2 * DAY) == [], "it was told before"
    assert in_queue(engine) == [FOUND]


def test_a_look_elsewhere_withdraws_nothing(engine: Engine) -> None:
    settle(engine, FOUND)
    suspicions.settle(engine, REGISTER, [], AT + DAY, AT + 2 * DAY, now=NOW)
    suspicions.settle(engine, ("m2", "ep_imp"), [], AT - DAY, AT + DAY, now=NOW)
    suspicions.settle(engine, ("m1", "ep_exp"), [], AT - DAY, AT + DAY, now=NOW)
    assert in_queue(engine) == [FOUND]


def test_a_decision_takes_it_from_the_queue_at_once_and_for_good(engine: Engine) -> None:
    settle(engine, FOUND)
    said = Epoch(
        meter="m1", metric="ep_imp", at=AT, kind=Kind.RESET, standing=Standing.CONFIRMED, closing=None, opening=None,
        multiplier=None, width=None, note="停电", who="王丽", recorded_at=NOW,
    )  # fmt: skip
    epochs.record(engine, said, now=NOW)
    assert in_queue(engine) == []
    assert suspicions.count_open(engine) == {}
    settle(engine)
    assert in_queue(engine, State.DECIDED) == [FOUND]
    assert in_queue(engine, None) == [FOUND]


def test_a_decision_that_does_not_fit_the_samples_opens_it_again(engine: Engine) -> None:
    settle(engine, FOUND)
    said = Epoch(meter="m1", metric="ep_imp", at=AT, kind=Kind.RESET, standing=Standing.CONFIRMED, who="王丽")
    epochs.record(engine, said, now=NOW)
    assert in_queue(engine) == []
    contested = replace(FOUND, evidence={"contradiction": "opening above the next sample"})
    settle(engine, contested)
    assert in_queue(engine) == [contested]
    assert suspicions.count_open(engine) == {"reset": 1}
    settle(engine)
    assert in_queue(engine) == []


def test_the_queue_keeps_to_some_meters_and_goes_on_page_by_page(engine: Engine) -> None:
    for number in range(5):
        at = AT + timedelta(hours=number)
        settle(engine, *(replace(FOUND, at=AT + timedelta(hours=each)) for each in range(number + 1)), now=at)
    suspicions.settle(engine, ("m2", "ep_imp"), [replace(FOUND, meter="m2")], AT - DAY, AT + DAY, now=NOW)
    seen, cursor = suspicions.queue(engine, enterprise_meters=["m1"], limit=2)
    while cursor is not None:
        page, cursor = suspicions.queue(engine, enterprise_meters=["m1"], limit=2, cursor=cursor)
        seen += page
    assert [each.suspicion.at for each in seen] == [AT + timedelta(hours=number) for number in reversed(range(5))]


def test_a_meter_is_remembered_by_what_it_was_suspected_of_and_whether_that_still_waits(engine: Engine) -> None:
    double = replace(FOUND, kind=Kind.TWO_DEVICES)
    later = replace(double, at=AT + timedelta(hours=1))
    assert suspicions.meters_of(engine, Kind.TWO_DEVICES) == {}
    settle(engine, FOUND, double, later)
    assert suspicions.meters_of(engine, Kind.TWO_DEVICES) == {"m1": True}
    settle(engine, FOUND, double, now=NOW + DAY)
    assert suspicions.meters_of(engine, Kind.TWO_DEVICES) == {"m1": True}, "one of two still waits"
    said = Epoch("m1", "ep_imp", AT, Kind.TWO_DEVICES, Standing.CONFIRMED, note="renamed", who="li")
    epochs.record(engine, said, now=NOW)
    assert suspicions.meters_of(engine, Kind.TWO_DEVICES) == {"m1": False}
    assert suspicions.meters_of(engine, Kind.RESET) == {"m1": True}


def test_what_waits_of_a_time_is_counted_by_meter(engine: Engine) -> None:
    settle(engine, FOUND, replace(FOUND, at=AT + timedelta(hours=1)))
    assert suspicions.count_waiting(engine, AT, AT + DAY) == {"m1": 2}
    assert suspicions.count_waiting(engine, AT - DAY, AT) == {}
    settle(engine, FOUND, now=NOW + DAY)
    assert suspicions.count_waiting(engine, AT, AT + DAY) == {"m1": 1}, "the other is withdrawn"


def test_days_due_and_messages_held_of_a_time_are_counted_by_meter(engine: Engine) -> None:
    dues = IntervalDues(engine)
    dues.note([("m1", AT), ("m1", AT + DAY), ("m2", AT), ("m1", AT - DAY)])
    assert dues.by_meter(AT, AT + 2 * DAY) == {"m1": 2, "m2": 1}
    held = [NewHeld(AT, "t", "m1", "unknown_metric", "x", b"1"), NewHeld(AT, "t", None, "bad_topic", "x", b"2")]
    quarantine.insert(engine, [*held, NewHeld(AT - DAY, "t", "m1", "unknown_metric", "x", b"3")])
    assert quarantine.tally(engine, AT, AT + DAY) == {"m1": {"unknown_metric": 1}, None: {"bad_topic": 1}}

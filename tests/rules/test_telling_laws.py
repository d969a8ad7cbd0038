"""Whatever happens, in whatever order, and whenever we are killed: everybody ends up knowing how things stand."""

from collections import defaultdict
from datetime import time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.alert_store import AlertStore
from adapters.notices.way import TryAgain
from park.alert import ACTIVE
from park.alert_change import Kind
from park.care import Deed
from park.message import BURNING
from park.notice import Notice
from park.receiver import Hours
from park.rulebook import Key
from park.severity import Severity
from park.tell import Reason
from tests.rules.alert_house import a_rule
from tests.rules.tellings import BOSS, Room, receiver
from tests.rules.test_teller import changed

MINUTE = timedelta(minutes=1)
METERS = ("gas0", "gas1")
RULES = (changed(a_rule(), renotify=20 * MINUTE), changed(a_rule(id="gas-2"), inhibits=("gas",)))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("turn"), st.sampled_from(METERS), st.sampled_from(["gas", "gas-2"])),
        st.tuples(st.just("passes"), st.integers(1, 90), st.just("")),
        st.tuples(st.just("refuses"), st.integers(1, 4), st.just("")),
        st.tuples(st.just("acknowledge"), st.sampled_from(METERS), st.just("gas")),
        st.tuples(st.just("shelve"), st.sampled_from(METERS), st.just("gas")),
        st.tuples(st.just("killed"), st.just(0), st.just("")),
    ),
    max_size=25,
)
KINDS = st.sampled_from(
    [
        receiver(escalates_to="boss"),
        receiver(escalates_to="boss", group=10 * MINUTE),
        receiver(escalates_to="boss", most_an_hour=2),
        receiver(escalates_to="boss", quiet=Hours(time(8), time(9))),
    ]
)


def live(room: Room, step: tuple[str, object, str]) -> Room:
    name, value, rule = step
    match name:
        case "turn":
            record = room.records.get(Key(rule, str(value)))
            if record is not None and record.phase in ACTIVE:
                room.cleared(rule, str(value))
            else:
                room.raised(rule, str(value), Severity.LARGER if rule == "gas" else Severity.MAJOR)
        case "passes":
            room.passes(int(str(value)) * MINUTE, MINUTE)
        case "refuses" if "officer" in room.hands:
            room.hands["officer"].joins = int(str(value)) > 2
            room.hands["officer"].refuses += [TryAgain("busy")] * int(str(value))
        case "killed":
            return room.again()
        case "acknowledge" | "shelve":
            record = room.records.get(Key(rule, str(value)))
            burns = record is not None and record.phase in ACTIVE and record.care.acknowledged_at is None
            if burns and record is not None and not record.care.shelved(room.now):
                room.does(Deed(name), until=15 * MINUTE if name == "shelve" else None, meter=str(value))
    room.now += timedelta(milliseconds=1)  # two things never happen at once: an id is made of when they do
    return room


def heard(room: Room, name: str) -> dict[tuple[str, str, int], list[Notice]]:
    """Give what a receiver was told of each episode, second copies left out."""
    episodes: dict[tuple[str, str, int], list[Notice]] = defaultdict(list)
    seen: set[str] = set()
    for notice in room.hands[name].got if name in room.hands else ():
        for part in notice.parts or (notice,):
            if part.id not in seen:
                seen.add(part.id)
                episodes[part.rule, part.meter, part.episode].append(part)
    return episodes


@settings(max_examples=150)
@given(KINDS, STEPS)
def test_everybody_ends_up_knowing_how_things_stand(officer: object, steps: list[tuple[str, object, str]]) -> None:
    store = AlertStore(None)
    room = Room(store, officer, BOSS, rules=RULES)  # type: ignore[arg-type]  # one of the table
    for step in steps:
        room = live(room, step)
    for hands in room.hands.values():
        hands.refuses.clear()
    for record in list(room.records.values()):
        if record.phase in ACTIVE and record.care.acknowledged_at is None:
            room.does(Deed.ACKNOWLEDGE, rule=record.rule, meter=record.meter)
    room.passes(180 * MINUTE, MINUTE)
    assert store.undelivered() == []
    for name in ("officer", "boss"):
        for (rule, meter, episode), told in heard(room, name).items():
            kinds = [part.kind for part in told]
            assert kinds[0] in BURNING, "an end is news only to those who heard of the beginning"
            assert kinds.count(Kind.RAISED) <= 1
            assert kinds.count(Kind.CLEARED) <= 1
            if Kind.CLEARED in kinds:
                assert kinds[-1] is Kind.CLEARED, "nothing is said of what is over"
            record = room.records[Key(rule, meter)]
            over = record.episode > episode or record.phase not in ACTIVE
            assert over is (kinds[-1] is Kind.CLEARED), "who heard that it burns hears that it is over"
    told_major = {key for key in heard(room, "officer") if key[0] == "gas-2"}
    raised_major = {
        ("gas-2", change.meter, change.episode)
        for _, change in store.changes_after(0, 10_000)
        if change.kind is Kind.RAISED and change.rule == "gas-2"
    }
    assert told_major == raised_major, "of what is grave everybody is told, every time"
    for row in store.notices_from(0):
        assert row.state in {"sent", "skipped"}
        assert row.state == "sent" or row.reason in set(Reason)
    store.close()

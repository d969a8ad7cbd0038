# ruff: noqa: E501  # a row of the table is a line
"""What people do to an alert, and what they cannot: a sentence a row."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from park.alert import Phase
from park.alert_change import Kind
from park.care import LONGEST_SHELF, Action, Care, Deed, Done, Refused, perform, renewed

T0 = datetime(2026, 11, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
ACKNOWLEDGED = Care(acknowledged_at=T0, acknowledged_by="李工")
SHELVED = Care(shelved_until=T0 + HOUR, shelved_by="李工", shelf_reason="探头更换")
NONE = Care()


def action(deed: Deed, **given: object) -> Action:
    return msgspec.structs.replace(Action(id=1, at=T0, who="王工", rule="gas", meter="gas0", deed=deed), **given)


FIRING, CLEARING, LATCHED, OK, PENDING = Phase.FIRING, Phase.CLEARING, Phase.LATCHED, Phase.OK, Phase.PENDING
DEEDS = [
    ("who acknowledges says who, when and why", action(Deed.ACKNOWLEDGE, note="已派人"), NONE, FIRING, Kind.ACKNOWLEDGED, Care(acknowledged_at=T0, acknowledged_by="王工", note="已派人")),
    ("what is nearly over can be acknowledged", action(Deed.ACKNOWLEDGE), NONE, CLEARING, Kind.ACKNOWLEDGED, Care(acknowledged_at=T0, acknowledged_by="王工")),
    ("what waits for a person can be acknowledged", action(Deed.ACKNOWLEDGE), NONE, LATCHED, Kind.ACKNOWLEDGED, Care(acknowledged_at=T0, acknowledged_by="王工")),
    ("what is over cannot", action(Deed.ACKNOWLEDGE), NONE, OK, None, NONE),
    ("what does not burn yet cannot", action(Deed.ACKNOWLEDGE), NONE, PENDING, None, NONE),
    ("nobody takes it over by acknowledging again", action(Deed.ACKNOWLEDGE), ACKNOWLEDGED, FIRING, None, ACKNOWLEDGED),
    ("it is given to somebody", action(Deed.ASSIGN, to="赵工"), NONE, FIRING, Kind.ASSIGNED, Care(assigned_to="赵工")),
    ("it is given to nobody", action(Deed.ASSIGN), NONE, FIRING, None, NONE),
    ("a comment changes nothing", action(Deed.COMMENT, note="已通风"), ACKNOWLEDGED, FIRING, Kind.COMMENTED, ACKNOWLEDGED),
    ("a comment says something", action(Deed.COMMENT), NONE, FIRING, None, NONE),
    ("a shelf has an end and a reason", action(Deed.SHELVE, until=T0 + HOUR, note="探头更换"), NONE, FIRING, Kind.SHELVED, Care(shelved_until=T0 + HOUR, shelved_by="王工", shelf_reason="探头更换")),
    ("what is calm can be shelved before the work begins", action(Deed.SHELVE, until=T0 + HOUR, note="探头更换"), NONE, OK, Kind.SHELVED, Care(shelved_until=T0 + HOUR, shelved_by="王工", shelf_reason="探头更换")),
    ("a shelf is as long as it may be", action(Deed.SHELVE, until=T0 + LONGEST_SHELF, note="停产"), NONE, FIRING, Kind.SHELVED, Care(shelved_until=T0 + LONGEST_SHELF, shelved_by="王工", shelf_reason="停产")),
    ("a shelf for ever is none", action(Deed.SHELVE, until=T0 + LONGEST_SHELF + HOUR, note="停产"), NONE, FIRING, None, NONE),
    ("a shelf without an end is none", action(Deed.SHELVE, note="停产"), NONE, FIRING, None, NONE),
    ("a shelf into the past is none", action(Deed.SHELVE, until=T0, note="停产"), NONE, FIRING, None, NONE),
    ("a shelf without a reason is none", action(Deed.SHELVE, until=T0 + HOUR), NONE, FIRING, None, NONE),
    ("a shelf is taken back", action(Deed.UNSHELVE), SHELVED, FIRING, Kind.UNSHELVED, NONE),
    ("what is on no shelf cannot be taken from it", action(Deed.UNSHELVE), NONE, FIRING, None, NONE),
    ("what waits for a person is closed by one", action(Deed.CLOSE), ACKNOWLEDGED, LATCHED, Kind.CLOSED, ACKNOWLEDGED),
    ("what burns cannot be closed", action(Deed.CLOSE), ACKNOWLEDGED, FIRING, None, ACKNOWLEDGED),
    ("a drill is of no alert that there is", action(Deed.DRILL), NONE, FIRING, None, NONE),
]  # fmt: skip


@pytest.mark.parametrize(("name", "asked", "care", "phase", "kind", "left"), DEEDS, ids=[row[0] for row in DEEDS])
def test_a_deed(*, name: str, asked: Action, care: Care, phase: Phase, kind: Kind | None, left: Care) -> None:
    done = perform(care, asked, phase, T0)
    if kind is None:
        assert isinstance(done, Refused), name
        assert done.zh
        assert done.en
    else:
        assert done == Done(left, kind), name


def test_every_deed_has_a_row() -> None:
    assert {row[1].deed for row in DEEDS} == set(Deed)


def test_a_deed_that_comes_twice_is_done_once() -> None:
    for _, asked, care, phase, kind, _ in DEEDS:
        if kind in {Kind.ACKNOWLEDGED, Kind.UNSHELVED}:
            done = perform(care, asked, phase, T0)
            assert isinstance(done, Done)
            assert isinstance(perform(done.care, asked, phase, T0), Refused)


@pytest.mark.parametrize(("seconds", "shelved"), [(-1, True), (0, False), (1, False)])
def test_a_shelf_ends_at_its_end(seconds: int, shelved: bool) -> None:  # noqa: FBT001  # a column
    assert SHELVED.shelved(T0 + HOUR + timedelta(seconds=seconds)) is shelved


def test_a_new_episode_leaves_the_shelf_and_takes_the_rest_away() -> None:
    before = msgspec.structs.replace(
        SHELVED, acknowledged_at=T0, acknowledged_by="李工", assigned_to="赵工", escalated=2
    )
    assert renewed(before) == SHELVED

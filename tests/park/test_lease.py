"""Who holds a lease: a sentence a row."""

from datetime import UTC, datetime, timedelta

import pytest

from park.lease import TERM, Course, Lease, Why, decide

T0 = datetime(2026, 11, 2, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def held(holder: str, left: float) -> Lease:
    return Lease(holder, T0 + left * SECOND, T0 + left * SECOND - TERM)


@pytest.mark.parametrize(
    ("name", "lease", "back", "course", "why"),
    [
        ("what nobody ever had is taken",                     None,              None, Course.TAKE, Why.NOBODYS),
        ("ours is held",                                      held("me", 3),     None, Course.HOLD, Why.OURS),
        ("ours is held although it has run out",              held("me", -60),   None, Course.HOLD, Why.OURS),
        ("another's is waited for to the last moment",        held("other", .001), None, Course.WAIT, Why.ANOTHERS),
        ("what has run out is taken",                         held("other", 0),  None, Course.TAKE, Why.RUN_OUT),
        ("what was given back is taken before its time",      held("", 3),       None, Course.TAKE, Why.GIVEN_BACK),
        ("after an outage its holder may renew first",        held("other", -60), 3.9, Course.WAIT, Why.STORE_WAS_AWAY),
        ("and has one term for it",                           held("other", -60), 4.0, Course.TAKE, Why.RUN_OUT),
        ("what was given back before an outage needs no term", held("", -60),    0.0, Course.TAKE, Why.GIVEN_BACK),
    ],
)  # fmt: skip
def test_a_lease(name: str, lease: Lease | None, back: float | None, course: Course, why: Why) -> None:
    since = None if back is None else T0 - back * SECOND
    assert decide(lease, "me", T0, since) == (course, why), name

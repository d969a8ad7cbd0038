"""A point shows the gravest thing that nobody looks after; an enterprise's room goes by its land."""

from datetime import UTC, datetime, timedelta

import pytest

from park.alert import Phase
from park.alert_record import AlertRecord
from park.metric import Medium
from park.place import Enterprise, Meter, Role
from park.severity import Severity
from park.site_plan import NARROWEST, State, points, rooms

AT = datetime(2026, 11, 23, tzinfo=UTC)


def a_meter(name: str) -> Meter:
    return Meter(name, "e01", "hk", Medium.SAFETY, Role.DETECTOR, name, timedelta(seconds=15), ("lel",))


def burning(rule: str, severity: Severity, meter: str = "m1", age: int = 0) -> AlertRecord:
    since = AT - timedelta(minutes=age)
    return AlertRecord(
        rule=rule, meter=meter, episode=1, phase=Phase.FIRING, since=since, raised_at=since, severity=severity
    )


MAJOR, LARGER, OLDER = (
    burning("major", Severity.MAJOR),
    burning("larger", Severity.LARGER),
    burning("older", Severity.LARGER, age=9),
)


@pytest.mark.parametrize(
    ("online", "state"), [({"m1": True}, State.CALM), ({"m1": False}, State.SILENT), ({}, State.NEVER)]
)
def test_where_nothing_burns_a_point_says_whether_its_meter_is_heard(
    online: dict[str, bool | None], state: State
) -> None:
    [point] = points([a_meter("m1")], online, [], [])
    assert (point.state, point.alert, point.waits, point.severity) == (state, None, False, None)


@pytest.mark.parametrize(
    ("burns", "waiting", "shown"),
    [
        ([LARGER, MAJOR], [LARGER, MAJOR], MAJOR),
        ([LARGER, MAJOR], [LARGER], LARGER),
        ([LARGER, MAJOR], [], MAJOR),
        ([LARGER, OLDER], [LARGER, OLDER], OLDER),
    ],
)
def test_the_gravest_that_nobody_looks_after_is_shown(
    burns: list[AlertRecord], waiting: list[AlertRecord], shown: AlertRecord
) -> None:
    [point] = points([a_meter("m1")], {"m1": False}, burns, waiting)
    assert (point.state, point.alert, point.more, point.waits) == (State.BURNING, shown, 1, bool(waiting))


def test_what_burns_of_a_whole_enterprise_has_a_point_while_it_burns() -> None:
    owner, whole = Enterprise("e01", "hk", "甲"), burning("share", Severity.GENERAL, "e01")
    assert points([owner], {}, [], []) == []
    [point] = points([owner], {}, [whole], [])
    assert (point.enterprise, point.alert) == ("e01", whole)


def test_rooms_go_by_land_and_one_whose_land_is_not_known_is_as_the_middle_one() -> None:
    lands = {"e01": 100.0, "e02": None, "e03": 1.0, "e04": 40.0}
    found = rooms([Enterprise(name, "hk", name, area_mu=land) for name, land in lands.items()])
    assert list(found.items()) == [("e01", 1.0), ("e02", 0.4), ("e04", 0.4), ("e03", NARROWEST)]
    assert rooms([Enterprise("e01", "hk", "甲")]) == {"e01": 1.0}

"""When work goes on somewhere, and who is on duty meanwhile."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from park.duty import Shift, on_duty
from park.maintenance import Maintenance, under_maintenance
from tests.rules.alert_house import REGISTRY

T0 = datetime(2026, 11, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
METER = REGISTRY.meters[0]
WORK = Maintenance(start=T0, end=T0 + HOUR, reason="年检", meters=("gas0",))


def with_(**changes: object) -> Maintenance:
    return msgspec.structs.replace(WORK, **changes)


@pytest.mark.parametrize(
    ("name", "window", "at", "reason"),
    [
        ("as it begins", WORK, T0, "年检"),
        ("as it ends", WORK, T0 + HOUR, ""),
        ("before it begins", WORK, T0 - timedelta(seconds=1), ""),
        ("another meter is watched as ever", with_(meters=("gas1",)), T0, ""),
        ("a whole enterprise", with_(meters=(), enterprises=("e01",)), T0, "年检"),
        ("only one rule of it", with_(rules=("gas",)), T0, "年检"),
        ("another rule is told as ever", with_(rules=("silent",)), T0, ""),
        ("work on nothing at all silences nothing", with_(meters=()), T0, ""),
    ],
)
def test_work_goes_on(*, name: str, window: Maintenance, at: datetime, reason: str) -> None:
    assert under_maintenance([window], METER, "gas", at) == reason, name


def test_a_meter_that_nobody_knows_is_not_worked_on() -> None:
    assert under_maintenance([with_(meters=(), rules=("gas",))], None, "gas", T0) == ""


def test_who_comes_next_begins_as_the_last_one_ends() -> None:
    shifts = [
        Shift(receiver="day", start=T0, end=T0 + HOUR),
        Shift(receiver="night", start=T0 + HOUR, end=T0 + 2 * HOUR),
    ]
    assert on_duty(shifts, T0) == {"day"}
    assert on_duty(shifts, T0 + HOUR) == {"night"}
    assert on_duty(shifts, T0 + 2 * HOUR) == set()

"""Who may speak to the HJ 212 listener, and how often strangers may."""

from datetime import timedelta

import pytest

from collector.hj212_station import MOST_STRANGERS, SELDOM, Entry, Stations
from park.decode.hj212_frame import Frame
from park.registry import Registry
from tests.park.examples import NOW, meter, registry
from tests.park.test_hj212 import outlet

PARK = registry(
    meter("other"),
    outlet("a", mn="M1"),
    outlet("b", mn="M1", options={"pw": "secret"}),
    outlet("c", mn="M2", options={"pw": "secret"}),
    outlet("d", mn="M2", options={"pw": "other"}),
    outlet("e", mn="M3"),
)


@pytest.mark.parametrize(
    ("mn", "pw", "entry"),
    [
        ("M3", "whatever", Entry.KNOWN),
        ("M1", "secret", Entry.KNOWN),
        ("M1", "123456", Entry.WRONG_PASSWORD),
        ("M1", "", Entry.WRONG_PASSWORD),
        ("M2", "other", Entry.KNOWN),
        ("M4", "secret", Entry.STRANGER),
    ],
)
def test_a_station_is_known_by_its_number_and_where_one_is_registered_by_its_password(
    mn: str, pw: str, entry: Entry
) -> None:
    assert Stations(lambda: PARK).entry(Frame(mn=mn, pw=pw), NOW) is entry


def test_a_stranger_is_heard_once_a_minute() -> None:
    stations = Stations(lambda: PARK)
    times = [timedelta(0), SELDOM / 2, SELDOM, SELDOM * 1.5, SELDOM * 2]
    assert [stations.entry(Frame(mn="M9"), NOW + time) for time in times] == [
        Entry.STRANGER,
        Entry.TOO_OFTEN,
        Entry.STRANGER,
        Entry.TOO_OFTEN,
        Entry.STRANGER,
    ]
    assert stations.entry(Frame(mn="M8"), NOW) is Entry.STRANGER, "each for itself"


def test_so_many_strangers_a_minute_are_nobodys_loggers() -> None:
    stations = Stations(lambda: PARK)
    heard = [stations.entry(Frame(mn=f"X{number}"), NOW) for number in range(2 * MOST_STRANGERS)]
    assert heard.count(Entry.STRANGER) == MOST_STRANGERS
    assert stations.entry(Frame(mn="late"), NOW + SELDOM) is Entry.STRANGER


def test_a_station_that_is_registered_meanwhile_is_known() -> None:
    now: list[Registry] = [registry(meter("other"))]
    stations = Stations(lambda: now[0])
    assert stations.entry(Frame(mn="M1"), NOW) is Entry.STRANGER
    now[0] = registry(outlet("a", mn="M1"))
    assert stations.entry(Frame(mn="M1"), NOW) is Entry.KNOWN

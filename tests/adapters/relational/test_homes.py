"""Homes are only added to, and the same in both databases."""

from datetime import timedelta

from sqlalchemy import Engine

from adapters.influx.homes import Home
from adapters.relational.homes import RelationalHomes
from park.instant import EPOCH
from park.metric import Medium
from tests.park.examples import NOW

FIRST = Home(EPOCH, Medium.GAS, "park", "e01")


def test_nobody_has_a_home_at_first(engine: Engine) -> None:
    assert RelationalHomes(engine).read() == {}


def test_homes_come_back_in_order_of_their_beginning(engine: Engine) -> None:
    homes = RelationalHomes(engine)
    later = Home(NOW, Medium.WATER, "park", "e02")
    homes.add({"m1": later, "m2": FIRST})
    homes.add({"m1": FIRST})
    assert RelationalHomes(engine).read() == {"m1": [FIRST, later], "m2": [FIRST]}


def test_what_is_written_stays_whoever_writes_it_again(engine: Engine) -> None:
    homes = RelationalHomes(engine)
    homes.add({"m1": FIRST})
    homes.add({"m1": FIRST._replace(enterprise="e09")})
    assert homes.read() == {"m1": [FIRST]}


def test_a_whole_park_is_one_call(engine: Engine) -> None:
    homes = RelationalHomes(engine)
    homes.add({f"m{number}": FIRST._replace(since=EPOCH + number * timedelta(days=1)) for number in range(2_500)})
    assert len(homes.read()) == 2_500

"""The newest values in memory: what is kept, who counts as alive, and what a follower gets."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.registry_cache import RegistryCache
from api.follower import Batch, TooManyFollowers
from api.live import MOST_FOLLOWERS, Live
from park.principal import Access, Principal
from park.reading import Reading
from park.registry import Registry
from tests.api.conftest import METERS, NOW, REGISTRY, StillClock
from tests.api.silence import EmptyTelemetry, no_broker

MAIN, WATER, OTHER = METERS
SECOND = timedelta(seconds=1)
VIEWER = Principal("v", Access.VIEWER)
OWN = Principal("e", Access.ENTERPRISE, "e01")


def a_live(clock: StillClock | None = None, registry: Registry = REGISTRY) -> Live:
    cache = RegistryCache(lambda: registry, lambda: 1)
    cache.current()
    return Live(settings=no_broker(), registry=cache, telemetry=EmptyTelemetry(), clock=clock or StillClock())


def p(value: float, at: datetime = NOW, meter: str = MAIN.id) -> Reading:
    return Reading(meter, "p", value, at)


@given(st.lists(st.tuples(st.integers(0, 9), st.floats(allow_nan=False)), min_size=1))
def test_in_whatever_order_readings_arrive_the_one_with_the_greatest_time_is_kept(
    arrivals: list[tuple[int, float]],
) -> None:
    live = a_live()
    for second, value in arrivals:
        live.hear(MAIN, [p(value, NOW + second * SECOND)], NOW)
    newest = max(second for second, _ in arrivals)
    kept = live.latest()[MAIN.id, "p"]
    assert kept.at == NOW + newest * SECOND
    assert kept.value == [value for second, value in arrivals if second == newest][-1]  # a correction replaces


def test_a_seed_does_not_replace_what_was_heard_since() -> None:
    live = a_live()
    live.hear(MAIN, [p(2.0)], NOW)
    live.seed([p(1.0, NOW - SECOND), p(5.0, NOW - SECOND, OTHER.id)])
    assert {key: reading.value for key, reading in live.latest().items()} == {
        ("e01-main", "p"): 2.0,
        ("e02-main", "p"): 5.0,
    }
    assert set(live.latest([OTHER.id, "unknown"])) == {("e02-main", "p")}


@pytest.mark.parametrize(
    ("story", "at", "alive"),
    [
        ("", 0, None),
        ("heard", 60, True),
        ("heard", 61, False),
        ("stored", 60, True),
        ("stored", 61, False),
        ("heard offline", 1, False),
        ("offline heard", 1, True),
        ("retained_offline", 1, False),
        ("stored retained_offline", 1, False),
        ("retained_online", 1, None),
        ("online", 60, True),
        ("online", 61, False),
        ("offline online", 1, True),
    ],
)
def test_a_meter_is_alive_while_it_is_heard_and_does_not_say_otherwise(
    story: str,
    at: int,
    alive: bool | None,  # noqa: FBT001  # a table's column
) -> None:
    live = a_live()
    for word in story.split():
        match word.split("_"):
            case ["heard"]:
                live.hear(MAIN, [], NOW)
            case ["stored"]:
                live.seed([p(1.0)])
            case ["retained", state]:
                live.hear_state(MAIN, state, NOW, retained=True)
            case [state]:
                live.hear_state(MAIN, state, NOW, retained=False)
    assert live.online(MAIN.id, NOW + at * SECOND) is alive


def test_a_slow_reporter_has_three_of_its_periods() -> None:
    hourly = REGISTRY.by_meter["e01-water"]
    hourly = type(hourly)(**{name: getattr(hourly, name) for name in hourly.__slots__} | {"period": timedelta(hours=1)})
    live = a_live(registry=Registry(REGISTRY.parks, REGISTRY.enterprises, (hourly,)))
    live.hear(hourly, [], NOW)
    assert live.online(hourly.id, NOW + timedelta(hours=3)) is True
    assert live.online(hourly.id, NOW + timedelta(hours=3, seconds=1)) is False


def test_a_meter_nobody_registered_is_neither_alive_nor_dead() -> None:
    assert a_live().online("nobody", NOW) is None


def test_the_rate_is_of_whole_seconds_and_falls_to_nothing_in_silence() -> None:
    clock = StillClock()
    live = a_live(clock)
    for second in range(20):
        for _ in range(7):
            live.hear(MAIN, [], NOW + second * SECOND)
    clock.now = NOW + 20 * SECOND
    assert live.rate() == 7.0
    clock.forward(timedelta(seconds=30))
    assert live.rate() == 0.0
    assert live.messages == 140


def run(story: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(story, 20))


async def nearest(batches: AsyncIterator[Batch]) -> Batch:
    return await anext(batches)


def test_a_follower_gets_what_changes_and_nothing_twice() -> None:
    async def story() -> None:
        live = a_live()
        batches = live.follow(VIEWER, idle=0.05)
        assert await anext(batches) == Batch((), 0)
        live.hear(MAIN, [p(1.0)], NOW)
        assert await anext(batches) == Batch((p(1.0),), 0)
        live.hear(MAIN, [p(1.0)], NOW)
        assert await anext(batches) == Batch((), 0)
        assert live.followers == 1
        await batches.aclose()  # type: ignore[attr-defined]  # an async generator
        assert live.followers == 0

    run(story())


def test_a_follower_who_is_slow_gets_the_newest_value_and_how_many_it_missed() -> None:
    async def story() -> None:
        live = a_live()
        batches = live.follow(VIEWER, idle=0.05)
        await anext(batches)
        for second in range(1_000):
            live.hear(MAIN, [p(float(second), NOW + second * SECOND)], NOW)
        assert await anext(batches) == Batch((p(999.0, NOW + 999 * SECOND),), 999)
        await batches.aclose()  # type: ignore[attr-defined]  # an async generator

    run(story())


def test_an_enterprise_follower_gets_its_own_meters_only() -> None:
    async def story() -> None:
        live = a_live()
        batches = live.follow(OWN, idle=0.05)
        await anext(batches)
        live.hear(OTHER, [p(1.0, meter=OTHER.id)], NOW)
        assert await anext(batches) == Batch((), 0)
        live.hear(MAIN, [p(1.0)], NOW)
        assert [reading.meter for reading in (await anext(batches)).readings] == [MAIN.id]
        await batches.aclose()  # type: ignore[attr-defined]  # an async generator

    run(story())


def test_a_release_ends_those_who_follow_and_takes_no_new_ones() -> None:
    async def story() -> None:
        live = a_live()

        async def all_of_it() -> int:
            return len([batch async for batch in live.follow(VIEWER)])

        following = asyncio.create_task(all_of_it())
        while not live.followers:  # noqa: ASYNC110  # Live has no event for that, and needs none
            await asyncio.sleep(0)
        await asyncio.to_thread(live.release)
        assert await following == 0
        assert await all_of_it() == 0

    run(story())


def test_there_is_a_bound_on_those_who_follow() -> None:
    async def story() -> None:
        live = a_live()
        open_ones = [live.follow(VIEWER, idle=0.01) for _ in range(MOST_FOLLOWERS)]
        await asyncio.gather(*(nearest(batches) for batches in open_ones))
        with pytest.raises(TooManyFollowers):
            await anext(live.follow(VIEWER))
        for batches in open_ones:
            await batches.aclose()  # type: ignore[attr-defined]  # an async generator

    run(story())

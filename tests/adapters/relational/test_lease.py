"""The lease of the watch, in both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import Engine

from adapters import clock
from adapters.relational import lease
from park.lease import TERM, Lease

T0 = datetime(2026, 11, 2, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_what_nobody_ever_had_is_taken_by_one_of_many_at_once(engine: Engine) -> None:
    assert lease.read(engine) is None
    names = [f"process-{n}" for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(partial(_take, engine), names))
    assert got.count(True) == 1
    assert lease.read(engine) == Lease(names[got.index(True)], T0 + TERM, T0)


def _take(engine: Engine, name: str) -> bool:
    return lease.take(engine, name, T0)


def test_another_gets_it_when_it_has_run_out_and_not_before(engine: Engine) -> None:
    assert lease.take(engine, "a", T0)
    assert not lease.take(engine, "b", T0 + TERM - SECOND)
    assert lease.renew(engine, "a", T0 + SECOND)
    assert not lease.take(engine, "b", T0 + TERM)
    assert lease.take(engine, "b", T0 + TERM + SECOND)
    assert not lease.renew(engine, "a", T0 + TERM + SECOND)
    assert lease.read(engine) == Lease("b", T0 + 2 * TERM + SECOND, T0 + TERM + SECOND)


def test_its_holder_may_renew_what_has_run_out_while_nobody_took_it(engine: Engine) -> None:
    assert lease.take(engine, "a", T0)
    assert lease.renew(engine, "a", T0 + 60 * SECOND)
    assert not lease.take(engine, "b", T0 + 61 * SECOND)


def test_what_is_given_back_is_free_at_once_and_only_its_holder_gives_it(engine: Engine) -> None:
    assert lease.take(engine, "a", T0)
    assert not lease.release(engine, "b", T0)
    assert not lease.take(engine, "b", T0)
    assert lease.release(engine, "a", T0)
    assert lease.take(engine, "b", T0)


def test_it_is_seized_whoever_holds_it(engine: Engine) -> None:
    assert lease.take(engine, "a", T0)
    lease.seize(engine, "b", T0)
    assert not lease.renew(engine, "a", T0)


def test_the_time_to_go_by_is_one_that_all_share(engine: Engine) -> None:
    now = clock.now()
    shared = lease.time(engine, now)
    assert shared.tzinfo is now.tzinfo
    assert abs(shared - now) < timedelta(minutes=1)

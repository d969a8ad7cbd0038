"""The accounts: whatever comes when, they end as if all had come in order; and a round done twice changes nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Engine

from adapters.relational import ledger_days
from park.epoch import Kind, Standing
from park.interval import NO_INTERVALS, IntervalBatch
from park.metric import Medium
from park.place import Role
from park.reading import Reading
from park.telemetry import StoreUnavailable
from park.window import DAY
from rules.accounts import Accounts
from tests.rules.books import METER, NOW, START, Books, a_meter, after, opened, steady

DAILY = 1_440.0
PER_DAY = 2.0 * 96


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    with opened(tmp_path) as made:
        yield made


def test_each_local_day_has_what_the_register_counted_in_it(books: Books) -> None:
    books.write(steady(0, 4 * DAILY))
    books.run()
    assert books.used() == [PER_DAY] * 4
    assert all(one.coverage.measured == 1.0 for one in books.days())
    assert ledger_days.broken(books.engine) == []
    rows = ledger_days.days(books.engine, ("m1", "ep_imp"), START, NOW)
    assert [row.causes for row in rows[:2]] == [{"metered": 95}, {"metered": 96}]


def test_a_round_done_twice_changes_nothing(books: Books) -> None:
    books.write([*steady(0, 2 * DAILY), *steady(2.5 * DAILY, 5 * DAILY, at=3.0)])
    books.run()
    slots, rows = books.slots(), books.rows()
    books.run()
    assert (books.slots(), books.rows()) == (slots, rows)


def test_the_running_day_grows_round_by_round(books: Books) -> None:
    books.now = after(10)
    for number in range(200):
        books.write([(15.0 * number, 2.0 * number)])
        books.now = after(15.0 * number + 5)
        books.run()
    assert books.used() == [PER_DAY, PER_DAY, pytest.approx(2.0 * 7)]


def test_a_late_reading_restates_its_day_and_those_it_reaches(books: Books) -> None:
    books.write([*steady(0, DAILY), *steady(3 * DAILY, 4 * DAILY, at=3 * PER_DAY)])
    books.run()
    assert books.used() == pytest.approx([PER_DAY] * 4)
    assert [one.coverage.estimated for one in books.days()] == [0.0, 1.0, 1.0, 0.0]
    books.write([(1.5 * DAILY, PER_DAY + 2.0)])
    books.run()
    first, second, third, last = books.days()
    assert (first.amount, last.amount) == (PER_DAY, PER_DAY)
    assert second.amount + third.amount == pytest.approx(2 * PER_DAY)
    assert third.amount > second.amount
    assert ledger_days.broken(books.engine) == []


def test_a_day_that_closes_otherwise_makes_the_next_one_due(books: Books) -> None:
    late = [(DAILY - 15.0, PER_DAY - 2.0)]
    books.write([*steady(0, DAILY - 60), *steady(2 * DAILY, 3 * DAILY, at=2 * PER_DAY)])
    books.run()
    books.write(late)
    books.run()
    whole = books.slots()
    assert ledger_days.broken(books.engine) == []
    books.accounts.run(books.now)
    assert books.slots() == whole
    assert sum(books.used()) == pytest.approx(3 * PER_DAY)


def test_what_is_found_is_booked_as_estimated_and_measured_once_confirmed(books: Books) -> None:
    books.write([*steady(0, DAILY, at=50_000.0), *steady(DAILY + 15, 3 * DAILY, at=4.0)])
    assert books.run().found == 1
    [found] = books.queue()
    assert (found.kind, found.at, found.booked) == (Kind.RESET, after(DAILY + 15), 4.0)
    second = books.days()[1]
    assert second.coverage.estimated == pytest.approx(1 / 96)
    books.now += 7 * DAY
    books.decide(found, Standing.CONFIRMED)
    books.run()
    assert books.queue() == []
    assert books.days()[1].amount == second.amount
    assert books.days()[1].coverage.estimated == 0.0


def test_a_correction_books_what_the_display_showed(books: Books) -> None:
    books.write([*steady(0, DAILY, at=50_000.0), *steady(DAILY + 15, 2 * DAILY, at=4.0)])
    books.run()
    before = sum(books.used())
    books.decide(books.queue()[0], Standing.CORRECTED, closing=50_193.5, opening=1.0)
    books.run()
    assert sum(books.used()) == pytest.approx(before - 4.0 + 1.5 + 3.0)
    assert books.queue() == []
    assert ledger_days.broken(books.engine) == []


def test_a_declared_multiplier_restates_the_days_from_it_on_and_no_others(books: Books) -> None:
    books.write(steady(0, 4 * DAILY))
    books.run()
    untouched = ledger_days.days(books.engine, ("m1", "ep_imp"), START, START + DAY)
    books.declare(Kind.MULTIPLIER, 2 * DAILY, multiplier=3.0)
    books.run()
    assert books.used() == pytest.approx([PER_DAY, PER_DAY, 3 * PER_DAY, 3 * PER_DAY])
    assert ledger_days.days(books.engine, ("m1", "ep_imp"), START, START + DAY) == untouched
    assert ledger_days.broken(books.engine) == []


def test_a_change_of_the_registry_makes_all_days_be_reckoned_again(books: Books) -> None:
    books.write([*steady(0, DAILY), *steady(DAILY + 15, 2 * DAILY, at=500.0)])
    books.run()
    assert len(books.queue()) == 1, "faster than it is rated"
    books.register(replace(METER, register=replace(METER.register, rated="9000 kW")))
    books.run()
    assert books.queue() == []
    assert sum(books.used()) == pytest.approx(500.0 + 2.0 * 95)


def test_two_devices_under_one_id_give_no_figure_and_wait_for_a_person(books: Books) -> None:
    books.write(steady(0, DAILY))
    books.write(steady(DAILY + 15, 2 * DAILY, every=30, at=PER_DAY + 2, gain=4))
    books.write(steady(DAILY + 30, 2 * DAILY, every=30, at=70_000.0, gain=4))
    books.write(steady(2 * DAILY + 15, 3 * DAILY, at=2 * PER_DAY + 2))
    books.run()
    assert [found.kind for found in books.queue()] == [Kind.TWO_DEVICES]
    assert books.days()[0].amount == PER_DAY
    assert books.days()[1].coverage.missing > 0.9
    assert books.accounts.standing.waiting == {"two_devices": 1}


def test_imports_and_exports_flows_and_masses_each_have_their_own_carrier(tmp_path: Path) -> None:
    meters = (
        a_meter("m1", "ep_imp", "ep_exp"),
        a_meter("m2", "flow", medium=Medium.WATER),
        a_meter("m3", "cod", "flow", medium=Medium.WATER, role=Role.OUTLET),
        a_meter("m4", "lel", medium=Medium.SAFETY, role=Role.DETECTOR),
    )
    with opened(tmp_path, *meters) as books:
        books.write(steady(0, 2 * DAILY))
        books.write(steady(0, 2 * DAILY, gain=0.5), metric="ep_exp")
        books.write(steady(0, 2 * DAILY, at=6.0, gain=0.0), "m2", "flow")
        books.write(steady(0, 2 * DAILY, at=6.0, gain=0.0), "m3", "flow")
        books.write(steady(0, 2 * DAILY, at=50.0, gain=0.0), "m3", "cod")
        books.write(steady(0, 2 * DAILY, at=1.0, gain=0.0), "m4", "lel")
        books.run()
        assert books.used() == [PER_DAY, PER_DAY]
        assert books.used("m1", "electricity_export") == [48.0, 48.0]
        assert books.used("m2", "water") == pytest.approx([144.0, 144.0])
        assert books.used("m3", "cod") == pytest.approx([7.2, 7.2])
        assert books.store.interval_sums(START - DAY, NOW, every=DAY, meters=["m4"]) == []
        books.write([(DAILY, 12.0)], "m2", "flow")
        books.run()
        assert sum(books.used("m2", "water")) == pytest.approx(288.0 + 6.0 / 4)
        assert books.used("m2", "water")[0] == pytest.approx(144.0 + 6.0 / 8)


def test_a_gauge_of_another_period_is_integrated_again(tmp_path: Path) -> None:
    gauge = a_meter("m2", "flow", medium=Medium.WATER)
    with opened(tmp_path, gauge) as books:
        books.write(steady(0, DAILY, every=30, at=6.0, gain=0.0), "m2", "flow")
        books.register(replace(gauge, period=timedelta(minutes=1)))
        books.run()
        assert books.used("m2", "water") == []
        books.register(gauge)
        books.now += DAY
        books.run()
        assert books.used("m2", "water") == pytest.approx([144.0])


def test_a_round_cut_short_goes_on_from_there(books: Books) -> None:
    books.register(METER, replace(METER, id="m2"))
    books.write(steady(0, 5 * DAILY))
    books.write(steady(0, 5 * DAILY), "m2")
    told = Event()
    told.set()
    assert books.accounts.run(books.now, told).days == 0
    assert books.accounts.standing.due > 0, "nothing is taken for done"
    books.run()
    assert books.used() == books.used("m2") == [PER_DAY] * 5
    assert books.accounts.standing.due == 0


def test_a_crash_between_slots_and_days_is_healed_by_the_next_round(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.write([*steady(0, DAILY), *steady(2 * DAILY, 3 * DAILY, at=2 * PER_DAY)])
    books.run()
    books.write([(1.5 * DAILY, PER_DAY + 1.0)])
    expected: list[tuple[float, ...]] = []
    with monkeypatch.context() as broken:

        def crash(_engine: Engine, _days: object) -> None:
            raise StoreUnavailable("the power went")

        broken.setattr(ledger_days, "save", crash)
        with pytest.raises(StoreUnavailable):
            books.run()
    books.run()
    expected = books.slots()
    assert ledger_days.broken(books.engine) == []
    books.store.write_intervals([IntervalBatch("m1", "electricity", START, START + 9 * DAY, NO_INTERVALS)])
    books.register(replace(METER, register=replace(METER.register, rated="101 kW")))
    books.run()
    assert books.slots() == expected


def test_a_meter_that_never_spoke_has_no_figure(books: Books) -> None:
    books.run()
    books.now += 2 * DAY
    books.run()
    assert (books.days(), books.rows()[0]) == ([], [])


def test_a_meter_that_fell_silent_keeps_its_last_total_for_when_it_speaks_again(books: Books) -> None:
    books.now = after(2 * DAILY)
    books.write(steady(0, 2 * DAILY - 60))
    books.run()
    for _ in range(5):
        books.now += DAY
        books.run()
    assert len(books.days()) == 2
    books.now = after(8 * DAILY)
    books.write([(8 * DAILY - 5, 2 * PER_DAY + 600.0)])
    books.run()
    assert sum(books.used()) == pytest.approx(2 * PER_DAY + 600.0)
    assert ledger_days.broken(books.engine) == []


def test_late_readings_of_what_is_not_accounted_for_are_forgotten(books: Books) -> None:
    books.store.write([Reading("m9", "lel", 1.0, START, 0), Reading("m1", "p", 1.0, START, 0)])
    books.run()
    assert books.accounts.standing.due == 0


def test_days_whose_readings_expire_stay_as_they_were_reckoned(books: Books) -> None:
    books.write(steady(0, 8 * DAILY))
    books.run()
    kept = books.slots()
    limited = Accounts(engine=books.engine, telemetry=books.store, keeping=12 * DAY)
    books.declare(Kind.MULTIPLIER, 0.0, multiplier=3.0)
    limited.run(books.now)
    expiring, fresh = books.used()[:5], books.used()[6:]
    assert expiring == [PER_DAY] * 5
    assert fresh == [3 * PER_DAY] * 2
    assert [slot[2:] for slot in books.slots()] == [slot[2:] for slot in kept]


def test_the_standing_says_how_far_it_is(books: Books) -> None:
    books.write(steady(0, 2 * DAILY))
    books.run()
    standing = books.accounts.standing
    assert (standing.rounds, standing.until, standing.due, standing.broken) == (1, NOW, 0, 0)


def test_an_epoch_or_a_change_of_the_registry_is_seen_at_once(books: Books) -> None:
    seen = [books.accounts.changed(NOW), books.accounts.changed(NOW + DAY)]
    assert seen[0] == seen[1], "time alone is no reason"
    books.declare(Kind.RESET, 15.0)
    seen.append(books.accounts.changed(NOW))
    books.register(replace(METER, name="另一块表"))
    seen.append(books.accounts.changed(NOW))
    books.write([(15.0, 1.0)])
    seen += [books.accounts.changed(NOW), books.accounts.changed(NOW + timedelta(minutes=1))]
    assert len(set(map(str, seen))) == 5


def test_what_was_just_done_is_not_done_again_for_anothers_sake(books: Books) -> None:
    books.register(METER, replace(METER, id="m2"))
    books.write(steady(0, 2 * DAILY))
    resting = Accounts(engine=books.engine, telemetry=books.store)
    assert resting.run(NOW).days > 0
    assert resting.run(NOW + timedelta(minutes=1)).days == 0
    books.write(steady(0, DAILY), "m2")
    assert resting.run(NOW + timedelta(minutes=2)).days == 2
    assert books.used("m2") == [PER_DAY]
    assert resting.run(NOW + timedelta(minutes=5)).days == 2

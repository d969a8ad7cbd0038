"""The meters' accounts as they are copied and read."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from adapters.relational import meter_account
from adapters.relational.meter_account import Totals
from park.account import LARGEST, Account, Heard, step
from tests.park.examples import NOW

SECOND = timedelta(seconds=1)


def account(*seqs: int) -> Account:
    return step(None, [Heard(seq, None, NOW + place * SECOND, accepted=2) for place, seq in enumerate(seqs)])


def test_an_account_comes_back_as_it_was_copied(engine: Engine) -> None:
    one = account(1, 2, 5, 2, 9)
    meter_account.save(engine, {"m1": one})
    found = meter_account.one(engine, "m1")
    assert found is not None
    assert (found.since, found.heard) == (one.since, one.heard)
    assert (found.gaps, found.doubles) == (one.gaps, one.doubles)
    assert found.totals == Totals(received=4, missing=5, duplicates=1, accepted=8, stored=8)
    assert found.totals.published == 9


def test_a_newer_copy_takes_the_place_of_the_older(engine: Engine) -> None:
    meter_account.save(engine, {"m1": account(1, 3), "m2": account(1)})
    meter_account.save(engine, {"m1": account(1, 3, 2, 4)})
    meter_account.save(engine, {})
    assert [one.totals.missing for one in meter_account.several(engine, ["m2", "m1", "m3"])] == [0, 0]


def test_what_was_never_heard_has_no_account(engine: Engine) -> None:
    assert meter_account.one(engine, "m1") is None
    assert meter_account.totals(engine) == (Totals(), 0)
    assert meter_account.totals(engine, []) == (Totals(), 0)
    assert meter_account.worst(engine, 5) == []


def test_accounts_are_added_up_over_all_or_some(engine: Engine) -> None:
    meter_account.save(engine, {"m1": account(1, 3), "m2": account(1, 2), "m3": account(1, 9)})
    assert meter_account.totals(engine) == (Totals(received=6, missing=8, accepted=12, stored=12), 2)
    assert meter_account.totals(engine, ["m1", "m2", "nobody"])[0].missing == 1
    assert meter_account.worst(engine, 1) == [("m3", 7)]
    assert meter_account.worst(engine, 9) == [("m3", 7), ("m1", 1)]


def test_the_largest_numbers_fit(engine: Engine) -> None:
    meter_account.save(engine, {"m1": account(LARGEST - 3, LARGEST - 1)})
    found = meter_account.one(engine, "m1")
    assert found is not None
    assert [(gap.first, gap.last) for gap in found.gaps] == [(LARGEST - 2, LARGEST - 2)]


@pytest.mark.parametrize("most", [1, 3])
def test_more_meters_than_a_statement_takes_are_asked_for_piece_by_piece(
    engine: Engine, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    meters = [f"m{number}" for number in range(7)]
    meter_account.save(engine, dict.fromkeys(meters, account(1, 3)))
    monkeypatch.setattr(meter_account, "CHUNK", most)
    assert [one.meter for one in meter_account.several(engine, meters)] == meters
    assert meter_account.totals(engine, meters) == (Totals(received=14, missing=7, accepted=28, stored=28), 7)

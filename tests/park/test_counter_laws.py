"""What must hold for every register, whatever it lived through."""

from collections.abc import Sequence
from itertools import pairwise
from math import fsum
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.counter import Ledger, Mark, balance, ledger
from park.epoch import Epoch, Kind, Standing
from park.place import Multiplier
from park.register import Rule
from park.series import Series
from park.steps import Steps, joined
from tests.park.register_lives import Life, lives
from tests.park.registers import KNOWN, T0_MS, UNKNOWN, minute, minutely, read, series, used

RULES = st.sampled_from([KNOWN, UNKNOWN])
TOTALS = st.lists(st.floats(0, 1e6), min_size=1, max_size=80)


def same(one: Steps, other: Steps) -> None:
    """Fail unless both are the same, to the last bit."""
    for name in ("start_ms", "end_ms", "amount", "cause", "estimated"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)


def after(given: Series, mark: Mark | None) -> Series:
    """Give the readings after a mark."""
    first = 0 if mark is None else int(np.searchsorted(given.ms, mark.ms, "right"))
    return Series(given.ms[first:], given.values[first:], given.quality[first:])


def ended(made: Ledger, mark: Mark | None) -> Steps:
    """Give the steps that ended by a mark."""
    return made.steps.part(slice(0, 0 if mark is None else int(np.searchsorted(made.steps.end_ms, mark.ms, "right"))))


@st.composite
def words(draw: st.DrawFn, minutes: int) -> list[Epoch]:
    """Anything a person may say of a register in its first minutes, right or wrong."""
    reading = st.none() | st.floats(0, 50_000)
    told = st.builds(
        Epoch,
        meter=st.just("m1"),
        metric=st.just("ep_imp"),
        at=st.floats(-100, minutes + 100).map(minute),
        kind=st.sampled_from(Kind),
        standing=st.sampled_from(Standing),
        closing=reading,
        opening=reading,
        multiplier=st.none() | st.sampled_from([0.5, 100.0]),
        width=st.none() | st.sampled_from([10_000.0, 100_000.0]),
    )
    return draw(st.lists(told, max_size=3))


@st.composite
def rivals(draw: st.DrawFn) -> list[float]:
    """Two devices under one id, in turns of up to three readings."""
    one, other = draw(st.integers(0, 1_000)) * 1.0, draw(st.integers(30_000, 40_000)) * 1.0
    totals = []
    for turn, length in enumerate(draw(st.lists(st.integers(1, 3), min_size=12, max_size=24))):
        for _ in range(length):
            one, other = one + 1.0, other + 2.0
            totals.append(other if turn % 2 else one)
    return totals


@given(lives())
def test_whatever_a_register_lives_through_what_is_booked_is_what_was_used(life: Life) -> None:
    made = read(life.totals)
    assert used(made) == pytest.approx(life.used), life.events
    assert len(made.undecided) == 0
    assert balance(made) == pytest.approx(0.0, abs=1e-6)


@given(TOTALS, RULES, words(80), st.data())
def test_whatever_anybody_says_nothing_is_booked_below_zero_and_the_books_balance(
    totals: list[float], rule: Rule, epochs: list[Epoch], data: st.DataObject
) -> None:
    quality = data.draw(st.lists(st.sampled_from([0, 0, 0, 2, 32, 256]), min_size=len(totals), max_size=len(totals)))
    given = series(enumerate(totals), quality)
    made = ledger(given, rule=rule, epochs=epochs)
    assert (made.steps.amount >= 0).all()
    assert (made.steps.end_ms > made.steps.start_ms).all()
    assert (made.steps.start_ms[1:] >= made.steps.end_ms[:-1]).all()
    assert balance(made) == pytest.approx(0.0, abs=1e-3)
    believed, left = set(made.marks_ms.tolist()), {*made.undecided.tolist(), *made.distrusted.tolist()}
    assert believed.isdisjoint(left)
    assert believed | left == set(given.ms.tolist())


@given(lives() | rivals().map(lambda totals: Life(0.0, totals)), RULES, words(150), st.integers(0, 200))
def test_the_ledger_of_a_whole_is_the_ledgers_of_its_parts(
    life: Life, rule: Rule, epochs: list[Epoch], cut: int
) -> None:
    whole = minutely(life.totals, every=5)
    expected = ledger(whole, rule=rule, epochs=epochs)
    first = Series(whole.ms[:cut], whole.values[:cut], whole.quality[:cut])
    before = ledger(first, rule=rule, epochs=epochs)
    rest = ledger(after(whole, before.firm), rule=rule, epochs=epochs, mark=before.firm)
    same(joined([ended(before, before.firm), rest.steps]), expected.steps)
    if before.firm is not None:
        late = [each for each in expected.suspicions if each.at > minute((before.firm.ms - T0_MS) / 60_000)]
        assert list(rest.suspicions) == late
    assert rest.closing == expected.closing
    assert rest.firm == expected.firm or expected.firm is None


@given(lives(), RULES, st.integers(0, 1_000))
def test_a_ledger_may_be_started_from_any_firm_mark(life: Life, rule: Rule, minutes: int) -> None:
    whole = minutely(life.totals)
    expected = ledger(whole, rule=rule)
    mark = expected.firm_at(T0_MS + minutes * 60_000)
    rest = ledger(after(whole, mark), rule=rule, mark=mark)
    same(joined([ended(expected, mark), rest.steps]), expected.steps)


@given(lives(), st.integers(0, 2**32))
def test_order_and_duplicates_do_not_matter(life: Life, seed: int) -> None:
    samples = list(enumerate(life.totals))
    shuffled = [*samples, *samples[::2]]
    Random(seed).shuffle(shuffled)  # noqa: S311  # no secret
    same(ledger(series(shuffled), rule=KNOWN).steps, read(life.totals).steps)


@given(rivals(), RULES)
def test_two_devices_under_one_id_give_no_figure(totals: list[float], rule: Rule) -> None:
    made = read(totals, rule=rule)
    assert [each.kind for each in made.suspicions] == [Kind.TWO_DEVICES]
    [(start, end)] = made.rival_stretches
    inside = (made.steps.start_ms < end) & (made.steps.end_ms > start)
    assert not inside.any()
    assert balance(made) == pytest.approx(0.0, abs=1e-9)


@given(lives(()), st.lists(st.integers(0, 30), max_size=3), st.integers(11, 100))
def test_new_transformers_in_the_registry_are_no_consumption(life: Life, at: Sequence[int], factor: int) -> None:
    """What was counted while they changed is shared by time, half and half here."""
    changes = [(place + 0.5, float(factor * number)) for number, place in enumerate(sorted(set(at)), 1)]
    rule = Rule(multipliers=tuple(Multiplier(minute(when), value) for when, value in [(-1000.0, 10.0), *changes]))

    def factor_at(when: float) -> float:
        return ([10.0] + [value for since, value in changes if since <= when])[-1]

    made = ledger(minutely([total * factor_at(place) for place, total in enumerate(life.totals)]), rule=rule)
    truth = fsum(
        (later - total) * (factor_at(place) + factor_at(place + 1)) / 2
        for place, (total, later) in enumerate(pairwise(life.totals))
    )
    assert used(made) == pytest.approx(truth)
    assert balance(made) == pytest.approx(0.0, abs=1e-6)
    inside = [when for when, _ in changes if when < len(life.totals) - 1]
    assert made.steps.causes().get("multiplier", 0) == 2 * len(inside)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6])
def test_a_modems_word_for_none_is_left_out_however_often_it_comes(share: float) -> None:
    chance = Random(7)  # noqa: S311  # no secret
    good = [1_000.0 + number for number in range(1_500)]
    totals = [
        total if chance.random() >= share or place < 3 or place > 1_490 else 0.0 for place, total in enumerate(good)
    ]
    made = read(totals)
    assert used(made) == pytest.approx(1_499)
    assert len(made.steps) == sum(total > 0 for total in totals) - 1
    assert made.suspicions == ()


def test_a_trouble_that_lasts_for_weeks_is_the_same_however_it_is_cut() -> None:
    chance = Random(3)  # noqa: S311  # no secret
    totals = [
        60_000.0 + number if chance.random() < 0.5 and number // 2_900 != 1 else 1_000.0 + number / 2
        for number in range(6_000)
    ]
    whole = minutely(totals)
    expected = ledger(whole, rule=UNKNOWN)
    mark, parts = None, []
    for cut in (900, 1_000, 2_500, 2_600, 4_700, 5_990):
        seen = Series(whole.ms[:cut], whole.values[:cut], whole.quality[:cut])
        made = ledger(after(seen, mark), rule=UNKNOWN, mark=mark)
        parts.append(ended(made, made.firm))
        mark = made.firm or mark
    parts.append(ledger(after(whole, mark), rule=UNKNOWN, mark=mark).steps)
    same(joined(parts), expected.steps)
    assert len(expected.suspicions) < 6

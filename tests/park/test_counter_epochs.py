"""What people say of a register: each story with the readings it is about, one a minute."""

from datetime import timedelta

import pytest

from park.counter import Ledger, balance, ledger
from park.epoch import Epoch, Kind, Standing
from park.place import Multiplier
from park.register import Rule
from park.steps import Cause
from tests.park.registers import KNOWN, UNKNOWN, minute, minutely, read, series, used

OLD, NEW = [50_000.0, 50_001.0, 50_002.0], [3.0, 5.0, 7.0]
SWAP = 3
"""The minute of the new meter's first reading."""


def said(
    standing: Standing = Standing.DECLARED, *, at: float = 2.5, kind: Kind = Kind.REPLACEMENT, **given: float | None
) -> Epoch:
    """Make what a person said."""
    return Epoch("m1", "ep_imp", minute(at), kind, standing, **given)  # type: ignore[arg-type]


def kinds(made: Ledger) -> list[Kind]:
    """Name what waits for a person."""
    return [each.kind for each in made.suspicions]


def waiting(made: Ledger) -> float:
    """Add up what is booked as an estimate."""
    return float(made.steps.amount[made.steps.estimated].sum())


def test_a_swap_with_both_readings_books_what_both_meters_counted() -> None:
    made = read(OLD + NEW, epochs=[said(closing=50_004.0, opening=1.0)])
    assert used(made) == pytest.approx(2 + (50_004 - 50_002) + (3 - 1) + 4)
    assert waiting(made) == 0
    assert kinds(made) == []
    assert made.steps.causes() == {"metered": 4, "replacement": 2}
    assert balance(made) == 0


def test_a_swap_nobody_told_us_of_is_booked_as_an_estimate_and_waits_for_a_person() -> None:
    made = read(OLD + NEW)
    assert used(made) == pytest.approx(2 + 3 + 4)
    assert waiting(made) == 3
    [found] = made.suspicions
    assert (found.meter, found.metric, found.at, found.kind) == ("m1", "ep_imp", minute(SWAP), Kind.RESET)
    assert found.before == (minute(2), 50_002.0)
    assert found.after == (minute(3), 3.0)
    assert found.booked == 3


@pytest.mark.parametrize(
    ("word", "total", "estimate"),
    [
        (said(Standing.CONFIRMED, at=SWAP, kind=Kind.RESET), 9, 0),
        (said(Standing.CORRECTED, at=SWAP, kind=Kind.RESET, closing=50_005.0, opening=2.0), 2 + 3 + 1 + 4, 0),
        (said(Standing.CORRECTED, at=SWAP, kind=Kind.RESET, closing=50_005.0), 2 + 3 + 3 + 4, 0),
        (said(Standing.CORRECTED, at=SWAP, closing=50_005.0), 2 + 3 + 3 + 4, 3 + 3),
        (said(Standing.REJECTED, at=SWAP, kind=Kind.RESET), 2, 0),
        (said(at=2.5), 9, 3),
    ],
    ids=[
        "confirmed: as booked, and measured",
        "corrected with both readings",
        "set back: it opened with 0",
        "replaced: what it opened with is an estimate",
        "rejected: the low readings are not believed",
        "declared without readings: still an estimate, but nobody is asked again",
    ],
)
def test_a_persons_word_on_what_we_found_settles_it(word: Epoch, total: float, estimate: float) -> None:
    made = read(OLD + NEW, epochs=[word])
    assert used(made) == pytest.approx(total)
    assert waiting(made) == pytest.approx(estimate)
    assert kinds(made) == []
    assert balance(made) == pytest.approx(0, abs=1e-9)


def test_a_used_meter_that_begins_just_above_the_old_one_is_told_from_it_by_a_declaration_alone() -> None:
    totals = [10.0, 11.0, 15.0, 16.0]
    assert used(read(totals)) == 6
    assert used(read(totals, epochs=[said(at=1.5, closing=11.5, opening=14.0)])) == pytest.approx(1 + 0.5 + 1 + 1)


@pytest.mark.parametrize("off", [-50.0, -10.0, 10.0, 50.0])
def test_nobody_changes_a_meter_by_its_clock(off: float) -> None:
    totals = [50_000.0 + number for number in range(60)] + [3.0 + number for number in range(60)]
    made = read(totals, epochs=[said(at=59.5 + off, closing=50_060.0, opening=2.0)])
    assert used(made) == pytest.approx(59 + 1 + 1 + 59)
    assert kinds(made) == []


def test_a_declaration_on_the_wrong_day_changes_nothing_and_what_we_found_still_waits() -> None:
    totals = [50_000.0 + number for number in range(200)] + [3.0, 4.0]
    made = read(totals, epochs=[said(at=20.5, closing=50_021.0, opening=0.0)])
    assert Kind.RESET in kinds(made)
    [wrong] = [each for each in made.suspicions if each.kind is Kind.REPLACEMENT]
    assert wrong.evidence["contradiction"] == "opening"
    assert used(made) < 210


@pytest.mark.parametrize("reading", ["closing", "opening"])
def test_a_reading_that_cannot_be_is_not_booked_and_is_shown_again(reading: str) -> None:
    """One digit too many would be nine times the year's energy."""
    closing = 500_004.0 if reading == "closing" else 50_004.0
    made = read(OLD + NEW, epochs=[said(closing=closing, opening=10.0 if reading == "opening" else 1.0)])
    assert used(made) < 20
    [again] = made.suspicions
    assert again.evidence["contradiction"] == reading
    assert (again.at, again.kind) == (minute(2.5), Kind.REPLACEMENT)


def test_two_swaps_within_one_silence_are_booked_one_after_the_other() -> None:
    totals = [50_000.0, 50_001.0, 7.0, 8.0]
    first = said(at=1.3, closing=50_002.0, opening=100.0)
    second = said(at=1.6, closing=103.0, opening=5.0)
    made = read(totals, epochs=[second, first])
    assert used(made) == pytest.approx(1 + 1 + 3 + 2 + 1)
    assert kinds(made) == []
    assert balance(made) == 0


def test_a_register_that_rolls_over_is_only_suspected_where_nobody_said_what_it_is_rated() -> None:
    totals = [99_997.0, 99_998.0, 1.0, 2.0]
    known = read(totals, rule=Rule(rated=600.0, width=100_000.0))
    assert (used(known), waiting(known), kinds(known)) == (5, 0, [])
    unknown = read(totals, rule=Rule(width=100_000.0))
    assert (used(unknown), waiting(unknown), kinds(unknown)) == (5, 3, [Kind.ROLLOVER])
    told = read(totals, epochs=[said(at=2, kind=Kind.ROLLOVER, width=100_000.0)], rule=UNKNOWN)
    assert (used(told), waiting(told), kinds(told)) == (5, 0, [])


def test_a_jump_too_high_is_another_meter_and_is_no_consumption() -> None:
    made = read([10.0, 11.0, 70_000.0, 70_001.0])
    assert used(made) == 2
    assert kinds(made) == [Kind.REPLACEMENT]
    rejected = read([10.0, 11.0, 70_000.0, 70_001.0, 12.0], epochs=[said(Standing.REJECTED, at=2)])
    assert used(rejected) == 2
    assert kinds(rejected) == []


@pytest.mark.parametrize(
    ("totals", "undecided"),
    [([50_000.0, 50_001.0, 3.0], 1), ([50_000.0, 50_001.0, 49_000.0, 49_001.0], 2), ([10.0, 11.0, 99_999.0], 1)],
    ids=["a low one", "two a little lower, which may soon be back", "a high one"],
)
def test_a_reading_at_the_end_that_looks_wrong_waits_for_the_next(totals: list[float], undecided: int) -> None:
    made = read(totals)
    assert used(made) == 1
    assert len(made.undecided) == undecided
    assert kinds(made) == []


def test_new_transformers_declared_with_a_reading_are_measured_on_both_sides() -> None:
    """The counts go on; the readings were stored with 10 throughout, and from minute 2.5 on 15 is right."""
    rule = Rule(multipliers=(Multiplier(minute(-1), 10.0),))
    made = read([1_000.0, 1_010.0, 1_020.0, 1_040.0], rule=rule, epochs=[
        said(at=2.5, kind=Kind.MULTIPLIER, closing=103.0, multiplier=15.0)
    ])  # fmt: skip
    assert used(made) == pytest.approx(10 + 10 + 1 * 10 + 1 * 15)
    assert waiting(made) == 0
    assert Cause.MULTIPLIER.value in made.steps.causes()


def test_a_swap_together_with_new_transformers_counts_each_side_with_its_own() -> None:
    rule = Rule(multipliers=(Multiplier(minute(-1), 10.0), Multiplier(minute(2.5), 20.0)))
    totals = [500_000.0, 500_010.0, 500_020.0, 60.0, 100.0]
    made = read(totals, rule=rule, epochs=[said(closing=50_004.0, opening=1.0)])
    assert used(made) == pytest.approx(20 + (50_004 - 50_002) * 10 + (3 - 1) * 20 + 40)
    assert balance(made) == pytest.approx(0, abs=1e-6)


TWO = [value for number in range(20) for value in (1_000.0 + number, 30_000.0 + 2 * number)]


@pytest.mark.parametrize(
    ("word", "total"),
    [
        (said(Standing.REJECTED, at=1, kind=Kind.TWO_DEVICES), 19),
        (said(Standing.CORRECTED, at=1, kind=Kind.TWO_DEVICES, opening=30_001.0), 38),
        (said(Standing.CORRECTED, at=1, kind=Kind.TWO_DEVICES, opening=1_002.0), 19),
        (said(Standing.CONFIRMED, at=1, kind=Kind.TWO_DEVICES), 0),
    ],
    ids=["the newcomer is not believed", "the newcomer is the meter", "the old one is", "there are two: no figure"],
)
def test_of_two_devices_a_person_says_which_is_the_meter(word: Epoch, total: float) -> None:
    assert kinds(read(TWO)) == [Kind.TWO_DEVICES]
    assert used(read(TWO)) == 0
    made = read(TWO, epochs=[word])
    assert used(made) == pytest.approx(total)
    assert Kind.TWO_DEVICES not in kinds(made)


def test_what_is_said_of_two_devices_holds_until_something_else_is_said() -> None:
    """A trouble as long as this is looked at in parts; nobody is asked about each of them."""
    totals = [value for number in range(3_000) for value in (1_000.0 + number, 60_000.0 + 2 * number)]
    assert len(read(totals, rule=UNKNOWN).suspicions) == 3
    made = read(totals, rule=UNKNOWN, epochs=[said(Standing.REJECTED, at=1, kind=Kind.TWO_DEVICES)])
    assert made.suspicions == ()
    assert used(made) == pytest.approx(2_999)


def test_a_register_that_runs_backwards_is_never_read_from_its_beginning_for_ever() -> None:
    made = read([1e9 - number for number in range(5_000)], rule=UNKNOWN)
    assert used(made) == 0
    assert made.firm is not None
    assert kinds(made) != []


def test_a_flicker_is_one_register() -> None:
    totals = [100.0 + 0.1 * number - (0.1 if number % 2 else 0.0) for number in range(50)]
    made = read(totals)
    assert used(made) == pytest.approx(4.8, abs=0.2)
    assert made.suspicions == ()


def test_readings_flagged_by_the_device_are_no_marks_and_estimates_make_estimates() -> None:
    made = ledger(series(enumerate([1.0, 2.0, 7.0, 4.0, 5.0]), [0, 0, 32, 2, 0]), rule=KNOWN)
    assert used(made) == 4
    assert waiting(made) == 2
    assert made.distrusted.tolist() == minutely([0.0], start=2).ms.tolist()


def test_a_restart_may_wait_for_what_an_epoch_is_about() -> None:
    """A swap declared for minute 100 may be seen up to an hour later; until then its place is not final."""
    totals = [float(number) for number in range(120)]
    word = said(at=100, closing=101.0, opening=99.0)
    assert read(totals).firm == read(totals).mark_at(minutely([0.0], start=116).ms[0])
    firm = read(totals, epochs=[word]).firm
    assert firm is not None
    assert firm.ms <= minutely([0.0], start=40).ms[0]
    assert timedelta(minutes=60) == minute(100) - minute(40)


STILL = [100.0, 105.0, *[110.0] * 8, 190.0, 195.0]
"""A gateway that repeated itself for seven minutes, while the register went on by its ten a minute."""


def test_a_register_that_stood_still_and_leapt_is_the_same_one_where_a_person_says_so() -> None:
    found = read(STILL)
    assert kinds(found) == [Kind.REPLACEMENT], "eighty in a minute are more than it is rated for"
    assert used(found) == 15
    made = read(STILL, epochs=[said(Standing.CORRECTED, at=10, closing=190.0, opening=190.0)])
    assert used(made) == 95
    assert waiting(made) == 0
    assert kinds(made) == []


def test_one_that_did_not_stand_still_cannot_have_leapt_whoever_says_so() -> None:
    moving = [100.0, 105.0, *[110.0 + place for place in range(8)], 190.0, 195.0]
    made = read(moving, epochs=[said(Standing.CORRECTED, at=10, closing=190.0, opening=190.0)])
    assert made.suspicions[0].evidence["contradiction"] == "closing"


def test_a_multiplier_told_in_the_morning_and_entered_at_noon_changed_in_the_morning() -> None:
    both = (Multiplier(minute(-10_000), 100.0), Multiplier(minute(6.5), 200.0))
    shown = [10.0, 11.0, 12.0, 12.5, 13.0, 13.5, 14.0, 14.5, 15.0]
    stored = [count * (100.0 if place < 7 else 200.0) for place, count in enumerate(shown)]
    word = said(kind=Kind.MULTIPLIER, at=2, multiplier=200.0, closing=12.0)
    made = read(stored, rule=Rule(rated=60_000.0, multipliers=both), epochs=[word])
    assert used(made) == pytest.approx(200 + 600)
    assert waiting(made) == 0

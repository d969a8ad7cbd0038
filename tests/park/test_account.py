"""The account: what a meter's numbers say of what was published, received and is missing.

The timelines are the numbers in the order in which they reached us, one a second.  `!` after a number: the device's
clock says the message is new (else its time is that of its number); `?`: the message names no time; `r`: it was held
for an unknown meter and replayed; `c`: it was held after it was counted, and replayed; `x`: it is held.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.account import LARGEST, MOST_DOUBLES, MOST_GAPS, MOST_RUNS, Account, Heard, step
from park.run import MOST_JUMP, WINDOW

START = datetime(2026, 11, 23, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def heard(mark: str, now: int) -> Heard:
    """Read one mark of a timeline."""
    seq = None if mark.startswith("-") else int(mark.rstrip("!?rcx"))
    at = None if "?" in mark or seq is None else START + (100_000 + now if "!" in mark else seq) * SECOND
    held = "x" in mark
    counted = False if "r" in mark else True if "c" in mark else None
    return Heard(seq, at, START + now * SECOND, accepted=0 if held else 6, refused=6 * held, held=held, counted=counted)


def timeline(marks: str) -> Account:
    """Account for a timeline."""
    return step(None, [heard(mark, now) for now, mark in enumerate(marks.split())])


def missing(account: Account) -> list[int]:
    return [seq for gap in account.gaps for seq in range(gap.first, gap.last + 1)]


# sentence → timeline, missing, duplicates, restarts, received
STORIES: dict[str, tuple[str, list[int], int, int, int]] = {
    "all came": ("1 2 3 4", [], 0, 0, 4),
    "it is heard from the middle on": ("18231 18232", [], 0, 0, 2),
    "one is missing": ("1 2 4", [3], 0, 0, 3),
    "several are missing in two places": ("1 4 5 8", [2, 3, 6, 7], 0, 0, 4),
    "the missing one comes late": ("1 2 4 3 5", [], 0, 0, 5),
    "one from the middle of a gap comes late": ("1 5 3", [2, 4], 0, 0, 3),
    "the first comes after the second": ("2 1 3", [], 0, 0, 3),
    "one comes twice": ("1 2 2 3", [], 1, 0, 3),
    "a whole window comes again after a cut": ("1 2 3 4 2 3 4 5", [], 3, 0, 5),
    "a late one comes twice": ("1 3 2 2", [], 1, 0, 3),
    "the device restarts": ("1 2 3 1! 2! 3!", [], 0, 1, 6),
    "it restarts after a loss, and loses again": ("1 3 1! 4!", [2, 2, 3], 0, 1, 4),
    "it restarts, and one of before comes late": ("1 2 4 1! 2! 3 3!", [], 0, 1, 7),
    "it restarts, and one of before comes again": ("1 2 3 1! 2 2! 3!", [], 1, 1, 6),
    "the last one of before is sent after the restart": ("1 2 3 1! 2! 4", [], 0, 1, 6),
    "its counter rolls over": ("65534 65535 0! 1!", [], 0, 1, 4),
    "it begins to count in another way": (f"5 {6 + MOST_JUMP}!", [], 0, 1, 2),
    "older values follow under new numbers, as a gateway sends its backlog": ("9! 10 11 12! 11", [], 1, 0, 4),
    "its clock falls back while it counts on": ("5! 6! 7 8 9", [], 0, 0, 5),
    "no times: one comes twice": ("1? 2? 2? 3?", [], 1, 0, 3),
    "no times: one comes late": ("1? 3? 2?", [], 0, 0, 3),
    "no times: it restarts": (f"{WINDOW + 8}? 1? 2?", [], 0, 1, 3),
    "times for some messages only": ("1 2? 3 3? 4", [], 1, 0, 4),
    "no numbers": ("- - -", [], 0, 0, 3),
    "a number below nothing is none": ("-1 -1", [], 0, 0, 2),
    "some without numbers between": ("1 - 2 - 4", [3], 0, 0, 5),
    "one is held: it came": ("1 2x 3", [], 0, 0, 3),
    "one is held, and replayed once it is mended": ("1 2x 3 2c", [], 0, 0, 3),
    "one is held without a readable number, and replayed": ("1 -x 3 2c", [], 0, 0, 3),
    "the meter was unknown: its first messages are replayed behind": ("4 5 1r 2r 3r 6", [], 0, 0, 6),
    "the meter was unknown and restarted meanwhile": ("1! 2! 1r 2r 3r 3!", [], 0, 1, 6),
    "the meter was unknown, and one was lost then": ("4 5 1r 3r", [2], 0, 0, 4),
}


@pytest.mark.parametrize("story", STORIES)
def test_a_timeline_is_accounted_for(story: str) -> None:
    marks, lost, duplicates, restarts, received = STORIES[story]
    account = timeline(marks)
    assert missing(account) == lost
    assert account.missing == len(lost)
    assert (account.duplicates, account.restarts, account.received) == (duplicates, restarts, received)
    assert account.published == received + len(lost)


def test_a_gap_is_named_with_the_times_around_it() -> None:
    (gap,) = timeline("1 2 5").gaps
    assert (gap.first, gap.last, gap.missing) == (3, 4, 2)
    assert (gap.before, gap.after) == (START + SECOND, START + 2 * SECOND)


def test_what_a_late_message_leaves_of_a_gap_keeps_its_times() -> None:
    account = timeline("1 5 3 6 7")
    assert [(gap.before, gap.after) for gap in account.gaps] == [(START, START + SECOND)] * 2


def test_duplicates_are_named_with_their_times_those_in_a_row_together() -> None:
    account = timeline("1 2 3 4 2 3 4 5 2")
    assert [(one.first, one.last) for one in account.doubles] == [(2, 4)]
    assert (account.doubles[0].since, account.doubles[0].until) == (START + 4 * SECOND, START + 8 * SECOND)


def test_readings_are_counted_but_for_those_of_a_duplicate() -> None:
    said = [
        Heard(1, None, START, accepted=6),
        Heard(2, None, START, accepted=5, refused=1, held=True),
        Heard(2, None, START, accepted=6),
        Heard(3, None, START, accepted=6, unstored=2, held=True),
    ]
    account = step(None, said)
    assert (account.accepted, account.refused, account.stored, account.held) == (17, 1, 15, 2)


def test_what_is_replayed_leaves_the_quarantine_unless_it_is_held_again() -> None:
    assert timeline("1 2x 3x 2c 3cx").held == 1


def test_a_number_that_no_store_takes_is_none() -> None:
    account = step(None, [Heard(LARGEST, None, START), Heard(2**70, None, START), Heard(LARGEST - 1, None, START)])
    assert (account.received, account.unnumbered, account.missing) == (3, 2, 0)


def test_memory_is_bounded_and_what_is_missing_stays_counted() -> None:
    account = timeline(" ".join(str(2 * number) for number in range(1, 200)))
    assert len(account.gaps) == MOST_GAPS
    assert account.missing == 198
    account = step(account, [heard(f"{50 - number}!", number) for number in range(50)])
    assert (len(account.runs), account.restarts) == (MOST_RUNS, 50)
    assert account.missing == 198
    twice = [heard(mark, 1) for mark in ("1", *(str(n) for n in range(2, 400)), *(str(n) for n in range(2, 400, 3)))]
    doubled = step(None, twice)
    assert len(doubled.doubles) == MOST_DOUBLES
    assert doubled.duplicates == 133


numbers = st.sets(st.integers(0, 60), min_size=1)


@given(numbers.flatmap(lambda seqs: st.permutations(sorted(seqs))), st.data())
def test_order_within_a_run_does_not_matter_to_what_is_missing(order: list[int], data: st.DataObject) -> None:
    account = step(None, [heard(str(seq), now) for now, seq in enumerate(order)])
    assert missing(account) == [seq for seq in range(min(order), max(order) + 1) if seq not in set(order)]
    assert (account.restarts, account.duplicates) == (0, 0)
    (run,) = account.runs
    assert run.last - run.first + 1 == account.received + account.missing
    cut = data.draw(st.integers(0, len(order)))
    head, tail = order[:cut], order[cut:]
    parts = step(None, [heard(str(seq), now) for now, seq in enumerate(head)]) if head else None
    if tail:
        parts = step(parts, [heard(str(seq), cut + now) for now, seq in enumerate(tail)])
    assert parts == account, "batches make no difference"


@given(numbers.flatmap(lambda seqs: st.permutations(sorted(seqs))), st.data())
def test_a_duplicate_changes_nothing_but_the_duplicates(order: list[int], data: st.DataObject) -> None:
    plain = step(None, [heard(str(seq), 0) for seq in order])
    again = data.draw(st.lists(st.integers(0, len(order) - 1), max_size=20))
    mixed = list(order)
    for place in again:
        mixed.insert(data.draw(st.integers(mixed.index(order[place]) + 1, len(mixed))), order[place])
    account = step(None, [heard(str(seq), 0) for seq in mixed])
    assert account.duplicates == len(again)
    assert same(account, duplicates=0, doubles=()) == plain


@given(st.lists(st.tuples(st.integers(-2, 40), st.integers(0, 60), st.sampled_from([None, False, True])), min_size=1))
def test_whatever_comes_every_message_is_counted_and_nothing_is_below_zero(
    said: list[tuple[int, int, bool | None]],
) -> None:
    account = step(
        None, [Heard(seq, START + at * SECOND, START + now * SECOND, counted=again)
               for now, (seq, at, again) in enumerate(said)],
    )  # fmt: skip
    fresh = sum(again is not True for _, _, again in said)
    assert account.received + account.duplicates == fresh
    assert min(account.received, account.unnumbered, account.missing, account.held, account.restarts) >= 0
    for run in account.runs:
        assert run.first <= run.last
        edges = [edge for gap in run.gaps for edge in (gap.first, gap.last)]
        assert edges == sorted(edges)
        assert all(run.first < edge < run.last for edge in edges)
        assert all(gap.before <= gap.after for gap in run.gaps)


@given(numbers.flatmap(lambda seqs: st.permutations(sorted(seqs))))
def test_an_account_is_written_and_read_back_the_same(order: list[int]) -> None:
    account = step(None, [heard(str(seq), now) for now, seq in enumerate(order)])
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(account), type=Account) == account


def same(account: Account, **changes: Any) -> Account:  # noqa: ANN401  # any field's value
    return msgspec.structs.replace(account, **changes)

"""Messages of HJ 212 in pieces: read as they come, and none lost."""

from itertools import permutations

import pytest

from park.decode import Context, read
from park.decode.hj212_pieces import MOST_MESSAGES
from park.decode.memory import Memory
from park.malformed import Malformed
from park.reason import Reason
from tests.park.hj212_frames import framed
from tests.park.test_hj212 import NOW, TIME, outlet

METERS = (outlet(),)


def piece(number: int, of: int, data: str, *, qn: str = "1", cn: str = "2011") -> bytes:
    """Make one piece."""
    return framed(f"QN={qn};ST=32;CN={cn};PW=1;MN=M1;Flag=6;PNUM={of};PNO={number};CP=&&{data}&&")


def values(payload: bytes, memory: Memory | None) -> dict[str, float] | Reason:
    """Give what a piece says when it comes, or why it says nothing."""
    try:
        claims = read(payload, Context("", NOW, "hj212", "hj212/M1", METERS, memory)).claims
    except Malformed as error:
        return error.reason
    assert {claim.at for claim in claims} == {NOW}
    return {claim.metric: claim.value for claim in claims}


def sequence(*payloads: bytes) -> list[dict[str, float] | Reason]:
    """Read pieces one after the other, as a collector that is started anew before each does."""
    memory = Memory()
    said = []
    for payload in payloads:
        said.append(values(payload, memory))
        written, memory = memory.dump(), Memory()
        memory.load(written)
    return said


A = "w01018-Rtd=1,w01018-Flag=N"
B = "w21003-Rtd=2,w21003-Flag=N"
C = "w01001-Rtd=3,w01001-Flag=N"
ALL = {"cod": 1.0, "nh3n": 2.0, "ph": 3.0}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_pieces_that_name_their_time_are_read_as_they_come(order: tuple[int, ...]) -> None:
    pieces = [piece(number, 3, f"{TIME};{data}") for number, data in enumerate((A, B, C), 1)]
    each = ({"cod": 1.0}, {"nh3n": 2.0}, {"ph": 3.0})
    assert sequence(*(pieces[place] for place in order)) == [each[place] for place in order]
    assert values(pieces[order[0]], None) == each[order[0]], "and need no memory"


def test_a_missing_piece_costs_only_what_it_said() -> None:
    assert sequence(piece(1, 3, f"{TIME};{A}"), piece(3, 3, f"{TIME};{C}")) == [{"cod": 1.0}, {"ph": 3.0}]


def test_a_piece_without_a_time_takes_that_of_the_first() -> None:
    said = sequence(piece(1, 3, f"{TIME};{A}"), piece(2, 3, B), piece(3, 3, C))
    assert said == [{"cod": 1.0}, {"nh3n": 2.0}, {"ph": 3.0}]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_whatever_the_order_all_is_said_once_all_are_here(order: tuple[int, ...]) -> None:
    pieces = [piece(1, 3, f"{TIME};{A}"), piece(2, 3, B), piece(3, 3, C)]
    *_, last = said = sequence(*(pieces[place] for place in order))
    together: dict[str, float] = {}
    for each in said:
        together |= each if isinstance(each, dict) else {}
    assert together == ALL
    assert isinstance(last, dict)
    assert {each for each in said if isinstance(each, Reason)} <= {Reason.INCOMPLETE}


@pytest.mark.parametrize(
    ("sentence", "first", "second"),
    [
        ("inside a number",          f"{TIME};{A};w21003-Rtd=", f"2,w21003-Flag=N;{C}"),
        ("inside a number's digits", f"{TIME};{A};w21003-Rtd=2.", f"0,w21003-Flag=N;{C}"),
        ("before a flag",            f"{TIME};{A};w21003-Rtd=2", f",w21003-Flag=N;{C}"),
        ("inside a code",            f"{TIME};{A};w210", f"03-Rtd=2,w21003-Flag=N;{C}"),
        ("inside a field's name",    f"{TIME};{A};w21003-Rtd=2,w21003-Fl", f"ag=N;{C}"),
        ("inside a flag's value",    f"{TIME};{A};w21003-Rtd=2,w21003-Flag=", f"N;{C}"),
        ("after a separator",        f"{TIME};{A};", f"{B};{C}"),
        ("between two factors",      f"{TIME};{A}", f"{B};{C}"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("turned", [False, True])
def test_a_message_cut_anywhere_is_read_when_both_halves_are_here(
    sentence: str, first: str, second: str, *, turned: bool
) -> None:
    pieces = [piece(1, 2, first), piece(2, 2, second)]
    early, late = sequence(*(reversed(pieces) if turned else pieces))
    assert isinstance(late, dict), sentence
    assert (early | late if isinstance(early, dict) else late) == ALL, sentence


@pytest.mark.parametrize("data", [A, f"{TIME};{A};w21003-Rtd=2", f"{TIME};w21003-Rtd="])
def test_half_a_factor_and_no_rest_is_incomplete(data: str) -> None:
    assert values(piece(1, 2, data), Memory()) == values(piece(1, 2, data), None) == Reason.INCOMPLETE


def test_a_piece_that_comes_twice_counts_once() -> None:
    first, second = piece(1, 2, f"{TIME};{A};w21003-Rtd="), piece(2, 2, f"2,w21003-Flag=N;{C}")
    assert sequence(first, first, second) == [Reason.INCOMPLETE, Reason.INCOMPLETE, ALL]


def test_a_piece_that_was_held_is_read_by_a_replay_when_the_rest_has_come() -> None:
    pieces = (piece(1, 3, f"{TIME};{A};w21003-Rtd="), piece(2, 3, "2,w21003-Flag=N"), piece(3, 3, C))
    said = sequence(*pieces, *pieces)
    assert said[1:] == [Reason.INCOMPLETE, ALL, ALL, ALL, ALL]


def test_messages_do_not_mix() -> None:
    said = sequence(
        piece(1, 2, f"{TIME};w01018-Rtd=1,w01018-Flag=", qn="1"),
        piece(1, 2, f"{TIME};w01018-Rtd=5,w01018-Flag=", qn="2"),
        piece(2, 2, "N", qn="2"),
        piece(2, 2, "N", qn="1"),
    )
    assert said == [Reason.INCOMPLETE, Reason.INCOMPLETE, {"cod": 5.0}, {"cod": 1.0}]


def test_a_logger_without_request_numbers_begins_anew_with_each_first_piece() -> None:
    said = sequence(
        piece(1, 2, f"{TIME};w01018-Rtd=1,w01018-Flag=", qn=""),
        piece(1, 2, f"{TIME};w01018-Rtd=5,w01018-Flag=", qn=""),
        piece(2, 2, "N", qn=""),
    )
    assert said == [Reason.INCOMPLETE, Reason.INCOMPLETE, {"cod": 5.0}]


def test_what_never_becomes_whole_is_forgotten_in_time() -> None:
    memory = Memory()
    sizes = []
    for number in range(50):
        values(piece(1, 2, f"{TIME};{A};w21003-Rtd=", qn=str(number)), memory)
        sizes.append(len(memory.dump()))
    assert max(sizes) < 1.2 * sizes[MOST_MESSAGES]
    assert values(piece(2, 2, "2,w21003-Flag=N", qn="49"), memory) == {"cod": 1.0, "nh3n": 2.0}
    assert values(piece(2, 2, "2,w21003-Flag=N", qn="0"), memory) == Reason.INCOMPLETE


def test_nothing_is_kept_of_pieces_that_stood_alone_or_of_strangers() -> None:
    memory = Memory()
    empty = memory.dump()
    values(piece(1, 2, f"{TIME};{A}"), memory)
    values(piece(2, 2, f"{TIME};{B}"), memory)
    assert memory.dump() == empty
    with pytest.raises(Malformed):
        read(piece(1, 2, f"{TIME};{A}"), Context("", NOW, "hj212", "hj212/M1", (outlet(mn="M2"),), memory))
    assert memory.dump() == empty

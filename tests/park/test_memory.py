"""What codecs keep in mind: it can be undone, written down, and not be spoilt by what is long past."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from park.asking import Asking
from park.decode.memory import Aside, Memory, Wish
from tests.park.examples import NOW

keys = st.tuples(st.sampled_from(["a", "b"]), st.sampled_from("xyz"))
deeds = st.lists(st.tuples(keys, st.none() | st.integers(1, 9)), max_size=12)


def do(memory: Memory, what: list[tuple[tuple[str, str], int | None]]) -> None:
    """Put values, or forget where there is none."""
    for key, value in what:
        if value is None:
            memory.forget(key)
        else:
            memory.put(key, value)


def kept(memory: Memory) -> dict[tuple[str, str], object]:
    """Give all that is kept."""
    found = {(codec, name): memory.get((codec, name)) for codec in "ab" for name in "xyz"}
    return {key: value for key, value in found.items() if value is not None}


@given(deeds, deeds, st.integers(1, 6))
def test_what_was_done_since_the_mark_can_be_undone(before: list, after: list, most: int) -> None:  # type: ignore[type-arg]
    memory = Memory(most)
    do(memory, before)
    memory.mark()
    was = kept(memory)
    do(memory, after)
    memory.wish(Wish("t", b"x"))
    memory.undo()
    assert kept(memory) == was
    assert memory.changes() == {}
    assert memory.take_wishes() == []


@given(deeds, deeds, st.integers(1, 6))
def test_changes_written_down_one_by_one_are_the_whole(before: list, after: list, most: int) -> None:  # type: ignore[type-arg]
    memory = Memory(most)
    do(memory, before)
    written = kept(memory)
    memory.mark()
    do(memory, after)
    written |= memory.changes()  # type: ignore[arg-type]  # keys of two
    assert {key: value for key, value in written.items() if value is not None} == kept(memory)


@given(deeds)
def test_what_is_dumped_is_loaded_as_it_was(what: list) -> None:  # type: ignore[type-arg]
    memory, other = Memory(), Memory()
    do(memory, what)
    other.load(memory.dump())
    assert kept(other) == kept(memory)


@given(deeds, deeds)
def test_messages_of_long_ago_overwrite_nothing_that_is_known(now: list, then: list) -> None:  # type: ignore[type-arg]
    memory, alone = Memory(), Memory()
    do(memory, now)
    known = kept(memory)
    do(alone, then)
    aside = Aside(memory)
    do(aside, then)
    assert {key: kept(memory)[key] for key in known} == known
    for key, value in then:
        if key not in known and value is not None:
            assert kept(memory).get(key) == kept(alone).get(key)


def test_messages_of_long_ago_know_what_they_said_themselves() -> None:
    memory = Memory()
    memory.put(("a", "x"), 1)
    aside = Aside(memory)
    aside.put(("a", "x"), 2)
    assert (aside.get(("a", "x")), memory.get(("a", "x"))) == (2, 1)
    aside.forget(("a", "x"))
    assert (aside.get(("a", "x")), memory.get(("a", "x"))) == (None, 1)
    aside.wish(Wish("t", b"x"))
    assert memory.take_wishes() == [Wish("t", b"x")]


def test_a_device_is_asked_once_in_a_while_and_each_for_itself() -> None:
    asking, minute = Asking(timedelta(minutes=1)), timedelta(minutes=1)
    a, b = Wish("a", b"1"), Wish("b", b"1")
    assert asking.due([a], NOW) == [a]
    assert asking.due([a, b], NOW + minute / 2) == [b]
    assert asking.due([a, b], NOW + minute) == [a]

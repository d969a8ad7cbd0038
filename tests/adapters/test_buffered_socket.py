"""The buffered socket changes when bytes move, never which; and no packet, however broken, ends the loop's thread."""

import resource
import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.buffered_socket import CHUNK, wait
from adapters.mqtt import BufferedSocket, LoopClient, Waker


@pytest.fixture
def pair() -> Iterator[tuple[BufferedSocket, socket.socket]]:
    """A buffered end and a plain one."""
    ours, theirs = socket.socketpair()
    ours.settimeout(0)
    with ours, theirs:
        yield BufferedSocket(ours), theirs


@given(pieces=st.lists(st.binary(max_size=3_000), max_size=6), sizes=st.lists(st.integers(1, 4_000), min_size=1))
def test_however_it_is_cut_the_bytes_read_are_the_bytes_sent(pieces: list[bytes], sizes: list[int]) -> None:
    ours, theirs = socket.socketpair()
    ours.settimeout(0)
    with ours, theirs:
        buffered, got, turn = BufferedSocket(ours), bytearray(), 0
        for piece in pieces:
            theirs.sendall(piece)
            wanted = len(got) + sizes[turn % len(sizes)]
            while len(got) < wanted:
                try:
                    got += buffered.recv(sizes[turn % len(sizes)])
                except BlockingIOError:
                    break
                turn += 1
        theirs.shutdown(socket.SHUT_WR)
        while last := buffered.recv(sizes[turn % len(sizes)]):
            assert len(last) <= sizes[turn % len(sizes)]
            got += last
            turn += 1
        assert bytes(got) == b"".join(pieces)


@given(pieces=st.lists(st.binary(max_size=200_000), max_size=8))
def test_whatever_the_network_takes_at_a_time_all_arrives_once_and_in_order(pieces: list[bytes]) -> None:
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
    ours.settimeout(0)
    with ours, theirs:
        theirs.settimeout(0)
        buffered, got = BufferedSocket(ours), bytearray()
        for piece in pieces:
            assert buffered.send(piece) == len(piece)
            buffered.flush()
        while not buffered.flush():
            got += theirs.recv(CHUNK)
        while len(got) < sum(map(len, pieces)):
            got += theirs.recv(CHUNK)
        assert bytes(got) == b"".join(pieces)


def test_nothing_goes_out_before_a_flush_and_closing_flushes(pair: tuple[BufferedSocket, socket.socket]) -> None:
    ours, theirs = pair
    theirs.settimeout(0)
    ours.send(b"held back")
    with pytest.raises(BlockingIOError):
        theirs.recv(1)
    assert ours.flush()
    assert theirs.recv(100) == b"held back"
    ours.send(b"goodbye")
    ours.close()
    assert theirs.recv(100) == b"goodbye"
    assert theirs.recv(100) == b""


def test_closing_towards_somebody_who_is_gone_raises_nothing(pair: tuple[BufferedSocket, socket.socket]) -> None:
    ours, theirs = pair
    theirs.close()
    ours.send(b"nobody there")
    ours.close()


def test_pending_counts_what_was_read_ahead(pair: tuple[BufferedSocket, socket.socket]) -> None:
    ours, theirs = pair
    theirs.sendall(b"0123456789")
    assert ours.pending() == 0
    assert bytes(ours.recv(4)) == b"0123"
    assert ours.pending() == 6
    with pytest.raises(BlockingIOError):
        [ours.recv(100) for _ in range(2)]


def test_a_wait_tells_who_has_something_to_read(pair: tuple[BufferedSocket, socket.socket]) -> None:
    ours, theirs = pair
    waker = Waker()
    assert wait(ours, write=True, wake=waker, timeout=5) == set(), "room to write ends the wait, and is nothing to read"
    waker.wake()
    assert wait(ours, write=False, wake=waker, timeout=5) == {waker.fileno()}
    theirs.sendall(b"x")
    assert wait(ours, write=False, wake=waker, timeout=5) == {waker.fileno(), ours.fileno()}
    waker.clear()
    assert wait(ours, write=False, wake=None, timeout=5) == {ours.fileno()}
    waker.close()


def test_a_waker_that_was_woken_very_often_never_blocks_and_is_cleared() -> None:
    waker = Waker()
    for _ in range(100_000):
        waker.wake()
    while select.select([waker], [], [], 0)[0]:
        waker.clear()
    waker.clear()
    waker.close()


def test_a_busy_process_may_have_more_than_a_thousand_files_open() -> None:
    """`select` refuses descriptors from 1,024 on; the receiver shares its process with every open live page."""
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 1_200:
        pytest.skip("this process may not open 1,200 files")
    with ExitStack() as files:
        for _ in range(520):
            for one in socket.socketpair():
                files.enter_context(one)
        ours, theirs = socket.socketpair()
        files.enter_context(theirs)
        assert ours.fileno() >= 1_024
        client = connected(ours)
        theirs.sendall(b"\x30\x06\x00\x01a\x00hi")
        client.turn(5)
        assert [(one.topic, one.payload) for one in client.take()] == [("a", b"hi")]
        ours.close()


# --- broken packets ---------------------------------------------------------------------------------------------------


def connected(ours: socket.socket, version: str = "5") -> LoopClient:
    """Give a client that believes to be connected over a socket of ours."""
    ours.settimeout(0)
    client = LoopClient("c", version=version)
    client._sock = BufferedSocket(ours)  # type: ignore[assignment]  # its recv may give a memoryview
    return client


BROKEN = [
    ("a property nobody knows", b"\x30\x06\x00\x01a\x02\x04\x00"),
    ("a property that is no publisher's", b"\x30\x07\x00\x01a\x03\x21\x00\x01"),
    ("a property that ends too early", b"\x30\x06\x00\x01a\x02\x26\x00"),
    ("a property twice", b"\x30\x08\x00\x01a\x04\x01\x00\x01\x00"),
    ("a topic longer than the packet", b"\x30\x03\x00\x09a"),
    ("no number at quality of service 1", b"\x32\x03\x00\x01a"),
    ("nothing in it", b"\x30\x00"),
    ("one byte", b"\x30\x01\x00"),
    ("a length without end", b"\x30\xff\xff\xff\xff\xff"),
]


@pytest.mark.parametrize("packet", [row[1] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_a_broken_message_ends_the_connection_and_not_the_thread(
    pair: tuple[BufferedSocket, socket.socket], packet: bytes
) -> None:
    ours, theirs = pair
    client = connected(ours._sock)
    theirs.sendall(packet)
    client.turn(5)
    assert client.take() == []
    assert client.socket() is None


@given(
    kind=st.integers(0, 15),
    flags=st.integers(0, 15),
    body=st.lists(st.one_of(st.sampled_from([0, 1, 2, 3, 9, 38, 31]), st.integers(0, 255)), max_size=30).map(bytes),
    version=st.sampled_from(["5", "3.1.1"]),
)
def test_no_packet_of_a_broker_raises_into_the_loop(kind: int, flags: int, body: bytes, version: str) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        client = connected(ours, version)
        theirs.sendall(bytes([kind << 4 | flags, len(body)]) + body)
        client.turn(0)
        theirs.close()
        client.turn(0)
        client.turn(0)

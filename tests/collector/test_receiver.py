"""From the broker into the spool: acknowledged is what is on the disk, and nothing else."""

from pathlib import Path

import pytest
from paho.mqtt import publish

from adapters.spool import Spool, SpoolFull
from collector import receiver as module
from collector.counts import Counts
from collector.message import unpack_messages
from collector.receiver import RAW
from park.decode import MAX_BYTES
from tests.collector.receiving import Failing, Place, every_broker, heard, receiving
from tests.collector.words import M1, payload, spooled, until
from tests.mosquitto import StartMosquitto
from tests.ports import LOOPBACK


@every_broker
def test_what_the_broker_hands_over_is_spooled_and_acknowledged(place: Place, spool: Spool, counts: Counts) -> None:
    payloads = [payload(number) for number in range(500)]
    with receiving(place, spool, counts):
        place.say(payloads)
        until(lambda: counts.spooled >= 500, "all is spooled")
        assert [message.payload for message in spooled(spool)] == payloads
        assert {message.topic for message in spooled(spool)} == {M1}
    assert (counts.received, counts.spooled, counts.acknowledged) == (500, 500, 500)
    again = Counts()
    with receiving(place, spool, again):
        place.say([payload(501)])
        until(lambda: again.spooled, "the next one comes")
    assert again.received == 1  # nothing acknowledged comes again


@every_broker
def test_what_cannot_be_spooled_is_not_acknowledged_and_comes_again(
    place: Place, failing: Failing, counts: Counts
) -> None:
    payloads = {payload(number) for number in range(200)}
    with receiving(place, failing, counts):
        place.say(sorted(payloads))
        until(lambda: counts.turned_away, "the spool fails")
        assert "disk I/O error" in counts.trouble["spool"]
    assert (counts.spooled, counts.acknowledged) == (0, 0)
    failing.broken = False
    with receiving(place, failing, Counts()):
        until(lambda: payloads <= heard(failing), "all comes again")


@every_broker
def test_it_recovers_by_itself_when_the_spool_keeps_again(place: Place, failing: Failing, counts: Counts) -> None:
    payloads = {payload(number) for number in range(300)}
    with receiving(place, failing, counts):
        place.say(sorted(payloads))
        until(lambda: counts.turned_away, "the spool fails")
        failing.broken = False
        until(lambda: payloads <= heard(failing), "all is spooled")
        until(lambda: "spool" not in counts.trouble, "the trouble is over")


@every_broker
def test_a_full_spool_is_counted_and_said_and_takes_the_rest_when_there_is_room(
    place: Place, tmp_path: Path, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RETRY", module.LINGER)
    spool = Spool(tmp_path / "small.sqlite", most_bytes=30_000)
    payloads = {b"%d " % number + b"x" * 1_000 for number in range(200)}
    seen: set[bytes] = set()
    with receiving(place, spool, counts):
        place.say(sorted(payloads))
        until(lambda: counts.turned_away, "the spool is full")
        assert SpoolFull.__name__ in counts.trouble["spool"]
        assert spool.size <= 30_000

        def drained() -> bool:
            blobs = spool.peek(RAW, most=1_000)
            seen.update(message.payload for blob in blobs for message in unpack_messages(blob.bytes))
            spool.drop(RAW, blobs)
            return payloads <= seen

        until(drained, "the rest comes, piece by piece: it would never fit at once")
        until(lambda: "spool" not in counts.trouble, "the trouble is over")
    spool.close()


@every_broker
def test_retained_messages_are_passed_over_because_they_were_heard_when_they_were_new(
    place: Place, spool: Spool, counts: Counts
) -> None:
    place.say([b"old"], retain=True)
    with receiving(place, spool, counts):
        until(lambda: counts.retained, "the retained message comes")
        place.say([b"new"])
        until(lambda: counts.spooled, "the live one is spooled")
        assert [message.payload for message in spooled(spool)] == [b"new"]
    assert (counts.retained, counts.spooled, counts.acknowledged) == (1, 1, 2)


@pytest.mark.broker
def test_memory_is_bounded_while_the_spool_fails_and_nothing_acknowledged_is_lost(
    start_mosquitto: StartMosquitto, failing: Failing, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HOLD_BYTES", 100_000)
    monkeypatch.setattr(module, "RETRY", module.LINGER)
    place = Place(start_mosquitto().port, "5")
    payloads = {b"%d " % number + b"x" * 1_000 for number in range(500)}
    with receiving(place, failing, counts):
        place.say(sorted(payloads))
        until(lambda: counts.reconnects >= 2, "it gives the messages back")
        assert counts.acknowledged == 0
        failing.broken = False
        until(lambda: payloads <= heard(failing), "all comes again")
    assert counts.lost == 0


@pytest.mark.broker
def test_messages_that_no_broker_keeps_are_counted_as_lost_when_the_spool_cannot_keep_them(
    start_mosquitto: StartMosquitto, failing: Failing, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HOLD_BYTES", 10_000)
    monkeypatch.setattr(module, "RETRY", module.LINGER)
    place = Place(start_mosquitto().port, "5")
    with receiving(place, failing, counts):
        publish.multiple([(M1, b"", 0, False)] * 200, hostname=LOOPBACK, port=place.port)
        until(lambda: counts.lost, "they are counted")
    assert counts.lost <= counts.received


@pytest.mark.broker
def test_of_a_message_far_beyond_the_contract_the_head_is_kept_so_that_it_fits_any_spool(
    start_mosquitto: StartMosquitto, tmp_path: Path, counts: Counts
) -> None:
    spool = Spool(tmp_path / "small.sqlite", most_bytes=1 << 20)
    place = Place(start_mosquitto().port, "5")
    with receiving(place, spool, counts):
        place.say([b"x" * (3 << 20)])
        until(lambda: counts.acknowledged, "it is kept")
        [message] = spooled(spool)
        assert len(message.payload) == module.MOST_PAYLOAD > MAX_BYTES
    spool.close()

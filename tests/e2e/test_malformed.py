"""A flood of broken messages: the platform stands, keeps each of them with its reason, and loses no good one."""

import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from adapters.publisher import Publisher
from park.instant import to_ms
from park.reason import REASONS, Reason
from tests.e2e.program import Program
from tests.e2e.stored import Identity, Value, compare, held_messages, is_held, register
from tests.mosquitto import StartMosquitto
from tests.park.examples import meter, registry
from tests.park.payloads import malformed

BROKEN = 100_000
EVERY = 10
"""Between so many broken messages stands a good one."""
METERS = 1_000
TOPIC = "park/v1/hengkou/e01/m{:04}/data"
THE_END = "park/v1/hengkou/e01/nobody/data"
SEED = 20_261_123


@pytest.mark.broker
@pytest.mark.slow
def test_a_hundred_thousand_broken_messages_are_all_kept_with_a_reason_and_every_good_one_is_stored(
    start_mosquitto: StartMosquitto, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The quarantine keeps a message once for each topic, time, reason and payload.

    So the nth copy of a payload goes to the nth meter: then each of them is one row, and a lost one cannot hide behind
    another of the same bytes.
    """
    data = tmp_path / "data"
    data.mkdir()
    register(data, registry(*(meter(f"m{number:04}") for number in range(METERS))))
    broker = start_mosquitto()
    base = to_ms(datetime.now(UTC) - timedelta(days=1))
    copies: Counter[bytes] = Counter()
    sent: set[tuple[str, bytes]] = set()
    good: dict[Identity, Value] = {}
    with Program(tmp_path, "collector", "--data-dir", "data", mqtt_url=broker.url) as collector:
        collector.until(lambda: collector.events("connected"), "the collector connects")
        with Publisher(broker.url, client_id="devices") as publisher:
            for number, payload in enumerate(malformed(SEED, BROKEN)):
                topic = TOPIC.format(copies[payload])
                copies[payload] += 1
                sent.add((topic, payload))
                publisher.publish(topic, payload)
                if number % EVERY == 0:
                    name, ts = f"m{number // EVERY % METERS:04}", base + number
                    good[name, "p", ts] = Value(float(number), 0)
                    publisher.publish(
                        f"park/v1/hengkou/e01/{name}/data", msgspec.json.encode({"v": 1, "ts": ts, "m": {"p": number}})
                    )
            publisher.publish(THE_END, b'{"v":1,"m":{"p":1}}')
            assert publisher.drain(60)
        collector.until(lambda: is_held(data, "nobody"), "the last message arrives")
        assert collector.end() == 0, collector.err
    held = [row for row in held_messages(data) if row[0] != THE_END]
    reasons = Counter(reason for _, _, reason in held)
    account = compare(good, data)
    with capsys.disabled():
        sys.stdout.write(f"\n{BROKEN} broken and {len(good)} good messages; {len(held)} held: {dict(reasons)}\n")
    assert len(sent) == BROKEN
    assert len(held) == BROKEN
    assert {(topic, payload) for topic, payload, _ in held} == sent
    assert reasons.keys() <= REASONS
    assert Reason.DEFECT not in reasons
    assert account == ([], [], [], [])

"""The meters' accounts against what was really published, over a real broker and kills of the collector."""

import random
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine

from adapters.publisher import Publisher
from adapters.relational import engine as engines
from adapters.relational import meter_account
from park.instant import to_ms
from tests.e2e.program import Program, until
from tests.e2e.stored import is_held, register
from tests.mosquitto import StartMosquitto
from tests.park.examples import meter, registry

METERS = [f"m{number:02}" for number in range(20)]
ROUNDS = 600
KILLS = {150, 300, 450}
TOPIC = "park/v1/hengkou/e01/{}/data"


class Devices:
    """Meters that lose messages, say some of them twice and restart; and the truth about it."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._dice = random.Random(2026)  # noqa: S311  # a test that can be repeated
        self._base = to_ms(datetime.now(UTC) - timedelta(hours=1))
        self._seq = dict.fromkeys(METERS, 0)
        self.lost: dict[str, list[int]] = {name: [] for name in METERS}
        self.doubles = dict.fromkeys(METERS, 0)
        self.restarts = dict.fromkeys(METERS, 0)
        self.said = dict.fromkeys(METERS, 0)

    def speak(self, turn: int, *, end: bool) -> None:
        """Let every meter say one thing, or lose it."""
        for name in METERS:
            chance = self._dice.random()
            if chance < 0.002 and self._seq[name] > 0 and not end:
                self._seq[name] = 0
                self.restarts[name] += 1
                chance = 1.0
            self._seq[name] += 1
            seq = self._seq[name]
            if 0.002 <= chance < 0.02 and seq > 1 and not end:
                self.lost[name].append(seq)
                continue
            said = {"v": 1, "ts": self._base + turn * 1_000, "seq": seq, "m": {"p": turn / 4}}
            for _ in range(2 if chance > 0.98 else 1):
                self._publisher.publish(TOPIC.format(name), msgspec.json.encode(said))
            self.doubles[name] += chance > 0.98
            self.said[name] += 1


def collector(stack: ExitStack, folder: Path, url: str, number: int) -> Program:
    program = Program(folder, "collector", "--data-dir", "data", name=f"collector-{number}", mqtt_url=url)
    return stack.enter_context(program)


def connected(program: Program) -> None:
    program.until(lambda: program.events("connected"), "the collector connects")


@pytest.fixture
def database(tmp_path: Path) -> Engine:
    (tmp_path / "data").mkdir()
    register(tmp_path / "data", registry(*map(meter, METERS)))
    return engines.connect(f"sqlite:///{tmp_path / 'data' / 'smartpark.sqlite'}")


@pytest.mark.broker
@pytest.mark.slow
def test_kills_neither_invent_a_gap_nor_forget_one(
    start_mosquitto: StartMosquitto, tmp_path: Path, database: Engine
) -> None:
    broker = start_mosquitto(persistence=True)
    with ExitStack() as stack:
        stack.callback(database.dispose)
        running = collector(stack, tmp_path, broker.url, 0)
        connected(running)
        publisher = stack.enter_context(Publisher(broker.url, client_id="devices"))
        devices = Devices(publisher)
        for turn in range(ROUNDS):
            if turn in KILLS:
                connected(running)
                running.kill()
                running = collector(stack, tmp_path, broker.url, turn)
            devices.speak(turn, end=turn == ROUNDS - 1)
        publisher.publish(TOPIC.format("nobody"), b'{"v":1,"m":{"p":1}}')
        assert publisher.drain(60)
        until(lambda: is_held(tmp_path / "data", "nobody"), "the last message arrives")
        assert running.end() == 0, running.err
        found = {standing.meter: standing for standing in meter_account.several(database, METERS)}
        assert sum(map(len, devices.lost.values())) > 100
        assert sum(devices.restarts.values()) > 5
        for name in METERS:
            standing = found[name]
            listed = [seq for gap in standing.gaps for seq in range(gap.first, gap.last + 1)]
            assert listed == devices.lost[name], name
            assert standing.totals.missing == len(devices.lost[name])
            assert standing.totals.received == devices.said[name], name
            assert standing.totals.stored == devices.said[name]
            assert standing.totals.restarts == devices.restarts[name]
            # what a kill left unacknowledged the broker sends again: more duplicates than the devices made, never less
            assert standing.totals.duplicates >= devices.doubles[name]
            assert all(gap.before <= gap.after for gap in standing.gaps)

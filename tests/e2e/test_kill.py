"""Kill -9, cut connections and a restarted broker, all in mid-stream: nothing is lost, nothing is double."""

import sys
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from adapters.publisher import Publisher
from collector.bootstrap import CLIENT_ID
from park.instant import to_ms
from tests.e2e.program import Program, until
from tests.e2e.proxy import Proxy
from tests.e2e.stored import Identity, Value, compare, is_held, quarantined, register
from tests.mosquitto import Mosquitto, StartMosquitto
from tests.park.examples import meter, registry
from tests.ports import LOOPBACK

MESSAGES = 30_000
METERS = 50
TOPIC = "park/v1/hengkou/e01/{}/data"
THE_END = TOPIC.format("nobody")
"""From a meter that nobody registered: it reaches the quarantine after all before it has reached the store."""
RUN_UP = 500
"""Messages published after the collector is known to be connected and before it is struck."""
STRIKES = {
    4_000: "kill", 9_000: "cut", 13_000: "kill", 18_000: "restart the broker", 22_000: "kill", 26_000: "cut",
}  # fmt: skip


def said(number: int, base: int) -> tuple[str, int, dict[str, float]]:
    """Give meter, time and values of one message: all known, all exact in binary, no identity twice."""
    eighths = number % 64 / 8
    values = {
        "ep_imp": number / 4, "p": 100.0 + eighths, "q": 10.0 + eighths, "u1": 220.0 + eighths,
        "i1": 5.0 + eighths, "f": 50.0 + number % 64 / 256,
    }  # fmt: skip
    return f"m{number % METERS:02}", base + number // METERS * 1_000, values


class Struck:
    """The collector, which the test strikes and raises again."""

    def __init__(self, folder: Path, url: str, stack: ExitStack) -> None:
        self._folder = folder
        self._url = url
        self._stack = stack
        self.starts = 0
        self.program = self._start()

    def _start(self) -> Program:
        self.starts += 1
        self._connections = 1
        name = f"collector-{self.starts}"
        program = Program(self._folder, "collector", "--data-dir", "data", name=name, mqtt_url=self._url)
        return self._stack.enter_context(program)

    def wait(self) -> None:
        """Wait until it is connected, also after its connection was cut."""
        program, wanted = self.program, self._connections
        program.until(lambda: len(program.events("connected")) >= wanted, "the collector connects")

    def kill(self) -> None:
        """Kill it and start it again."""
        self.program.kill()
        self.program = self._start()

    def cut_off(self, by: Callable[[], object]) -> None:
        """Do what costs it its connection."""
        self._connections += 1
        by()


def redelivered(broker: Mosquitto, client: str) -> int:
    """Count the messages that the broker sent to a client a second time."""
    return broker.log.read_text("utf-8", errors="replace").count(f"Sending PUBLISH to {client} (d1")


@pytest.mark.broker
@pytest.mark.slow
def test_three_kills_two_cuts_and_a_broker_restart_lose_nothing_and_double_nothing(
    start_mosquitto: StartMosquitto, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").mkdir()
    register(tmp_path / "data", registry(*(meter(f"m{number:02}") for number in range(METERS))))
    broker = start_mosquitto(persistence=True)
    base = to_ms(datetime.now(UTC) - timedelta(hours=1))
    published: dict[Identity, Value] = {}
    with ExitStack() as stack:
        proxy = stack.enter_context(Proxy(broker.port))
        struck = Struck(tmp_path, f"mqtt://{LOOPBACK}:{proxy.port}", stack)
        struck.wait()  # the broker keeps the session from here on
        publisher = stack.enter_context(Publisher(broker.url, client_id="devices"))
        strikes: dict[str, Callable[[], object]] = {
            "kill": struck.kill,
            "cut": lambda: struck.cut_off(proxy.cut),
            "restart the broker": lambda: struck.cut_off(broker.restart),
        }
        for number in range(MESSAGES):
            if number + RUN_UP in STRIKES:
                struck.wait()
            if number in STRIKES:
                strikes[STRIKES[number]]()
            name, ts, values = said(number, base)
            publisher.publish(TOPIC.format(name), msgspec.json.encode({"v": 1, "ts": ts, "seq": number, "m": values}))
            published |= {(name, metric, ts): Value(value, 0) for metric, value in values.items()}
        publisher.publish(THE_END, b'{"v":1,"m":{"p":1}}')
        assert publisher.drain(60)
        until(lambda: is_held(tmp_path / "data", "nobody"), "the last message arrives")
        assert struck.program.end() == 0, struck.program.err
    account = compare(published, tmp_path / "data")
    with capsys.disabled():
        sys.stdout.write(
            f"\n{MESSAGES} messages with {len(published)} readings published; "
            f"{len(published) - len(account.lost)} stored, {len(account.lost)} lost, {len(account.double)} double; "
            f"{', '.join(f'{count}x {strike}' for strike, count in Counter(STRIKES.values()).items())}; "
            f"{redelivered(broker, CLIENT_ID)} messages delivered again\n"
        )
    assert struck.starts == 4
    assert not account.lost
    assert not account.double
    assert not account.strange
    assert not account.different
    assert {(group.reason, group.meter) for group in quarantined(tmp_path / "data")} == {("unknown_meter", "nobody")}

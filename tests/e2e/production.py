"""A collector as a park runs it, between Mosquitto and InfluxDB, any of which may be killed; and what devices say."""

import json
import re
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import urllib3

from adapters.influx import admin
from adapters.influx.resolution import ALL
from adapters.influx.target import read
from adapters.publisher import Publisher
from park.instant import to_ms
from tests.e2e.program import Program
from tests.e2e.shipped_broker import CONFIG
from tests.e2e.stored import Identity, Value, register
from tests.influxd import Influxd
from tests.mosquitto import Mosquitto
from tests.park.examples import meter, registry
from tests.ports import LOOPBACK, free_port

METERS = 50
DEVICES = "devices"
KEPT = re.compile(r"^(?:autosave_|persistent_|max_(?:queued|inflight)_|queue_)\w+ .*$", re.MULTILINE)


def shipped_persistence() -> str:
    """Give what the shipped broker's configuration says about saving and queues."""
    found = KEPT.findall(CONFIG.read_text(encoding="utf-8"))
    assert "autosave_interval 10" in found
    return "\n".join(found)


class Devices:
    """Meters that say three to six things a message, and the truth about what they said."""

    def __init__(self, publisher: Publisher) -> None:
        self.publisher = publisher
        self._base = to_ms(datetime.now(UTC) - timedelta(hours=1))
        self.published: dict[Identity, Value] = {}
        self.messages = 0

    def speak(self) -> None:
        """Publish one message: no identity twice, all values exact in binary."""
        number = self.messages
        self.messages += 1
        name, ts, eighths = f"m{number % METERS:02}", self._base + number // METERS * 1_000, number % 64 / 8
        values = {
            "p": 100 + eighths, "ep_imp": number / 4, "u1": 220 + eighths,
            "q": 10 + eighths, "i1": 5 + eighths, "f": 50 + eighths / 32,
        }  # fmt: skip
        said = dict(list(values.items())[: 3 + number % 4])
        payload = msgspec.json.encode({"v": 1, "ts": ts, "seq": number // METERS, "m": said})
        self.publisher.publish(f"park/v1/hengkou/e01/{name}/data", payload, timeout=60)
        self.published |= {(name, metric, ts): Value(value, 0) for metric, value in said.items()}

    def drain(self) -> None:
        """Wait until the broker has acknowledged everything."""
        assert self.publisher.drain(60), f"{self.publisher.under_way} messages are not acknowledged"


class Production:
    """One park's broker, InfluxDB and collector."""

    def __init__(self, folder: Path, data: Path, broker: Mosquitto, server: Influxd, stack: ExitStack) -> None:
        """Make the stores, and start the collector with `data` as its folder; everything ends with `stack`."""
        self.folder, self.data, self.broker, self.server, self._stack = folder, data, broker, server, stack
        list(admin.init(read(server.url()), dict.fromkeys(ALL), folder))
        data.mkdir(exist_ok=True)
        register(data, registry(*(meter(f"m{number:02}") for number in range(METERS))))
        self.status_port = free_port()
        self.starts = 0
        self.start()

    def start(self) -> None:
        """Start the collector; it need not be connected when this returns."""
        self.starts += 1
        self.collector = self._stack.enter_context(
            Program(
                self.folder, "collector", "--data-dir", self.data, name=f"collector-{self.starts}",
                mqtt_url=self.broker.url, telemetry_url=self.server.url(), status_port=str(self.status_port),
            )
        )  # fmt: skip

    def collector_killed(self) -> None:
        """Kill the collector."""
        self.collector.kill()

    def wait(self) -> None:
        """Wait until the collector takes messages."""
        self.collector.until(lambda: self.collector.events("connected") and self.health()[0] == 200, "it is well")

    def health(self) -> tuple[int, dict[str, str]]:
        """Give what the status page says: its code, and what is wrong by stage."""
        try:
            answer = urllib3.request("GET", f"http://{LOOPBACK}:{self.status_port}/healthz", retries=False)
        except urllib3.exceptions.HTTPError:
            return 0, {}
        return answer.status, json.loads(answer.data)["trouble"]

    def count(self, name: str) -> int:
        """Give one of the collector's counters."""
        answer = urllib3.request("GET", f"http://{LOOPBACK}:{self.status_port}/metrics", retries=False)
        found = re.search(rf"^smartpark_collector_{name}_total (\S+)$", answer.data.decode(), re.MULTILINE)
        assert found, name
        return int(float(found[1]))

    def stored(self) -> int:
        """Count the messages of which something is stored; 0 while the server cannot be asked."""
        try:
            answer = json.loads(self.server.ask("SELECT count(p) FROM electricity", "park_raw"))
        except (OSError, urllib3.exceptions.HTTPError):
            return 0
        series = answer["results"][0].get("series")
        return int(series[0]["values"][0][1]) if series else 0

    def until_stored(self, messages: int) -> None:
        """Wait until so many messages are stored."""
        self.collector.until(lambda: self.stored() >= messages, f"{messages} messages are stored")

    def said_again(self, words: str) -> int:
        """Count lines of the broker's log about messages sent a second time."""
        return self.broker.log.read_text("utf-8", errors="replace").count(words)

"""InfluxDB away, and InfluxDB killed, under load: every acknowledged message is stored once, and memory stays flat."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from smartpark.bench_ingest import METRICS, _register
from smartpark.bench_publisher import publish
from tests.e2e.program import Program, run
from tests.e2e.stored import quarantined
from tests.influxd import OUTAGE_MESSAGES, Influxd, StartInfluxd
from tests.mosquitto import Mosquitto, StartMosquitto

MESSAGES = int(os.environ.get(OUTAGE_MESSAGES, "30000"))
METERS = 50
WARM = 6_000
QUEUES = """\
allow_anonymous true
max_queued_messages 0
max_queued_bytes 0
max_inflight_messages 4000
"""
GROWTH = 48 * 1024
"""KiB that the collector's memory may grow at most while the store is away, however long that is."""
KILLS = (0.1, 0.35, 0.6)


class Site:
    """Broker, server, and a collector between them."""

    def __init__(self, folder: Path, broker: Mosquitto, server: Influxd) -> None:
        self.folder, self.broker, self.server = folder, broker, server
        environ = {"telemetry_url": server.url(), "mqtt_url": broker.url}
        (folder / "data").mkdir()
        code, _, err = run(folder, "store", "init", "--data-dir", "data", **environ)
        assert code == 0, err
        _register(folder / "data", METERS)
        self.collector = Program(folder, "collector", "--data-dir", "data", **environ)

    def publish(self, messages: int) -> None:
        """Publish messages, always the same from the first on; return when the broker has acknowledged all."""
        publish(self.broker.port, messages=messages, meters=METERS, progress=lambda _: None)

    def stored(self) -> int:
        """Count the points; 0 while the server cannot be asked."""
        try:
            answer = json.loads(self.server.ask("SELECT count(i1) FROM electricity", "park_raw"))
        except OSError:
            return 0
        series = answer["results"][0].get("series") if answer.get("results") else None
        return int(series[0]["values"][0][1]) if series else 0

    def wait(self, messages: int) -> None:
        """Wait until so many messages are stored."""
        self.collector.until(lambda: self.server.is_running and self._holds(messages), f"{messages} are stored")

    def _holds(self, messages: int) -> bool:
        return self.stored() >= messages

    def peak(self) -> int:
        """Give the most memory that the collector ever used, in KiB."""
        lines = Path(f"/proc/{self.collector.pid}/status").read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

    def spooled(self) -> int:
        """Give the size of the spool's files."""
        return sum(path.stat().st_size for path in (self.folder / "data").glob("spool.sqlite*"))


def assert_exact(site: Site, messages: int) -> None:
    """Every message of every meter is stored, once, with its values."""
    fields = ", ".join(f"count({metric}), sum({metric})" for metric in METRICS)
    answer = json.loads(site.server.ask(f"SELECT {fields} FROM electricity GROUP BY meter", "park_raw"))  # noqa: S608
    found = {series["tags"]["meter"]: series["values"][0][1:] for series in answer["results"][0]["series"]}
    assert sorted(found) == [f"m{number:05d}" for number in range(METERS)]
    for number in range(METERS):
        turns = range(len(range(number, messages, METERS)))
        sums = {
            "p": sum(100.0 + turn % 17 for turn in turns),
            "ep_imp": sum(round(1_000 + turn * 0.1, 2) for turn in turns),
            "u1": sum(220 + turn % 10 / 10 for turn in turns),
            "u2": 220.2 * len(turns),
            "u3": 219.9 * len(turns),
            "i1": sum(12 + turn % 7 / 10 for turn in turns),
        }
        values = found[f"m{number:05d}"]
        assert values[0::2] == [len(turns)] * len(METRICS)
        assert values[1::2] == pytest.approx([sums[metric] for metric in METRICS])
    assert quarantined(site.folder / "data") == []


@pytest.fixture
def site(tmp_path: Path, start_mosquitto: StartMosquitto, start_influxd: StartInfluxd) -> Iterator[Site]:
    """A park whose collector is connected."""
    site = Site(tmp_path, start_mosquitto(QUEUES, persistence=True), start_influxd())
    with site.collector as collector:
        collector.until(lambda: collector.events("connected"), "it connects")
        yield site


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_while_influxdb_is_away_the_spool_keeps_everything_and_memory_stays_flat(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.publish(WARM)
    site.wait(WARM)
    before = site.peak()
    site.server.stop()
    site.publish(MESSAGES)
    site.collector.until(lambda: site.collector.events("readings stay in the spool"), "it notices")
    waiting, away = site.spooled(), site.peak()
    site.server.start()
    site.wait(MESSAGES)
    after = site.peak()
    assert_exact(site, MESSAGES)
    assert site.collector.events("store takes readings again")
    with capsys.disabled():
        print(  # noqa: T201  # the account
            f"\n  InfluxDB away for {MESSAGES:,} messages: {site.stored():,} stored, none twice; "
            f"spool {waiting / 2**20:.1f} MiB, memory {before / 1024:.0f} → {away / 1024:.0f} → {after / 1024:.0f} MiB"
        )
    assert max(away, after) - before < GROWTH


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_influxdb_killed_again_and_again_under_load_holds_every_message_once(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    publishing = Thread(target=site.publish, args=(MESSAGES,))
    publishing.start()
    seen = []
    for share in KILLS:
        site.wait(int(share * MESSAGES))
        seen.append(site.stored())
        site.server.kill()
        site.server.start()
    publishing.join()
    site.wait(MESSAGES)
    assert_exact(site, MESSAGES)
    with capsys.disabled():
        at = ", ".join(f"{count:,}" for count in seen)
        print(  # noqa: T201  # the account
            f"\n  InfluxDB killed at {at} of {MESSAGES:,} messages: {site.stored():,} stored, none twice, "
            f"{len(site.collector.events('readings stay in the spool'))} outages noticed"
        )

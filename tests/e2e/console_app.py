"""A small park with its console in a process of its own: real stores, real broker, no collector and no simulator.

`python -m tests.e2e.console_app FOLDER HTTP_PORT MQTT_PORT [GRAFANA_URL]` runs it; `ConsoleApp` starts and stops it
for a test.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import httpx
from sqlalchemy import Engine

from adapters.clock import now
from adapters.duckdb_store import DuckDBStore
from adapters.publisher import Publisher
from adapters.relational import accounts, engine, migrate, quarantine, registry_store
from adapters.settings import Settings, load
from park.metric import Medium
from park.place import Enterprise, Meter, Park, Role
from park.principal import Access
from park.reading import Reading
from park.registry import Registry
from tests.ports import LOOPBACK, free_port

ROOT: Final = Path(__file__).parents[2]
PASSWORD: Final = "correct horse battery"
ONE_TIME: Final = "k7mq-3vxe-9tdz-pa4h"
MINUTE: Final = timedelta(minutes=1)
PATIENCE: Final = 40.0
TROUBLE: Final = "trouble"
"""The file that says what the collector is in trouble with."""
TRAP: Final = b'{"v":1,"m":{"p":1}} <script>window.trapped = true</script> <img src=x onerror="window.trapped = true">'


def meter(number: str, enterprise: str, medium: Medium, role: Role, *metrics: str) -> Meter:
    return Meter(number, enterprise, "hk", medium, role, f"{number} 表", 15 * timedelta(seconds=1), metrics)


REGISTRY: Final = Registry(
    (Park("hk", "恒口示范区产业园", "Hengkou Industrial Park"),),
    (
        Enterprise("e01", "hk", "安康某富硒食品有限公司", "Selenium Foods", "1392", 42.5),
        Enterprise("e02", "hk", "安康某毛绒玩具有限公司", "Plush Toys", "2451", 12.0),
    ),
    (
        meter("e01-main", "e01", Medium.ELECTRICITY, Role.BOUNDARY, "p", "ep_imp"),
        meter("e01-water", "e01", Medium.WATER, Role.BOUNDARY, "flow", "volume"),
        meter("e01-stack", "e01", Medium.EMISSION, Role.OUTLET, "so2", "nox", "pm", "o2"),
        meter("e01-gas", "e01", Medium.SAFETY, Role.DETECTOR, "lel", "temperature"),
        meter("e02-main", "e02", Medium.ELECTRICITY, Role.BOUNDARY, "p", "ep_imp"),
    ),
)


@dataclass(frozen=True)
class ConsoleApp:
    """A running console, and the broker its devices speak to."""

    url: str
    engine: Engine
    devices: Publisher
    folder: Path

    def trouble(self, *stages: str) -> None:
        """Let the collector beside the console, had it one, be in trouble with these stages."""
        (self.folder / TROUBLE).write_text(" ".join(stages), encoding="utf-8")

    def say(self, number: str, **values: float) -> None:
        """Publish values as one of the park's devices."""
        place = REGISTRY.by_meter[number]
        fields = ",".join(f'"{name}":{value}' for name, value in values.items())
        topic = f"park/v1/{place.park}/{place.enterprise}/{number}/data"
        self.devices.publish(topic, f'{{"v":1,"ts":"{now().isoformat()}","m":{{{fields}}}}}'.encode(), timeout=5.0)


@contextmanager
def running(folder: Path, *, grafana: str = "") -> Iterator[ConsoleApp]:
    """Run a console until the end of the block, which may know of a Grafana."""
    http, mqtt = free_port(), free_port()
    log = folder / "console.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.console_app", str(folder), str(http), str(mqtt), *grafana.split()],
            cwd=ROOT,
            stdout=out,
            stderr=out,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
    url = f"http://{LOOPBACK}:{http}"
    opened = None
    try:
        _wait(url, process, log)
        opened = engine.connect(_settings(folder, http, mqtt).database())
        broker = f"mqtt://{LOOPBACK}:{mqtt}"
        with Publisher(broker, client_id="devices", version="3.1.1") as devices:
            yield ConsoleApp(url, opened, devices, folder)
    finally:
        if opened is not None:
            opened.dispose()
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"{url}/sign-in", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError(f"the console did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-4000:]}")


def _settings(folder: Path, http: int, mqtt: int, grafana: str | None = None) -> Settings:
    broker = f"mqtt://{LOOPBACK}:{mqtt}"
    return load(environ={}, data_dir=folder, http_port=http, mqtt_url=broker, mqtt_version="3.1.1", grafana_url=grafana)


def _fill(store: DuckDBStore, database: Engine, at: datetime) -> None:
    """Make the registry, people of several roles, two days of history and something in quarantine."""
    registry_store.replace(database, REGISTRY, who="test", now=at)
    people = [("admin", Access.ADMIN, None), ("viewer", Access.VIEWER, None), ("owner", Access.ENTERPRISE, "e01")]
    for name, access, enterprise in people:
        accounts.create_user(
            database, name=name, password=PASSWORD, access=access, enterprise=enterprise, now=at, who="test"
        )
    accounts.create_user(
        database, name="newcomer", password=ONE_TIME, access=Access.VIEWER, now=at, who="test", must_change=True
    )
    start = at - timedelta(days=2)
    history = []
    for number, power in (("e01-main", 120.0), ("e02-main", 60.0)):
        for step in range(2 * 24 * 4):
            when = start + step * 15 * MINUTE
            history.append(Reading(number, "p", power + step % 7, when))
            history.append(Reading(number, "ep_imp", 50_000 + power * step / 4, when))
    store.write(history)
    quarantine.insert(
        database,
        [
            quarantine.NewHeld(
                at, "park/v1/hk/e01/e01-new/data", "e01-new", "unknown_meter", "e01-new", b'{"v":1,"m":{"p":1}}'
            ),
            quarantine.NewHeld(at, "park/v1/hk/e01/e01-main/data", "e01-main", "not_json", "byte 20", TRAP),
        ],
    )


def _troubles(folder: Path) -> dict[str, str]:
    told = folder / TROUBLE
    return dict.fromkeys(told.read_text(encoding="utf-8").split(), "wrong") if told.exists() else {}


def main(folder: Path, http: int, mqtt: int, grafana: str | None = None) -> None:
    """Run it until SIGTERM."""
    from iotcore import Broker  # noqa: PLC0415  # only the process that runs the console needs these two

    from api import bootstrap  # noqa: PLC0415  # the same

    settings = _settings(folder, http, mqtt, grafana)
    database = engine.connect(settings.database())
    migrate.upgrade(database)
    store = DuckDBStore(folder / "telemetry.duckdb")
    _fill(store, database, now())
    with Broker(port=mqtt, listen=LOOPBACK, max_payload_size=1 << 20):
        app = bootstrap.build(settings=settings, engine=database, telemetry=store, clock=now)
        app.state.services.troubles.append(lambda: _troubles(folder))
        bootstrap.server(app).run()
    store.close()
    database.dispose()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])

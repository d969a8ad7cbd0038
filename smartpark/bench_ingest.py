"""How many messages a second one collector process takes from the broker to the store, and where the time goes."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import NamedTuple, Self

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from adapters import clock, stores
from adapters.relational import registry_store
from adapters.settings import Settings
from park.metric import Medium
from park.place import Enterprise, Meter, Park, Role
from park.registry import Registry
from smartpark.bench_broker import broker as run_broker
from smartpark.bench_collector import State
from smartpark.bench_publisher import publish
from smartpark.bench_store import store as run_store
from smartpark.opening import fail

METRICS = ("p", "ep_imp", "u1", "u2", "u3", "i1")
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Result:
    """What one run measured."""

    broker: str
    store: str
    mqtt: str
    backlog: bool
    messages: int
    values: int
    wall: float
    """Seconds from the first message received to the last one stored."""
    cpu: float
    """CPU seconds of the collector process, all threads."""
    threads: dict[str, float]
    memory: int

    def as_json(self) -> dict[str, object]:
        """Give it for a program to read."""
        rates = {"messages_per_second": self.messages / self.wall, "messages_per_cpu_second": self.messages / self.cpu}
        return asdict(self) | rates

    def report(self) -> str:
        """Say it to a person."""
        per_message = 1e6 / self.messages
        rest = self.cpu - sum(self.threads.values())
        parts = [*sorted(self.threads.items()), ("store's own threads, start", rest)]
        return "\n".join(
            [
                f"broker {self.broker}, store {self.store}, MQTT {self.mqtt}, "
                + ("a backlog drained" if self.backlog else "published live"),
                f"{self.messages:>12,} messages of {len(METRICS)} values, all stored, in {self.wall:.2f} s",
                f"{self.messages / self.wall:>12,.0f} messages/s = {self.values / self.wall:,.0f} values/s",
                f"{self.messages / self.cpu:>12,.0f} messages per CPU second ({self.cpu:.2f} CPU s)",
                f"{self.memory / MIB:>12,.0f} MiB memory at most",
                *(f"{seconds * per_message:>12.1f} µs a message in {name}" for name, seconds in parts),
            ]
        )


def measure(*, messages: int, meters: int, broker: str, store: str, version: str) -> Result:
    """Measure one run in a temporary folder.

    With Mosquitto the messages wait in the collector's session first, so that publishing does not compete for the
    machine; the embedded broker is measured live.
    """
    with tempfile.TemporaryDirectory(prefix="smartpark-bench-") as name, _bar() as bar:
        folder = Path(name)
        _register(folder, meters)
        with run_store(store, folder) as url, run_broker(broker, folder) as (kind, port):
            place = _Place(folder, port, url)
            mqtt = ("5" if kind == "mosquitto" else "3.1.1") if version == "auto" else version
            backlog = kind == "mosquitto"
            published = bar.add_task("发布 / publish", total=messages)
            stored = bar.add_task("入库 / store", total=messages)

            def send() -> None:
                publish(
                    port,
                    messages=messages,
                    meters=meters,
                    progress=lambda done: bar.update(published, completed=done),
                )

            if backlog:
                with _Collector(place, mqtt, messages) as first:  # it makes the session, and goes
                    first.connected()
                send()
                with _Collector(place, mqtt, messages) as second:
                    last = second.finish(bar, stored)
            else:
                with _Collector(place, mqtt, messages) as only:
                    only.connected()
                    sender = Thread(target=send)
                    sender.start()
                    last = only.finish(bar, stored)
                    sender.join()
    values = messages * len(METRICS)
    if last.stored != values or last.refused:
        fail(f"measured nothing: {last.stored} values stored of {values}, {last.refused} messages refused")
    return Result(
        broker=kind,
        store=store,
        mqtt=mqtt,
        backlog=backlog,
        messages=messages,
        values=last.stored,
        wall=last.wall,
        cpu=last.cpu,
        threads=last.threads,
        memory=last.memory,
    )


class _Place(NamedTuple):
    """Where a run keeps its files, and where its broker and store are."""

    folder: Path
    port: int
    url: str | None


class _Collector:
    """The collector's process, and what it says."""

    def __init__(self, place: _Place, mqtt: str, messages: int) -> None:
        arguments = [str(place.folder), str(place.port), mqtt, str(messages), *([place.url] if place.url else [])]
        self._process = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-m", "smartpark.bench_collector", *arguments], stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()  # what it has not acknowledged stays in its session
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def _states(self) -> Iterator[State]:
        for line in self._process.stdout or ():
            yield msgspec.json.decode(line, type=State)

    def connected(self) -> None:
        """Wait until it is connected."""
        for state in self._states():
            if state.connected:
                return
        fail("the collector ended before it was connected")

    def finish(self, bar: Progress, task: TaskID) -> State:
        """Wait until it has handled everything; give its last word."""
        last = None
        for state in self._states():
            bar.update(task, completed=state.handled)
            last = state
        if last is None or self._process.wait():
            fail("the collector ended before it was done")
        return last


def _register(folder: Path, meters: int) -> None:
    settings = Settings(data_dir=folder)
    engine = stores.relational(settings)
    registry = Registry(
        (Park("bench", "测试园区"),),
        (Enterprise("e01", "bench", "测试企业"),),
        tuple(
            Meter(
                id=f"m{number:05d}",
                enterprise="e01",
                park="bench",
                medium=Medium.ELECTRICITY,
                role=Role.BOUNDARY,
                name=f"m{number}",
                period=timedelta(seconds=1),
                metrics=METRICS,
            )
            for number in range(meters)
        ),
    )
    registry_store.replace(engine, registry, who="bench", now=clock.now())
    engine.dispose()


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )

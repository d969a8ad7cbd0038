"""How long it takes from a reading's publication until a receiver has the notice in hand, at a steady load."""

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from math import ceil
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import msgspec

from adapters import clock, stores
from adapters.relational import receivers, registry_store
from adapters.settings import Settings
from park.instant import to_ms
from park.metric import Medium
from park.place import Enterprise, Meter, Park, Role
from park.receiver import Receiver, Way
from park.registry import Registry
from park.severity import Severity
from smartpark.bench_alerting import BESIDE, METRIC, State
from smartpark.bench_broker import broker as run_broker
from smartpark.bench_hands import Hands, mail, web
from smartpark.bench_publisher import connect, packet
from smartpark.opening import fail

BREACH_EVERY = 100
"""One message in so many is a breach; the meter's next one is clear again."""
PATIENCE = 60.0
MIB = 1024 * 1024
Times = Mapping[tuple[str, str], float]


class Latency(NamedTuple):
    """From publication to hand, in milliseconds."""

    told: int
    missing: int
    p50: float | None
    p99: float | None
    max: float | None


@dataclass(frozen=True, slots=True)
class Result:
    """What one run measured."""

    broker: str
    meters: int
    rules: int
    watches: int
    messages: int
    seconds: float
    cpu: float
    memory: int
    twice: int
    """Notices that came a second time."""
    receivers: dict[str, Latency]

    def as_json(self) -> dict[str, object]:
        """Give it for a program to read."""
        plain = asdict(self) | {"messages_per_second": self.messages / self.seconds}
        return plain | {"receivers": {name: one._asdict() for name, one in self.receivers.items()}}

    def report(self) -> str:
        """Say it to a person."""
        lines = [
            f"broker {self.broker}: {self.meters:,} meters, {self.rules} rules, {self.watches:,} watches",
            f"{self.messages:>10,} messages in {self.seconds:.1f} s = {self.messages / self.seconds:,.0f}/s",
            f"{self.cpu / self.seconds:>10.0%} of one core, {self.memory / MIB:,.0f} MiB; {self.twice} told twice",
        ]
        for name, one in self.receivers.items():
            words = (
                "nothing" if one.p50 is None else f"p50 {one.p50:.1f} ms, p99 {one.p99:.1f} ms, max {one.max:.1f} ms"
            )
            lines.append(f"{one.told:>10,} notices by {name}, {one.missing} missing: {words}")
        return "\n".join(lines)


def measure(*, seconds: int, rate: int, meters: int, rules: int, broker: str, version: str) -> Result:
    """Measure one run in a temporary folder: a first round of all meters to warm up, then so many seconds."""
    with tempfile.TemporaryDirectory(prefix="smartpark-bench-") as name, web() as hook, mail() as box:
        folder = Path(name)
        _register(folder, meters, hook.port, box.port)
        with run_broker(broker, folder) as (kind, port):
            mqtt = ("5" if kind == "mosquitto" else "3.1.1") if version == "auto" else version
            arguments = [str(folder), str(port), mqtt, str(rules), str(meters)]
            with _alerting(arguments) as process:
                ready = _state(process)
                load = _Load(port, rate=rate, meters=meters)
                load.run(seconds)
                _await(load.published, hook)
                _await({key: at for key, at in load.published.items() if key[1] == "raised"}, box)
                if process.stdin is not None:
                    process.stdin.close()
                last = _state(process)
    raised = {key: at for key, at in load.published.items() if key[1] == "raised"}
    return Result(
        broker=kind,
        meters=meters,
        rules=rules,
        watches=ready.watches,
        messages=load.messages,
        seconds=load.took,
        cpu=last.cpu,
        memory=last.memory,
        twice=hook.again + box.again,
        receivers={"HTTP": latency(load.published, hook.came), "SMTP": latency(raised, box.came)},
    )


def latency(published: Times, came: Times) -> Latency:
    """Compare when things were published with when they came."""
    took = sorted((came[key] - at) * 1_000 for key, at in published.items() if key in came)
    missing = len(published) - len(took)
    if not took:
        return Latency(0, missing, None, None, None)
    return Latency(len(took), missing, took[len(took) // 2], took[ceil(0.99 * len(took)) - 1], took[-1])


class _Load:
    """A steady stream of readings, of which a few are breaches, each of another meter."""

    def __init__(self, port: int, *, rate: int, meters: int) -> None:
        self._port = port
        self._rate = rate
        self._meters = meters
        self.published: dict[tuple[str, str], float] = {}
        self.messages = 0
        self.took = 0.0

    def run(self, seconds: int) -> None:
        """Publish, each message at its time."""
        total = self._meters + seconds * self._rate
        burning: set[int] = set()
        with connect(self._port) as sock:
            acks = Thread(target=_drain, args=(sock, total))
            sock.setblocking(True)
            acks.start()
            began = time.monotonic()
            for number in range(total):
                wait = began + number / self._rate - time.monotonic()
                if wait > 0:
                    time.sleep(wait)
                turn, meter = divmod(number, self._meters)
                breach = turn > 0 and (number + turn) % BREACH_EVERY == 0
                at = time.monotonic()
                value, beside = 30.0 if breach else 5.0, 20 + meter % 7 + turn % 3
                said = (to_ms(clock.now()), METRIC.encode(), value, BESIDE.encode(), beside)
                payload = b'{"v":1,"ts":%d,"m":{"%s":%.1f,"%s":%.1f}}' % said
                name = f"m{meter:05d}"
                if breach:
                    self.published[name, "raised"] = at
                    burning.add(meter)
                elif meter in burning:
                    self.published[name, "cleared"] = at
                    burning.discard(meter)
                sock.sendall(packet(number, meter, payload))
            self.took = time.monotonic() - began
            acks.join()
        self.messages = total


def _drain(sock: socket.socket, total: int) -> None:
    """Take the broker's acknowledgements until all are here."""
    acked = 0
    while acked < total * 4:
        acked += len(sock.recv(65_536))


def _await(published: Times, hands: Hands) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and any(key not in hands.came for key in published):
        time.sleep(0.1)


@contextmanager
def _alerting(arguments: list[str]) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(  # noqa: S603  # our own program
        [sys.executable, "-m", "smartpark.bench_alerting", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None and process.stdin is not None:
                process.stdin.close()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def _state(process: "subprocess.Popen[str]") -> State:
    line = process.stdout.readline() if process.stdout is not None else ""
    if not line:
        fail("the alerts ended before they were asked to")
    return msgspec.json.decode(line, type=State)


def _register(folder: Path, meters: int, hook: int, box: int) -> None:
    engine = stores.relational(Settings(data_dir=folder))
    registry = Registry(
        (Park("bench", "测试园区"),),
        (Enterprise("e01", "bench", "测试企业"),),
        tuple(
            Meter(
                id=f"m{number:05d}",
                enterprise="e01",
                park="bench",
                medium=Medium.SAFETY,
                role=Role.DETECTOR,
                name=f"m{number:05d}",
                period=timedelta(seconds=5),
                metrics=(METRIC, BESIDE),
            )
            for number in range(meters)
        ),
    )
    registry_store.replace(engine, registry, who="bench", now=clock.now())
    told = {
        "web": (Way.WEBHOOK, f"http://127.0.0.1:{hook}/", True),
        "mail": (Way.APPRISE, f"mailto://127.0.0.1:{box}?from=a@example.org&to=b@example.org&mode=insecure", False),
    }
    for name, (way, address, cleared) in told.items():
        receiver = Receiver(id=name, name=name, way=way, least=Severity.MAJOR, cleared=cleared)
        receivers.save(engine, receiver, address=address, secret="s" * 32 if way is Way.WEBHOOK else None, who="bench",
                       now=clock.now())  # fmt: skip
    engine.dispose()

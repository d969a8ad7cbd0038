"""The collector as the bench runs it: a process of its own that says every fifth of a second how far it is.

python -m smartpark.bench_collector DATA_DIR PORT VERSION MESSAGES [TELEMETRY_URL]
"""

import resource
import sys
import threading
import time
from pathlib import Path

import msgspec
from pydantic import SecretStr

from adapters import clock, log, stores
from adapters.relational import registry_store
from adapters.settings import Settings
from collector.bootstrap import Collector

EVERY = 0.2
KIB = 1024
MESSAGES_ONLY = 5


class State(msgspec.Struct):
    """How far the collector is, and what it took so far."""

    connected: bool
    received: int
    handled: int
    stored: int
    refused: int
    wall: float
    """Seconds since the first message."""
    cpu: float
    """CPU seconds of the process."""
    threads: dict[str, float]
    """CPU seconds of each of the collector's own threads."""
    memory: int
    """Bytes at most."""


def main() -> None:
    """Collect until all messages are handled, reporting on standard output."""
    data_dir, port, version, messages = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    log.configure("warning")
    settings = Settings(
        data_dir=data_dir,
        mqtt_url=SecretStr(f"mqtt://127.0.0.1:{port}"),
        mqtt_version=version,
        telemetry_url=sys.argv[5] if len(sys.argv) > MESSAGES_ONLY else None,
    )
    engine = stores.relational(settings)
    registry = registry_store.load(engine)
    telemetry = stores.telemetry(settings, engine, registry=lambda: registry)
    collector = Collector(
        settings=settings, engine=engine, telemetry=telemetry, registry=lambda: registry, clock=clock.now
    )
    before = _usage()
    began = None
    collector.start()
    while collector.counts.handled < messages:
        time.sleep(EVERY)
        if began is None and collector.counts.received:
            began = time.monotonic()
        _say(collector, before, began)
    _say(collector, before, began)
    collector.stop()
    telemetry.close()
    engine.dispose()


def _say(collector: Collector, before: float, began: float | None) -> None:
    counts = collector.counts
    threads = {
        thread.name: time.clock_gettime(time.pthread_getcpuclockid(thread.ident))
        for thread in threading.enumerate()
        if thread.ident and thread.name.startswith("collector-")
    }
    state = State(
        connected=counts.connected,
        received=counts.received,
        handled=counts.handled,
        stored=counts.stored,
        refused=sum(counts.refused.values()),
        wall=0.0 if began is None else time.monotonic() - began,
        cpu=_usage() - before,
        threads=threads,
        memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB,
    )
    sys.stdout.write(msgspec.json.encode(state).decode() + "\n")
    sys.stdout.flush()


def _usage() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()

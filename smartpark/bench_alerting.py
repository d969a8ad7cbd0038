"""The alerts as the bench runs them: a process of their own that says when it is ready, and at the end what it took.

python -m smartpark.bench_alerting DATA_DIR PORT VERSION RULES, until its standard input is closed
"""

import resource
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from pydantic import SecretStr

from adapters import clock, log, stores
from adapters.settings import Settings
from park import condition as c
from park.alert import OnSilence, Timing
from park.rule import Rule, Scope, Text
from park.severity import Severity
from rules.alerting import Alerting
from rules.telling import Telling

EVERY = 0.1
KIB = 1024
METRIC, BESIDE = "lel", "temperature"
GROUPS = 40
"""Each rule but the first watches one of so many groups of the meters."""
MINUTE = timedelta(minutes=1)
FORMS: tuple[c.Condition, ...] = (
    c.Above(metric=BESIDE, limit=80.0, clear=75.0),
    c.Rise(metric=BESIDE, by=40.0, within=10 * MINUTE),
    c.Silent(metric=METRIC, after=10 * MINUTE),
    c.Mean(metric=BESIDE, of=timedelta(hours=1), limit=70.0),
    c.All((c.Above(metric=BESIDE, limit=60.0, clear=55.0), c.Below(metric=METRIC, limit=1.0, clear=1.5))),
)


class State(msgspec.Struct):
    """What it watches, and what it took so far."""

    watches: int
    ready: bool
    messages: int
    cpu: float
    memory: int


def rules(count: int, meters: int) -> list[Rule]:
    """Make rules: one for every meter, which the bench breaks, and the rest for groups of them, of every form."""
    timing = Timing(timedelta(0), timedelta(0), OnSilence.KEEP)
    name = Text("性能测试", "bench")
    first = Rule(
        id="bench-0",
        name=name,
        severity=Severity.MAJOR,
        scope=Scope(),
        when=c.Above(metric=METRIC, limit=25.0, clear=20.0),
        timing=timing,
        message=Text("{meter} {value}"),
    )
    return [first] + [
        Rule(
            id=f"bench-{place}",
            name=name,
            severity=Severity.GENERAL,
            scope=Scope(meters=tuple(f"m{meter:05d}" for meter in range(place % GROUPS, meters, GROUPS))),
            when=FORMS[place % len(FORMS)],
            timing=timing,
        )
        for place in range(1, count)
    ]


def main() -> None:
    """Watch until told to end, reporting on standard output."""
    folder, port, version, count, meters = sys.argv[1:6]
    log.configure("warning")
    settings = Settings(
        data_dir=Path(folder),
        mqtt_url=SecretStr(f"mqtt://127.0.0.1:{port}"),
        mqtt_version=version,
    )
    engine = stores.relational(settings)
    made: list[Telling] = []

    def telling(**parts: Any) -> Telling:  # noqa: ANN401  # as they come
        made.append(Telling(**parts))
        return made[0]

    alerting = Alerting(
        settings=settings,
        engine=engine,
        clock=clock.now,
        shipped=rules(int(count), int(meters)),
        make_telling=telling,
    )
    alerting.start()
    while alerting.watch.trouble is not None or not alerting.watch.watches or not made[0].phonebook().contacts:
        time.sleep(EVERY)
    before = _usage()
    _say(alerting, 0.0)
    sys.stdin.read()
    _say(alerting, _usage() - before)
    alerting.stop()
    engine.dispose()


def _say(alerting: Alerting, cpu: float) -> None:
    state = State(
        watches=alerting.watch.watches,
        ready=alerting.watch.trouble is None,
        messages=alerting.watch.tally.messages,
        cpu=cpu,
        memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB,
    )
    sys.stdout.write(msgspec.json.encode(state).decode() + "\n")
    sys.stdout.flush()


def _usage() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()

"""Kill -9 of every part, a full disk, wrong clocks and backlogs: what was acknowledged is stored, once and as it was.

What Mosquitto promises over a kill -9 is less than over a stop: sessions are saved every 10 s as shipped, so messages
that wait for an absent collector and are younger than that would be lost, acknowledged or not.  So the broker is killed
while the collector is there and keeps up; what the broker had acknowledged, it had handed over by then.  The session
itself must have been saved once, which is so 10 s after the collector's first start.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from adapters import stores
from adapters.influx import admin
from adapters.influx.resolution import ALL
from adapters.influx.target import read
from adapters.publisher import Publisher
from adapters.relational import replay
from adapters.relational.rollups import RelationalRollups
from collector.bootstrap import CLIENT_ID
from park.reason import Reason
from rules.rollup import Rollup
from tests.adapters.small_disk import SmallDisk, small_disk
from tests.e2e.disturbance import METERS, Intake, clean, disturbed, intake, records, this_moment
from tests.e2e.production import DEVICES, Devices, Production, shipped_persistence
from tests.e2e.program import until
from tests.e2e.stored import Account, account, influx_rows, quarantined
from tests.influxd import KILL_MESSAGES, StartInfluxd
from tests.mosquitto import StartMosquitto

__all__ = ["small_disk"]

MESSAGES = max(7_000, int(os.environ.get(KILL_MESSAGES, "20000")))
"""With fewer, who was killed would not be back before the next one is."""
ROUND = ("collector", "influxd", "mosquitto")
ROUNDS = 2
"""At the third connection that soon ends, with the broker back each time at once, the collector suspects a rival."""
AWAY = 400
"""Messages that are published, or wait to be, while the victim is away."""
RUN_UP = 500
"""Messages published between the moment all is level and the kill of the broker: less than it hands over at once."""
SAVED = "Saving in-memory database"
NOTHING_WRONG = Account([], [], [], [])

Tell = Callable[[str], None]


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """Print an account past pytest's capture."""

    def say(words: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n  {words}\n")

    return say


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """What ends with the test, before its brokers and servers do."""
    with ExitStack() as opened:
        yield opened


def strikes() -> dict[int, str]:
    """Give who is killed at which message."""
    victims = ROUND * ROUNDS
    return {MESSAGES * (turn + 1) // (len(victims) + 1): victim for turn, victim in enumerate(victims)}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_collector_influxd_and_broker_killed_in_turn_under_load_store_every_acknowledged_message_once(
    tmp_path: Path, start_mosquitto: StartMosquitto, start_influxd: StartInfluxd, stack: ExitStack, tell: Tell
) -> None:
    broker, server = start_mosquitto(shipped_persistence(), persistence=True), start_influxd()
    park = Production(tmp_path, tmp_path / "data", broker, server, stack)
    devices = Devices(stack.enter_context(Publisher(broker.url, client_id=DEVICES, window=1_000)))
    park.wait()
    kill: dict[str, Callable[[], object]] = {
        "collector": park.collector_killed,
        "influxd": server.kill,
        "mosquitto": broker.kill,
    }
    raise_again = {"collector": park.start, "influxd": server.start, "mosquitto": broker.start}
    at = strikes()
    back = {number + AWAY: victim for number, victim in at.items()}
    acked: list[str] = []
    for number in range(MESSAGES):
        if at.get(number + RUN_UP) == "mosquitto":
            park.wait()
            devices.drain()
            park.until_stored(number)
            park.collector.until(lambda: park.said_again(SAVED), "the collector's session has been saved")
        elif number + RUN_UP in at:
            park.wait()
        if number in at:
            kill[at[number]]()
            acked.append(f"{at[number]} at {devices.publisher.statistics.acked:,}")
        if number in back:
            raise_again[back[number]]()
        devices.speak()
    devices.drain()
    park.until_stored(MESSAGES)
    park.wait()
    assert park.collector.end() == 0, park.collector.err
    found = account(devices.published, influx_rows(server))
    counted = devices.publisher.statistics
    tell(
        f"kill -9 of {', '.join(acked)} acknowledged messages; {MESSAGES:,} messages with {len(devices.published):,} "
        f"readings published, {counted.acked:,} acknowledged, {len(devices.published) - len(found.lost):,} readings "
        f"stored, {len(found.lost)} lost, {len(found.double)} double; sent again: by the "
        f"devices {park.said_again(f'Received PUBLISH from {DEVICES} (d1')}, by the broker "
        f"{park.said_again(f'Sending PUBLISH to {CLIENT_ID} (d1')}"
    )
    assert counted.acked == MESSAGES
    assert found == NOTHING_WRONG
    assert quarantined(park.data) == []
    assert park.starts == 1 + ROUNDS


BEFORE, WHILE_FULL = 1_000, 2_000
DISK = 80
"""Megabytes: the spool leaves 32 of a disk free."""


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_full_disk_stops_the_acknowledgements_raises_an_alarm_and_heals_by_itself(
    *, small_disk: SmallDisk, tmp_path: Path, start_mosquitto: StartMosquitto, start_influxd: StartInfluxd,
    stack: ExitStack, tell: Tell,
) -> None:  # fmt: skip
    small_disk.resize(DISK)
    broker, server = start_mosquitto(shipped_persistence(), persistence=True), start_influxd()
    park = Production(tmp_path, small_disk.path, broker, server, stack)
    devices = Devices(stack.enter_context(Publisher(broker.url, client_id=DEVICES, window=1_000)))
    park.wait()

    def say(messages: int) -> None:
        for _ in range(messages):
            devices.speak()
        devices.drain()

    say(BEFORE)
    park.until_stored(BEFORE)
    kept: list[int] = []
    for turn, killed in enumerate((False, True), start=1):
        held = park.count("acknowledged")
        filler = small_disk.fill()
        say(WHILE_FULL)
        park.collector.until(lambda: park.health()[0] == 503 and "spool" in park.health()[1], "the alarm")
        words = park.health()[1]["spool"]
        assert "disk is full" in words
        assert "SMARTPARK_DATA_DIR" in words, "it says how to mend it"
        assert park.collector.events("spool cannot keep messages; they stay with the broker")
        assert park.count("acknowledged") == park.count("spooled") == held, "nothing is acknowledged that is not kept"
        kept.append(park.count("turned_away"))
        if killed:
            park.collector_killed()
        filler.unlink()
        if killed:
            park.start()
        park.until_stored(BEFORE + turn * WHILE_FULL)
        park.wait()
        assert killed or park.collector.events("spool keeps again")
    again = park.said_again(f"Sending PUBLISH to {CLIENT_ID} (d1")
    assert park.collector.end() == 0, park.collector.err
    found = account(devices.published, influx_rows(server))
    tell(
        f"disk full twice, {WHILE_FULL:,} messages each, the collector killed in the second: {devices.messages:,} "
        f"messages with {len(devices.published):,} readings published, {len(devices.published) - len(found.lost):,} "
        f"stored, {len(found.lost)} lost, {len(found.double)} double; none acknowledged while full (tried {kept} "
        f"times), /healthz 503; {again} messages delivered again"
    )
    assert found == NOTHING_WRONG
    assert quarantined(park.data) == []


def rolled_up(run: Intake) -> int:
    """Make the slots of a store that has any, as the rules service does all the time; give how many points."""
    slots = stores.slots(run.telemetry)
    if slots is None:
        return 0
    job = Rollup(slots=slots, notes=RelationalRollups(run.engine), first=lambda: run.telemetry.extent().first)
    return job.run(this_moment()).points


@pytest.mark.slow
@pytest.mark.parametrize("store", ["duckdb", pytest.param("influxd", marks=pytest.mark.influx)])
def test_wrong_clocks_doubles_late_and_shuffled_days_and_backlogs_change_no_figure(
    *, store: str, tmp_path: Path, start_mosquitto: StartMosquitto, request: pytest.FixtureRequest, stack: ExitStack,
    tell: Tell,
) -> None:  # fmt: skip
    now = this_moment()
    true = records(now)
    straight, crooked = clean(true), disturbed(true, now)
    urls: dict[str, str | None] = dict.fromkeys(("clean", "disturbed"))
    if store == "influxd":
        server = request.getfixturevalue("start_influxd")()
        urls = {name: server.url(name) for name in urls}
        for name in urls:
            list(admin.init(read(server.url(name)), dict.fromkeys(ALL), tmp_path))
    first, second = (
        stack.enter_context(intake(tmp_path / name, start_mosquitto().url, url)) for name, url in urls.items()
    )
    first.publish(straight.messages)
    half = len(crooked.messages) // 2
    second.publish(crooked.messages[:half])
    points = rolled_up(second)
    second.publish(crooked.messages[half:])
    midway = second.figures(now)  # slots of the first half must not hide what came since
    points += rolled_up(second)
    expected, found = first.figures(now), second.figures(now)
    tell(
        f"{store}: {len(true):,} records; disturbed: {len(crooked.messages):,} messages shuffled over days, "
        f"{crooked.twice:,} records twice, {crooked.bundled:,} in bundles, {crooked.refused} by a clock too far ahead: "
        f"{len(found[0]):,} readings of {len(expected[0]):,} stored, none else; "
        f"{sum(map(len, found[1].values())):,} windows compared, {points:,} points rolled up"
    )
    assert len(expected[0]) == 3 * len(true), "four minutes ahead of our clock is let in"
    assert midway == expected
    assert found == expected
    held = {(group.reason, group.meter): group.count for group in quarantined(tmp_path / "disturbed")}
    assert held == {(Reason.IN_FUTURE, name): crooked.refused // len(METERS) for name in METERS}
    assert quarantined(tmp_path / "clean") == []
    # A replay judges them by when they came, so they stay refused whenever it is asked for: the time is simply wrong.
    asked = replay.request_replay(second.engine, who="test", now=this_moment())
    until(lambda: (done := replay.replay_status(second.engine, asked)) and done.finished_at, "the replay is answered")
    answer = replay.replay_status(second.engine, asked)
    assert answer is not None
    assert (answer.replayed, answer.refused_again) == (0, crooked.refused)

"""Two rules processes, one lease: whoever holds it tells, and the other takes over however it ends."""

import gc
import json
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine

from adapters import clock
from adapters.publisher import Publisher
from adapters.relational import alerts, lease, migrate, receivers, registry_store, rules_store
from adapters.relational import engine as engines
from park.alert_change import Kind
from park.instant import to_ms
from park.notice import Notice
from park.receiver import Receiver, Way
from park.rulebook import Key
from tests.e2e.program import Program, until
from tests.http_receiver import HttpReceiver, http_receiver
from tests.mosquitto import Mosquitto
from tests.ports import LOOPBACK, free_port
from tests.postgres import Postgres
from tests.rules.alert_house import REGISTRY, TOPIC

pytestmark = [pytest.mark.postgres]
LEAK, HOT = Key("leak", "gas0"), Key("hot", "gas1")
HOLD = timedelta(seconds=6)
RULES = {
    "leak": """\
rules:
  - id: leak
    name: {zh: 泄漏}
    severity: major
    metric: lel
    when: {above: 25 %LEL, clear: 20 %LEL}
    silence: keep
""",
    "hot": """\
rules:
  - id: hot
    name: {zh: 过热}
    severity: major
    metric: temperature
    when: {above: 60 degC}
    hold: 6s
    silence: keep
""",
}
HOOK = Receiver(id="hook", name="值班室", way=Way.WEBHOOK, rules=("leak", "hot"))


class Pair:
    """What two processes share, and the ways to start them."""

    def __init__(self, folder: Path, broker: Mosquitto, url: str, engine: Engine, hook: HttpReceiver) -> None:
        self.engine = engine
        self._folder = folder
        self._broker = broker
        self._url = url
        self._hook = hook
        self.ports = {name: free_port() for name in ("a", "b")}

    def start(self, name: str, data: str) -> Program:
        """Start one of them with a data folder; for `with`."""
        return Program(
            self._folder,
            *("rules", "--data-dir", data),
            name=name,
            mqtt_url=self._broker.url,
            telemetry_url=f"influxdb://{LOOPBACK}:{free_port()}?org=park",
            influx_token="t",  # nobody listens there
            database_url=self._url,
            status_port=str(self.ports[name]),
        )

    def role(self, name: str) -> str:
        """Ask one which it is."""
        try:
            with urllib.request.urlopen(f"http://{LOOPBACK}:{self.ports[name]}/healthz", timeout=10) as answer:
                return str(json.load(answer)["role"])
        except urllib.error.HTTPError as answer:
            with answer:
                return str(json.load(answer)["role"])
        except OSError:
            return "gone"

    def metric(self, name: str) -> str:
        """Give the page of counts of one."""
        with urllib.request.urlopen(f"http://{LOOPBACK}:{self.ports[name]}/metrics", timeout=10) as answer:
            return str(answer.read().decode())

    def say(self, meter: str, **values: float) -> None:
        """Have a detector say something now."""
        with Publisher(self._broker.url, client_id="device") as publisher:
            said = {"v": 1, "ts": to_ms(clock.now()), "m": values}
            publisher.publish(TOPIC.format(meter), msgspec.json.encode(said))
            assert publisher.drain(30)
        del publisher
        gc.collect()  # paho closes its pair of sockets only when it is collected

    def told(self) -> Counter[tuple[str, Kind]]:
        """Count what the receiver was told, by rule."""
        notices = [msgspec.json.decode(each.body, type=Notice) for each in list(self._hook.posted)]
        return Counter((notice.rule, notice.kind) for notice in notices)

    def history(self, key: Key) -> list[Kind]:
        """Give what became of one alert, as the store knows it."""
        return [change.kind for _, change in alerts.changes_after(self.engine, 0) if change.key == key]


@contextmanager
def pair(folder: Path, broker: Mosquitto, url: str) -> Iterator[Pair]:
    engine = engines.connect(url)
    migrate.upgrade(engine)
    registry_store.replace(engine, REGISTRY, who="test", now=clock.now())
    for name, text in RULES.items():
        rules_store.save(engine, name, text, who="test", now=clock.now())
    with http_receiver() as hook:
        receivers.save(engine, HOOK, address=hook.url, who="test", now=clock.now())
        yield Pair(folder, broker, url, engine, hook)
    engine.dispose()


@pytest.fixture
def two(tmp_path: Path, mosquitto: Mosquitto, postgres: Postgres) -> Iterator[Pair]:
    with postgres.schema() as url, pair(tmp_path, mosquitto, url) as made:
        yield made


def begin(two: Pair, a: Program) -> None:
    """Wait until the first watches what there is to watch."""
    a.until(lambda: a.events("watching"), "the first listens")
    a.until(lambda: a.events("rules bound"), "it knows the rules")
    assert two.role("a") == "holder"


@pytest.mark.parametrize("folder", ["a", "b"], ids=["the same folder", "a folder of its own"])
def test_killed_while_it_burns_the_other_tells_the_rest_and_nothing_is_told_thrice(two: Pair, folder: str) -> None:
    with two.start("a", "a") as a, two.start("b", folder) as b:
        until(lambda: {two.role("a"), two.role("b")} == {"holder", "standby"}, "one holds, one stands by")
        first, last, name = (a, b, "b") if two.role("a") == "holder" else (b, a, "a")
        first.until(lambda: first.events("watching") and first.events("rules bound"), "the first watches")
        assert "smartpark_rules_holder 0.0" in two.metric(name)
        assert not last.events("watching")
        two.say("gas0", lel=30.0)
        until(lambda: two.told()["leak", Kind.RAISED], "the first tells")
        two.say("gas1", temperature=80.0)
        until(lambda: two.history(HOT) == [Kind.PENDING], "a hold runs")
        first.kill()
        until(lambda: two.role(name) == "holder", "the other takes over", patience=15)
        while Kind.RAISED not in two.history(HOT):
            two.say("gas1", temperature=80.0)
        two.say("gas0", lel=5.0)
        until(lambda: two.told()["leak", Kind.CLEARED] and two.told()["hot", Kind.RAISED], "it tells the rest")
        until(lambda: two.history(LEAK) == [Kind.RAISED, Kind.CLEARED], "what burned was not raised anew")
        assert two.history(HOT) == [Kind.PENDING, Kind.RAISED]
        pending, raised = (one.change for one in reversed(alerts.changes(two.engine, key=HOT)))
        assert raised.at - pending.at >= HOLD
        assert (pending.episode, raised.episode) == (0, 1)
        assert "smartpark_rules_holder 1.0" in two.metric(name)
        assert last.end() == 0
    told = two.told()
    assert set(told) == {("leak", Kind.RAISED), ("leak", Kind.CLEARED), ("hot", Kind.RAISED)}
    assert max(told.values()) <= 2


def test_stopped_as_asked_it_hands_over_at_once_and_takes_back_in_its_turn(two: Pair) -> None:
    with two.start("b", "b") as b:
        b.until(lambda: two.role("b") == "holder", "alone it holds")
        with two.start("a", "a") as a:
            a.until(lambda: a.events("lease looked at"), "it stands by")
            two.say("gas0", lel=30.0)
            until(lambda: two.told()["leak", Kind.RAISED], "the first tells")
            assert b.end() == 0
            a.until(lambda: two.role("a") == "holder", "the other takes over")
            assert [each["why"] for each in a.events("lease looked at")] == ["another's", "given back"]
            two.say("gas0", lel=5.0)
            until(lambda: two.told()["leak", Kind.CLEARED], "it tells the end")
            with two.start("b", "b") as again:
                again.until(lambda: two.role("b") == "standby", "who comes back stands by")
                assert a.end() == 0
                again.until(lambda: two.role("b") == "holder", "and takes over again")
                again.until(lambda: again.events("rules bound"), "it watches")
                two.say("gas0", lel=30.0)
                until(lambda: two.told()["leak", Kind.RAISED] == 2, "it tells the next")
                until(lambda: two.history(LEAK) == [Kind.RAISED, Kind.CLEARED, Kind.RAISED], "the next episode")
                assert (record := alerts.one(two.engine, LEAK)) is not None
                assert record.episode == 2


def test_while_the_store_is_away_the_holder_goes_on_and_the_other_stays(
    tmp_path: Path, mosquitto: Mosquitto, own_postgres: Postgres
) -> None:
    with own_postgres.schema() as url, pair(tmp_path, mosquitto, url) as two:
        with two.start("a", "a") as a:
            begin(two, a)
            with two.start("b", "b") as b:
                b.until(lambda: b.events("lease looked at"), "it stands by")
                own_postgres.kill()
                b.until(lambda: b.events("the lease cannot be asked for"), "the other cannot read")
                two.say("gas0", lel=30.0)
                until(lambda: two.told()["leak", Kind.RAISED], "the holder tells")
                assert (two.role("a"), two.role("b")) == ("holder", "standby")
                back = clock.now()
                own_postgres.restart()
                until(lambda: (held := lease.read(two.engine)) and held.renewed > back, "it is renewed")
                until(lambda: two.history(LEAK) == [Kind.RAISED], "what was told is copied")
                assert (two.role("a"), two.role("b")) == ("holder", "standby")
                assert not b.events("watching")
        assert two.told() == {("leak", Kind.RAISED): 1}


def test_who_finds_another_holder_stops_telling_and_stands_by(two: Pair) -> None:
    with two.start("a", "a") as a:
        begin(two, a)
        lease.seize(two.engine, "somebody", clock.now())
        a.until(lambda: two.role("a") == "standby", "it gives way")
        assert a.events("standing by")
        two.say("gas0", lel=30.0)
        lease.release(two.engine, "somebody", clock.now())
        until(lambda: two.told()["leak", Kind.RAISED], "it takes over again, and tells what was kept for it")
        assert two.role("a") == "holder"

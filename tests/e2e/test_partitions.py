"""Several collectors on one stream: each takes its part, together they take it all, and nothing counts twice."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from adapters import clock
from adapters.duckdb_store import DuckDBStore
from adapters.publisher import Publisher
from adapters.relational import engine as engines
from adapters.relational import migrate
from adapters.settings import load
from collector.bootstrap import Collector
from park.broker_rights import accounts
from park.instant import from_ms, to_ms
from park.partition import COLLECTOR, read
from park.place import Enterprise, Park
from park.registry import Registry
from tests.e2e.program import Program, until
from tests.e2e.shipped_broker import ShippedBroker, made_certificates, shipped_broker
from tests.e2e.stored import Identity, Value, compare, is_held, register
from tests.mosquitto import Mosquitto
from tests.park.examples import meter
from tests.ports import LOOPBACK

pytestmark = pytest.mark.broker
MESSAGES = 40
HOMES = {"m1": ("a", "e1"), "m2": ("a", "e2"), "m3": ("b", "e3"), "m4": ("b", "e3")}
PARKS = Registry(
    tuple(Park(park, park) for park in "ab"),
    tuple(Enterprise(one, park, one) for one, park in (("e1", "a"), ("e2", "a"), ("e3", "b"))),
    tuple(replace(meter(name), park=park, enterprise=enterprise) for name, (park, enterprise) in HOMES.items()),
)
HOUR = timedelta(hours=1)


def say(publisher: Publisher, name: str, base: int) -> dict[Identity, Value]:
    """Publish a meter's readings, and give them."""
    park, enterprise = HOMES[name]
    said: dict[Identity, Value] = {}
    for number in range(MESSAGES):
        ts = base + number * 1_000
        body = msgspec.json.encode({"v": 1, "ts": ts, "m": {"p": number + 0.5}})
        publisher.publish(f"park/v1/{park}/{enterprise}/{name}/data", body)
        said[name, "p", ts] = Value(number + 0.5, 0)
    return said


class Stage:
    """One store, and collectors that share it as several boxes share one InfluxDB."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self._url = url
        self._engine = engines.connect(f"sqlite:///{folder / 'smartpark.sqlite'}")
        migrate.upgrade(self._engine)
        self.telemetry = DuckDBStore(folder / "telemetry.duckdb")

    def close(self) -> None:
        """Close the stores."""
        self.telemetry.close()
        self._engine.dispose()

    @contextmanager
    def collector(self, partition: str, name: str) -> Iterator[Collector]:
        """Run one more collector with a spool of its own."""
        home = self._folder / name
        home.mkdir()
        settings = load(environ={}, data_dir=home, mqtt_url=self._url, collector_partition=partition)
        made = Collector(
            settings=settings, engine=self._engine, telemetry=self.telemetry, registry=lambda: PARKS, clock=clock.now
        )
        made.start()
        try:
            until(lambda: made.counts.connected, f"{name} connects")
            yield made
        finally:
            made.stop()

    def stored(self, base: int) -> Counter[Identity]:
        """Count what is stored, by identity."""
        start = from_ms(base) - HOUR
        found = [self.telemetry.readings(name, "p", start, start + 3 * HOUR) for name in HOMES]
        return Counter((reading.meter, reading.metric, to_ms(reading.at)) for some in found for reading in some)


@pytest.fixture
def stage(tmp_path: Path, mosquitto: Mosquitto) -> Iterator[Stage]:
    """One store on one broker."""
    made = Stage(tmp_path, mosquitto.url)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("partitions", "received"),
    [
        (("park=a", "park=b"), [2 * MESSAGES, 2 * MESSAGES]),
        (("enterprise=e1", "enterprise=e2,e3"), [MESSAGES, 3 * MESSAGES]),
        (("park=a,b", "enterprise=e3"), [4 * MESSAGES, 2 * MESSAGES]),
        (("", "park=b"), [4 * MESSAGES, 2 * MESSAGES]),
    ],
    ids=["by park", "by enterprise", "overlapping", "all and one park"],
)
def test_two_collectors_store_everything_once_however_they_share_it(
    stage: Stage, mosquitto: Mosquitto, partitions: tuple[str, str], received: list[int]
) -> None:
    base = to_ms(datetime.now(UTC) - HOUR)
    with ExitStack() as stack:
        both = [stack.enter_context(stage.collector(text, f"c{number}")) for number, text in enumerate(partitions)]
        publisher = stack.enter_context(Publisher(mosquitto.url, client_id="devices"))
        until(lambda: all(one.counts.subscribed for one in both), "both listen")
        said = {identity for name in HOMES for identity in say(publisher, name, base)}
        assert publisher.drain(30)
        until(lambda: [one.counts.handled for one in both] == received, "each has handled its part")
        assert [one.counts.trouble for one in both] == [{}, {}]
    assert stage.stored(base) == Counter(said)


def test_two_collectors_under_one_name_notice_say_so_and_lose_nothing(stage: Stage, mosquitto: Mosquitto) -> None:
    base = to_ms(datetime.now(UTC) - HOUR)
    with stage.collector("park=a", "first") as first, stage.collector("park=a", "second") as second:
        until(lambda: first.counts.takeovers + second.counts.takeovers, "one of them notices")
        noticed = first if first.counts.takeovers else second
        assert "smartpark.collector.park.a" in noticed.counts.trouble["rival"]
        assert "SMARTPARK_COLLECTOR_PARTITION" in noticed.counts.trouble["rival"]
        with Publisher(mosquitto.url, client_id="devices") as publisher:
            said = set(say(publisher, "m1", base)) | set(say(publisher, "m2", base))
            assert publisher.drain(30)
        until(lambda: stage.stored(base).keys() >= said, "all is stored, by the one or the other")
    assert stage.stored(base) == Counter(said)


# --- the shipped broker and a real collector --------------------------------------------------------------------------


@pytest.fixture
def broker(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShippedBroker]:
    """The production broker of both parks."""
    folder = tmp_path / "broker"
    folder.mkdir()
    with shipped_broker(folder, made_certificates(tmp_path_factory.getbasetemp()), PARKS) as made:
        yield made


@pytest.mark.parametrize("partition", ["", "park=a"], ids=["everything", "one park"])
def test_a_real_collector_works_over_tls_with_its_own_narrow_account(
    broker: ShippedBroker, tmp_path: Path, partition: str
) -> None:
    part = read(partition) if partition else None
    broker.folder.update(accounts(PARKS, partitions=[part] if part else []))
    broker.reload()
    user = f"{COLLECTOR}.park.a" if part else COLLECTOR
    data = tmp_path / "data"
    data.mkdir()
    register(data, PARKS)
    base = to_ms(datetime.now(UTC) - HOUR)
    mine = [name for name, (park, _) in HOMES.items() if part is None or park in part.ids]
    published: dict[Identity, Value] = {}
    with Program(
        tmp_path, "collector", "--data-dir", data, name="collector",
        mqtt_url=f"mqtts://{user}@localhost:{broker.tls}", mqtt_password_file=str(broker.folder.services / user),
        mqtt_ca_file=str(broker.ca), collector_partition=partition,
    ) as program:  # fmt: skip
        program.until(lambda: program.events("connected"), "it connects")
        for name in HOMES:
            url = f"mqtts://{name}@localhost:{broker.tls}"
            with Publisher(url, client_id=name, password=broker.password(name), ca_file=broker.ca) as publisher:
                said = say(publisher, name, base)
                assert publisher.drain(30)
                assert publisher.statistics.refused == 0
            published |= said if name in mine else {}
        with Publisher(
            f"mqtts://m1@localhost:{broker.tls}", client_id="m1", password=broker.password("m1"), ca_file=broker.ca
        ) as publisher:
            publisher.publish("park/v1/a/e1/m1/data", b"the end")
            assert publisher.drain(30)
        until(lambda: is_held(data, "m1"), "what was said last is in the quarantine, so all before it is stored")
        assert f"as {user} (p5" in broker.words
        assert program.end() == 0, program.err
    with Program(
        tmp_path, "collector", "--data-dir", data, name="again", collector_partition=partition,
        mqtt_url=f"mqtt://{user}@{LOOPBACK}:{broker.internal}", mqtt_password_file=str(broker.folder.services / user),
    ) as program:  # fmt: skip
        program.until(lambda: program.events("connected"), "it connects inside")
        assert program.events("connected")[0]["session_kept"], "user and client id are one, inside and outside"
        assert program.end() == 0, program.err
    account = compare(published, data)
    assert (account.lost, account.double, account.strange, account.different) == ([], [], [], [])

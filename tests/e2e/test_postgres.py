"""The platform on PostgreSQL: a first start, and a server that goes away while messages come."""

import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import msgspec
import pytest

from adapters import registry_yaml
from adapters.publisher import Publisher
from adapters.relational import quarantine
from adapters.relational.engine import connect
from adapters.relational.rights import Role
from park.instant import to_ms
from tests.e2e.installation import Installation
from tests.e2e.program import Program, run, until
from tests.e2e.stored import Identity, Value, compare
from tests.mosquitto import StartMosquitto
from tests.park.examples import meter, registry
from tests.postgres import PASSWORD, Postgres

MESSAGES = 6_000
AWAY, BACK = 2_000, 5_000
"""Between these messages there is no database."""
EVERY = 3
"""Between so many good messages comes one of a meter nobody registered."""
TOPIC = "park/v1/hengkou/e01/{}/data"


def without_password(server: Postgres, database: str, user: str | None = None) -> str:
    """Give the address of a database as an operator writes it whose password is in a file."""
    url = re.sub(r":[^:@/]+@", "@", server.url(database))
    return url if user is None else url.replace(url[len("postgresql://") : url.index("@")], user)


@pytest.mark.slow
def test_up_runs_on_postgres_with_its_password_in_a_file(postgres: Postgres, database: str, tmp_path: Path) -> None:
    house = Installation(tmp_path)
    secret = tmp_path / "database-password"
    secret.write_text(PASSWORD + "\n", encoding="utf-8")
    settings = {"database_url": without_password(postgres, database), "database_password_file": str(secret)}
    files = {name: tmp_path / f"{name}.yaml" for name in ("first", "second")}
    files["first"].write_text(registry_yaml.write(registry(meter("m1"))), encoding="utf-8")
    files["second"].write_text(registry_yaml.write(registry(meter("m1"), meter("m2"))), encoding="utf-8")
    with house.up("--park", files["first"], **settings) as program:
        [password] = re.findall(r"密码 (\S+)", program.err)
        with house.client(key=None) as client:
            entered = client.post("/api/v1/session", json={"name": "admin", "password": password})
            assert entered.status_code == httpx.codes.CREATED
        with Publisher(house.broker, client_id="m2", version="3.1.1") as device:
            device.publish(TOPIC.format("m2"), b'{"v":1,"m":{"p":12.5}}')
            assert device.drain(30)
        program.until(lambda: house.get("/api/v1/quarantine")["items"], "the message of m2 is held")
        code, out, err = run(tmp_path, "registry", "import", files["second"], "--data-dir", house.data, **settings)
        assert (code, err) == (0, "")
        assert "m2" in out
        with house.client() as client:
            asked = client.post("/api/v1/quarantine/replay", json={"meter": "m2"})
            assert asked.status_code == httpx.codes.ACCEPTED
        program.until(lambda: house.get("/api/v1/quarantine")["items"] == [], "the message of m2 is replayed")
        program.until(lambda: house.get("/api/v1/readings/latest")["items"], "its reading is stored")
        [reading] = house.get("/api/v1/readings/latest")["items"]
        assert (reading["meter"], reading["metric"], reading["value"]) == ("m2", "p", 12.5)
        assert program.end() == 0
        assert PASSWORD not in program.err + program.out
    assert not (house.data / "smartpark.sqlite").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "change", "says"),
    [
        ("up", {"database_password": "hunter2"}, "check the user's name and SMARTPARK_DATABASE_PASSWORD"),
        ("api", {"database_url": "postgresql://park:hunter2@127.0.0.1:1/x"}, "does not answer (Connection refused)"),
        ("collector", {"database_url": "postgresql://park:hunt@er2@127.0.0.1:1/x"}, "@ is written %40"),
    ],
    ids=["another password", "no server", "an @ in the password"],
)
def test_a_database_that_lets_nobody_in_is_one_sentence_without_secrets(
    postgres: Postgres, tmp_path: Path, command: str, change: dict[str, str], says: str
) -> None:
    settings = {"database_url": without_password(postgres, "postgres")} | change
    ports = ("--mqtt-port", str(Installation(tmp_path).mqtt_port)) if command == "up" else ()
    code, _, err = run(tmp_path, command, "--data-dir", tmp_path / "data", *ports, **settings)
    assert code == 1
    assert says in err
    assert "数据库" in err
    assert "er2" not in err
    assert "Traceback" not in err


@pytest.mark.slow
def test_a_database_away_while_messages_come_loses_none_and_the_quarantine_catches_up(
    own_postgres: Postgres, start_mosquitto: StartMosquitto, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The collector runs as its own database user, with its own narrow rights, as in production."""
    name = own_postgres.create()
    owner = {"database_url": own_postgres.url(name)}
    code, _, err = run(tmp_path, "store", "init", "--data-dir", "data", database_collector_password="own", **owner)
    assert code == 0, err
    (tmp_path / "park.yaml").write_text(registry_yaml.write(registry(meter("m1"))), encoding="utf-8")
    assert run(tmp_path, "registry", "import", "park.yaml", "--data-dir", "data", **owner)[0] == 0
    broker = start_mosquitto()
    settings = {
        "database_url": without_password(own_postgres, name, Role.COLLECTOR),
        "database_password": "own",
        "mqtt_url": broker.url,
    }
    base = to_ms(datetime.now(UTC) - timedelta(days=1))
    good: dict[Identity, Value] = {}
    strange: set[bytes] = set()
    with Program(tmp_path, "collector", "--data-dir", "data", **settings) as collector:
        collector.until(lambda: collector.events("connected"), "the collector connects")
        with Publisher(broker.url, client_id="devices") as publisher:
            for number in range(MESSAGES):
                payload = msgspec.json.encode({"v": 1, "ts": base + number, "m": {"p": number / 8}})
                if number % EVERY:
                    good["m1", "p", base + number] = Value(number / 8, 0)
                else:
                    strange.add(payload)
                publisher.publish(TOPIC.format("m1" if number % EVERY else "nobody"), payload)
                if number == AWAY:
                    own_postgres.kill()
                    trouble = "refused messages stay in the spool"
                    collector.until(lambda: collector.events(trouble), "the collector notices")  # noqa: B023  # at once
                if number == BACK:
                    assert publisher.drain(30)
                    own_postgres.start()
            assert publisher.drain(30)
        engine = connect(own_postgres.url(name))

        def held() -> int:
            return sum(group.count for group in quarantine.summary(engine))

        until(lambda: held() >= len(strange), "the quarantine catches up")
        assert collector.lives()
        assert collector.end() == 0, collector.err
    rows, cursor = quarantine.listing(engine, limit=MESSAGES)
    engine.dispose()
    account = compare(good, tmp_path / "data")
    with capsys.disabled():
        sys.stdout.write(
            f"\n{MESSAGES} messages, the database away for {BACK - AWAY} of them: {len(good) - len(account.lost)} of "
            f"{len(good)} stored, {len(rows)} of {len(strange)} held\n"
        )
    assert account == ([], [], [], [])
    assert cursor is None
    assert sorted(row.payload for row in rows) == sorted(strange)
    assert {(row.meter, row.reason) for row in rows} == {("nobody", "unknown_meter")}
    assert "own" not in re.findall(r"postgresql://\S+", collector.err)

"""`smartpark up` as a person meets it: the first start, the second, mistakes, Ctrl-C and a kill."""

import re
import signal
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import httpx
import msgspec
import pytest

from adapters import registry_yaml
from adapters.publisher import Publisher
from park.instant import to_ms
from tests.e2e.installation import ADMIN_KEY, Installation
from tests.e2e.program import lives, run, until
from tests.e2e.stored import Value, compare
from tests.park.examples import meter, registry
from tests.ports import LOOPBACK, free_port

PASSWORD = re.compile(r"密码 (\S+)")
DAYS = 30
QUARTER = 900_000


@pytest.fixture
def house(tmp_path: Path) -> Installation:
    return Installation(tmp_path)


def counted(house: Installation, start: datetime, end: datetime) -> int:
    """Count the stored readings of one meter's register."""
    slots = house.get(
        "/api/v1/readings",
        meter="e01-main",
        metric="ep_imp",
        start=start.isoformat(),
        end=end.isoformat(),
        every="1h",
        aggregate="count",
    )["items"]
    return int(sum(slot["value"] for slot in slots))


def newest(house: Installation) -> dict[tuple[str, str], str]:
    """Give the time of each series' newest reading."""
    items = house.get("/api/v1/readings/latest", limit="10000")["items"]
    return {(item["meter"], item["metric"]): item["at"] for item in items}


def sign_in(house: Installation, password: str) -> httpx.Response:
    with house.client(key=None) as client:
        return client.post("/api/v1/session", json={"name": "admin", "password": password})


def passwords(text: str) -> list[str]:
    return PASSWORD.findall(text)


@pytest.mark.slow
def test_a_first_start_gives_a_living_park_with_a_month_of_history_and_a_second_start_keeps_it(
    house: Installation,
) -> None:
    began = datetime.now(UTC)
    month = began - timedelta(days=DAYS)
    with house.up() as program:
        until(house.is_ready, "it is ready")
        [password] = passwords(program.err)
        entered = sign_in(house, password)
        assert entered.status_code == httpx.codes.CREATED
        assert entered.json()["must_change_password"] is True
        assert sign_in(house, password[:-1] + "?").status_code == httpx.codes.UNAUTHORIZED
        assert len(house.get("/api/v1/enterprises", limit="1000")["items"]) == 24
        program.until(lambda: newest(house), "live values come")
        first = newest(house)
        program.until(lambda: newest(house) != first, "live values move")
        program.until(lambda: program.events("backfill finished"), "the history is sent")
        # a quarter of an hour each; the very ends belong to the meter's own rhythm
        program.until(lambda: counted(house, month, began) >= DAYS * 96 - 2, "a month of history is stored")
        [sent] = program.events("backfill finished")
        program.until(lambda: stored(house) >= float(str(sent["values"])), "the year before it is stored as well")
        assert house.get("/api/v1/quarantine")["items"] == []
        family = program.children()
        assert len(family) >= 2  # broker and simulator
        assert program.end(signal.SIGINT) == 0
        assert not [pid for pid in family if lives(pid)]
        assert "Fatal" not in program.err
        assert "Traceback" not in program.err
        assert len(passwords(program.err)) == 1
        assert ADMIN_KEY not in program.err + program.out
    gap = datetime.now(UTC) - timedelta(hours=3)
    before = fingerprint(house.data, gap)
    forget(house.data, gap)

    with house.up() as program:
        assert passwords(program.err) == []
        assert sign_in(house, password).status_code == httpx.codes.CREATED
        program.until(lambda: counted(house, gap, began) >= 3 * 4 - 2, "the gap is filled")
        assert counted(house, month, gap - timedelta(hours=1)) >= DAYS * 96 - 5 * 4
        assert program.end() == 0
    assert fingerprint(house.data, gap) == before


def stored(house: Installation) -> float:
    """Count the readings that meters were heard to say and that are stored."""
    with house.client() as client:
        text = client.get("/metrics").text
    return float(
        next(line for line in text.splitlines() if line.startswith("smartpark_account_stored_total ")).split()[1]
    )


def forget(data: Path, since: datetime) -> None:
    """Let the store forget what came since, as if it had been off."""
    with duckdb.connect(str(data / "telemetry.duckdb")) as store:
        store.execute("delete from reading where ts >= ?", [to_ms(since)])
        store.execute("delete from newest")


def fingerprint(data: Path, end: datetime) -> tuple[int, int]:
    """Count all readings before an instant, and fold them into a number that any change would change."""
    with duckdb.connect(str(data / "telemetry.duckdb"), read_only=True) as store:
        query = "select count(*), bit_xor(hash(meter, metric, ts, value, quality)) from reading where ts < ?"
        count, folded = store.execute(query, [to_ms(end)]).fetchall()[0]
        return count, folded


def test_what_the_embedded_broker_has_acknowledged_is_stored_although_it_stops_at_once(house: Installation) -> None:
    park = house.folder / "park.yaml"
    park.write_text(registry_yaml.write(registry(meter("m1"))), "utf-8")
    base = to_ms(datetime.now(UTC) - timedelta(hours=1))
    published = {("m1", "p", base + number): Value(float(number), 0) for number in range(10_000)}
    with house.up("--no-simulator", "--park", park) as program:
        until(house.is_ready, "it is ready")
        with Publisher(house.broker, client_id="devices", version="3.1.1", window=10_000) as publisher:
            for (_, _, ts), value in published.items():
                said = {"v": 1, "ts": ts, "m": {"p": value.value}}
                publisher.publish("park/v1/hengkou/e01/m1/data", msgspec.json.encode(said))
            assert publisher.drain(60)
        assert program.end(signal.SIGINT) == 0
    assert compare(published, house.data) == ([], [], [], [])


def test_killed_it_leaves_no_process_behind_and_starts_again(house: Installation) -> None:
    with house.up() as program:
        program.until(lambda: len(program.children()) >= 2 and program.events("simulator started"), "all parts run")
        family = program.children()
        program.kill()
        until(lambda: not [pid for pid in family if lives(pid)], "broker and simulator end by themselves")
    with house.up() as program:
        until(house.is_ready, "it is ready again")
        assert program.end() == 0


def test_a_second_interrupt_while_it_stops_changes_nothing(house: Installation) -> None:
    with house.up() as program:
        family = program.children()
        program.tell(signal.SIGINT)
        for _ in range(3):
            if program.lives():
                program.tell(signal.SIGINT)
        assert program.wait() == 0
        assert "Traceback" not in program.err
        assert not [pid for pid in family if lives(pid)]


@pytest.mark.parametrize(("which", "option"), [("http_port", "--http-port"), ("mqtt_port", "--mqtt-port")])
def test_a_port_that_is_taken_is_named_and_the_next_start_still_gives_the_password(
    house: Installation, which: str, option: str
) -> None:
    port = getattr(house, which)
    with socket.create_server((LOOPBACK, port)), house.program("--no-simulator") as program:
        assert program.wait() == 1
        assert f"{LOOPBACK}:{port}" in program.err
        assert option in program.err
        assert "Traceback" not in program.err
        assert passwords(program.err) == []
    with house.up("--no-simulator") as program:
        [password] = passwords(program.err)
        assert sign_in(house, password).status_code == httpx.codes.CREATED


PARK_WITH_MISTAKES = """\
park: {id: hengkou, name: 恒口}
enterprises:
  - {id: e01, name: 富硒食品, colour: green}
meters:
  - {id: m1, enterprise: e09, medium: electricity, role: boundary, name: 总表, period: 15s, metrics: [p]}
  - {id: m2, enterprise: e01, medium: plasma, role: boundary, name: 总表, period: 15s, metrics: [p]}
"""


def test_every_mistake_of_a_park_file_is_named_and_nothing_is_imported(house: Installation) -> None:
    park = house.folder / "park.yaml"
    park.write_text(PARK_WITH_MISTAKES, "utf-8")
    with house.program("--park", park) as program:
        assert program.wait() == 1
        said = program.err
    for place in ("colour", "e09", "plasma"):
        assert place in said
    assert "共 3 处错误, 未作任何改动" in said
    assert not house.data.exists()


def test_every_wrong_setting_is_named_and_no_secret_is(house: Installation) -> None:
    with house.program(mqtt_url="http://user:hush-hush@broker", language="la", colour="green") as program:
        assert program.wait() == 2
        said = program.err + program.out
    for name in ("SMARTPARK_MQTT_URL", "SMARTPARK_LANGUAGE", "SMARTPARK_COLOUR"):
        assert name in said
    assert "hush-hush" not in said
    assert ADMIN_KEY not in said


def test_an_admin_key_that_is_too_weak_is_refused_with_a_sentence(house: Installation) -> None:
    with house.program("--no-simulator", admin_api_key="short") as program:
        assert program.wait() == 1
        assert "Traceback" not in program.err
        assert program.err.splitlines()[-1]


def test_a_data_folder_serves_one_platform_at_a_time(house: Installation) -> None:
    with house.up("--no-simulator"):
        code, _, err = run(
            house.folder, "up", "--data-dir", house.data, "--no-simulator",
            "--http-port", str(free_port()), "--mqtt-port", str(free_port()), name="another",
        )  # fmt: skip
        assert code == 1
        assert "one process at a time" in err
        assert "Traceback" not in err
        assert house.is_ready()


def test_secrets_of_an_external_broker_are_never_said(house: Installation) -> None:
    url = f"mqtt://gateway:hush-hush@{LOOPBACK}:{free_port()}"
    with house.up(mqtt_url=url) as program:
        program.until(lambda: program.events("broker not reachable"), "the collector says that nobody is there")
        assert program.end() == 0
        assert "hush-hush" not in program.err + program.out

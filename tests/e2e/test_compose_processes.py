"""The production stack without its containers: each service as docker-compose.yml starts it, against real servers."""

import csv
import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
import psycopg
import pytest
import urllib3

from tests.e2e.compose_stack import DATABASE, Stack
from tests.e2e.program import run, until
from tests.e2e.talker import Talker
from tests.influxd import StartInfluxd
from tests.ports import LOOPBACK
from tests.postgres import Postgres

pytestmark = [pytest.mark.broker, pytest.mark.slow]
RUNNING = ("collector", "rules", "api", "simulator")


@pytest.fixture
def stack(tmp_path: Path, start_influxd: StartInfluxd, own_postgres: Postgres) -> Iterator[Stack]:
    """Secrets and servers, before anything of ours has run."""
    made = Stack(tmp_path, start_influxd(auth=True), own_postgres)
    try:
        yield made
    finally:
        made.servers.broker.stop()


def prepared(stack: Stack, **environ: str) -> None:
    """Run what compose runs before the first service, in its order."""
    stack.once("store-init")
    stack.once("broker-init", environ)
    stack.servers.broker.start()
    stack.once("demo-registry")


def test_the_demonstration_runs_from_the_devices_to_the_answer(stack: Stack) -> None:
    prepared(stack, BROKER_OPTIONS="--demo")
    with ExitStack() as running:
        services = {name: running.enter_context(stack.service(name)) for name in RUNNING}
        reader = stack.secret("influx_grafana")

        def stored() -> bool:
            answer = stack.servers.influx.ask("SELECT count(p) FROM electricity", "park_raw", user=reader)
            return '"values"' in answer

        until(stored, "readings are in InfluxDB, as Grafana's account sees them")
        for name in (*RUNNING, "mosquitto", "postgres"):
            until(partial(stack.is_well, name), f"{name} says that it is well")

        code, out, err = run(
            stack.folder, "key", "create", "test", "--role", "viewer", "--json", name="key", **stack.environ("api")
        )
        assert code == 0, err
        with httpx.Client(
            base_url=f"http://{LOOPBACK}:{stack.ports['api']['8000']}",
            headers={"X-API-Key": json.loads(out)["secret"]}, timeout=30, trust_env=False,
        ) as client:  # fmt: skip
            items = client.get("/api/v1/readings/latest", params={"enterprise": "e01"}).json()["items"]
            assert {item["enterprise"] for item in items if "enterprise" in item} <= {"e01"}
            assert len(items) > 0
            meter, metric = items[0]["meter"], items[0]["metric"]
            now, hour = datetime.now(UTC), timedelta(hours=1)
            span = {"start": (now - hour).isoformat(), "end": (now + hour).isoformat()}
            answer = client.get("/api/v1/readings", params={"meter": meter, "metric": metric, **span})
            assert answer.status_code == httpx.codes.OK, answer.text
            assert answer.json()["items"]
            until(lambda: client.get("/readyz").status_code == httpx.codes.OK, "the API has all that it needs")
        counted = urllib3.request("GET", f"http://{LOOPBACK}:{stack.ports['collector']['9100']}/metrics").data.decode()
        assert "smartpark_collector_lost_total 0.0" in counted
        worked = urllib3.request("GET", f"http://{LOOPBACK}:{stack.ports['rules']['9100']}/metrics").data.decode()
        assert 'smartpark_rules_trouble{work="rollup"} 0.0' in worked

        services["simulator"].end()
        for name in ("collector", "rules", "api"):
            assert services[name].end() == 0, services[name].err[-2_000:]
        assert not stack.is_well("collector")
        secrets = {stack.secret(name) for name in ("influx_write", "influx_read", "postgres_api", "mqtt_collector")}
        for name, program in services.items():
            assert not [secret for secret in secrets if secret in program.err + program.out], f"{name} tells a secret"


def test_what_prepares_the_stack_may_run_again_and_changes_nothing(stack: Stack) -> None:
    prepared(stack)
    files = {path: path.read_bytes() for path in stack.secrets.rglob("*") if path.is_file()}
    stack.once("store-init")
    stack.once("broker-init")
    assert {path: path.read_bytes() for path in files} == files
    assert stack.secrets.joinpath("broker", "services", "smartpark.simulator").exists() is False


def test_a_device_that_was_handed_its_password_is_let_in_and_the_simulator_is_not(stack: Stack) -> None:
    broken = stack.secret("mqtt_simulator")
    stack.once("store-init")
    stack.once("demo-registry")
    stack.once("broker-init")
    broker = stack.servers.broker.start()
    rows = list(csv.DictReader((stack.secrets / "broker" / "handout.csv").open(encoding="utf-8")))
    assert len(rows) > 100
    device = rows[0]
    with Talker(broker.tls, device["user"], device["password"], ca=broker.ca) as talker:
        assert talker.answer == "Success"
    with Talker(broker.internal, "smartpark.simulator", broken) as talker:
        assert talker.answer == "Not authorized"
    assert stack.is_well("mosquitto")


def test_each_database_user_may_do_its_own_and_no_more(stack: Stack) -> None:
    prepared(stack)
    port = stack.servers.postgres.port

    def ask(user: str, secret: str, statement: str) -> str:
        with psycopg.connect(
            host=LOOPBACK, port=port, dbname=DATABASE, user=user, password=stack.secret(secret)
        ) as connection:
            try:
                connection.execute(statement)
            except psycopg.errors.InsufficientPrivilege:
                return "refused"
            return "done"

    assert ask("smartpark_collector", "postgres_collector", "SELECT id FROM meter") == "done"
    assert ask("smartpark_collector", "postgres_collector", 'SELECT * FROM "user"') == "refused"
    assert ask("smartpark_grafana", "postgres_grafana", "SELECT id, name FROM enterprise") == "done"
    assert ask("smartpark_grafana", "postgres_grafana", "SELECT * FROM api_key") == "refused"
    assert ask("smartpark_api", "postgres_api", "DROP TABLE meter") == "refused"
    assert ask("smartpark", "postgres_owner", "CREATE ROLE somebody SUPERUSER") == "refused"


def test_each_influx_account_may_do_its_own_and_no_more(stack: Stack) -> None:
    prepared(stack)
    influx = stack.servers.influx
    for secret, writes in (("influx_write", True), ("influx_read", False), ("influx_grafana", False)):
        answer = urllib3.request(
            "POST", f"http://{LOOPBACK}:{influx.port}/write?db=park_raw&precision=ms", body=b"electricity p=1 1",
            headers=urllib3.make_headers(basic_auth=stack.secret(secret)),
        )  # fmt: skip
        assert (answer.status == 204) is writes, f"{secret}: {answer.data!r}"
    assert "error" in influx.ask("SELECT count(p) FROM electricity", "park_raw")  # nobody

"""The production stack without its containers: each service as docker-compose.yml starts it, against real servers."""

import csv
import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial

import httpx
import psycopg
import pytest
import urllib3
from psycopg import sql

from grafana.build import kept
from tests.collector.hj212_logger import Logger, data
from tests.e2e.compose_stack import DATABASE, Stack
from tests.e2e.program import run, until
from tests.e2e.talker import Talker
from tests.grafana.fake_grafana import fake_grafana
from tests.influxd import Influxd
from tests.ports import LOOPBACK
from tests.postgres import OWNER, PASSWORD, cluster
from tests.shape.tree import ROOT

pytestmark = [pytest.mark.broker, pytest.mark.influx, pytest.mark.postgres, pytest.mark.slow, pytest.mark.timeout(300)]
RUNNING = ("collector", "rules", "api", "simulator")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Secrets and servers, and what compose runs before the first service, in its order; there are no devices yet."""
    folder = tmp_path_factory.mktemp("stack")
    with cluster() as postgres:
        influx = Influxd(tmp_path_factory.mktemp("influxd"), auth=True)
        try:
            made = Stack(folder, influx.start(), postgres)
            made.once("store-init")
            made.once("broker-init")
            made.servers.broker.start()
            yield made
            made.servers.broker.stop()
        finally:
            influx.stop()


def test_what_prepares_the_stack_may_run_again_and_changes_nothing(stack: Stack) -> None:
    files = {path: path.read_bytes() for path in stack.secrets.rglob("*") if path.is_file()}
    stack.once("store-init")
    stack.once("broker-init")
    assert {path: path.read_bytes() for path in files} == files
    assert stack.secrets.joinpath("broker", "services", "smartpark.simulator").exists() is False


def test_boards_are_put_on_grafana_by_its_administrator_and_the_second_time_nothing_is_left_to_do(stack: Stack) -> None:
    with fake_grafana() as grafana:
        grafana.administrator = ("admin", stack.secret("grafana_admin_password"))
        arguments = [word.replace("http://grafana:3000", grafana.url) for word in stack.arguments("grafana-sync")]
        for state in ("made", "unchanged"):
            code, out, err = run(
                stack.folder, *arguments, "--json", name="grafana-sync", **stack.environ("grafana-sync")
            )
            assert code == 0, err
            assert {step["state"] for step in json.loads(out)["steps"]} == {state}
        assert len(grafana.organisations[1].boards) == len(kept())


def test_a_device_that_was_handed_its_password_is_let_in_and_the_simulator_is_not(stack: Stack) -> None:
    stack.make_secrets()
    password = stack.secret("mqtt_simulator")
    stack.once("demo-registry")
    stack.once("broker-init")
    broker = stack.servers.broker
    broker.reload()
    rows = list(csv.DictReader((stack.secrets / "broker" / "handout.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) > 100
    device = rows[0]
    with Talker(broker.tls, device["user"], device["password"], ca=broker.ca) as talker:
        assert talker.answer == "Success"
    with Talker(broker.internal, "smartpark.simulator", password) as talker:
        assert talker.answer == "Not authorized"
    assert stack.is_well("mosquitto")


def test_a_logger_that_speaks_tcp_only_is_heard_through_the_listeners_own_account(stack: Stack) -> None:
    broker = stack.servers.broker
    with (
        Talker(broker.internal, "smartpark.collector", stack.secret("mqtt_collector")) as collector,
        stack.service("hj212") as listener,
    ):
        collector.subscribe("hj212/+")
        listener.until(partial(stack.is_well, "hj212"), "it is well")
        with Logger(stack.ports["hj212"]["9212"]) as logger:
            logger.say(data(1))
            assert logger.answer() is not None, "which it is when somebody hears it, and not before"
        assert listener.end() == 0, listener.err


def test_each_database_user_may_do_its_own_and_no_more(stack: Stack) -> None:
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


def test_what_the_backup_dumps_the_restore_brings_back_to_the_same_owner(stack: Stack) -> None:
    server = stack.servers.postgres
    stack.once("demo-registry")
    server.execute(sql.SQL("CREATE DATABASE restored OWNER smartpark"))
    environ = os.environ | {"PGHOST": LOOPBACK, "PGPORT": str(server.port), "PGPASSWORD": PASSWORD}

    def told(script: str, program: str, database: str, given: bytes) -> bytes:
        """Run a program as the script tells it, for another superuser and database."""
        text = (ROOT / "scripts" / script).read_text(encoding="utf-8").replace("\\\n", " ")
        [words] = re.findall(rf"{program} (.*?) [<>]", text)
        here = words.replace("--username postgres", f"--username {OWNER}").replace(f"--dbname {DATABASE}", database)
        command = [server.program(program), *here.split()]
        made = subprocess.run(command, env=environ, input=given, capture_output=True, timeout=60, check=False)
        assert made.returncode == 0, made.stderr.decode()
        return made.stdout

    dump = told("backup", "pg_dump", f"--dbname {DATABASE}", b"")
    told("restore", "pg_restore", "--dbname restored", dump)
    url = server.url("restored", user="smartpark", password=stack.secret("postgres_owner"))
    with psycopg.connect(url) as connection:  # the owner's rights, not the superuser's
        connection.execute("ALTER TABLE meter ADD COLUMN tried text")
        [count] = connection.execute("SELECT count(*) FROM meter").fetchone() or [0]
    assert count > 100


def test_each_influx_account_may_do_its_own_and_no_more(stack: Stack) -> None:
    influx = stack.servers.influx
    for secret, writes in (("influx_write", True), ("influx_read", False), ("influx_grafana", False)):
        answer = urllib3.request(
            "POST", f"http://{LOOPBACK}:{influx.port}/write?db=park_raw&precision=ms", body=b"electricity,meter=x p=1",
            headers=urllib3.make_headers(basic_auth=stack.secret(secret)),
        )  # fmt: skip
        assert (answer.status == 204) is writes, f"{secret}: {answer.data!r}"
    assert "error" in influx.ask("SELECT count(p) FROM electricity", "park_raw")  # nobody


def test_the_demonstration_runs_from_the_devices_to_the_answer(stack: Stack) -> None:
    stack.make_secrets()
    stack.once("broker-init", {"BROKER_OPTIONS": "--demo"})
    stack.servers.broker.reload()
    stack.once("demo-registry")
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

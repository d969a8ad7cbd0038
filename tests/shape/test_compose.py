"""The production stack holds what its file promises, as far as that can be known without a Docker engine."""

import re
import stat
import subprocess
from collections import Counter
from pathlib import Path

import pytest
import typer
import typer.main

from adapters.settings import Settings
from smartpark.__main__ import app
from tests.programs import find_program
from tests.shape.compose import ONCE, OURS, document, mounts, secret_files, services, words
from tests.shape.tree import ROOT, project

each = pytest.mark.parametrize("name", sorted(services()))
PINNED = re.compile(r"[a-z0-9./-]+:\d+\.\d+(\.\d+)?(-[a-z0-9.]+)?")
TWO_PARTS = {"postgres"}
"""PostgreSQL's versions have two parts: major and minor."""
OUTSIDE = {"mosquitto": "8883:8883", "api": "0.0.0.0:8000:8000", "grafana": "0.0.0.0:3000:3000"}
OPTIONAL = {"wallboard": "127.0.0.1:3001:3000", "hj212": "0.0.0.0:9212:9212"}
STORES = {"influxdb", "postgres"}


def subcommand(arguments: list[str]) -> None:
    """Parse a command line as the program does, without running it."""
    command = typer.main.get_command(app)
    context = command.make_context("smartpark", list(arguments))
    while hasattr(command, "resolve_command"):
        words = [*context._protected_args, *context.args]
        if not words and getattr(command, "invoke_without_command", False):
            return
        name, command, rest = command.resolve_command(context, words)
        context = command.make_context(name, rest, parent=context)


# --- compose takes it -------------------------------------------------------------------------------------------------


@pytest.mark.compose
@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--profile", "demo"],
        ["--profile", "wallboard"],
        ["--profile", "sync"],
        ["--profile", "hj212"],
        ["--env-file", "docker/demo.env"],
    ],
    ids=["plain", "demo", "wallboard", "sync", "hj212", "demo.env"],
)
def test_compose_takes_the_file(options: list[str]) -> None:
    program = find_program("compose")
    told = subprocess.run(
        [str(program), *options, "config"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert told.returncode == 0, told.stderr
    assert "variable is not set" not in told.stderr
    assert ("--demo" in told.stdout) == ("--env-file" in options)


# --- what runs --------------------------------------------------------------------------------------------------------


@each
def test_an_image_is_pinned_to_one_version(name: str) -> None:
    image = services()[name]["image"]
    assert PINNED.fullmatch(image), image
    repository, version = image.split(":")
    assert version.split("-")[0].count(".") == (1 if repository in TWO_PARTS else 2), image


def test_our_image_is_this_version_and_built_here() -> None:
    for name in OURS:
        assert services()[name]["image"] == f"smartpark:{project()['project']['version']}"
        assert services()[name]["build"] == {"context": ".", "dockerfile": "docker/Dockerfile"}


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_command_of_ours_is_one_the_program_has(name: str) -> None:
    arguments = words(services()[name])
    for mount in mounts(services()[name]):
        if mount.is_host_path and mount.source.startswith("./examples"):
            arguments = [word.replace(mount.target, str(ROOT / mount.source)) for word in arguments]
    subcommand(arguments)


def test_a_command_that_the_program_does_not_have_would_be_found() -> None:
    with pytest.raises(Exception, match=r"[Nn]o such option"):
        subcommand(["store", "init", "--token", "x"])


@each
def test_every_setting_named_exists(name: str) -> None:
    named = {key for key in services()[name].get("environment", {}) if key.startswith("SMARTPARK_")}
    known = {f"SMARTPARK_{field.upper()}" for field in Settings.model_fields}
    assert {key.removesuffix("_FILE") if key not in known else key for key in named} <= known


# --- what may be reached ----------------------------------------------------------------------------------------------


def test_nothing_is_exposed_but_devices_console_and_dashboards() -> None:
    ports = {name: one["ports"] for name, one in services().items() if "ports" in one}
    assert ports == {name: [port] for name, port in (OUTSIDE | OPTIONAL).items()}


def test_the_stores_have_no_way_out_and_no_network_with_one() -> None:
    networks = document()["networks"]
    inside = {name for name, network in networks.items() if network.get("internal")}
    assert inside == {"bus", "stores"}
    for store in STORES:
        assert set(services()[store]["networks"]) == {"stores"}
    for name, one in services().items():
        assert ("ports" in one) == (not set(one["networks"]) <= inside), name


# --- what it may do ---------------------------------------------------------------------------------------------------


@each
def test_a_service_is_shut_in(name: str) -> None:
    one = services()[name]
    assert one["read_only"] is True
    assert one["cap_drop"] == ["ALL"]
    assert one["security_opt"] == ["no-new-privileges:true"]
    assert not one.keys() & {"privileged", "cap_add", "network_mode", "pid", "ipc", "devices", "userns_mode"}
    assert one["mem_limit"]
    assert one["cpus"]
    assert one["pids_limit"]
    assert one["logging"] == {"driver": "json-file", "options": {"max-size": "20m", "max-file": "5"}}
    assert not any("docker.sock" in mount.source for mount in mounts(one))


@each
def test_nobody_is_root(name: str) -> None:
    user = services()[name].get("user")
    if user is None:
        assert name in OURS
        user = "10001"  # the image's own
        assert re.search(r"^USER 10001:10001$", (ROOT / "docker" / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    assert user.split(":")[0] != "0"


@each
def test_a_service_tells_whether_it_is_well_or_ends_when_its_work_is_done(name: str) -> None:
    one = services()[name]
    if name in ONCE:
        assert (one["restart"], "healthcheck" in one) == ("no", False)
        return
    assert one["restart"] == "unless-stopped"
    assert one["stop_grace_period"]
    assert one["healthcheck"].keys() == {"test", "interval", "timeout", "retries", "start_period"}


@each
def test_a_service_waits_for_what_it_needs_by_a_condition_that_can_come_true(name: str) -> None:
    for other, how in services()[name].get("depends_on", {}).items():
        expected = "service_completed_successfully" if other in ONCE else "service_healthy"
        assert how == {"condition": expected}, other
        if expected == "service_healthy":
            assert "healthcheck" in services()[other]
        profiles = services()[other].get("profiles")
        assert profiles is None or profiles == services()[name].get("profiles")


# --- secrets and folders ----------------------------------------------------------------------------------------------


@each
def test_a_service_has_the_secrets_it_reads_and_no_other(name: str) -> None:
    one = services()[name]
    told = str(one.get("environment", {})) + str(one.get("healthcheck", {}))
    read = set(re.findall(r"/run/secrets/(\w+)", told))
    for mount in mounts(one):
        if "provisioning" in mount.source:
            written = "".join(path.read_text("utf-8") for path in (ROOT / mount.source).glob("*.yaml"))
            read |= set(re.findall(r"/run/secrets/(\w+)", written))
    assert set(one.get("secrets", [])) == read


def test_no_secret_stands_in_the_file() -> None:
    for name, one in services().items():
        for key, value in one.get("environment", {}).items():
            if re.search(r"PASSWORD|TOKEN|SECRET|KEY", key):
                assert key.endswith("_FILE"), f"{name}: {key}"
                assert value.startswith("/run/secrets/")


def test_each_service_has_a_database_user_and_a_broker_account_of_its_own() -> None:
    wanted = {"collector": "collector", "rules": "rules", "api": "api", "demo-registry": "api", "hj212": "collector"}
    for name, role in wanted.items():
        url = services()[name]["environment"]["SMARTPARK_DATABASE_URL"]
        assert url == f"postgresql://smartpark_{role}@postgres:5432/smartpark"
        assert f"postgres_{role}" in services()[name]["secrets"]
    users = Counter(
        one["environment"]["SMARTPARK_MQTT_URL"]
        for one in services().values()
        if "SMARTPARK_MQTT_URL" in one.get("environment", {})
    )
    assert set(users.values()) == {1}
    owners = {name for name, one in services().items() if "postgres_owner" in one.get("secrets", [])}
    assert owners == {"postgres", "store-init"}
    operators = {name for name, one in services().items() if "influx_admin_token" in one.get("secrets", [])}
    assert operators == {"influxdb", "store-init"}


def test_every_secret_and_every_folder_is_in_the_repository_or_made_by_the_scripts(tmp_path: Path) -> None:
    out = tmp_path / "var" / "secrets"
    made = subprocess.run(
        [ROOT / "scripts" / "secrets", "--out", out, "--certificates", tmp_path / "var" / "certificates"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    sources = [mount.source for one in services().values() for mount in mounts(one) if mount.is_host_path]
    for source in [*sources, *secret_files().values()]:
        if source == "./var/certificates/broker":
            assert '"$out/broker"' in (ROOT / "scripts" / "certificates").read_text("utf-8")
        else:
            assert (ROOT / source).exists() or (tmp_path / source).exists(), source


def test_every_volume_is_declared_and_used_and_keeps_its_name() -> None:
    used = {mount.source for one in services().values() for mount in mounts(one) if not mount.is_host_path}
    assert used == set(document()["volumes"])
    for name, volume in document()["volumes"].items():
        assert volume == {"name": f"smartpark-{name}"}
    restore = (ROOT / "scripts" / "restore").read_text("utf-8")
    listed = re.search(r"^VOLUMES=\((.*)\)$", restore, re.MULTILINE)
    assert listed is not None
    assert set(listed[1].split()) == used


def test_only_what_must_be_written_is_mounted_to_be_written() -> None:
    written = {
        (name, mount.source)
        for name, one in services().items()
        for mount in mounts(one)
        if mount.is_host_path and not mount.read_only
    }
    assert written == {("store-init", "./var/secrets/tokens"), ("broker-init", "./var/secrets/broker")}


def test_the_script_that_postgres_runs_can_be_run() -> None:
    script = ROOT / "docker" / "postgres" / "owner.sh"
    assert script.stat().st_mode & stat.S_IXOTH

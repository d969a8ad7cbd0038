"""`smartpark replay` and `smartpark simulate` from the command line, against a real broker."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import typer
from iotcore import Broker
from typer.testing import CliRunner, Result

from park.decode import Context, decode
from smartpark.simulate_commands import replay, simulate
from tests.mosquitto import Mosquitto
from tests.ports import LOOPBACK, free_port
from tests.simulators.data import shared
from tests.simulators.listener import Heard, Listener
from tests.simulators.park import NOON, devices

ROOT = Path(__file__).resolve().parents[2]
STEEL = ["--meter", "e09-main", "--column", "Usage_kWh=ep_imp", "--time-column", "date"]
STEEL += ["--time-format", "%d-%m-%Y %H:%M", "--midnight", "end", "--cumulate"]

app = typer.Typer()
app.command("simulate")(simulate)
app.command("replay")(replay)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in an empty folder: no `.env` of the developer's is read."""
    monkeypatch.chdir(tmp_path)


def play(broker: Mosquitto, *arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["replay", *map(str, arguments), "--mqtt-url", broker.url])


def values(heard: list[Heard]) -> list[float]:
    return [claim.value for each in heard for claim in decode(each.payload, Context("e09-main", NOON))]


@pytest.mark.parametrize(("batch", "messages"), [(1, 35_041), (500, 71)])
def test_a_year_of_a_steel_plant_becomes_a_register_whose_span_is_the_files_total(
    mosquitto: Mosquitto, batch: int, messages: int
) -> None:
    with Listener(mosquitto.port, "park/v1/hengkou/e09/e09-main/data") as listener:
        result = play(mosquitto, shared("steel-industry-2018.csv"), *STEEL, "--opening", "15m", "--batch", str(batch))
        assert result.exit_code == 0, result.output
        heard = listener.wait_for(messages)
    register = values(heard)
    assert len(register) == 35_041
    assert register == sorted(register)
    assert register[-1] - register[0] == pytest.approx(959_636.71, abs=1e-6)
    assert [json.loads(each.payload)["seq"] for each in heard] == list(range(1, messages + 1))


def test_without_an_opening_the_first_slot_is_what_is_missing(mosquitto: Mosquitto) -> None:
    with Listener(mosquitto.port) as listener:
        result = play(mosquitto, shared("steel-industry-2018.csv"), *STEEL, "--start-total", "1000", "--batch", "1000")
        assert result.exit_code == 0, result.output
        register = values(listener.wait_for(36))
    assert register[-1] == pytest.approx(960_636.71)
    assert register[-1] - register[0] == pytest.approx(959_636.71 - 3.17)


def test_a_real_register_with_duplicate_times_in_batches_is_let_in_whole_and_in_its_order(mosquitto: Mosquitto) -> None:
    table = shared("water-register-K37-3109.csv")
    wanted = ["--meter", "m1", "--enterprise", "e1", "--column", "Volume_CuM=volume", "--batch", "100"]
    times = ["--time-column", "Date", "--time-column", "Time", "--time-format", "%d/%m/%Y %H:%M:%S"]
    with Listener(mosquitto.port) as listener:
        result = play(mosquitto, table, *wanted, *times, "--timezone", "Etc/GMT-12", "--json")
        assert result.exit_code == 0, result.output
        said = json.loads(result.stdout)
        claims = [
            claim for each in listener.wait_for(said["messages"]) for claim in decode(each.payload, Context("m1", NOON))
        ]
    assert said["records"] == len(claims) == 51_056
    rows = [row.split(",") for row in table.read_text("utf-8").splitlines()[1:]]
    column = table.read_text("utf-8").splitlines()[0].split(",").index("Volume_CuM")
    assert [claim.value for claim in claims] == [float(row[column]) for row in rows]


def test_rows_that_cannot_be_read_are_named_and_the_others_sent(mosquitto: Mosquitto, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("time,kW,t\n2026-01-01 00:00:00,1,20\nyesterday,2,20\n2026-01-01 00:02:00,,20\n", "utf-8-sig")
    with Listener(mosquitto.port) as listener:
        result = play(
            mosquitto, table, "--meter", "m1", "--enterprise", "e1", "--time-column", "time", "--channel", "backfill",
            "--column", "kW=p:kW", "--column", "t=temperature", "--json",
        )  # fmt: skip
        heard = listener.wait_for(2)
    assert result.exit_code == 1
    assert "line 3: " in result.stderr
    said = json.loads(result.stdout)
    assert (said["rows"], said["unread"], said["values"]) == (2, 1, 3)
    assert heard[0].topic == "park/v1/hengkou/e1/m1/backfill"
    assert json.loads(heard[0].payload)["m"] == {"p": {"v": 1.0, "u": "kW"}, "temperature": 20.0}
    assert json.loads(heard[1].payload)["m"] == {"temperature": 20.0}


def test_a_parquet_says_what_the_same_csv_says(mosquitto: Mosquitto, tmp_path: Path) -> None:
    table = shared("steel-industry-2018.csv")
    copied = tmp_path / "steel.parquet"
    duckdb.sql(f"COPY (FROM read_csv('{table}', all_varchar = true)) TO '{copied}' (FORMAT parquet)")
    heard = []
    for file in (table, copied):
        with Listener(mosquitto.port) as listener:
            result = play(mosquitto, file, *STEEL, "--batch", "1000")
            assert result.exit_code == 0, result.output
            heard.append([each.payload for each in listener.wait_for(36)])
    assert heard[0] == heard[1]


def test_a_parquet_of_numbers_and_times_keeps_duplicates_disorder_and_gaps(
    mosquitto: Mosquitto, tmp_path: Path
) -> None:
    file = tmp_path / "meter.parquet"
    said = (("00:02:00", 2.5), ("00:01:00", 1.25), ("00:01:00", 1.25), ("00:03:00", "NULL"))
    rows = ", ".join(f"(TIMESTAMPTZ '2026-01-01 {at}+08', {kw})" for at, kw in said)
    duckdb.sql(f"COPY (FROM (VALUES {rows}) AS t(when_, kw)) TO '{file}' (FORMAT parquet)")
    with Listener(mosquitto.port) as listener:
        result = play(
            mosquitto, file, "--meter", "m1", "--enterprise", "e1", "--time-column", "when_", "--column", "kw=p:kW",
        )  # fmt: skip
        heard = listener.wait_for(3)
    assert result.exit_code == 1  # the empty cell is no value
    assert [json.loads(each.payload)["m"]["p"]["v"] for each in heard] == [2.5, 1.25, 1.25]
    assert json.loads(heard[0].payload)["ts"] == 1_767_196_920_000


TABLE = ["--meter", "e01-main", "--time-column", "time", "--column", "value=p"]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--meter", "e01-main", "--column", "value=p"], "--time-column"),
        ([*TABLE[:-1], "value"], "column=metric"),
        ([*TABLE[:-1], "value=power"], "no such metric"),
        ([*TABLE[:-1], "kW=p"], "the file has: time, value"),
        (["--meter", "other", *TABLE[2:]], "--enterprise"),
        ([*TABLE, "--enterprise", "E 1"], "only a-z"),
        ([*TABLE, "--timezone", "Shaanxi"], "no such zone"),
        ([*TABLE, "--speed", "fast"], "--speed"),
        ([*TABLE, "--opening", "15m"], "--cumulate"),
        ([*TABLE, "--cumulate", "--opening", "long"], "--opening"),
        ([*TABLE, "--cumulate", "--start-total", "some"], "--start-total"),
        ([*TABLE, "--encoding", "klingon"], "no such encoding"),
        ([*TABLE, "--delimiter", "ab"], "one character"),
        (["--meter", "e01-main", "--column", "value=p", "--first-at", "2026-01-01", "--every", "1h"], "offset"),
        (["--meter", "e01-main", "--column", "value=p", "--first-at", "2026-01-01T00:00Z", "--every", "x"], "--every"),
    ],
)
def test_wrong_use_ends_with_2_and_says_what_is_wrong(
    mosquitto: Mosquitto, tmp_path: Path, arguments: list[str], why: str
) -> None:
    table = tmp_path / "table.csv"
    table.write_text("time,value\n2026-01-01 00:00:00,1\n", "utf-8")
    result = play(mosquitto, table, *arguments)
    assert result.exit_code == 2
    assert why in result.stderr


def test_without_a_broker_both_end_with_1(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("time,value\n2026-01-01 00:00:00,1\n", "utf-8")
    url = f"mqtt://{LOOPBACK}:{free_port()}"
    for arguments in (["replay", str(table), *TABLE], ["simulate"]):
        result = CliRunner().invoke(app, [*arguments, "--mqtt-url", url])
        assert result.exit_code == 1
        assert "cannot reach" in result.stderr


def test_a_broker_that_speaks_3_1_1_only_needs_no_option(embedded_broker: Broker, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("time,value\n2026-01-01 00:00:00,1\n", "utf-8")
    url = f"mqtt://{LOOPBACK}:{embedded_broker.port}"
    result = CliRunner().invoke(app, ["replay", str(table), *TABLE, "--mqtt-url", url])
    assert result.exit_code == 0, result.output
    asked = CliRunner().invoke(app, ["replay", str(table), *TABLE, "--mqtt-url", url, "--mqtt-version", "5"])
    assert asked.exit_code == 1, "a version that was asked for is kept"


@pytest.mark.parametrize("command", ["simulate", "replay"])
def test_help_shows_an_example(command: str) -> None:
    result = CliRunner().invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert f"smartpark {command}" in result.stdout


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_the_simulator_leaves_in_good_order_when_told_to(mosquitto: Mosquitto, sign: signal.Signals) -> None:
    code = "import typer; from smartpark.simulate_commands import simulate; typer.run(simulate)"
    number = len(devices())
    with Listener(mosquitto.port, "park/v1/+/+/+/state") as listener:
        with subprocess.Popen(
            [sys.executable, "-c", code, "--mqtt-url", mosquitto.url],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
        ) as process:
            listener.wait_for(number)
            process.send_signal(sign)
            _, log = process.communicate(timeout=30)
        heard = listener.wait_for(2 * number)
    assert process.returncode == 0, log
    assert {each.payload for each in heard[number:]} == {b"offline"}

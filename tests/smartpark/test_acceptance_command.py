"""`smartpark acceptance` on a device that speaks to a real broker: what it prints, how it ends, and what it writes."""

import json
import threading
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.clock import now
from adapters.relational import acceptances, engine, migrate, registry_store
from park.place import Enterprise, Park
from park.registry import Registry
from smartpark.__main__ import app
from tests.acceptance_device import PERIOD, registered, speaking
from tests.mosquitto import Mosquitto

pytestmark = pytest.mark.broker
runner = CliRunner()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    opened = engine.connect(f"sqlite:///{tmp_path / 'smartpark.sqlite'}")
    migrate.upgrade(opened)
    known = Registry((Park("hk", "恒口"),), (Enterprise("e01", "hk", "食品厂"),), (registered(),))
    registry_store.replace(opened, known, who="test", now=now())
    opened.dispose()
    return tmp_path


def arguments(folder: Path, mosquitto: Mosquitto, *more: str) -> list[str]:
    return [
        "acceptance",
        "e01-main",
        "--data-dir",
        str(folder),
        "--mqtt-url",
        mosquitto.url,
        "--minutes",
        "0.06",
        *more,
    ]


def test_a_good_device_ends_well_and_its_report_can_be_checked(folder: Path, mosquitto: Mosquitto) -> None:
    report = folder / "report.html"
    with speaking(mosquitto.port):
        done = runner.invoke(app, arguments(folder, mosquitto, "--no-plug", "--report", str(report)))
    assert done.exit_code == 0, done.output
    assert "✓ 服务质量 QoS" in done.stdout
    assert "e01-main: 通过" in done.stdout
    check = ["acceptance", "--data-dir", str(folder), "--verify", str(report)]
    assert runner.invoke(app, check).exit_code == 0
    report.write_bytes(report.read_bytes().replace(b'data-seal="', b'data-seal="0'))
    changed = runner.invoke(app, check)
    assert (changed.exit_code, "签章不符" in changed.stderr) == (1, True)


def test_a_bad_device_ends_badly_with_its_fault_alone(folder: Path, mosquitto: Mosquitto) -> None:
    with speaking(mosquitto.port, qos=0):
        done = runner.invoke(
            app, arguments(folder, mosquitto, "--no-plug", "--json", "--report", str(folder / "r.pdf"))
        )
    assert done.exit_code == 1
    said = json.loads(done.stdout)
    assert [one["item"] for one in said["findings"] if one["verdict"] == "fail"] == ["qos"]
    assert (folder / "r.pdf").read_bytes().startswith(b"%PDF-")
    opened = engine.connect(f"sqlite:///{folder / 'smartpark.sqlite'}")
    (kept,), _ = acceptances.listing(opened)
    opened.dispose()
    assert (kept.id, kept.seal) == (said["id"], said["seal"])


def test_the_plug_is_asked_for_and_waited_for(folder: Path, mosquitto: Mosquitto) -> None:
    with speaking(mosquitto.port) as device:

        def pull() -> None:
            time.sleep(5)
            device.cut()
            time.sleep(8 * PERIOD.total_seconds())
            device.connect()

        hand = threading.Thread(target=pull)
        hand.start()
        done = runner.invoke(app, arguments(folder, mosquitto, "--plug", "--plug-minutes", "0.2", "--json"))
        hand.join()
    found = {one["item"]: one["verdict"] for one in json.loads(done.stdout)["findings"]}
    assert found["last_will"] == "pass"
    assert found["reconnect"] in {"pass", "note"}
    assert "拔掉设备的网线" in done.stderr


WRONG: dict[str, tuple[list[str], int, str]] = {
    "no meter": (["acceptance"], 2, "请给出设备编号"),
    "a meter nobody registered": (["acceptance", "e99"], 1, "台账中没有设备 e99"),
    "a report of an unknown kind": (["acceptance", "e01-main", "--report", "r.docx"], 2, ".pdf 或 .html"),
    "a broker that is away": (["acceptance", "e01-main", "--mqtt-url", "mqtt://127.0.0.1:9"], 1, "Connection refused"),
}


@pytest.mark.parametrize("sentence", WRONG)
def test_wrong_use_and_trouble_are_told(folder: Path, sentence: str) -> None:
    words, code, told = WRONG[sentence]
    done = runner.invoke(app, [*words, "--data-dir", str(folder)])
    assert (done.exit_code, told in done.stderr) == (code, True), done.output

"""An InfluxDB 2.x for a test, where `influxd` on the path is one: set up from nothing, gone afterwards."""

import json
import re
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import urllib3

from tests.ports import LOOPBACK, accepts, free_port
from tests.programs import find_program

PATIENCE = 60.0
ORG = "park"


@cache
def major() -> int | None:
    """Give the first number of the version of `influxd`; None where it is not installed, or does not say."""
    program = find_program("influx")
    if program is None:
        return None
    said = subprocess.run([program, "version"], capture_output=True, text=True, timeout=PATIENCE, check=False).stdout
    number = re.search(r"InfluxDB v?(\d+)\.", said)
    return int(number[1]) if number else None


@contextmanager
def running(folder: Path) -> Iterator[tuple[str, str]]:
    """Run one; give its URL as `SMARTPARK_TELEMETRY_URL` takes it, and an operator token."""
    program = find_program("influx")
    assert program is not None
    port, token = free_port(), secrets.token_urlsafe(16)
    options = [f"--http-bind-address={LOOPBACK}:{port}", "--reporting-disabled", f"--engine-path={folder / 'engine'}"]
    options += [f"--bolt-path={folder / 'influxd.bolt'}", f"--sqlite-path={folder / 'influxd.sqlite'}"]
    with (folder / "influxd2.log").open("wb") as log:
        process = subprocess.Popen([program, *options], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + PATIENCE
        while not accepts(port):
            assert process.poll() is None, (folder / "influxd2.log").read_text(errors="replace")
            assert time.monotonic() < deadline, "influxd did not start"
            time.sleep(0.05)
        wanted = {"username": "admin", "password": secrets.token_urlsafe(16), "org": ORG, "bucket": "first"}
        answer = urllib3.request(
            "POST", f"http://{LOOPBACK}:{port}/api/v2/setup", body=json.dumps({**wanted, "token": token})
        )
        assert answer.status == 201, answer.data
        yield f"influxdb://{LOOPBACK}:{port}?org={ORG}&api=v2", token
    finally:
        process.terminate()
        process.wait()

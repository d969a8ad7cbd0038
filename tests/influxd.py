"""A real InfluxDB 1.x for a test: Debian's influxd on free loopback ports, in its own folder, gone afterwards."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol, Self
from urllib.parse import urlencode

import pytest
import urllib3

from tests.influxd2 import major
from tests.ports import LOOPBACK, accepts, free_port
from tests.programs import REQUIRE, find_program, required

INFLUX2 = ("SMARTPARK_TEST_INFLUX2_URL", "SMARTPARK_TEST_INFLUX2_TOKEN")
"""Where an InfluxDB 2 may be used by tests, and an operator token for it."""
OUTAGE_MESSAGES = "SMARTPARK_TEST_OUTAGE_MESSAGES"
"""How many messages an outage of the store takes in the end-to-end test."""
KILL_MESSAGES = "SMARTPARK_TEST_MESSAGES"
"""How many messages the end-to-end test of kill -9 publishes."""
PATIENCE = 20.0  # seconds to start or stop; both take a fraction of one on an idle machine
CONFIG = """\
reporting-disabled = true
bind-address = "{host}:{rpc}"
[meta]
dir = "{folder}/meta"
[data]
dir = "{folder}/data"
wal-dir = "{folder}/wal"
query-log-enabled = false
{data}
[monitor]
store-enabled = false
[http]
bind-address = "{host}:{port}"
auth-enabled = {auth}
log-enabled = false
{http}
[continuous_queries]
enabled = false
"""


class Influxd:
    """One server: its port, folder and configuration outlive its process, so it can be restarted as it was."""

    def __init__(self, folder: Path, *, auth: bool = False, http: str = "", data: str = "") -> None:
        program = find_program("influx")
        if program is None and "influx" in required():
            pytest.fail(f"influxd is not installed, and {REQUIRE} requires influx", pytrace=False)
        if program is None:
            pytest.skip("influxd is not installed")
        if major() != 1:
            pytest.skip("influxd is not a 1.x: Debian's package influxdb is one")
        self.port = free_port()
        self.folder = folder
        self.log = folder / "influxd.log"
        self._program = program
        self._file = folder / "influxd.conf"
        settings = {
            "host": LOOPBACK,
            "port": self.port,
            "rpc": free_port(),
            "folder": folder,
            "auth": str(auth).lower(),
        }
        self._file.write_text(CONFIG.format(http=http, data=data, **settings), encoding="utf-8")
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, prefix: str = "park") -> str:
        """The address as `SMARTPARK_TELEMETRY_URL` takes it."""
        return f"influxdb://{LOOPBACK}:{self.port}?api=v1&bucket={prefix}"

    @property
    def is_running(self) -> bool:
        """Whether its process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> Self:
        """Start and wait until it accepts connections."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._program, "-config", self._file], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + PATIENCE
        while not accepts(self.port):
            if not self.is_running or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"influxd did not start:\n{self.log.read_text(errors='replace')}")
            time.sleep(0.01)
        return self

    def stop(self) -> None:
        """End it in good order. Safe to call twice."""
        if (process := self._process) is None:
            return
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._process = None

    def kill(self) -> None:
        """End it as a power cut would."""
        if (process := self._process) is not None:
            process.kill()
            process.wait()
            self._process = None

    def ask(self, influxql: str, database: str = "", *, user: str = "") -> str:
        """Give the answer to a statement as it came, past everything of ours."""
        url = f"http://{LOOPBACK}:{self.port}/query?{urlencode({'q': influxql, 'db': database, 'epoch': 'ms'})}"
        answer = urllib3.request("POST", url, headers=urllib3.make_headers(basic_auth=user) if user else None)
        return answer.data.decode()

    def write(self, database: str, *lines: str) -> None:
        """Write lines with millisecond times, past everything of ours."""
        url = f"http://{LOOPBACK}:{self.port}/write?db={database}&precision=ms"
        answer = urllib3.request("POST", url, body="\n".join(lines).encode())
        assert answer.status == 204, answer.data


class StartInfluxd(Protocol):
    """Start one more server."""

    def __call__(self, *, auth: bool = False, http: str = "", data: str = "") -> Influxd:
        """Return it accepting connections."""


@contextmanager
def _starter(folders: pytest.TempPathFactory) -> Iterator[StartInfluxd]:
    with ExitStack() as servers:

        def start(*, auth: bool = False, http: str = "", data: str = "") -> Influxd:
            server = Influxd(folders.mktemp("influxd"), auth=auth, http=http, data=data)
            servers.callback(server.stop)
            return server.start()

        yield start


@pytest.fixture
def start_influxd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartInfluxd]:
    """Start servers that live as long as the test."""
    with _starter(tmp_path_factory) as start:
        yield start


@pytest.fixture(scope="session")
def session_influxd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Influxd]:
    """One server for the whole test run; every test takes databases of its own."""
    with _starter(tmp_path_factory) as start:
        yield start()


@pytest.fixture
def influxd(start_influxd: StartInfluxd) -> Influxd:
    """One fresh server."""
    return start_influxd()

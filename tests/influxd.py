"""A real InfluxDB 1.x for a test: Debian's influxd on free loopback ports, in its own folder, gone afterwards."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import urlencode

import pytest
import urllib3

from tests.influxd2 import major
from tests.ports import LOOPBACK, free_port
from tests.programs import REQUIRE, find_program, required
from tests.server import Server

INFLUX2 = ("SMARTPARK_TEST_INFLUX2_URL", "SMARTPARK_TEST_INFLUX2_TOKEN")
"""Where an InfluxDB 2 may be used by tests, and an operator token for it."""
OUTAGE_MESSAGES = "SMARTPARK_TEST_OUTAGE_MESSAGES"
"""How many messages an outage of the store takes in the end-to-end test."""
KILL_MESSAGES = "SMARTPARK_TEST_MESSAGES"
"""How many messages the end-to-end test of kill -9 publishes."""
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


class Influxd(Server):
    """One server, and ways to it past everything of ours."""

    NAME = "influxd"

    def __init__(self, folder: Path, *, auth: bool = False, http: str = "", data: str = "") -> None:
        program = find_program("influx")
        if program is None and "influx" in required():
            pytest.fail(f"influxd is not installed, and {REQUIRE} requires influx", pytrace=False)
        if program is None:
            pytest.skip("influxd is not installed")
        if major() != 1:
            pytest.skip("influxd is not a 1.x: Debian's package influxdb is one")
        super().__init__(folder)
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

    def command(self) -> list[str | Path]:
        """The program and its arguments."""
        return [self._program, "-config", self._file]

    def url(self, prefix: str = "park") -> str:
        """The address as `SMARTPARK_TELEMETRY_URL` takes it."""
        return f"influxdb://{LOOPBACK}:{self.port}?api=v1&bucket={prefix}"

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

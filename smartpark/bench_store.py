"""A telemetry store for a bench: the embedded one, or an InfluxDB 1.x of its own on free loopback ports."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.influx import admin
from adapters.influx.resolution import ALL
from adapters.influx.target import read
from smartpark.bench_broker import await_port, free_port
from smartpark.opening import fail

CONFIG = """\
reporting-disabled = true
bind-address = "127.0.0.1:{rpc}"
[meta]
dir = "{folder}/meta"
[data]
dir = "{folder}/data"
wal-dir = "{folder}/wal"
query-log-enabled = false
[monitor]
store-enabled = false
[http]
bind-address = "127.0.0.1:{port}"
log-enabled = false
[continuous_queries]
enabled = false
"""


@contextmanager
def store(kind: str, folder: Path) -> Iterator[str | None]:
    """Run a store; give its URL, None for the embedded one."""
    if kind == "duckdb":
        yield None
        return
    program = shutil.which("influxd")
    if program is None:
        fail("没有安装 influxd; 请安装 Debian 的 influxdb 包 / influxd is not installed; install Debian's influxdb")
    port = free_port()
    config = folder / "influxd.conf"
    config.write_text(CONFIG.format(port=port, rpc=free_port(), folder=folder / "influx"), encoding="utf-8")
    with (folder / "influxd.log").open("wb") as log:
        process = subprocess.Popen([program, "-config", str(config)], stdout=log, stderr=log)  # noqa: S603  # found above
    try:
        await_port(port, "influxd")
        url = f"influxdb://127.0.0.1:{port}?api=v1"
        list(admin.init(read(url), dict.fromkeys(ALL), folder))
        yield url
    finally:
        process.terminate()
        process.wait()

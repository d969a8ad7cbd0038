"""Lines that we made ourselves into one bucket: the server takes them all, or a setting is wrong."""

import gzip
from collections.abc import Sequence

from adapters.influx.answers import Verdict
from adapters.influx.resolution import Resolution
from adapters.influx.server import Server
from park.telemetry import StoreHeld

LINES = 5_000
LEVEL = 1
"""gzip's quickest: it makes lines a tenth of their size, the best a fourteenth at ten times the cost."""
EXPIRED = "retention policy"
"""Said of points that the bucket would delete at once; the others of the batch are stored."""


def put(server: Server, resolution: Resolution, lines: Sequence[str]) -> int:
    """Write lines and give how many; those older than the bucket keeps are let go.  Raises StoreUnavailable."""
    bucket = server.target.bucket(resolution)
    for first in range(0, len(lines), LINES):
        body = gzip.compress("\n".join(lines[first : first + LINES]).encode(), LEVEL, mtime=0)
        answer = server.write(bucket, body)
        if answer.verdict is Verdict.REFUSED and EXPIRED in answer.words:
            continue
        if answer.verdict in {Verdict.REFUSED, Verdict.TOO_LARGE}:
            raise StoreHeld(f"InfluxDB {server.target}, {bucket}: {answer.words}")
        if answer.verdict is not Verdict.ACCEPTED:
            raise answer.error(f"InfluxDB {server.target}, {bucket}")
    return len(lines)

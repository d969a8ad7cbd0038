"""A command that waits, loaded, to be told what to run, and ends when its parent does, however the parent ends.

    python -m smartpark.child          then, on standard input: ["simulate", "--seed", "1"]

Loading takes a second that the parent can use.  The parent keeps our standard input open; when it closes before it said
anything we just go, and when it closes later we are asked to stop as by SIGTERM.
"""

import json
import os
import signal
import sys
import time
from threading import Thread

import simulators.bootstrap  # noqa: F401  # what is run this way, loaded while we wait
from smartpark.__main__ import app

STDIN = 0
GRACE = 3.0
"""Seconds to leave in good order; with the parent the broker may be gone, and nobody is left to say goodbye to."""


def _orders() -> list[str] | None:
    """Read one line; None where the parent closed the pipe instead."""
    line = b""
    while not line.endswith(b"\n"):
        piece = os.read(STDIN, 65_536)  # not through sys.stdin: its lock would be held when the interpreter ends
        if not piece:
            return None
        line += piece
    orders: list[str] = json.loads(line)
    return orders


def _follow() -> None:
    while os.read(STDIN, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)


if __name__ == "__main__":
    arguments = _orders()
    if arguments is None:
        sys.exit()
    Thread(target=_follow, daemon=True).start()
    app(arguments)

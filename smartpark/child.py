"""Run a command as a child that ends when its parent does, however the parent ends.

    python -m smartpark.child simulate --seed 1

The parent keeps our standard input open; when it closes, we are asked to stop as by SIGTERM.
"""

import os
import signal
import time
from threading import Thread

from smartpark.__main__ import main

STDIN = 0
GRACE = 3.0
"""Seconds to leave in good order; with the parent the broker may be gone, and nobody is left to say goodbye to."""


def _follow() -> None:
    while os.read(STDIN, 1024):  # not through sys.stdin: its lock would be held when the interpreter ends
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)


if __name__ == "__main__":
    Thread(target=_follow, daemon=True).start()
    main()

"""A process that puts blobs into a spool for ever and says after each that it is kept; the test kills it.

Started as `python -m tests.adapters.putter FILE`.
"""

import sys
from itertools import count
from pathlib import Path

from adapters.spool import Spool


def blob(number: int) -> bytes:
    """Give the blob of a number, of a size that differs from its neighbours' and is often more than a page."""
    return b"%d:" % number + bytes([number % 251]) * (number * 997 % 30_000)


def main() -> None:
    """Put until killed, two blobs at a time."""
    spool = Spool(Path(sys.argv[1]), most_bytes=1 << 40)
    for number in count(step=2):
        spool.put("raw", blob(number), blob(number + 1))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

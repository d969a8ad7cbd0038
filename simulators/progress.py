"""Progress of long work: a bar where a person watches, a line of log now and then where nobody does."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from adapters.log import logger

Advance = Callable[[int], None]

BETWEEN_LINES: Final = 5.0


@contextmanager
def progress(title: str, event: str, total: int) -> Iterator[Advance]:
    """Show how far the work is: `title` names it on the bar, `event` in the log; call it to advance."""
    if sys.stderr.isatty():
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task(title, total=total)
            yield lambda steps: bar.advance(task, steps)
        return
    yield _in_the_log(event, total)


def _in_the_log(event: str, total: int) -> Advance:
    log = logger(__name__)
    done, said = 0, time.monotonic()

    def advance(steps: int) -> None:
        nonlocal done, said
        done += steps
        now = time.monotonic()
        if now - said >= BETWEEN_LINES:
            said = now
            log.info(event, done=done, total=total, percent=round(100 * done / max(total, 1)))

    return advance

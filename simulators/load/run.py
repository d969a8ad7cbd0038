"""A load as a program: room for its connections, its loop, and an end in good order."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from threading import Event
from typing import Final

from adapters.clock import Clock
from adapters.log import logger
from simulators.bootstrap import stopping
from simulators.load.crowd import Crowd, Show, Way
from simulators.load.limits import make_room
from simulators.load.speaker import Speaker
from simulators.load.tally import Standing

DRAIN: Final = 30.0


def run(
    speakers: Sequence[Speaker],
    way: Way,
    *,
    lasts: timedelta | None,
    show: Show,
    clock: Clock,
    stop: Event | None = None,
    drain: float = DRAIN,
) -> Standing:
    """Speak until the time is over, a signal comes or `stop` is set; tell how it stood in the end.

    Raises NoBroker and TooFewFiles before anything is said.
    """
    make_room(len(speakers) if way.connections is None else way.connections)
    stop = stop or Event()
    log = logger(__name__)
    log.info("load started", devices=len(speakers), connections=way.connections or len(speakers))
    seconds = None if lasts is None else lasts.total_seconds()
    with stopping(stop):
        crowd = Crowd(speakers, way, clock)
        found = asyncio.run(crowd.run(stop, lasts=seconds, show=show, drain=drain))
    log.info("load ended", said=found.said, acknowledged=found.acked, reconnects=found.reconnects)
    return found

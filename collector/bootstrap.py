"""The collector as a program: every part made here, nowhere else."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from threading import Event, Thread

from sqlalchemy import Engine

from adapters.broker_endpoint import broker_endpoint
from adapters.clock import Clock
from adapters.mqtt import LoopClient
from adapters.settings import Settings
from adapters.spool import Spool
from collector.clerk import Clerk
from collector.counts import Counts
from collector.keeper import Keeper
from collector.pipeline import Pipeline
from collector.receiver import Receiver
from collector.rival import Rival
from park.decode.memory import Wish
from park.partition import collector_name, subscriptions
from park.registry import Registry
from park.telemetry import Telemetry

CLIENT_ID = collector_name(None)
"""The session of a collector that takes everything."""


class Collector:
    """Four threads: receive, store, quarantine, and copy the meters' accounts."""

    def __init__(
        self,
        *,
        settings: Settings,
        engine: Engine,
        telemetry: Telemetry,
        registry: Callable[[], Registry],
        clock: Clock,
        fresh: Callable[[], Registry] | None = None,
    ) -> None:
        """Take the parts; `fresh` gives the registry as it is this moment, where `registry` may lag by a second."""
        self.counts = Counts()
        self.spool = Spool(settings.spool(), most_bytes=settings.spool_bytes)
        self.pipeline = Pipeline(
            spool=self.spool,
            telemetry=telemetry,
            registry=registry,
            counts=self.counts,
            clock=clock,
            prefix=settings.mqtt_prefix,
            partition=settings.partition(),
            discover=settings.discover(),
            ask=self._ask,
        )
        self.keeper = Keeper(
            spool=self.spool,
            engine=engine,
            fresh=fresh or registry,
            counts=self.counts,
            clock=clock,
            prefix=settings.mqtt_prefix,
            most_bytes=settings.quarantine_bytes,
        )
        self.clerk = Clerk(books=self.pipeline.books, engine=engine, counts=self.counts)
        name = collector_name(settings.partition())
        self.receiver = Receiver(
            client=LoopClient(name, version=settings.mqtt_version),
            rival=Rival(name),
            target=broker_endpoint(settings),
            filters=subscriptions(settings.partition(), settings.mqtt_prefix),
            spool=self.spool,
            counts=self.counts,
            clock=clock,
            on_spooled=self.pipeline.work.set,
            foreign=lambda: self.pipeline.foreign,
        )
        self._stops = [Event(), Event(), Event(), Event()]
        self._threads = [
            Thread(target=self.receiver.run, args=(self._stops[0],), name="collector-receive"),
            Thread(target=self.pipeline.run, args=(self._stops[1],), name="collector-store"),
            Thread(target=self.keeper.run, args=(self._stops[2], self.pipeline.refusals), name="collector-quarantine"),
            Thread(target=self.clerk.run, args=(self._stops[3],), name="collector-account"),
        ]

    def _ask(self, wishes: Sequence[Wish]) -> None:
        self.receiver.speaker.take(wishes)

    def start(self) -> None:
        """Begin; returns at once."""
        for thread in self._threads:
            thread.start()

    def alive(self) -> bool:
        """Tell whether every stage is running."""
        return all(thread.is_alive() for thread in self._threads)

    def stop(self, *, drain: timedelta = timedelta(0)) -> None:
        """Stop stage by stage, each after the one before it has handed everything on.

        `drain` is for a broker that forgets when it stops: so long, what it still holds for us is taken first.
        """
        self.receiver.last_wait = drain
        self._stops[0].set()
        with suppress(OSError):  # it may have seen the stop, ended, and closed its waker in between
            self.receiver.waker.wake()
        self._threads[0].join()
        self._stops[1].set()
        self.pipeline.work.set()
        self._threads[1].join()
        self._stops[2].set()
        self.pipeline.refusals.set()
        self._threads[2].join()
        self._stops[3].set()
        self._threads[3].join()
        self.spool.close()

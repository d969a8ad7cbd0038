"""Publish a table of real data as if a meter sent it, in the file's own order, duplicates and all."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from threading import Event
from typing import Final

from adapters.clock import Clock
from adapters.publisher import Publisher, PublishTimeout
from park.instant import to_ms
from park.metric import Kind, metrics
from simulators.message import Quantity, Record, bundles, single
from simulators.sheet import Row, Unread, Wanted

PATIENCE: Final = 0.5


@dataclass(frozen=True)
class Cumulation:
    """Amounts a slot become a register: each row shows the total at its time."""

    start: Decimal = Decimal(0)
    """What the register showed before the first row."""
    opening: timedelta | None = None
    """How long before the first row that opening total is published; None publishes no opening."""


@dataclass
class Replayed:
    """What a replay did."""

    rows: int = 0
    unread: int = 0
    messages: int = 0
    records: int = 0
    values: int = 0
    complete: bool = False
    all_acknowledged: bool = False
    first: datetime | None = None
    last: datetime | None = None
    totals: dict[str, float] = field(default_factory=dict)
    """The last total of each register that was cumulated."""


class Replay:
    """Turns rows into records and publishes them."""

    def __init__(
        self,
        publisher: Publisher,
        topic: str,
        *,
        cumulation: Cumulation | None = None,
        batch: int = 1,
        speed: float | None = None,
    ) -> None:
        """Take how to publish; `speed` None is as fast as the broker acknowledges."""
        self._publisher = publisher
        self._topic = topic
        self._cumulation = cumulation
        self._batch = batch
        self._speed = speed
        self._totals: dict[Wanted, Decimal] = {}
        self._waiting: list[Record] = []
        self._began: tuple[datetime, datetime] | None = None
        self.done = Replayed()

    def run(
        self, rows: Iterable[Row | Unread], *, clock: Clock, stop: Event, report: Callable[[Unread], None], drain: float
    ) -> Replayed:
        """Publish all rows, and `report` each that could not be read; ends early when told to stop."""
        done = self.done
        for row in rows:
            if isinstance(row, Unread):
                done.unread += 1
                report(row)
                continue
            done.rows += 1
            if not self._wait(row.at, clock, stop):
                return done
            for record in self._records(row):
                self._waiting.append(record)
            if len(self._waiting) >= self._batch and not self._flush(stop):
                return done
        done.complete = self._flush(stop)
        done.totals = {wanted.metric: float(total) for wanted, total in self._totals.items()}
        done.all_acknowledged = self._publisher.drain(drain)
        return done

    def _records(self, row: Row) -> Iterator[Record]:
        """Give the record of a row, and before the first one the opening, where it is wanted."""
        done = self.done
        if done.first is None:
            done.first = row.at
            if self._cumulation and self._cumulation.opening:
                opening = [(wanted, self._cumulation.start) for wanted, _ in row.values if _is_register(wanted)]
                if opening:
                    done.first = row.at - self._cumulation.opening
                    yield _record(done.first, opening)
        done.last = row.at
        yield _record(row.at, [(wanted, self._shown(wanted, value)) for wanted, value in row.values])

    def _shown(self, wanted: Wanted, value: Decimal) -> Decimal:
        """Give what the meter shows for an amount: its register's new total.  Sums are exact, as decimals are."""
        if self._cumulation is None or not _is_register(wanted):
            return value
        total = self._totals.get(wanted, self._cumulation.start) + value
        self._totals[wanted] = total
        return total

    def _flush(self, stop: Event) -> bool:
        """Publish what waits; tell whether all of it was taken before the stop."""
        done, waiting = self.done, self._waiting
        self._waiting = []
        if self._batch == 1:
            messages = [(single(record, done.messages + place + 1), [record]) for place, record in enumerate(waiting)]
        else:
            messages = [
                (bundle.payload, list(bundle.records))
                for bundle in bundles(waiting, most=self._batch, seq=done.messages + 1)
            ]
        for payload, said in messages:
            while True:
                if stop.is_set():
                    return False
                try:
                    self._publisher.publish(self._topic, payload, timeout=PATIENCE)
                except PublishTimeout:
                    continue
                break
            done.messages += 1
            done.records += len(said)
            done.values += sum(len(record["m"]) for record in said)
        return True

    def _wait(self, at: datetime, clock: Clock, stop: Event) -> bool:
        """Wait until a row's time has come at this speed; a row that goes back in time does not wait."""
        if self._speed is None:
            return not stop.is_set()
        if self._began is None:
            self._began = clock(), at
        began, first = self._began
        wait = (at - first) / self._speed - (clock() - began)
        return not (stop.wait(wait.total_seconds()) if wait > timedelta(0) else stop.is_set())


def _is_register(wanted: Wanted) -> bool:
    return metrics()[wanted.metric].kind is Kind.REGISTER


def _record(at: datetime, values: Iterable[tuple[Wanted, Decimal]]) -> Record:
    said: dict[str, float | Quantity] = {
        wanted.metric: {"v": float(value), "u": wanted.unit} if wanted.unit else float(value)
        for wanted, value in values
    }
    return {"ts": to_ms(at), "m": said}

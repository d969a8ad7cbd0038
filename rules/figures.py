"""The figures: consumption, statements and factors into energy, carbon and value, term by term.

A round makes the figures of every term whose sources changed since the last time: those of the running month always
move, those of an older one when late data, a decided epoch, a revised statement, a factor or a policy touched it.  A
published figure that says something else by now gets another revision with its reasons; the rest is left as it is, so
that a round done twice changes nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from adapters.log import logger
from adapters.relational import epochs, figure_terms, figures
from adapters.relational.schema import edition
from park.figure import Figure, Scope
from park.figure_point import FigurePoint
from park.grounds import Evidence, Said
from park.intensity import groups, of_enterprise, of_group
from park.tally import Tally
from park.telemetry import StoreUnavailable, TelemetryStore
from park.term import MONTHS, Span, Term, month_of, quarter_of, year_of
from park.window import SITE
from rules.figure_sources import Entered, Sums, Virtual, digest_of, entered, first_month, sources

DEEP_EVERY = timedelta(hours=1)
"""How often months before the last one are asked for again, in case something late touched them."""
FEW = 20_000
"""So many sums or fewer are cheap enough to ask for all of them in every round."""
QUIET = timedelta(minutes=10)
"""So long the sums of a term that is over must stay the same before it is published: history that is still coming in,
and the last hour of a month, would only make revisions nobody needs."""
LONGEST = 10 * MONTHS
"""Months that are looked back on."""
POINTS = 5_000
KINDS = {
    "replacement": ("换表", "replacement"),
    "reset": ("表底归零", "reset"),
    "rollover": ("表底翻转", "rollover"),
    "multiplier": ("倍率变更", "change of multiplier"),
    "two_devices": ("两台设备同号", "two devices under one id"),
}
log = logger(__name__)


class Done(NamedTuple):
    """What one round did."""

    terms: int
    first: int
    """Figures published for the first time."""
    restated: int


@dataclass(slots=True)
class Standing:
    """How the figures stand, for whoever watches."""

    terms: int = 0
    restated: int = 0
    seconds: float = 0.0


class Figures:
    """The job.  Raises StoreUnavailable from `run`; terms that were done by then stay done."""

    def __init__(
        self,
        *,
        engine: Engine,
        store: TelemetryStore,
        zone: ZoneInfo = SITE,
        virtual: Virtual = tuple,
        deep_every: timedelta = DEEP_EVERY,
        quiet: timedelta = QUIET,
    ) -> None:
        self.standing = Standing()
        self._engine = engine
        self._store = store
        self._zone = zone
        self._virtual = virtual
        self._deep_every = deep_every
        self._quiet = quiet
        self._sums = Sums(store, zone)
        self._deep: datetime | None = None
        self._epochs: int | None = None

    def changed(self) -> object:
        """Give something that differs once anything was entered.  Raises StoreUnavailable."""
        with _translated(), self._engine.connect() as connection:
            return tuple(sorted((row.subject, row.number) for row in connection.execute(select(edition))))

    def run(self, now: datetime, stop: Event | None = None) -> Done:
        """Bring every figure up to date; with `stop` set, end after the present term."""
        with _translated():
            entry = entered(self._engine, self._virtual, self._zone, now)
            first = first_month(self._store, entry, self._zone)
            last = month_of(now, self._zone).last
            if first is None or not entry.registry.enterprises:
                return Done(0, 0, 0)
            first = max(first, last - LONGEST)
            self._look(first, last, now)
            return self._make(entry, first, last, now, stop)

    def _look(self, first: int, last: int, now: datetime) -> None:
        """Ask for the sums that may have moved: all of them after an epoch, and where that costs little."""
        version = epochs.version(self._engine)
        deep = (
            self._deep is None
            or now - self._deep >= self._deep_every
            or first not in self._sums.months
            or version != self._epochs
            or sum(map(len, self._sums.months.values())) <= FEW
        )
        self._sums.renew(first if deep else max(first, last - 1), last, now)
        if deep:
            self._deep, self._epochs = now, version

    def _make(self, entry: Entered, first: int, last: int, now: datetime, stop: Event | None) -> Done:
        known = figure_terms.digests(self._engine)
        published = figures.published_terms(self._engine)
        due: list[tuple[Term, str, bool]] = []
        for term in terms(first, last):
            over = term.end(self._zone) <= now and (
                str(term) in published or self._sums.at_rest(term, now - self._quiet)
            )
            digest = digest_of(term, entry, self._sums, over=over)
            if known.get(str(term)) != digest:
                due.append((term, digest, over))
        if not due:
            return Done(0, 0, 0)
        months = {month for term, _, _ in due for month in range(max(term.first, first), min(term.last, last) + 1)}
        tally = Tally(sources(entry, self._sums, months, now))
        first_time = restated = made = 0
        for term, digest, over in due:
            found = make(entry, tally, term, over=over)
            if not self._sums.known(term):
                found = [one for one in found if one.value is not None]  # before the meters there is nothing to miss
            done, fresh = figures.publish(
                self._engine,
                term,
                found,
                over=over,
                now=now,
                knows=self._knows(entry, term),
            )
            self._draw(fresh)
            figure_terms.note(self._engine, str(term), digest, now)
            made += 1
            first_time += done.first
            restated += done.restated
            if done.restated:
                log.info("figures were restated", term=str(term), figures=done.restated)
            if stop is not None and stop.is_set():
                break
        self.standing.terms += made
        self.standing.restated += restated
        return Done(made, first_time, restated)

    def _knows(self, entry: Entered, term: Term) -> Callable[[datetime], Evidence]:
        """Give what happened beside the inputs since an instant, looked up once for each."""
        asked: dict[datetime, Evidence] = {}

        def knows(since: datetime) -> Evidence:
            if since not in asked:
                asked[since] = self._evidence(entry, term, since)
            return asked[since]

        return knows

    def _evidence(self, entry: Entered, term: Term, since: datetime) -> Evidence:
        decided: dict[str, Said] = {}
        for register, found in epochs.in_force(self._engine).items():
            for one in found:
                if one.recorded_at is not None and one.recorded_at > since and one.at < term.end(self._zone):
                    zh, en = KINDS.get(one.kind.value, (one.kind.value, one.kind.value))
                    day = one.at.astimezone(self._zone).date()
                    decided[register[0]] = Said(
                        f"{day} 的{zh}经 {one.who} {STANDINGS[one.standing.value][0]}",
                        f"{en} of {day} {STANDINGS[one.standing.value][1]} by {one.who}",
                    )
        return Evidence(
            epochs=decided,
            statements={
                (one.enterprise, str(one.term)): _said(one.who, one.reason) for one in entry.statements if one.who
            },
            entries={(one.enterprise, one.item): _said(one.who, one.reason) for one in entry.activities if one.who},
        )

    def _draw(self, fresh: Sequence[Figure]) -> None:
        """Hand figures to the store that panels are drawn from."""
        points = [
            FigurePoint(
                scope=one.scope.value,
                id=one.subject,
                park=one.park,
                indicator=one.indicator,
                basis=one.basis.value if one.basis is not None else "",
                span=one.term.span,
                at=one.term.start(self._zone),
                value=one.value,
                coverage=1.0 - one.coverage.missing,
            )
            for one in fresh
        ]
        for begin in range(0, len(points), POINTS):
            self._store.write_figures(points[begin : begin + POINTS])


STANDINGS = {
    "declared": ("登记", "declared"),
    "confirmed": ("确认", "confirmed"),
    "corrected": ("更正", "corrected"),
    "rejected": ("否定", "rejected"),
}


def make(entry: Entered, tally: Tally, term: Term, *, over: bool) -> list[Figure]:
    """Make all figures of one term: of enterprises, then of industries and parks."""
    known = {one.id: tally.of(one, term) for one in entry.registry.enterprises}
    made: list[Figure] = []
    for one in entry.registry.enterprises:
        policy = tally.sources.policy(one.park).revision
        made += of_enterprise(one, term, known[one.id], over=over, policy=policy)
    for (scope, subject), members in groups(entry.registry.enterprises).items():
        park = subject if scope is Scope.PARK else ""
        policy_of = tally.sources.policy(subject).revision if scope is Scope.PARK else None
        made += of_group(
            scope, subject, term, {one.id: known[one.id] for one in members}, over=over, policy=policy_of, park=park
        )
    return made


def terms(first: int, last: int) -> list[Term]:
    """Give every term that holds one of the months, shorter ones first."""
    months = [Term(Span.MONTH, month) for month in range(first, last + 1)]
    return [
        *months,
        *dict.fromkeys(quarter_of(month) for month in months),
        *(Term(Span.TO_DATE, month.last) for month in months),
        *dict.fromkeys(year_of(month) for month in months),
        *(Term(Span.ROLLING, month.last) for month in months),
    ]


def _said(who: str, reason: str) -> Said:
    words = f"{who}: {reason}" if reason else who
    return Said(words, words)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreUnavailable(f"figures: {error}".partition("\n")[0]) from error

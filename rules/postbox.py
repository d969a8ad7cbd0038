"""The notices of one receiver on their way: in order per alert, again and again until it has them or says never.

What is taken is written down only after the receiver has it, so a crash in between tells it twice, with the same id.
"""

import random
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from adapters.alert_store import NoticeRow
from adapters.clock import Clock
from adapters.log import logger
from adapters.notices.way import TryAgain, Undelivered, Way
from park.alert_change import Kind
from park.notice import Notice, joint
from park.receiver import NEVER_HELD_BACK
from park.rulebook import Key
from park.severity import BY_WORD
from park.tell import HELD, Decision, Reason
from rules.lane import key_of, notice_of
from rules.waiting import Waiting

SENT, FAILED, SKIPPED = "sent", "failed", "skipped"
PAUSE_FIRST = timedelta(seconds=0.5)
PAUSE_MOST = timedelta(minutes=1)
PATIENCE = timedelta(hours=24)
"""After so long a notice is given up on."""
REST = timedelta(seconds=1)
CROWD = 5
"""So many alerts that wait at once are told in one, where people read them; grave ones never."""
log = logger(__name__)


class LastWord(Protocol):
    """What has the last word on a notice that was held back."""

    def release(self, notice: Notice, reason: Reason, now: datetime) -> Decision | None:
        """Let it go, or say why it is not told any more."""


class Fates(Protocol):
    """Where it is written down what became of notices."""

    def note(self, rows: Sequence[NoticeRow]) -> None:
        """Take it down soon; returns at once."""

    def lost(self, row: NoticeRow, notice: Notice, words: str) -> None:
        """Have the next receiver told: this one never will be."""


class Postbox:
    """One receiver's, with a thread of its own: who is slow keeps nobody else waiting."""

    def __init__(
        self, receiver: str, *, way: Callable[[], Way | None], telling: LastWord, fates: Fates, clock: Clock, seed: int
    ) -> None:
        """Take the parts: `way` gives how the receiver is reached now, or None where there is no such receiver."""
        self.receiver = receiver
        self._way = way
        self._telling = telling
        self._fates = fates
        self._clock = clock
        self._random = random.Random(f"{seed}:{receiver}")  # noqa: S311  # jitter
        self._waiting = Waiting()
        self._let_go: set[str] = set()
        self._failures = 0
        self._pause_until: datetime | None = None
        self._news = threading.Condition()
        self._arrived: deque[NoticeRow] = deque()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name=f"notices {receiver}", daemon=True)
        self.delivered = 0
        self.trouble: str | None = None
        """Why it is not reached; None is well."""

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def put(self, rows: Iterable[NoticeRow]) -> None:
        """Take notices over; returns at once."""
        with self._news:
            self._arrived.extend(rows)
            self._news.notify()

    def stop(self) -> None:
        """End after the present delivery; what waits is kept.  Returns at once."""
        with self._news:
            self._stopped = True
            self._news.notify()

    def join(self, patience: float) -> None:
        """Wait for the end, not for ever: who never answers is told again after the next start."""
        if self._thread.is_alive():
            self._thread.join(patience)

    def alive(self) -> bool:
        """Tell whether its thread is at work."""
        return self._thread.is_alive()

    def waiting(self) -> int:
        """Say how many wait."""
        return len(self._arrived) + len(self._waiting)

    def turn(self) -> timedelta:
        """Deliver all that is due, and say after how long there may be more."""
        while True:
            with self._news:
                arrived, stopped = list(self._arrived), self._stopped
                self._arrived.clear()
            for row in arrived:
                self._enter(row)
            now = self._clock()
            key = None if stopped else self._next(now)
            if key is None:
                break
            self._serve(key, now)
        due = self._waiting.due() or now + REST
        if self._pause_until is not None:
            due = max(due, self._pause_until)
        return max(min(due - now, REST), timedelta(0))

    def _run(self) -> None:
        while not self._stopped:
            try:
                pause = self.turn()
                if not self._arrived and pause >= REST / 2:
                    self._rest()
            except Exception as error:  # a defect of ours must not end the telling
                log.exception("a defect while delivering", receiver=self.receiver)
                self.trouble, pause = type(error).__name__, REST
                self._waiting.replan_all()
            with self._news:
                if not self._arrived and not self._stopped:
                    self._news.wait(pause.total_seconds())

    def _rest(self) -> None:
        with suppress(Undelivered):  # it is said when there is something to deliver
            way = self._way()
            if way is not None:
                way.rest()

    def _enter(self, row: NoticeRow) -> None:
        try:
            self._waiting.enter(row)
        except msgspec.MsgspecError:
            self._fates.note([row._replace(state=FAILED, reason="of another version, not readable")])
            return
        self._let_go |= {row.id} if row.tries else set()

    def _next(self, now: datetime) -> Key | None:
        paused = self._pause_until is not None and now < self._pause_until
        return None if paused else self._waiting.next(now)

    def _serve(self, key: Key, now: datetime) -> None:
        lane = self._waiting.lane(key)
        row = lane.rows[0]
        if _is_held(row):
            self._serve_together(key, now, _is_held)
        elif notice_of(row).kind is Kind.RENOTIFIED and len(lane.rows) > 1:
            self._done([row], SKIPPED, Reason.OVER.value)  # what follows says more
        elif not _is_grave(row) and self._is_crowded(now):
            self._serve_together(key, now, lambda each: not _is_grave(each))
        else:
            self._send([row], notice_of(row), now)
        self._waiting.replan(key)

    def _is_crowded(self, now: datetime) -> bool:
        """Tell whether more waits than a person would read one by one."""
        with suppress(Undelivered):
            way = self._way()
            return way is not None and way.joins and sum(1 for _ in self._waiting.ready(now)) >= CROWD
        return False

    def _serve_together(self, key: Key, now: datetime, fits: Callable[[NoticeRow], bool]) -> None:
        """Send what fits in one; of what was held back, what is over meanwhile or in the way is not told."""
        keys = [key, *(other for other in self._waiting.ready(now) if other != key)]
        going: list[NoticeRow] = []
        for each in keys:
            for row in list(self._waiting.lane(each).rows):
                if not fits(row) or (row.due > now and each != key):
                    break
                against = self._against(row, now)
                if against is None:
                    going.append(row)
                else:
                    self._done([row], SKIPPED, against.reason.value)
        if going:
            going.sort(key=lambda row: row.change)
            notices = tuple(map(notice_of, going))
            self._send(going, notices[0] if len(notices) == 1 else joint(notices), now)
        for each in keys:
            self._waiting.replan(each)

    def _against(self, row: NoticeRow, now: datetime) -> Decision | None:
        """Give what is against telling now what was held back; once it was let go, it is told."""
        if not _is_held(row) or row.id in self._let_go:
            return None
        against = self._telling.release(notice_of(row), Reason(row.reason), now)
        if against is None:
            self._let_go.add(row.id)
        return against

    def _send(self, rows: Sequence[NoticeRow], notice: Notice, now: datetime) -> None:
        """Try once.  Never raises."""
        try:
            way = self._way()
            if way is None:
                self._done(rows, SKIPPED, Reason.GONE.value)
                return
            way.deliver(notice)
        except TryAgain as later:
            if now - min(row.due for row in rows) < PATIENCE:
                self._put_off(rows, later, now)
            else:
                self._give_up(rows, str(later))
        except Undelivered as never:
            self._give_up(rows, str(never))
        except Exception as error:
            log.exception("a defect while delivering", receiver=self.receiver)
            self._put_off(rows, TryAgain(type(error).__name__), now)
        else:
            self._reached()
            self._done(rows, SENT, "", self._clock())

    def _put_off(self, rows: Sequence[NoticeRow], later: TryAgain, now: datetime) -> None:
        """Try it again after a while that grows, and leave the receiver alone for a moment as well."""
        self._failures += 1
        if self.trouble != str(later):
            log.warning("a receiver is not reached", receiver=self.receiver, why=str(later))
        self.trouble = str(later)
        pause = min(PAUSE_FIRST * 2 ** min(self._failures - 1, 10), PAUSE_MOST) * self._random.uniform(0.5, 1.0)
        self._pause_until = now + (later.after or pause)
        tried = [row._replace(tries=row.tries + 1) for row in rows]
        for row in tried:
            lane = self._waiting.lane(key_of(row))
            lane.replace(row)
            lane.not_before = now + min(PAUSE_FIRST * 2 ** min(row.tries - 1, 10), PAUSE_MOST)
        self._fates.note(tried)

    def _give_up(self, rows: Sequence[NoticeRow], words: str) -> None:
        self.trouble = words
        log.error("a notice cannot be delivered", receiver=self.receiver, why=words, notices=len(rows))
        for row in rows:
            self._fates.lost(row, notice_of(row), words)
        self._done(rows, FAILED, words)

    def _reached(self) -> None:
        if self._failures:
            log.info("a receiver is reached again", receiver=self.receiver)
        self._failures, self._pause_until, self.trouble = 0, None, None

    def _done(self, rows: Sequence[NoticeRow], state: str, reason: str, sent: datetime | None = None) -> None:
        self.delivered += len(rows) if state == SENT else 0
        for row in rows:
            self._waiting.remove(row, key_of(row))
            self._let_go.discard(row.id)
        self._fates.note(
            [
                row._replace(state=state, reason=reason or row.reason, sent=sent, tries=row.tries + (sent is not None))
                for row in rows
            ]
        )


def _is_held(row: NoticeRow) -> bool:
    return Reason(row.reason) in HELD


def _is_grave(row: NoticeRow) -> bool:
    return BY_WORD[notice_of(row).severity] >= NEVER_HELD_BACK

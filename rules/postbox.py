"""The notices of one receiver on their way: in order per alert, again and again until it has them or says never.

What is taken is written down only after the receiver has it, so a crash in between tells it twice, with the same id.
"""

import random
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Protocol

import msgspec

from adapters.alert_store import NoticeRow
from adapters.clock import Clock
from adapters.log import logger
from adapters.notices.way import TryAgain, Undelivered, Way
from park.alert_change import Kind
from park.notice import Notice, joint
from park.rulebook import Key
from park.tell import HELD, Decision, Reason
from rules.lane import Lane, key_of, notice_of

SENT, FAILED, SKIPPED = "sent", "failed", "skipped"
PAUSE_FIRST = timedelta(seconds=0.5)
PAUSE_MOST = timedelta(minutes=1)
PATIENCE = timedelta(hours=24)
"""After so long a notice is given up on."""
REST = timedelta(seconds=1)
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
        self._lanes: dict[Key, Lane] = {}
        self._plan: list[tuple[datetime, int, Key]] = []
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

    def stop(self, patience: float = 5.0) -> None:
        """End after the present delivery; what waits is kept."""
        with self._news:
            self._stopped = True
            self._news.notify()
        if self._thread.is_alive():
            self._thread.join(patience)

    def alive(self) -> bool:
        """Tell whether its thread is at work."""
        return self._thread.is_alive()

    def waiting(self) -> int:
        """Say how many wait."""
        return len(self._arrived) + sum(len(lane.rows) for lane in list(self._lanes.values()))

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
        due = self._plan[0][0] if self._plan else now + REST
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
            key = key_of(row)
        except msgspec.MsgspecError:
            self._fates.note([row._replace(state=FAILED, reason="of another version, not readable")])
            return
        self._lanes.setdefault(key, Lane()).rows.append(row)
        self._let_go |= {row.id} if row.tries else set()
        self._replan(key)

    def _replan(self, key: Key) -> None:
        lane = self._lanes[key]
        if not lane.rows:
            del self._lanes[key]
            return
        due = lane.due()
        if lane.planned != due:
            lane.planned = due
            heappush(self._plan, (due, lane.rows[0].change, key))

    def _next(self, now: datetime) -> Key | None:
        """Give the alert whose first notice is to go now."""
        if self._pause_until is not None and now < self._pause_until:
            return None
        while self._plan and self._plan[0][0] <= now:
            due, _, key = heappop(self._plan)
            lane = self._lanes.get(key)
            if lane is not None and lane.planned == due:
                lane.planned = None
                return key
        return None

    def _serve(self, key: Key, now: datetime) -> None:
        row = self._lanes[key].rows[0]
        if Reason(row.reason) in HELD:
            self._serve_held(key, now)
        elif notice_of(row).kind is Kind.RENOTIFIED and len(self._lanes[key].rows) > 1:
            self._done([row], SKIPPED, Reason.OVER.value)  # what follows says more
        else:
            self._send([row], notice_of(row), now)
        if key in self._lanes:
            self._replan(key)

    def _serve_held(self, key: Key, now: datetime) -> None:
        """Send what was held back in one; what is over meanwhile, or in the way, is not told."""
        keys = [key, *(other for other, lane in self._lanes.items() if other != key and lane.due() <= now)]
        going: list[NoticeRow] = []
        for each in keys:
            for row in list(self._lanes[each].rows):
                if Reason(row.reason) not in HELD or (row.due > now and each != key):
                    break
                against = (
                    None if row.id in self._let_go else self._telling.release(notice_of(row), Reason(row.reason), now)
                )
                if against is None:
                    self._let_go.add(row.id)
                    going.append(row)
                else:
                    self._done([row], SKIPPED, against.reason.value)
        if going:
            going.sort(key=lambda row: row.change)
            notices = tuple(map(notice_of, going))
            self._send(going, notices[0] if len(notices) == 1 else joint(notices), now)
        for each in keys:
            if each in self._lanes:
                self._replan(each)

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
        pause = later.after or min(PAUSE_FIRST * 2 ** min(self._failures - 1, 10), PAUSE_MOST)
        self._pause_until = now + pause * self._random.uniform(0.5, 1.0)
        tried = [row._replace(tries=row.tries + 1) for row in rows]
        for row in tried:
            lane = self._lanes[key_of(row)]
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
            lane = self._lanes[key_of(row)]
            lane.remove(row)
            self._let_go.discard(row.id)
            if not lane.rows:
                del self._lanes[key_of(row)]
        self._fates.note(
            [
                row._replace(state=state, reason=reason or row.reason, sent=sent, tries=row.tries + (sent is not None))
                for row in rows
            ]
        )

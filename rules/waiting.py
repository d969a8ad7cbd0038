"""All that waits for one receiver: found when it is due, the gravest first, in order per alert."""

from collections.abc import Iterator
from datetime import datetime
from heapq import heapify, heappop, heappush

from adapters.alert_store import NoticeRow
from park.rulebook import Key
from park.severity import BY_WORD
from rules.lane import Lane, notice_of


class Waiting:
    """For one thread; only counting may be done by another."""

    def __init__(self) -> None:
        self._lanes: dict[Key, Lane] = {}
        self._plan: list[tuple[datetime, int, Key]] = []
        """When each alert is next due; what is no longer so is left in and passed over."""
        self._ready: list[tuple[int, int, Key]] = []
        """What is due, the gravest first."""

    def __len__(self) -> int:
        return sum(len(lane.rows) for lane in list(self._lanes.values()))

    def __contains__(self, key: Key) -> bool:
        return key in self._lanes

    def enter(self, row: NoticeRow) -> None:
        """Take a notice in, behind those of its alert.  Raises msgspec.MsgspecError."""
        notice = notice_of(row)
        key = Key(notice.rule, notice.meter)
        lane = self._lanes.setdefault(key, Lane())
        lane.rows.append(row)
        lane.severity = max(lane.severity, BY_WORD.get(notice.severity, 0))
        self.replan(key)

    def next(self, now: datetime) -> Key | None:
        """Take out the gravest alert that is due, the oldest of such; it is to be planned again."""
        while self._plan and self._plan[0][0] <= now:
            due, change, key = heappop(self._plan)
            lane = self._lanes.get(key)
            if lane is not None and lane.planned == due:
                heappush(self._ready, (-lane.severity, change, key))
        while self._ready:
            _, _, key = heappop(self._ready)
            lane = self._lanes.get(key)
            if lane is not None and lane.planned is not None and lane.planned <= now:
                lane.planned = None
                return key
        return None

    def due(self) -> datetime | None:
        """Give when something is next due; None where nothing waits."""
        return self._plan[0][0] if self._plan else None

    def ready(self, now: datetime) -> Iterator[Key]:
        """Give every alert that is due."""
        return iter([key for key, lane in self._lanes.items() if lane.due() <= now])

    def lane(self, key: Key) -> Lane:
        """Give what waits of one alert."""
        return self._lanes[key]

    def remove(self, row: NoticeRow, key: Key) -> None:
        """Take a notice out."""
        lane = self._lanes[key]
        lane.remove(row)
        if not lane.rows:
            del self._lanes[key]

    def replan(self, key: Key) -> None:
        """Note when an alert is next due."""
        lane = self._lanes.get(key)
        if lane is None:
            return
        due = lane.due()
        if lane.planned != due:
            lane.planned = due
            heappush(self._plan, (due, lane.rows[0].change, key))

    def replan_all(self) -> None:
        """Plan everything anew, after a defect may have lost some of it."""
        self._plan, self._ready = [], []
        for key, lane in self._lanes.items():
            lane.planned = lane.due()
            self._plan.append((lane.planned, lane.rows[0].change, key))
        heapify(self._plan)

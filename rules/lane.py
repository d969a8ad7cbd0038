"""What waits for one receiver of one alert: it goes in order, and nothing of it overtakes."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from adapters.alert_store import NoticeRow
from park.notice import Notice
from park.rulebook import Key


@dataclass(slots=True)
class Lane:
    """What waits of one alert, in order."""

    rows: deque[NoticeRow] = field(default_factory=deque)
    not_before: datetime | None = None
    planned: datetime | None = None
    severity: int = 0
    """Of the gravest that ever waited here at once."""

    def due(self) -> datetime:
        """Give when its first is due: what comes later and is due before must not wait for it."""
        due = min(row.due for row in self.rows)
        return due if self.not_before is None else max(due, self.not_before)

    def replace(self, row: NoticeRow) -> None:
        """Put another state of a notice into its place."""
        self.rows[self._place(row)] = row

    def remove(self, row: NoticeRow) -> None:
        """Take a notice out, and forget what kept the others waiting."""
        del self.rows[self._place(row)]
        self.not_before = None

    def _place(self, row: NoticeRow) -> int:
        return next(place for place, each in enumerate(self.rows) if each.id == row.id)


def notice_of(row: NoticeRow) -> Notice:
    """Read a notice.  Raises msgspec.MsgspecError."""
    return msgspec.json.decode(row.document, type=Notice)


def key_of(row: NoticeRow) -> Key:
    """Name the alert a notice is of.  Raises msgspec.MsgspecError."""
    notice = notice_of(row)
    return Key(notice.rule, notice.meter)

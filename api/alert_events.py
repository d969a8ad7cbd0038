"""Changes of alerts as events of the live stream: whoever follows hears of every one, in order."""

from collections.abc import Sequence

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from adapters.alert_store import Numbered
from adapters.relational import alerts
from api.alert_view import change_item, enterprise_of, sees
from api.services import Services
from park.principal import Principal

MOST = 500


class AlertNews:
    """What happened to alerts since one stream last said so; blocks for the store.

    While the store is away nothing is said, and nothing is lost: it comes when the store is back.
    """

    def __init__(
        self,
        parts: Services,
        principal: Principal,
        lang: str,
        *,
        enterprise: str | None = None,
        meter: str | None = None,
    ) -> None:
        self._parts = parts
        self._principal = principal
        self._lang = lang
        self._enterprise = enterprise
        self._meter = meter
        self._number: int | None = None

    def begin(self) -> None:
        """Begin after the newest change."""
        try:
            self._number = self._parts.alarms.refresh().last
        except SQLAlchemyError:
            self._number = None

    def event(self) -> str:
        """Write what is new as one event; nothing where nothing is, or none of it was asked for."""
        if self._number is None:
            self.begin()
            return ""
        try:
            if self._parts.alarms.look().last <= self._number:
                return ""
            changes = alerts.changes_after(self._parts.engine, self._number, limit=MOST)
            items = [
                change_item(self._parts, one, self._lang).model_dump(mode="json") for one in self._asked_for(changes)
            ]
        except SQLAlchemyError:
            return ""
        self._number = changes[-1].id if changes else self._number
        return f"event: alerts\ndata: {msgspec.json.encode({'items': items}).decode()}\n\n" if items else ""

    def _asked_for(self, changes: Sequence[Numbered]) -> list[Numbered]:
        return [
            one
            for one in changes
            if sees(self._parts, self._principal, one.change.meter)
            and self._meter in {None, one.change.meter}
            and self._enterprise in {None, enterprise_of(self._parts, one.change.meter)}
        ]

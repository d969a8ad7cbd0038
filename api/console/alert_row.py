"""One alert on the desk: its level, what and where, how long, who looks after it, and a click to acknowledge it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from api import alert_view, alert_words
from api.console.alarm import title
from api.console.alert_marks import mark
from api.console.fields import typing
from api.console.frame import Visit
from api.console.parts import button, link, tag, text
from api.console.tongue import UNITS, number
from park.alert_record import AlertRecord
from park.care import Action

KEY = "a"
PRESSED = (
    f"(event) => {{ if (event.key === '{KEY}' && !event.repeat && !event.ctrlKey && !event.metaKey && !event.altKey"
    " && !event.target.closest('input, select, textarea')) emit(); }"
)
"""Only the key alone, and never while somebody types."""
Acknowledge = Callable[[AlertRecord, str], Awaitable[None]]


class AlertRow:
    """A row that is drawn again only where something about its alert changed; what is being typed stays."""

    def __init__(self, visit: Visit, acknowledge: Acknowledge | None) -> None:
        self._visit = visit
        self._acknowledge = acknowledge
        self._drawn: object = None
        self._note = ""
        self._record: AlertRecord | None = None
        """What a key press acknowledges; None where there is nothing to."""
        self.box = tag("li", "alert-row", tabindex="0")
        if acknowledge is not None:
            self.box.props["aria-keyshortcuts"] = KEY
            self.box.on("keydown", self._press, js_handler=PRESSED)

    def tell(self, record: AlertRecord, waits: Sequence[Action], now: datetime) -> None:
        """Show the alert as it stands."""
        drawn = (record, tuple(waits), record.care.shelved(now))
        if drawn != self._drawn:
            self._drawn = drawn
            self._draw(record, waits, now)
        self._age.set_text(self._visit.t.calm_age(record.raised_at or record.since, now))

    def _draw(self, record: AlertRecord, waits: Sequence[Action], now: datetime) -> None:
        t = self._visit.t
        self.box.clear()
        open_to_ask = self._acknowledge is not None and record.care.acknowledged_at is None and not waits
        self._record = record if open_to_ask else None
        looked_after = record.care.acknowledged_at is not None or record.care.shelved(now)
        self.box.classes(replace=f"alert-row sev-{record.severity.word}{' calmed' if looked_after else ''}")
        with self.box:
            mark(t, record.severity, large=True)
            with tag("div", "alert-what"):
                with tag("p", "alert-name"):
                    link(title(self._visit, record), f"/alerts/{record.rule}/{record.meter}")
                    if record.drill:
                        text("span", t("alerts_drill"), "badge drill")
                text("p", value_words(self._visit, record), "alert-value")
                with tag("p", "alert-care"):
                    text("span", alert_words.say(alert_words.PHASES[record.phase], t.language), f"phase {record.phase}")
                    for words in care_words(self._visit, record, waits, now):
                        text("span", words)
            with tag("div", "alert-age"):
                self._age = text("b", "")
                text("small", t("alerts_since", at=t.moment(record.raised_at or record.since, now)))
            with tag("div", "alert-act no-print"):
                if self._record is not None:
                    typing(self._keep, self._note, placeholder=t("alerts_note"), aria_label=t("alerts_note"))
                    button(t("alerts_acknowledge"), lambda: self._ask(record), "button main", title=t("alerts_key"))
                link(t("alerts_more"), f"/alerts/{record.rule}/{record.meter}", "button")

    def _keep(self, words: str) -> None:
        self._note = words

    async def _press(self) -> None:
        if self._record is not None:
            await self._ask(self._record)

    async def _ask(self, record: AlertRecord) -> None:
        if self._acknowledge is not None:
            await self._acknowledge(record, self._note)


def value_words(visit: Visit, record: AlertRecord) -> str:
    """Say what was compared with what."""
    unit = alert_view.unit_of(record.metric)
    unit = UNITS.get(unit, unit)
    condition = alert_view.condition_of(visit.board.services, record.rule, record.meter, visit.t.language)
    value = f"{number(record.value)} {unit}".strip() if record.value is not None else ""
    return " · ".join(filter(None, [value, condition]))


def care_words(visit: Visit, record: AlertRecord, waits: Sequence[Action], now: datetime) -> list[str]:
    """Say who looks after an alert."""
    t, care = visit.t, record.care
    found = []
    if care.acknowledged_at is not None:
        at = t.moment(care.acknowledged_at, now)
        found.append(
            t("alerts_acknowledged_by", who=care.acknowledged_by, at=at) + (f" {care.note}" if care.note else "")
        )
    if care.assigned_to:
        found.append(t("alerts_assigned_to", who=care.assigned_to))
    if care.shelved(now):
        until = t.moment(care.shelved_until, now)
        found.append(t("alerts_shelved_until", who=care.shelved_by, at=until, why=care.shelf_reason))
    if care.escalated:
        found.append(t("alerts_escalated", n=care.escalated))
    if waits:
        deeds = t("comma").join(alert_words.say(alert_words.DEEDS[one.deed], t.language) for one in waits)
        found.append(t("alerts_waiting", what=deeds))
    return found

"""What a person may do about one alert: acknowledge, give it to somebody, comment, shelve it, close it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from api import alert_words
from api.console import alerts
from api.console.form import Form
from api.console.frame import Visit
from api.console.parts import button, panel, tag, text
from park.alert import ACTIVE, Phase
from park.alert_record import AlertRecord
from park.care import Action, Deed
from park.principal import Right

SHELVES = {"1h": 1, "4h": 4, "8h": 8, "24h": 24, "72h": 72, "168h": 168}
"""Hours."""


class AnswerPanel:
    """The forms that fit the alert as it stands; drawn again only where they differ, so that typing is not lost."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._drawn: object = None
        self._form = Form()
        with panel(visit.t("alerts_answer"), "no-print"):
            self._told = text("p", "", "notice", role="status")
            self._told.set_visibility(visible=False)
            self._box = tag("div")

    def tell(self, record: AlertRecord, waits: Sequence[Action], now: datetime) -> None:
        """Show what may be done."""
        self._record = record
        waiting = {one.deed for one in waits}
        shelved = record.care.shelved(now)
        drawn = (record.phase, record.care.acknowledged_at is None, shelved, frozenset(waiting))
        if drawn == self._drawn:
            return
        self._drawn = drawn
        self._box.clear()
        with self._box:
            self._draw(record, waiting, shelved=shelved)

    def _draw(self, record: AlertRecord, waiting: set[Deed], *, shelved: bool) -> None:
        t = self._visit.t
        if not self._visit.who.may(Right.ANSWER_ALERTS):
            text("p", t("alerts_answer_not_yours"), "note")
            return
        if record.phase not in ACTIVE | {Phase.LATCHED} and not shelved:
            text("p", t("alerts_answer_closed"), "note")
        form = self._form = Form()
        if record.open and record.care.acknowledged_at is None and Deed.ACKNOWLEDGE not in waiting:
            with tag("div", "form-foot"):
                form.line("note", t("alerts_note"))
                button(t("alerts_acknowledge"), partial(self._do, Deed.ACKNOWLEDGE), "button main")
        if record.phase is Phase.LATCHED and Deed.CLOSE not in waiting:
            with tag("div", "form-foot"):
                form.line("result", t("alerts_close_note"))
                button(t("alerts_close"), partial(self._do, Deed.CLOSE), "button main")
        if record.open:
            with tag("div", "form-foot"):
                form.line("to", t("alerts_assign_to"))
                button(t("alerts_assign"), partial(self._do, Deed.ASSIGN))
        with tag("div", "form-foot"):
            form.line("comment", t("alerts_comment_text"))
            button(t("alerts_comment"), partial(self._do, Deed.COMMENT))
        if shelved:
            with tag("div", "form-foot"):
                button(t("alerts_unshelve"), partial(self._do, Deed.UNSHELVE))
        else:
            with tag("div", "form-foot"):
                form.line("why", t("alerts_shelve_why"))
                form.choice(
                    "for", t("alerts_shelve_until"), {key: _hours(self._visit, n) for key, n in SHELVES.items()}
                )
                button(t("alerts_shelve"), partial(self._do, Deed.SHELVE))

    async def _do(self, deed: Deed) -> None:
        """Ask for it, and say what is wrong or that it is asked for."""
        t, form = self._visit.t, self._form
        notes = {
            Deed.ACKNOWLEDGE: "note",
            Deed.CLOSE: "result",
            Deed.COMMENT: "comment",
            Deed.SHELVE: "why",
        }
        until = None
        if deed is Deed.SHELVE:
            until = self._visit.board.services.clock() + timedelta(hours=SHELVES[form.word("for")])
        words = await alerts.ask(
            self._visit,
            [self._record],
            deed,
            note=form.word(notes[deed]) if deed in notes else "",
            until=until,
            to=form.word("to") if deed is Deed.ASSIGN else "",
        )
        done = t("alerts_done", what=alert_words.say(alert_words.DEEDS[deed], t.language))
        self._told.set_text(words or done)
        self._told.set_visibility(visible=True)


def _hours(visit: Visit, hours: int) -> str:
    return visit.t("alerts_days", n=hours // 24) if hours > 24 else visit.t("alerts_hours", n=hours)  # noqa: PLR2004  # a day

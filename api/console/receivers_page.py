"""Who is told, how deliveries to each stand, and a form to add or change one.  Addresses are never shown again."""

import asyncio
from datetime import time, timedelta
from functools import partial

from fastapi import Request
from sqlalchemy.exc import OperationalError

from adapters.relational import alert_actions, deliveries, receivers
from adapters.relational.deliveries import Delivery
from adapters.relational.receivers import Listed
from adapters.relational.refusal import EntryRefused
from api import alert_words
from api.console.form import Form
from api.console.frame import Visit
from api.console.parts import button, panel, tag, text
from api.services import Services
from park.care import Deed
from park.message import lasting
from park.mistake import Mistake
from park.own_rule import DRILL
from park.principal import Right
from park.receiver import Hours, Receiver, Way
from park.rulebook import Key
from park.severity import BY_WORD, Severity

MADE_HERE = (Way.APPRISE, Way.WEBHOOK)
BLANK = Receiver(id="", name="", way=Way.APPRISE)
PLACES = {"quiet": "quiet", "name": "name", "address": "address", "escalates_to": "escalates_to", "id": "id"}


async def build(visit: Visit, _request: Request) -> str:
    """Fill the page."""
    t = visit.t
    with tag("div", "page-head"):
        text("h1", t("room_receivers"))
    text("p", t("receivers_lead"), "lead")
    await Page(visit).here()
    return t("room_receivers")


class Page:
    """The list, and the form below it."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._may = visit.who.may(Right.KEEP_RULES)
        self._form = Form()
        self._changed: Listed | None = None

    async def here(self) -> None:
        """Put it here."""
        self._told = text("p", "", "notice", role="status")
        self._told.set_visibility(visible=False)
        self._box = tag("div", "stack")
        await self._show(None)

    async def _show(self, changed: Listed | None) -> None:
        t = self._visit.t
        self._changed = changed
        try:
            found, stand = await asyncio.to_thread(_look, self._visit.board.services)
        except OperationalError:
            self._say(t("database_down"))
            return
        self._box.clear()
        with self._box:
            with panel(t("room_receivers"), body="flush"):
                self._table(found, stand)
            if self._may:
                words = t("receivers_form_change", id=changed.receiver.id) if changed else t("receivers_form_new")
                with panel(words):
                    self._fields(changed, [one.receiver for one in found])

    def _table(self, found: list[Listed], stand: dict[str, Delivery]) -> None:
        t = self._visit.t
        if not found:
            text("p", t("receivers_none"), "note inset")
            return
        with tag("div", "scroll"), tag("table", "grid cards"):
            with tag("thead"), tag("tr"):
                for key in ("receivers_name", "receivers_way", "receivers_least", "receivers_delivery"):
                    text("th", t(key))
                text("th")
            with tag("tbody"):
                for one in found:
                    with tag("tr", "" if one.receiver.enabled else "switched-off"):
                        self._row(one, stand.get(one.receiver.id))

    def _row(self, listed: Listed, delivery: Delivery | None) -> None:
        t, one = self._visit.t, listed.receiver
        now = self._visit.board.services.clock()
        with tag("td", "name wide"):
            text("span", one.name)
            text("small", one.id, "mono")
        with tag("td", "wide"):
            text("span", alert_words.say(alert_words.WAYS[one.way], t.language))
            if one.escalates_to:
                after = lasting(one.escalate_after, t.language)
                text("small", t("receivers_escalates", to=one.escalates_to, after=after))
        text("td", t("alerts_from", level=alert_words.severity(one.least, t.language)))
        with tag("td", "wide"):
            sent = delivery.sent if delivery is not None else None
            text("span", t("receivers_last", at=t.moment(sent, now)) if sent else t("receivers_never"))
            if delivery is not None and delivery.waiting:
                text("small", t("receivers_waiting", n=delivery.waiting))
            if delivery is not None and delivery.failed:
                text("small", t("receivers_failed", n=delivery.failed), "mark")
        with tag("td", "act"):
            if self._may:
                button(t("receivers_drill"), partial(self._drill, one), title=t("receivers_drill_title"))
                button(t("receivers_edit"), partial(self._show, listed))
                button(t("receivers_delete"), partial(self._remove, one.id))

    def _fields(self, changed: Listed | None, others: list[Receiver]) -> None:
        t = self._visit.t
        one = changed.receiver if changed else BLANK
        form = self._form = Form()
        form.rest_here()
        with tag("div", "bar-of-filters"):
            if changed is None:
                form.line("id", t("receivers_id"))
            form.line("name", t("receivers_name"), value=one.name)
            ways = {way.value: alert_words.say(alert_words.WAYS[way], t.language) for way in MADE_HERE}
            form.choice("way", t("receivers_way"), ways, value=one.way.value)
            hint = t("receivers_address_kept") if changed and changed.reached else "dingtalk://…  mailtos://…"
            form.line("address", t("receivers_address"), hint=hint, kind="password")
            hint = t("receivers_address_kept") if changed and changed.signed else ""
            form.line("secret", t("receivers_secret"), hint=hint, kind="password")
            levels = {level.word: alert_words.severity(level, t.language) for level in Severity}
            form.choice("least", t("receivers_least"), levels, value=one.least.word)
            form.line("enterprises", t("receivers_enterprises"), value=", ".join(one.enterprises))
            quiet = f"{one.quiet.start:%H:%M}-{one.quiet.end:%H:%M}" if one.quiet else ""
            form.line("quiet", t("receivers_quiet"), value=quiet)
            form.line("most", t("receivers_most"), value=str(one.most_an_hour))
            form.line("group", t("receivers_group"), value=f"{one.group.total_seconds():g}")
            nobody = {"": t("receivers_nobody")}
            options = nobody | {other.id: other.name for other in others if other.id != one.id}
            form.choice("escalates_to", t("receivers_escalates_to"), options, value=one.escalates_to)
            form.line("after", t("receivers_escalate_after"), value=f"{one.escalate_after / timedelta(minutes=1):g}")
            form.tick("cleared", t("receivers_cleared"), value=one.cleared)
            form.tick("on_duty", t("receivers_on_duty"), value=one.on_duty_only)
            form.tick("enabled", t("receivers_enabled"), value=one.enabled)
            button(t("receivers_save"), self._keep, "button main")

    async def _keep(self) -> None:
        t, form, services = self._visit.t, self._form, self._visit.board.services
        mistakes: list[Mistake] = []
        receiver = self._read(mistakes)
        if mistakes:
            form.tell(mistakes, t.language)
            return
        try:
            await asyncio.to_thread(
                receivers.save,
                services.engine,
                receiver,
                address=form.word("address") or None,
                secret=form.word("secret") or None,
                who=self._visit.who.name,
                now=services.clock(),
            )
        except EntryRefused as refused:
            form.tell(refused.mistakes, t.language, PLACES)
            return
        except OperationalError:
            form.say(t("database_down"))
            return
        await self._show(None)
        self._say(t("receivers_kept", id=receiver.id))

    def _read(self, mistakes: list[Mistake]) -> Receiver:
        form, changed = self._form, self._changed
        enterprises = tuple(filter(None, (word.strip() for word in form.word("enterprises").split(","))))
        return Receiver(
            id=changed.receiver.id if changed else form.word("id"),
            name=form.word("name"),
            way=Way(form.word("way")),
            enabled=bool(form.values["enabled"]),
            least=BY_WORD[form.word("least")],
            enterprises=enterprises,
            rules=changed.receiver.rules if changed else (),
            cleared=bool(form.values["cleared"]),
            quiet=self._hours(mistakes),
            group=timedelta(seconds=self._number("group", mistakes)),
            most_an_hour=int(self._number("most", mistakes)),
            language=changed.receiver.language if changed else self._visit.t.language,
            on_duty_only=bool(form.values["on_duty"]),
            escalates_to=form.word("escalates_to"),
            escalate_after=timedelta(minutes=self._number("after", mistakes)),
        )

    def _number(self, name: str, mistakes: list[Mistake]) -> float:
        word = self._form.word(name)
        if word.replace(".", "", 1).isdecimal() and float(word) <= 100_000:  # noqa: PLR2004  # longer than any shift
            return float(word)
        words = self._visit.t("receivers_no_number")
        mistakes.append(Mistake(name, None, words, words))
        return 0.0

    def _hours(self, mistakes: list[Mistake]) -> Hours | None:
        word = self._form.word("quiet")
        if not word:
            return None
        try:
            start, end = (time.fromisoformat(part.strip()) for part in word.split("-"))
        except ValueError:
            words = self._visit.t("receivers_no_hours")
            mistakes.append(Mistake("quiet", None, words, words))
            return None
        return Hours(start, end)

    async def _drill(self, receiver: Receiver) -> None:
        """Ask for a drill, which goes the whole way that an alert does."""
        visit, t, services = self._visit, self._visit.t, self._visit.board.services
        keys = [Key(DRILL, receiver.id)]
        try:
            await asyncio.to_thread(
                alert_actions.ask, services.engine, keys, Deed.DRILL, who=visit.who.name, now=services.clock()
            )
        except OperationalError:
            self._say(t("database_down"))
            return
        self._say(t("receivers_drilled", name=receiver.name))

    async def _remove(self, name: str) -> None:
        visit, t, services = self._visit, self._visit.t, self._visit.board.services
        try:
            await asyncio.to_thread(receivers.remove, services.engine, name, who=visit.who.name, now=services.clock())
        except EntryRefused as refused:
            self._say(refused.sentence(t.language))
            return
        except OperationalError:
            self._say(t("database_down"))
            return
        await self._show(None)

    def _say(self, words: str) -> None:
        self._told.set_text(words)
        self._told.set_visibility(visible=True)


def _look(services: Services) -> tuple[list[Listed], dict[str, Delivery]]:
    return receivers.listing(services.engine), deliveries.standing(services.engine)

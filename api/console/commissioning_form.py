"""Taking a sender on: its registry entry drafted into a form, and what was held of it let in once it is registered."""

import asyncio
import json
from typing import Final

from fastapi import Request
from sqlalchemy.exc import OperationalError

from adapters.relational import quarantine
from adapters.relational.refusal import RegistryRefused
from api import commission_view as view
from api.commission_view import Stranger
from api.console.commissioning import like, said
from api.console.form import Form
from api.console.frame import Visit
from api.console.parts import button, link, panel, tag, text
from api.payload_text import readable
from park.commission_draft import Draft
from park.metric import Medium, metrics
from park.mistake import Mistake
from park.place import Role
from park.reason import sentence

MOST_NAMES: Final = 30
"""Strange names that get a choice of their own; a person who knows more of them writes the registry file."""
NAME: Final = "name_of_{}"
TEXTS: Final = ("id", "enterprise", "medium", "role", "name", "name_en", "period")
PLACES: Final = {"register.rated": "rated", "register.width": "width"}
PATIENCE: Final = 60
"""Looks, one a second, for the collector's answer before saying that it goes on without us."""
FRESH: Final = 1.5
"""Seconds after which every page knows a new meter: they go by a pulse a second."""
CHOSEN: Final = "(event) => emit(event.target.value)"


async def build(visit: Visit, request: Request) -> str:
    """Fill the page."""
    t = visit.t
    services = visit.board.services
    stranger = await asyncio.to_thread(view.find, services, str(request.path_params["id"]))
    with tag("div", "page-head"):
        with tag("p", "crumb"):
            text("a", t("room_commissioning"), href="/commissioning")
        text("h1", t("room_commission"))
        if stranger is not None:
            text("span", stranger.sender.name[:200], "sub mono")
    if stranger is None:
        with tag("section", "panel"), tag("div", "empty"):
            text("h2", t("commission_gone_title"))
            text("p", t("commission_gone"))
            link(t("room_commissioning"), "/commissioning")
        return t("room_commission")
    drafted = await asyncio.to_thread(view.drafted, services, stranger, services.registry.refresh(), {})
    with tag("div", "stack"):
        TakeOn(visit, stranger, drafted)
        _sends(visit, stranger)
    return t("room_commission")


def _sends(visit: Visit, stranger: Stranger) -> None:
    """Put what it sends here."""
    t, guess = visit.t, stranger.guess
    with panel(t("commission_sends"), sub=like(t, guess)):
        if guess is not None and guess.readings:
            with tag("ul", "plain"):
                for reading in guess.readings.values():
                    text("li", said(t, reading))
        if guess is not None and guess.refusal is not None:
            text("p", sentence(guess.refusal.reason, guess.refusal.subject, t.language), "note")
        for sample in stranger.samples[-1:]:
            text("pre", readable(sample.payload), "payload")


class TakeOn:
    """The form.  What is chosen for strange names, and the medium, are drafted anew; the rest is as typed."""

    def __init__(self, visit: Visit, stranger: Stranger, drafted: Draft) -> None:
        """Put it here."""
        self._visit = visit
        self._stranger = stranger
        self._form = Form()
        t, document = visit.t, drafted.document
        registry = visit.board.services.registry.current()
        with panel(t("commission_entry"), sub=t("commission_entry_sub")):
            self._form.rest_here()
            self._asks(drafted)
            with tag("div", "form-foot"):
                self._form.line("id", t("commission_id"), value=str(document["id"]))
                self._form.line("name", t("commission_name"), hint=t("commission_name_hint"))
                self._form.line("name_en", t("commission_name_en"))
                owners = {each.id: t.pick(each.name, each.name_en) for each in registry.enterprises}
                start = {"": "—"} if not document["enterprise"] else {}
                self._form.choice("enterprise", t("col_enterprise"), start | owners, value=str(document["enterprise"]))
                media = {medium.value: t(f"medium_{medium}") for medium in Medium}
                medium = self._form.choice("medium", t("col_medium"), media, value=str(document["medium"]))
                roles = {role.value: t(f"role_{role}") for role in Role}
                self._form.choice("role", t("col_role"), roles, value=str(document["role"]))
                self._form.line("period", t("period"), value=str(document["period"]), hint="15s")
                self._form.line("multiplier", t("commission_multiplier"), hint=t("commission_multiplier_hint"))
                self._form.line("rated", t("rated"), hint="200 kW")
                self._form.line("width", t("register_width"), hint="1000000")
                self._form.line("metrics", t("commission_metrics"), value=_listed(document["metrics"]))
        self._names()
        with panel(t("commission_codec")):
            self._codec = text("pre", "", "payload")
            self._told = text("p", "", "note", role="status")
            with tag("div", "bar-of-filters") as self._foot:
                button(t("commission_register"), self._save, "button main")
        medium.on("change", lambda _: self._draft_anew(), js_handler=CHOSEN)
        self._show_codec(drafted)

    def _asks(self, drafted: Draft) -> None:
        """Say what a person must look at."""
        t = self._visit.t
        words = t("comma").join(t(f"commission_asked_{key}") for key in drafted.asked)
        text("p", t("commission_asks", what=words), "note")
        if drafted.left_out:
            named = t("comma").join(t.pick(metrics()[name].zh, metrics()[name].en) for name in drafted.left_out)
            text("p", t("commission_left_out", names=named), "note")

    def _names(self) -> None:
        """Put a choice of a metric for each strange name here."""
        t, guess = self._visit.t, self._stranger.guess
        self._strange = list(guess.strange)[:MOST_NAMES] if guess is not None else []
        if not self._strange or guess is None:
            return
        table = sorted(metrics().values(), key=lambda metric: metric.name)
        options = {"": t("commission_leave_out")}
        options |= {metric.name: f"{metric.name} · {t.pick(metric.zh, metric.en)} ({metric.unit})" for metric in table}
        with panel(t("commission_names"), sub=t("commission_names_sub")), tag("div", "form-foot"):
            for place, name in enumerate(self._strange):
                label = f"{name} = {guess.strange[name]:g}"
                choice = self._form.choice(NAME.format(place), label, options)
                choice.on("change", lambda _: self._draft_anew(), js_handler=CHOSEN)

    def _chosen(self) -> dict[str, str]:
        words = {name: self._form.word(NAME.format(place)) for place, name in enumerate(self._strange)}
        return {name: metric for name, metric in words.items() if metric}

    def _draft(self) -> Draft:
        services = self._visit.board.services
        medium = Medium(self._form.word("medium"))
        return view.drafted(services, self._stranger, services.registry.current(), self._chosen(), medium)

    def _draft_anew(self) -> None:
        self._show_codec(self._draft())

    def _show_codec(self, drafted: Draft) -> None:
        self._codec.set_text(json.dumps(drafted.document["codec"], ensure_ascii=False, indent=2))

    def _document(self) -> tuple[dict[str, object], list[Mistake]]:
        """Put together what was drafted and what was typed."""
        drafted, mistakes = self._draft(), list[Mistake]()
        document = drafted.document | {key: self._form.word(key) for key in TEXTS}
        typed = [name.strip() for name in self._form.word("metrics").replace("\uff0c", ",").split(",") if name.strip()]
        document["metrics"] = list(dict.fromkeys([*typed, *self._chosen().values()]))
        register: dict[str, object] = {"rated": self._form.word("rated")}
        for key, place in (("multiplier", document), ("width", register)):
            word = self._form.word(key).replace(",", "")
            try:
                place[key] = float(word) if word else None
            except ValueError:
                words = self._visit.t("commission_no_number")
                mistakes.append(Mistake(key, None, words, words))
        document["register"] = {key: value for key, value in register.items() if value not in (None, "")}
        return document, mistakes

    async def _save(self) -> None:
        """Register it and let in what waits, or say every mistake at its place."""
        visit, services = self._visit, self._visit.board.services
        t, form = visit.t, self._form
        document, mistakes = self._document()
        try:
            registry = await asyncio.to_thread(services.registry.refresh)
            checked = view.checked(registry, document)
            mistakes += checked.mistakes
            form.tell(mistakes, t.language, PLACES)
            if mistakes or checked.meter is None:
                return
            number = await asyncio.to_thread(view.take_on, services, self._stranger, checked.meter, visit.who.name)
        except OperationalError:
            form.say(t("database_down"))
            return
        except RegistryRefused as refused:
            form.say(refused.sentence(t.language))
            return
        self._foot.clear()
        self._told.set_text(t("commission_done", id=checked.meter.id))
        await asyncio.sleep(FRESH)
        with self._foot:
            link(t("commission_see"), f"/meters/{checked.meter.id}", "button main")
            link(t("commission_accept"), f"/acceptance?meter={checked.meter.id}", "button")
        await self._follow(checked.meter.id, number)

    async def _follow(self, name: str, number: int) -> None:
        """Say how the replay of what was held goes."""
        t, engine = self._visit.t, self._visit.board.services.engine
        for _ in range(PATIENCE):
            await asyncio.sleep(1)
            status = await asyncio.to_thread(quarantine.replay_status, engine, number)
            if status is not None and status.finished_at is not None:
                told = t("replay_done", good=status.replayed or 0, bad=status.refused_again or 0)
                self._told.set_text(f"{t('commission_done', id=name)} {told}")
                return
        self._told.set_text(f"{t('commission_done', id=name)} {t('replay_waits')}")


def _listed(names: object) -> str:
    return ", ".join(map(str, names)) if isinstance(names, list) else ""

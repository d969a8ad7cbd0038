"""Devices that speak and that nobody registered: what each sends, and a link that drafts its registry entry."""

import asyncio
from dataclasses import dataclass

from fastapi import Request
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement
from sqlalchemy.exc import OperationalError

from api import commission_view as view
from api.commission_view import Stranger
from api.console.board import Pulse
from api.console.frame import Visit
from api.console.parts import link, panel, tag, text
from api.console.tongue import UNITS, Tongue, number
from api.payload_text import readable
from park import period
from park.commission_guess import Guess
from park.decode import DIALECTS
from park.metric import metrics
from park.principal import Right
from park.reading import Reading
from park.reason import sentence

LOOK_EVERY = 10
"""Ticks between two looks whether anybody new speaks."""
MOST_SEEN = 12
MOST_NAMES = 8
MOST_MESSAGES = 3


@dataclass(slots=True)
class Row:
    """One sender's place in the list, refilled so that what a reader has opened stays open."""

    box: Element
    count: TextElement


async def build(visit: Visit, _request: Request) -> str:
    """Fill the page."""
    t = visit.t
    with tag("div", "page-head"):
        text("h1", t("room_commissioning"))
        count = text("span", "", "sub", role="status")
    text("p", t("commission_lead"), "lead")
    with tag("section", "panel") as nothing, tag("div", "empty"):
        text("h2", t("commission_none_title"))
        text("p", t("commission_none"))
        text("code", "SMARTPARK_MQTT_DISCOVER")
    nothing.set_visibility(visible=False)
    with tag("div") as some, panel(t("commission_heard"), body="flush"):
        listed = tag("ul")
        rest = text("p", "", "note pager")
    some.set_visibility(visible=False)
    rows: dict[str, Row] = {}
    services = visit.board.services

    async def look(pulse: Pulse) -> None:
        try:
            senders = await asyncio.to_thread(view.waiting, services)
            shown = senders[: view.MOST_GUESSED]
            fresh = [sender for sender in shown if sender.id not in rows]
            found = await asyncio.to_thread(lambda: [view.looked_at(services, sender) for sender in fresh])
        except OperationalError:
            count.set_text(t("database_down"))
            return
        count.set_text(t("commission_count", n=len(senders)))
        nothing.set_visibility(not senders)
        some.set_visibility(bool(senders))
        for gone in [one for one in rows if one not in {sender.id for sender in shown}]:
            rows.pop(gone).box.delete()
        with listed:
            for stranger in found:
                rows[stranger.sender.id] = _row(visit, stranger)
        for sender in shown:
            words = t("held_count", n=f"{sender.messages:,}", first=t.moment(sender.first, pulse.now),
                      last=t.moment(sender.last, pulse.now))  # fmt: skip
            if sender.messages > 1:
                words += f" · {t('commission_every', every=period.write(sender.period))}"
            rows[sender.id].count.set_text(words)
        rest.set_text(t("and_more", n=f"{len(senders) - len(shown):,}"))
        rest.set_visibility(len(senders) > len(shown))

    beats = 0

    async def tick(pulse: Pulse) -> None:
        nonlocal beats
        beats += 1
        if beats % LOOK_EVERY == 0:
            await look(pulse)

    await look(await visit.board.pulse())
    visit.every_second(tick)
    return t("room_commissioning")


def _row(visit: Visit, stranger: Stranger) -> Row:
    t, sender, guess = visit.t, stranger.sender, stranger.guess
    with tag("li", "held") as box:
        with tag("div"):
            text("strong", sender.name[:200], "mono")
            text("span", f" · {like(t, guess)}")
            count = text("p", "", "note")
            if guess is not None:
                _says(t, list(guess.readings.values())[:MOST_SEEN])
                if guess.strange:
                    names = list(guess.strange)
                    more = f" {t('commission_more', n=len(names) - MOST_NAMES)}" if len(names) > MOST_NAMES else ""
                    text("p", t("commission_strange", names=", ".join(names[:MOST_NAMES]) + more), "note")
                if guess.refusal is not None:
                    text("p", sentence(guess.refusal.reason, guess.refusal.subject, t.language), "note")
        with tag("div", "act"):
            if visit.who.may(Right.KEEP_REGISTRY):
                link(t("commission_take"), f"/commissioning/{sender.id}", "button main")
        with tag("details", "full"):
            text("summary", t("show_messages"))
            for sample in stranger.samples[-MOST_MESSAGES:]:
                when = sample.received.astimezone(t.zone)
                text("p", f"{when:%Y-%m-%d %H:%M:%S} · {sample.topic[:200]} · {len(sample.payload):,} B", "note mono")
                text("pre", readable(sample.payload), "payload")
    return Row(box, count)


def _says(t: Tongue, readings: list[Reading]) -> None:
    """Say what it measures, in one line."""
    if readings:
        text("p", " · ".join(said(t, reading) for reading in readings))


def like(t: Tongue, guess: Guess | None) -> str:
    """Say what its messages look like."""
    if guess is None:
        return t("commission_unlike")
    dialect = DIALECTS[guess.codec]
    return t("commission_like", codec=t.pick(dialect.zh, dialect.en))


def said(t: Tongue, reading: Reading) -> str:
    """Say one value with its name and unit."""
    metric = metrics()[reading.metric]
    unit = UNITS.get(metric.unit, metric.unit)
    return f"{t.pick(metric.zh, metric.en)} {number(reading.value)} {unit}".strip()

"""The frame around every page: who is looking, in which language, the head, the navigation and the ticking."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field

from fastapi import Request
from nicegui import ui
from nicegui.client import Client

from api.console import alarm
from api.console.assets import HEAD
from api.console.board import Board, Pulse
from api.console.parts import drawing, tag, text
from api.console.tongue import LANGUAGES, Tongue
from park.principal import Principal, Right
from park.telemetry import TelemetryError

LANG_TAGS = {"zh": "zh-CN", "en": "en-US"}
Tick = Callable[[Pulse], Awaitable[None] | None]


@dataclass(slots=True)
class Visit:
    """One page opened by one person."""

    board: Board
    t: Tongue
    who: Principal
    client: Client
    ticks: list[Tick] = field(default_factory=list)

    @property
    def enterprise(self) -> str | None:
        """The one enterprise this person may see, or None for all."""
        return self.who.enterprise

    def every_second(self, tick: Tick) -> None:
        """Call with the newest pulse once a second, as long as the page is open."""
        self.ticks.append(tick)


NAVIGATION = (
    ("overview", "/", Right.SEE),
    ("alerts", "/alerts", Right.SEE),
    ("enterprises", "/enterprises", Right.SEE),
    ("accounts", "/intensity", Right.SEE),
    ("meters", "/meters", Right.SEE),
    ("quarantine", "/quarantine", Right.SEE_QUARANTINE),
)
FIRST_PATIENCE = 1.0
"""Seconds a page may wait for its first values; a slow store must not keep the page itself away."""
GUARD_EVERY = 15
"""Ticks between two looks whether the session is still good."""


def language_of(request: Request, default: str) -> str:
    """Give the language a browser chose with the switch, else the installation's."""
    chosen = request.cookies.get("smartpark_language", "")
    return chosen if chosen in LANGUAGES else default


async def show(
    visit: Visit,
    place: str,
    build: Callable[[Visit], Awaitable[str]],
    *,
    guard: Callable[[], Awaitable[bool]],
) -> None:
    """Draw the frame, let `build` fill it (it gives the page's title), and start the ticking."""
    client, t = visit.client, visit.t
    client.page = copy(client.page)
    client.page.language = LANG_TAGS[t.language]  # type: ignore[assignment]  # NiceGUI's literal of all its languages
    client.content.classes("wall-page" if place == "overview" else "")
    ui.add_head_html(HEAD)
    pulse = await visit.board.pulse()
    park = pulse.registry.parks[0] if pulse.registry.parks else None
    name = t.pick(park.name, park.name_en) if park else t("product")
    text("a", t("skip"), "skip", href="#main")
    with tag("header", "top"):
        with tag("a", "brand", href="/"):
            drawing("mark")
            text("span", name, "brand-name")
        _navigation(visit, place)
        _corner(visit)
    alarm.banner(visit)
    with tag("div", "page", id="main", tabindex="-1"):
        title = await build(visit)
    client.title = f"{title} · {name}"
    with suppress(TelemetryError, TimeoutError):
        await asyncio.wait_for(_fill(visit), FIRST_PATIENCE)
    _tick(visit, guard)


async def _fill(visit: Visit) -> None:
    """Fill the page before it is sent, so that a person sees numbers and not dashes that turn into numbers."""
    pulse = await visit.board.pulse()
    for tick in visit.ticks:
        result = tick(pulse)
        if result is not None:
            await result


def _navigation(visit: Visit, place: str) -> None:
    with tag("nav", "nav", aria_label=visit.t("navigation")):
        for key, target, right in NAVIGATION:
            own = visit.enterprise is not None
            if not visit.who.may(right) or (own and key == "enterprises"):
                continue
            with tag("a", href=target) as entry:
                if key == place:
                    entry.props["aria-current"] = "page"
                drawing(key)
                text("span", visit.t(f"nav_{key}"))
                if key == "alerts":
                    alarm.count(visit)


def _corner(visit: Visit) -> None:
    t = visit.t
    other = "en" if t.language == "zh" else "zh"
    with tag("div", "top-right"):
        with tag("span", "clock"):
            date, time = text("small"), text("span")
        text(
            "button",
            "English" if other == "en" else "中文",
            "quiet",
            type="button",
            data_switch="language",
            data_to=other,
            lang=LANG_TAGS[other],
        )
        with tag("button", "quiet", type="button", data_switch="scheme", title=t("scheme"), aria_label=t("scheme")):
            drawing("scheme")
        with tag("a", "quiet", href="/change-password", title=t("own_password"), aria_label=t("own_password")):
            drawing("user")
            text("span", visit.who.name, "who-am-i")
        with tag("button", "quiet", type="button", data_switch="leave", title=t("sign_out"), aria_label=t("sign_out")):
            drawing("leave")

    def tell(pulse: Pulse) -> None:
        date.set_text(t.date(pulse.now))
        time.set_text(t.time(pulse.now))

    visit.every_second(tell)


def _tick(visit: Visit, guard: Callable[[], Awaitable[bool]]) -> None:
    """Once a second, hand the newest pulse to whatever moves on the page; now and then, see who is looking."""
    notice = tag("p", "notice", role="status")
    notice.move(target_index=1)
    words = text("span")
    words.move(notice)
    notice.set_visibility(visible=False)
    count = 0

    async def beat() -> None:
        nonlocal count
        count += 1
        if count % GUARD_EVERY == 0 and not await guard():
            timer.deactivate()
            visit.client.open("/sign-in")
            return
        pulse = await visit.board.pulse()
        trouble = "" if pulse.connected else visit.t("not_connected")
        for tick in visit.ticks:
            try:
                result = tick(pulse)
                if result is not None:
                    await result
            except TelemetryError as error:
                trouble = visit.t("store_down", why=str(error))
        words.set_text(trouble)
        notice.set_visibility(bool(trouble))

    timer = ui.timer(1.0, beat)

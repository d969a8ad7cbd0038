"""Hangs the console on the application: its files, its door and its pages.  NiceGUI knows one application a process."""

import asyncio
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles
from nicegui import app as nicegui_app
from nicegui import ui
from starlette.exceptions import HTTPException

from api.caller import Caller
from api.console import assets, door, enterprise, enterprises, home, icon, meter, meters, quarantine
from api.console.board import Board
from api.console.frame import Visit, language_of, show
from api.console.gone import Gone
from api.console.rooms import ROOMS, Room, row
from api.console.tongue import Tongue
from api.problem import Problem
from api.security import recognise
from api.services import Services
from park.principal import Right

Build = Callable[[Visit], Awaitable[str]]


def install(app: FastAPI, services: Services) -> None:
    """Add the console to an application that has every other route already: it takes all that is left of `/`."""
    app.mount(assets.UNDER, StaticFiles(directory=assets.FOLDER), name="console-assets")
    app.include_router(door.router(services))
    _register(Pages(services))
    ui.run_with(
        app,
        title="Smart Park",
        favicon=icon.FAVICON,
        tailwind=False,
        show_welcome_message=False,
        reconnect_timeout=20.0,
        binding_refresh_interval=None,
    )
    nicegui_app.add_middleware(Gone)  # after run_with's own, so that it stands around them


def _register(pages: "Pages") -> None:
    """Give every page its address, and an answer where there is none."""
    ui.page("/")(pages.overview)
    ui.page("/enterprises")(pages.enterprises)
    ui.page("/enterprises/{number}")(pages.enterprise)
    ui.page("/meters")(pages.meters)
    ui.page("/meters/{number}")(pages.meter)
    ui.page("/quarantine")(pages.quarantine)
    for room in ROOMS:
        ui.page(room.path)(pages.room(room))
    nicegui_app.exception_handler(404)(pages.nowhere)


class Pages:
    """Every page; each asks first who is there and what they may see."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._board = Board(services)

    async def overview(self, request: Request) -> Response | None:
        """The park; for an enterprise's user their own enterprise."""
        own = _caller(request).principal.enterprise
        if own is None:
            return await self._show(request, "overview", home.build)
        if own not in await self._known_enterprises():
            return self._refuse(request, 404)
        return await self._show(request, "overview", lambda visit: enterprise.build(visit, own))

    async def enterprises(self, request: Request) -> Response | None:
        """All enterprises, for those who see more than one."""
        if _caller(request).principal.enterprise is not None:
            return self._refuse(request, 403)
        return await self._show(request, "enterprises", enterprises.build)

    async def enterprise(self, request: Request, number: str) -> Response | None:
        """One enterprise."""
        if not _caller(request).principal.sees(number) or number not in await self._known_enterprises():
            return self._refuse(request, 404)
        return await self._show(request, "enterprises", lambda visit: enterprise.build(visit, number))

    async def meters(self, request: Request) -> Response | None:
        """The meters one may see."""

        async def build(visit: Visit) -> str:
            row(visit, None, "meters")
            return await meters.build(visit, request)

        return await self._show(request, "meters", build)

    async def meter(self, request: Request, number: str) -> Response | None:
        """One meter."""
        found = (await self._board.pulse()).registry.by_meter.get(number)
        if found is None or not _caller(request).principal.sees(found.enterprise):
            return self._refuse(request, 404)
        return await self._show(request, "meters", lambda visit: meter.build(visit, found))

    async def quarantine(self, request: Request) -> Response | None:
        """What was not let in."""
        if not _caller(request).principal.may(Right.SEE_QUARANTINE):
            return self._refuse(request, 403)
        return await self._show(request, "quarantine", quarantine.build)

    def room(self, room: Room) -> Callable[[Request], Awaitable[Response | None]]:
        """Give the page of a room."""

        async def page(request: Request) -> Response | None:
            if not room.open_to(_caller(request).principal):
                return self._refuse(request, 403)

            async def build(visit: Visit) -> str:
                row(visit, room, room.section)
                return await room.build(visit, request)

            return await self._show(request, room.section, build)

        return page

    async def nowhere(self, request: Request, _: Exception) -> Response:
        """Any other address."""
        return self._refuse(request, 404)

    async def _show(self, request: Request, place: str, build: Build) -> Response | None:
        principal = _caller(request).principal
        visit = Visit(self._board, self._tongue(request), principal, ui.context.client)

        def welcome() -> bool:
            try:
                return recognise(self._services, request).principal == principal
            except Problem:
                return False

        await show(visit, place, build, guard=lambda: asyncio.to_thread(welcome))
        return None

    async def _known_enterprises(self) -> set[str]:
        return set((await self._board.pulse()).registry.by_enterprise)

    def _tongue(self, request: Request) -> Tongue:
        return Tongue(language_of(request, self._services.settings.language), self._services.zone)

    def _refuse(self, request: Request, status: int) -> Response:
        t = self._tongue(request)
        return door.message(t, t(f"refused_{status}_title"), t(f"refused_{status}"), status)


def _caller(request: Request) -> Caller:
    """Give who asks, as the guard noted it: a second lock on each page."""
    found = getattr(request.state, "caller", None)
    if not isinstance(found, Caller):
        raise HTTPException(401)
    return found

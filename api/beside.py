"""A route that leaves the API's addresses alone, though it would take every address there is."""

from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

OURS = ("/api/", "/healthz", "/readyz", "/metrics")


class Beside(BaseRoute):
    """The console's mount on `/`, less the API: there a wrong address or method is a problem, not a page."""

    def __init__(self, route: BaseRoute) -> None:
        self._route = route

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match what the route matches, unless it is ours."""
        if scope["type"] == "http" and scope["path"].startswith(OURS):
            return Match.NONE, {}
        return self._route.matches(scope)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on."""
        await self._route.handle(scope, receive, send)

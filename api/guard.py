"""The gate before everything: whoever cannot say who they are gets nothing but the few open addresses."""

from collections.abc import Callable
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from api.caller import Caller
from api.problem import Problem, answer

SIGN_IN = "/sign-in"
"""The page where people sign in; the console draws it."""
SESSION = "/api/v1/session"
OPEN = frozenset({"/healthz", "/readyz", SIGN_IN, "/favicon.ico"})
OPEN_UNDER = ("/_nicegui/", "/_nicegui_ws/", "/static/")
"""Code and pictures without data, and the console's socket, which opens only for a page that was let through."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
BEFORE_PASSWORD = frozenset({SESSION, "/api/v1/me", "/api/v1/me/password", "/change-password"})
"""All that a person may reach with a password that was meant for one use."""

Recognise = Callable[[HTTPConnection], Caller]


def is_open(method: str, path: str) -> bool:
    """Tell whether an address is served to nobody in particular."""
    return path in OPEN or path.startswith(OPEN_UNDER) or (path == SESSION and method == "POST")


def same_site(connection: HTTPConnection) -> bool:
    """Tell whether a write comes from our own pages: another site can send neither such an Origin nor such a header."""
    headers = connection.headers
    if "x-requested-with" in headers or headers.get("sec-fetch-site") == "same-origin":
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == headers.get("host")


def _check(caller: Caller, request: Request) -> None:
    """Refuse a write that another site may have caused, and everything before a one-time password is changed."""
    if caller.session is not None and request.method not in SAFE and not same_site(request):
        raise Problem("cross_site")
    if caller.must_change and request.url.path not in BEFORE_PASSWORD:
        raise Problem("must_change")


class Guard:
    """Lets a request through with its caller noted in `request.state.caller`, or answers it with the reason."""

    def __init__(self, app: ASGIApp, *, recognise: Recognise) -> None:
        self._app = app
        self._recognise = recognise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask who it is, unless the address is open."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        path, method = scope["path"], scope.get("method", "GET")
        if is_open(method, path):
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        request = Request(scope, receive)
        try:
            caller = await run_in_threadpool(self._recognise, request)
            _check(caller, request)
        except Problem as problem:
            await self._turn_away(request, problem)(scope, receive, send)
            return
        request.state.caller = caller
        await self._app(scope, receive, send)

    @staticmethod
    def _turn_away(request: Request, problem: Problem) -> ASGIApp:
        """Answer a program with the problem, and send a person's browser to the sign-in page."""
        page = request.method == "GET" and not request.url.path.startswith("/api/")
        if page and "text/html" in request.headers.get("accept", ""):
            there = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            where = "/change-password" if problem.key == "must_change" else f"{SIGN_IN}?next={quote(there, safe='/')}"
            return RedirectResponse(where, 303)
        return answer(request, problem)

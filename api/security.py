"""Who is behind a request, and what the routes may ask about it."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, APIKeyHeader, HTTPBearer
from starlette.requests import HTTPConnection
from starlette.responses import Response

from adapters.relational import accounts
from api.caller import Caller
from api.problem import Problem
from api.services import Services
from api.session import COOKIE, LIFE, Session
from park.instant import to_ms
from park.principal import Principal, Right

KEY_HEADER = APIKeyHeader(
    name="X-API-Key", auto_error=False, scheme_name="key", description="A key made under `/api/v1/keys`."
)
BEARER = HTTPBearer(auto_error=False, scheme_name="bearer", description="The same key, as Prometheus sends it.")
SESSION_COOKIE = APIKeyCookie(
    name=COOKIE, auto_error=False, scheme_name="session", description="Set by `POST /api/v1/session`, for 12 hours."
)


def recognise(parts: Services, connection: HTTPConnection) -> Caller:
    """Find out who asks: by key where one is sent, else by session.  Raises Problem; blocks for the database."""
    now = parts.clock()
    key = _key(connection)
    if key is not None:
        principal = accounts.principal_of_key(parts.engine, key, now)
        if principal is None:
            raise Problem("wrong_key", headers={"WWW-Authenticate": 'ApiKey realm="smartpark"'})
        return Caller(principal)
    caller = of_token(parts, connection.cookies.get(COOKIE, ""), now)
    if caller is None:
        raise Problem("no_principal", headers={"WWW-Authenticate": 'ApiKey realm="smartpark"'})
    return caller


def of_token(parts: Services, token: str, now: datetime) -> Caller | None:
    """Give whom a session's token stands for, or None: expired, ended, disabled, or the password changed since."""
    session = parts.sessions.read(token, now) if token else None
    user = accounts.find_user(parts.engine, session.user) if session else None
    if session is None or user is None or user.disabled_at is not None or stamp(user) != session.stamp:
        return None
    return Caller(user.principal, session, user.must_change)


def stamp(user: accounts.User) -> str:
    """Give what ties a session to its user's present password."""
    return str(to_ms(user.password_at))


def sign_in(parts: Services, name: str, password: str) -> tuple[accounts.User, str]:
    """Begin a session and give its token.  Raises Problem with the reason; blocks for the hash."""
    now = parts.clock()
    attempt = accounts.verify(parts.engine, name, password, now)
    if attempt.user is not None:
        return attempt.user, parts.sessions.issue(attempt.user.name, stamp(attempt.user), now)
    if attempt.denied is accounts.Denied.LOCKED and attempt.until is not None:
        seconds = max(1, round((attempt.until - now).total_seconds()))
        raise Problem("locked", minutes=-(-seconds // 60), headers={"Retry-After": str(seconds)})
    raise Problem("disabled" if attempt.denied is accounts.Denied.DISABLED else "wrong_password")


def set_cookie(response: Response, token: str, *, https: bool) -> None:
    """Hand a session's token to a browser."""
    response.set_cookie(
        COOKIE, token, max_age=int(LIFE.total_seconds()), path="/", secure=https, httponly=True, samesite="lax"
    )


def end_session(parts: Services, session: Session, response: Response | None = None) -> None:
    """End a session here and, where there is one to answer, in the browser."""
    parts.sessions.end(session, parts.clock())
    if response is not None:
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")


async def caller(
    request: Request,
    _key: Annotated[object, Security(KEY_HEADER)] = None,
    _bearer: Annotated[object, Security(BEARER)] = None,
    _cookie: Annotated[object, Security(SESSION_COOKIE)] = None,
) -> Caller:
    """Give who asks, as the guard noted it.  Raises Problem where nothing was noted: a second lock on each route."""
    found = getattr(request.state, "caller", None)
    if not isinstance(found, Caller):
        raise Problem("no_principal")
    return found


Someone = Annotated[Caller, Depends(caller)]
"""Whoever it is, with whatever role."""


def require(right: Right, *, whole_park: bool = False) -> Callable[[Caller], Awaitable[Principal]]:
    """Make a dependency that gives the principal where its role allows something, and refuses it where not."""

    async def allowed(found: Someone) -> Principal:
        principal = found.principal
        if not principal.may(right):
            raise Problem("no_right", access=principal.access.value, right=right.value)
        if whole_park and principal.enterprise is not None:
            raise Problem("whole_park", enterprise=principal.enterprise)
        return principal

    allowed.right = right  # type: ignore[attr-defined]  # so that a test can walk the routes and see what each asks
    return allowed


Viewer = Annotated[Principal, Depends(require(Right.SEE))]
ParkViewer = Annotated[Principal, Depends(require(Right.SEE, whole_park=True))]
QuarantineViewer = Annotated[Principal, Depends(require(Right.SEE_QUARANTINE))]
QuarantineKeeper = Annotated[Principal, Depends(require(Right.KEEP_QUARANTINE))]
AlertAnswerer = Annotated[Principal, Depends(require(Right.ANSWER_ALERTS))]
RulesKeeper = Annotated[Principal, Depends(require(Right.KEEP_RULES))]
RegistryKeeper = Annotated[Principal, Depends(require(Right.KEEP_REGISTRY))]
AccountsKeeper = Annotated[Principal, Depends(require(Right.KEEP_ACCOUNTS))]
StatementsKeeper = Annotated[Principal, Depends(require(Right.KEEP_STATEMENTS))]
UserKeeper = Annotated[Principal, Depends(require(Right.KEEP_USERS))]
Auditor = Annotated[Principal, Depends(require(Right.SEE_AUDIT))]


def still_welcome(request: Request) -> bool:
    """Ask again whether the one behind an open stream may go on; blocks for the database."""
    parts: Services = request.app.state.services
    try:
        now = recognise(parts, request)
    except Problem:
        return False
    before: Caller = request.state.caller
    return now.principal == before.principal


def _key(connection: HTTPConnection) -> str | None:
    sent = connection.headers.get("x-api-key")
    if sent is not None:
        return sent
    scheme, _, credentials = connection.headers.get("authorization", "").partition(" ")
    return credentials.strip() if scheme.lower() == "bearer" else None

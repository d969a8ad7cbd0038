"""The most that a request may bring."""

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import language
from api.problem import MEDIA_TYPE, body
from api.words import WORDS
from park.picture import MOST_BYTES

LIMIT = 4 * 1024 * 1024
LARGER = {("PUT", "/api/v1/plan"): MOST_BYTES}
"""Where more may come."""


class BodyLimit:
    """Refuses a request whose body is larger than its route may take, whether it says so or not."""

    def __init__(self, app: ASGIApp, *, limit: int = LIMIT) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on while the body stays within the limit."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        limit = LARGER.get((scope["method"], scope["path"]), self._limit)
        said = headers.get(b"content-length", b"0")
        if not said.isdigit() or int(said) > limit:
            lang = language.choose(headers.get(b"accept-language", b"").decode("latin-1"))
            content = body("too_large", scope["path"], lang, limit=limit)
            await JSONResponse(content, WORDS["too_large"].status, media_type=MEDIA_TYPE)(scope, receive, send)
            return
        seen = 0

        async def count() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise HTTPException(WORDS["too_large"].status, str(limit))
            return message

        await self._app(scope, count, send)

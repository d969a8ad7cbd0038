"""A browser that closed its tab while a file was on its way is no error of ours."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Gone:
    """Ends quietly what nobody waits for any more; everything else passes as it is.

    Starlette's middleware raises "No response returned." when the client leaves before the answer's first byte.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, noting whether the client has left."""
        left = False

        async def listen() -> Message:
            nonlocal left
            message = await receive()
            left = left or message["type"] == "http.disconnect"
            return message

        try:
            await self._app(scope, listen, send)
        except RuntimeError:
            if scope["type"] != "http" or not left:
                raise

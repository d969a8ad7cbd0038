"""A browser or script without a network: requests go straight into the application, on a loop of their own."""

import asyncio
from types import TracebackType
from typing import Any, Self

import httpx
from fastapi import FastAPI

BASE = "http://park.test"


class Web:
    """A synchronous client of one application; keeps cookies like a browser."""

    def __init__(self, app: FastAPI, *, key: str | None = None) -> None:
        self._runner = asyncio.Runner()
        headers = {"X-API-Key": key} if key else {}
        # An error inside must come out as the problem a client sees, not as an exception of the test.
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=("127.0.0.1", 40_000))
        self._client = httpx.AsyncClient(transport=transport, base_url=BASE, headers=headers)

    @property
    def cookies(self) -> httpx.Cookies:
        return self._client.cookies

    def request(self, method: str, path: str, **given: Any) -> httpx.Response:  # noqa: ANN401  # httpx's own arguments
        return self._runner.run(self._client.request(method, path, **given))

    def get(self, path: str, **given: Any) -> httpx.Response:  # noqa: ANN401  # httpx's own arguments
        return self.request("GET", path, **given)

    def post(self, path: str, **given: Any) -> httpx.Response:  # noqa: ANN401  # httpx's own arguments
        return self.request("POST", path, **given)

    def put(self, path: str, **given: Any) -> httpx.Response:  # noqa: ANN401  # httpx's own arguments
        return self.request("PUT", path, **given)

    def patch(self, path: str, **given: Any) -> httpx.Response:  # noqa: ANN401  # httpx's own arguments
        return self.request("PATCH", path, **given)

    def delete(self, path: str, **given: Any) -> httpx.Response:  # noqa: ANN401  # httpx's own arguments
        return self.request("DELETE", path, **given)

    def close(self) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

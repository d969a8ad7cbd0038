"""Errors as RFC 9457 problem+json: one exception, and a handler for everything else that can go wrong.

Errors:
    Problem           what a route says about a request it cannot serve; `key` is a row of words.WORDS
"""

import uuid
from collections.abc import Sequence

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from adapters.log import logger
from adapters.relational.page import WrongCursor
from adapters.relational.refusal import EntryRefused, Refused, RegistryRefused
from api import headers, language
from api.mistake import Mistake, of_validation
from api.words import NOUNS, WORDS, noun
from park.telemetry import StoreUnavailable

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:smartpark:problem:"
log = logger(__name__)


def of_registry(error: Refused, lang: str) -> list[Mistake]:
    """Give the mistakes of a refused registry or refused entries; other refusals are one sentence."""
    found = error.mistakes if isinstance(error, RegistryRefused | EntryRefused) else ()
    return [Mistake(path=mistake.path, sentence=mistake.sentence(lang)) for mistake in found]


class Problem(Exception):
    """A request that is not served, and why; `parts` fill the sentence."""

    def __init__(
        self,
        key: str,
        /,
        *,
        mistakes: Sequence[Mistake] = (),
        headers: dict[str, str] | None = None,
        **parts: object,
    ) -> None:
        super().__init__(key)
        self.key = key
        self.mistakes = tuple(mistakes)
        self.headers = headers
        self.parts = parts


class ProblemBody(BaseModel):
    """What a problem looks like on the wire."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:smartpark:problem:no_such",
                    "title": "不存在",
                    "status": 404,
                    "detail": "没有 计量设备 e99-main, 或您无权查看; 请核对编号。",
                    "instance": "/api/v1/meters/e99-main",
                }
            ]
        }
    )

    type: str = Field(description="A URN that names the kind of problem and never changes.")
    title: str = Field(description="The kind of problem in a few words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is wrong and how to mend it.")
    instance: str = Field(description="The path that was asked.")
    mistakes: list[Mistake] | None = Field(
        default=None, description="Every mistake with its place, where there are several."
    )


def body(key: str, path: str, lang: str, /, *, mistakes: Sequence[Mistake] = (), **parts: object) -> dict[str, object]:
    """Write a problem in one language."""
    words = WORDS[key]
    zh = lang == "zh"
    if parts.get("what") in NOUNS:
        parts["what"] = noun(str(parts["what"]), lang)
    if isinstance(refused := parts.get("refused"), Refused):
        parts["refused"] = refused.sentence(lang)
    written: dict[str, object] = {
        "type": TYPE + key,
        "title": words.zh if zh else words.en,
        "status": words.status,
        "detail": (words.zh_detail if zh else words.en_detail).format(**parts),
        "instance": path,
    }
    if mistakes:
        written["mistakes"] = [mistake.model_dump() for mistake in mistakes]
    return written


def answer(request: Request, problem: Problem, *, status: int | None = None) -> Response:
    """Make the response of a problem."""
    lang = language.of(request)
    content = body(problem.key, request.url.path, lang, mistakes=problem.mistakes, **problem.parts)
    if status is not None:
        content["status"] = status
    code = WORDS[problem.key].status if status is None else status
    return JSONResponse(
        content, code, {"Content-Language": lang, "Vary": "Accept-Language"} | (problem.headers or {}), MEDIA_TYPE
    )


def install(app: FastAPI) -> None:
    """Make every error of the app a problem."""

    @app.exception_handler(Problem)
    async def _problem(request: Request, error: Problem) -> Response:
        return answer(request, error)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        path, method = request.url.path, request.method
        known = {
            401: Problem("no_principal"),
            404: Problem("no_page", path=path),
            405: Problem("wrong_method", path=path, method=method),
            413: Problem("too_large", limit=error.detail),
        }
        problem = known.get(error.status_code, Problem("http"))
        problem.headers = dict(error.headers) if error.headers else None
        return answer(request, problem, status=error.status_code)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        mistakes = [of_validation(detail, language.of(request)) for detail in error.errors()]
        return answer(request, Problem("mistakes", mistakes=mistakes, count=len(mistakes)))

    @app.exception_handler(Refused)
    async def _refused(request: Request, error: Refused) -> Response:
        return answer(request, Problem("refused", mistakes=of_registry(error, language.of(request)), refused=error))

    @app.exception_handler(WrongCursor)
    async def _cursor(request: Request, _error: WrongCursor) -> Response:
        return answer(request, Problem("bad_cursor"))

    @app.exception_handler(StoreUnavailable)
    async def _telemetry(request: Request, error: StoreUnavailable) -> Response:
        log.warning("telemetry store unavailable", path=request.url.path, error=str(error))
        return answer(request, Problem("telemetry_unavailable", headers={"Retry-After": "5"}))

    @app.exception_handler(OperationalError)
    async def _database(request: Request, error: OperationalError) -> Response:
        log.warning("database unavailable", path=request.url.path, error=type(error.orig).__name__)
        return answer(request, Problem("database_unavailable", headers={"Retry-After": "5"}))

    @app.exception_handler(Exception)
    async def _internal(request: Request, error: Exception) -> Response:
        number = uuid.uuid4().hex[:8]
        log.error("request failed", number=number, path=request.url.path, error=type(error).__name__)
        # This one is written outside of our middleware, which would have added the headers.
        return answer(request, Problem("internal", number=number, headers=dict(headers.SECURITY)))

"""Device acceptance: listen to one device, see what it does, conclude with a sealed report."""

from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from adapters import html_report
from adapters.eavesdrop import CannotListen
from adapters.relational import acceptances as store
from adapters.relational.acceptances import Kept
from api import acceptance_view as view
from api import language
from api.acceptance_view import KeptItem, KeptWhole, RunItem
from api.acceptances import MOST, Run, TooMany
from api.answers import answers
from api.page import Cursor, Limit, Page
from api.problem import Problem
from api.report_answer import attached
from api.security import RegistryKeeper, Viewer
from api.services import Parts, Services
from api.sight import seen_meter
from park.principal import Principal

router = APIRouter(prefix="/acceptances", tags=["registry"])

BYTES: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}, "example": "%PDF-1.4…"}
FILES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The report, sealed.", "content": {"application/pdf": BYTES, "text/html": BYTES}}
}
PAGE: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"text/html": {"schema": {"type": "string"}, "example": "<!doctype…"}}}
}


class Wanted(BaseModel):
    """Which device to listen to, and for how long."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"meter": "e01-main", "minutes": 15}]})

    meter: str = Field(max_length=64)
    minutes: float = Field(default=15, gt=0, le=120, description="Five periods of the device are the least that tells.")


class Genuine(BaseModel):
    """Whether a report is as it was sealed here."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"genuine": True, "seal": "4a5e1e4b…"}]})

    genuine: bool
    seal: str


@router.post(
    "/runs",
    status_code=201,
    summary="Begin to listen",
    response_description="The acceptance that now goes on.",
    responses=answers(401, 403, 404, 413, 422, 429, 503),
)
def begin(parts: Parts, principal: RegistryKeeper, request: Request, wanted: Wanted) -> RunItem:
    """Listen at the broker to one registered device; nothing of it is stored."""
    meter = seen_meter(parts, principal, wanted.meter)
    try:
        run = parts.acceptances.start(meter, timedelta(minutes=wanted.minutes), principal.name)
    except TooMany:
        raise Problem("too_many_acceptances", most=MOST) from None
    except (CannotListen, ValueError) as error:
        raise Problem("broker_silent", why=str(error)) from error
    return view.running(parts, run, language.of(request))


@router.get(
    "/runs",
    summary="Acceptances that go on",
    response_description="The oldest first.",
    responses=answers(401, 403, 503),
)
def runs(parts: Parts, _principal: RegistryKeeper, request: Request) -> Page[RunItem]:
    """Give those that nobody has concluded."""
    lang = language.of(request)
    return Page(items=[view.running(parts, run, lang) for run in parts.acceptances.running()])


@router.get(
    "/runs/{id}",
    summary="One that goes on",
    response_description="What was found so far.",
    responses=answers(401, 403, 404, 422, 503),
)
def run(parts: Parts, _principal: RegistryKeeper, request: Request, id: str) -> RunItem:  # noqa: A002  # as in the address
    """Give what was heard so far, held against the contract."""
    return view.running(parts, _run(parts, id), language.of(request))


@router.post(
    "/runs/{id}/plug",
    summary="The plug is pulled",
    response_description="The acceptance, which now looks at the way back.",
    responses=answers(401, 403, 404, 422, 503),
)
def plug(parts: Parts, _principal: RegistryKeeper, request: Request, id: str) -> RunItem:  # noqa: A002  # as in the address
    """Say that the device is cut off now: its last will, its reconnect and what it kept are judged from here."""
    found = _run(parts, id)
    found.ear.pull_plug()
    return view.running(parts, found, language.of(request))


@router.post(
    "/runs/{id}/conclude",
    status_code=201,
    summary="Conclude",
    response_description="The acceptance as it is kept.",
    responses=answers(401, 403, 404, 422, 503),
)
def conclude(
    parts: Parts,
    principal: RegistryKeeper,
    request: Request,
    id: str,  # noqa: A002  # as in the address
) -> KeptWhole:
    """Stop listening, and keep what was found, sealed."""
    kept = parts.acceptances.conclude(_run(parts, id), principal.name)
    return view.whole(parts, kept, language.of(request))


@router.delete(
    "/runs/{id}",
    status_code=204,
    summary="Give up",
    response_description="Nobody listens any more.",
    responses=answers(401, 403, 404, 422, 503),
)
def give_up(parts: Parts, _principal: RegistryKeeper, id: str) -> Response:  # noqa: A002  # as in the address
    """Stop listening and keep nothing."""
    parts.acceptances.drop(_run(parts, id))
    return Response(status_code=204)


@router.get(
    "",
    summary="Acceptances that were concluded",
    response_description="The newest first.",
    responses=answers(401, 403, 404, 422, 503),
)
def listing(
    parts: Parts,
    principal: Viewer,
    *,
    meter: Annotated[str | None, Query(max_length=64, description="Of this device alone.")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[KeptItem]:
    """Give the reports of one device or of all one may see."""
    if meter is not None:
        seen_meter(parts, principal, meter)
    found, following = store.listing(
        parts.engine, meter=meter, enterprise=principal.enterprise, limit=limit, cursor=cursor
    )
    return Page(items=[view.kept(parts, one) for one in found], next=following)


@router.post(
    "/check",
    summary="Check a report",
    response_description="Whether it is as it was sealed here.",
    responses=answers(401, 403, 413, 422),
    openapi_extra=PAGE,
)
async def check(parts: Parts, _principal: Viewer, request: Request) -> Genuine:
    """Tell whether a report's file (HTML) is one of this installation's, unchanged."""
    sealed = html_report.read(await request.body())
    if sealed is None:
        return Genuine(genuine=False, seal="")
    return Genuine(genuine=parts.acceptances.seal.holds(sealed.content, sealed.seal), seal=sealed.seal)


@router.get(
    "/{id}",
    summary="One that was concluded",
    response_description="All that was found.",
    responses=answers(401, 403, 404, 422, 503),
)
def one(parts: Parts, principal: Viewer, request: Request, id: int) -> KeptWhole:  # noqa: A002  # as in the address
    """Give one acceptance with its findings."""
    return view.whole(parts, _kept(parts, principal, id), language.of(request))


@router.get(
    "/{id}/report",
    summary="Its report",
    response_class=Response,
    responses=answers(401, 403, 404, 422, 503) | FILES,
)
def report(
    parts: Parts,
    principal: Viewer,
    request: Request,
    id: int,  # noqa: A002  # as in the address
    format: Annotated[Literal["pdf", "html"], Query(description="`html` carries what was sealed.")] = "pdf",  # noqa: A002  # as elsewhere in this interface
) -> Response:
    """Give the report for the file, with its seal and room to sign."""
    found = _kept(parts, principal, id)
    content, digest = view.written(parts, found, format, language.of(request))
    return attached(content, format, f"acceptance-{found.meter}-{found.id}", digest)


def _run(parts: Services, number: str) -> Run:
    found = parts.acceptances.find(number)
    if found is None:
        raise Problem("no_such", what="acceptance", id=number)
    return found


def _kept(parts: Services, principal: Principal, number: int) -> Kept:
    found = store.one(parts.engine, number)
    if found is None or not principal.sees(found.enterprise):
        raise Problem("no_such", what="acceptance", id=number)
    return found

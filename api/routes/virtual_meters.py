"""Virtual meters: what no device counts and a formula over devices does."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import virtual_meters as store
from api import language, virtual_reading
from api.answers import answers
from api.page import Cursor, Limit, Page, cut
from api.problem import Problem
from api.security import AccountsKeeper, Viewer
from api.services import Parts, Services
from api.sight import seen_enterprise
from api.virtual_reading import Books, entered
from park.principal import Principal
from park.virtual_entry import dump
from park.virtual_meter import VirtualMeter

router = APIRouter(tags=["ledger"])

EXAMPLE: dict[str, Any] = {
    "id": "e01-net",
    "enterprise": "e01",
    "carrier": "electricity",
    "role": "boundary",
    "name": "扣除转供后的用电",
    "formula": "e01-main + e01-pv - 0.35 * e02-main",
    "since": "2026-01",
    "until": None,
}
KEPT: dict[str, Any] = EXAMPLE | {
    "terms": {"e01-main": 1.0, "e01-pv": 1.0, "e02-main": -0.35},
    "revision": 1,
    "withdrawn": False,
    "who": "王丽",
    "at": "2026-11-23T08:00:00+08:00",
    "reason": "",
}
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/VirtualMeterDocument"}, "example": EXAMPLE}
        },
    }
}
Document = Annotated[dict[str, Any], Body()]
Reason = Annotated[str, Query(min_length=1, max_length=2_000, description="Why it is taken back.")]


class VirtualMeterDocument(BaseModel):
    """A virtual meter as it is entered."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: str = Field(description="Of no device and no other virtual meter; lower-case letters, digits, - and _.")
    enterprise: str
    carrier: str = Field(description="electricity, natural_gas, steam, heat or water: that of every meter it names.")
    role: str = Field(description="What it stands for: boundary, sub or generation.")
    name: str
    formula: str = Field(
        description="Meters and numbers with + - * / % and parentheses, as `e01-main + 30 % * (a - b)`. "
        "A meter stands for what came in less what went out. Put spaces around a minus; an id of digits only goes "
        "in backquotes."
    )
    since: str | None = Field(default=None, description="The first month it holds in, as 2026-01; null for always.")
    until: str | None = Field(default=None, description="The last month it holds in; null for ever.")
    reason: str = Field(default="", description="Why it changes; required from the second revision on.")


class VirtualMeterItem(VirtualMeterDocument):
    """A virtual meter as of one revision."""

    model_config = ConfigDict(json_schema_extra={"examples": [KEPT]})

    terms: dict[str, float] = Field(description="How many times each device counts, formulas upon formulas worked out.")
    revision: int
    withdrawn: bool
    who: str
    at: datetime | None


class Worth(BaseModel):
    """What a virtual meter that could be kept came to on the last whole day."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "terms": {"e01-main": 1.0, "e01-line1": -1.0},
                    "start": "2026-11-22T00:00:00+08:00",
                    "end": "2026-11-23T00:00:00+08:00",
                    "amount": 1834.5,
                    "unit": "kWh",
                    "measured": 0.98,
                    "estimated": 0.02,
                    "missing": 0.0,
                }
            ]
        }
    )

    terms: dict[str, float]
    start: datetime
    end: datetime
    amount: float | None = Field(description="Null where nothing is known of one of its devices.")
    unit: str
    measured: float = Field(description="The least share of the time measured of any of its devices, 0 to 1.")
    estimated: float
    missing: float


@router.get(
    "/virtual-meters",
    summary="Virtual meters",
    response_description="Those in force, by id.",
    responses=answers(401, 403, 404, 422, 503),
)
def listing(
    parts: Parts,
    principal: Viewer,
    *,
    enterprise: Annotated[str | None, Query(max_length=64, description="Only this enterprise's.")] = None,
    carrier: Annotated[str | None, Query(max_length=64, description="Only of this carrier.")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[VirtualMeterItem]:
    """Give the virtual meters of the enterprises the principal sees."""
    if enterprise is not None:
        seen_enterprise(parts, principal, enterprise)
    book = virtual_reading.books(parts)
    found = [
        one
        for one in book.virtual
        if principal.sees(one.enterprise) and enterprise in {None, one.enterprise} and carrier in {None, one.carrier}
    ]
    rows, following = cut(found, cursor, limit, lambda one: one.id)
    return Page(items=[_item(parts, book, one) for one in rows], next=following)


@router.post(
    "/virtual-meters",
    summary="Make a virtual meter",
    status_code=201,
    response_description="The virtual meter, at its first revision.",
    responses=answers(401, 403, 404, 409, 413, 422, 503),
    openapi_extra=BODY,
)
def add(request: Request, parts: Parts, principal: AccountsKeeper, document: Document) -> VirtualMeterItem:
    """Make one; figures it stands in are restated.  Every mistake in the formula is named with its place."""
    made = entered(parts, document, language.of(request))
    if any(one.id == made.id for one in store.current(parts.engine)):
        raise Problem("exists", what="virtual_meter", id=made.id)
    return _saved(parts, principal, made)


@router.post(
    "/virtual-meters/check",
    summary="Try a formula",
    response_description="What it comes to.",
    responses=answers(401, 403, 413, 422, 503),
    openapi_extra=BODY,
)
def check(request: Request, parts: Parts, principal: AccountsKeeper, document: Document) -> Worth:  # noqa: ARG001  # its right is asked
    """Check a virtual meter as it would be kept, and say what it came to on the last whole day.  Nothing is kept."""
    made = entered(parts, document, language.of(request))
    book = virtual_reading.books(parts, made)
    end = virtual_reading.last_midnight(parts)
    start = virtual_reading.last_midnight(parts, before=end)
    [known] = virtual_reading.values(parts, book, [made], (start, end))
    return Worth(
        terms=_terms(book, made),
        start=parts.local(start),
        end=parts.local(end),
        amount=known.amount,
        unit=made.of.unit,
        measured=known.coverage.measured,
        estimated=known.coverage.estimated,
        missing=known.coverage.missing,
    )


@router.get(
    "/virtual-meters/{id}",
    summary="One virtual meter",
    response_description="As it is in force.",
    responses=answers(401, 403, 404, 422, 503),
)
def one(parts: Parts, principal: Viewer, id: str) -> VirtualMeterItem:  # noqa: A002  # the path's own word
    """Give one with what its formula comes to."""
    book = virtual_reading.books(parts)
    return _item(parts, book, _seen(book, principal, id))


@router.get(
    "/virtual-meters/{id}/revisions",
    summary="Every revision of a virtual meter",
    response_description="Revisions, the newest first.",
    responses=answers(401, 403, 404, 422, 503),
)
def revisions(parts: Parts, principal: Viewer, id: str) -> Page[VirtualMeterItem]:  # noqa: A002  # the path's own word
    """Give each revision with who made it, when and why; one that was taken back says so."""
    found = store.history(parts.engine, id)
    if not found or not principal.sees(found[0].enterprise):
        raise Problem("no_such", what="virtual_meter", id=id[:64])
    shown = [each for each in found if principal.sees(each.enterprise)]
    return Page(items=[_item(parts, virtual_reading.books(parts, each), each) for each in shown])


@router.put(
    "/virtual-meters/{id}",
    summary="Change a virtual meter",
    response_description="The virtual meter, at its next revision.",
    responses=answers(401, 403, 404, 413, 422, 503),
    openapi_extra=BODY,
)
def put(
    request: Request,
    parts: Parts,
    principal: AccountsKeeper,
    *,
    id: str,  # noqa: A002  # the path's own word
    document: Document,
) -> VirtualMeterItem:
    """Change one for all of its time: the next revision, with its reason; figures are restated.

    Where something changed at the site, end this one with a month and make another.  The same again makes no revision.
    """
    _seen(virtual_reading.books(parts), principal, id)
    return _saved(parts, principal, entered(parts, {"id": id} | document | {"id": id}, language.of(request)))


@router.delete(
    "/virtual-meters/{id}",
    summary="Take a virtual meter back",
    status_code=204,
    response_description="It counts no more; its revisions stay.",
    responses=answers(401, 403, 404, 422, 503),
)
def delete(parts: Parts, principal: AccountsKeeper, id: str, reason: Reason) -> Response:  # noqa: A002  # the path's own word
    """Take one back, for all of its time.  One that another's formula names stays until that changes."""
    if store.withdraw(parts.engine, id, who=principal.name, now=parts.clock(), reason=reason) is None:
        raise Problem("no_such", what="virtual_meter", id=id[:64])
    return Response(status_code=204)


def _saved(parts: Services, principal: Principal, made: VirtualMeter) -> VirtualMeterItem:
    kept = store.save(parts.engine, made, who=principal.name, now=parts.clock())
    return _item(parts, virtual_reading.books(parts), kept)


def _seen(book: Books, principal: Principal, name: str) -> VirtualMeter:
    found = next((each for each in book.virtual if each.id == name and principal.sees(each.enterprise)), None)
    if found is None:
        raise Problem("no_such", what="virtual_meter", id=name[:64])
    return found


def _item(parts: Services, book: Books, each: VirtualMeter) -> VirtualMeterItem:
    return VirtualMeterItem(
        **dump(each),
        reason=each.reason,
        terms=_terms(book, each),
        revision=each.revision,
        withdrawn=each.withdrawn,
        who=each.who,
        at=None if each.at is None else parts.local(each.at),
    )


def _terms(book: Books, each: VirtualMeter) -> dict[str, float]:
    return {meter: float(times) for meter, times in book.totals.sites.terms(each.id).items()}

"""Keys for programs."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from adapters.relational import accounts
from api.answers import answers
from api.page import Cursor, Limit, Page, cut
from api.problem import Problem
from api.security import UserKeeper
from api.services import Parts, Services
from park.principal import Access

router = APIRouter(tags=["keys"])

EXAMPLE: dict[str, JsonValue] = {
    "name": "scada",
    "hint": "x3fQ",
    "access": "viewer",
    "enterprise": None,
    "created_at": "2026-11-23T08:00:00+08:00",
    "used_at": None,
    "revoked_at": None,
}


class KeyItem(BaseModel):
    """A key; never its secret."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    name: str
    hint: str = Field(description="The secret's last letters.")
    access: Access
    enterprise: str | None
    created_at: datetime
    used_at: datetime | None = Field(description="To the hour; null: never.")
    revoked_at: datetime | None


class NewKey(BaseModel):
    """A key to make."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "scada", "access": "viewer"}]})

    name: Annotated[str, Field(min_length=1, max_length=64)]
    access: Access
    enterprise: Annotated[str, Field(max_length=64)] | None = None


class KeyGiven(KeyItem):
    """A key with its secret, shown this once."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE | {"secret": "spk_…"}]})

    secret: str = Field(description="Shown this once; send it as X-API-Key.")


@router.get("/keys", summary="API keys", response_description="Keys by name.", responses=answers(401, 403, 422))
def keys(parts: Parts, _principal: UserKeeper, limit: Limit = 100, cursor: Cursor = None) -> Page[KeyItem]:
    """Give every key, revoked ones too."""
    items, following = cut(accounts.list_keys(parts.engine), cursor, limit, lambda key: key.name)
    return Page(items=[KeyItem(**_plain(parts, key)) for key in items], next=following)


@router.post(
    "/keys",
    summary="Make an API key",
    status_code=201,
    response_description="The key, with its secret.",
    responses=answers(401, 403, 409, 413, 422),
)
def make(parts: Parts, principal: UserKeeper, wish: NewKey) -> KeyGiven:
    """Make a key.  The answer shows its secret this once; only its hash is kept."""
    if any(key.name == wish.name for key in accounts.list_keys(parts.engine)):
        raise Problem("exists", what="key", id=wish.name)
    secret = accounts.create_key(
        parts.engine,
        name=wish.name,
        access=wish.access,
        enterprise=wish.enterprise,
        now=parts.clock(),
        who=principal.name,
    )
    return KeyGiven(**_plain(parts, _find(parts, wish.name)), secret=secret)


@router.delete(
    "/keys/{name}",
    summary="Revoke an API key",
    status_code=204,
    response_description="The key opens nothing any more.",
    responses=answers(401, 403, 404, 422),
)
def revoke(parts: Parts, principal: UserKeeper, name: str) -> Response:
    """Revoke a key, for ever; a stream it has open ends within seconds."""
    _find(parts, name)
    accounts.revoke_key(parts.engine, name, now=parts.clock(), who=principal.name)
    return Response(status_code=204)


def _find(parts: Services, name: str) -> accounts.Key:
    found = next((key for key in accounts.list_keys(parts.engine) if key.name == name), None)
    if found is None:
        raise Problem("no_such", what="key", id=name[:64])
    return found


def _plain(parts: Services, key: accounts.Key) -> dict[str, Any]:
    return {
        "name": key.name,
        "hint": key.hint,
        "access": key.access,
        "enterprise": key.enterprise,
        "created_at": parts.local(key.created_at),
        "used_at": parts.local(key.used_at) if key.used_at else None,
        "revoked_at": parts.local(key.revoked_at) if key.revoked_at else None,
    }

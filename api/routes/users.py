"""People who may sign in."""

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
from park.principal import Access, Principal

router = APIRouter(tags=["users"])

EXAMPLE: dict[str, JsonValue] = {
    "name": "wang.li",
    "access": "safety",
    "enterprise": None,
    "must_change_password": True,
    "created_at": "2026-11-23T08:00:00+08:00",
    "signed_in_at": None,
    "disabled_at": None,
}


class UserItem(BaseModel):
    """A user; never the password."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    name: str
    access: Access
    enterprise: str | None
    must_change_password: bool
    created_at: datetime
    signed_in_at: datetime | None
    disabled_at: datetime | None


class NewUser(BaseModel):
    """A user to add."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "wang.li", "access": "safety"},
                                        {"name": "e01-office", "access": "enterprise", "enterprise": "e01"}]},
    )  # fmt: skip

    name: Annotated[str, Field(min_length=1, max_length=64)]
    access: Access
    enterprise: Annotated[str, Field(max_length=64)] | None = None


class UserChange(BaseModel):
    """What to change of a user; what is left out stays."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"disabled": True}, {"reset_password": True}]}
    )

    disabled: bool | None = None
    reset_password: bool = Field(default=False, description="Give a new one-time password and end the sessions.")


class UserGiven(UserItem):
    """A user with the one-time password, shown this once."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE | {"one_time_password": "k7mq-3vxe-9tdz-pa4h"}]})

    one_time_password: str | None = Field(
        default=None, description="Shown this once; must be changed at first sign-in."
    )


@router.get("/users", summary="Users", response_description="Users by name.", responses=answers(401, 403, 422))
def users(parts: Parts, _principal: UserKeeper, limit: Limit = 100, cursor: Cursor = None) -> Page[UserItem]:
    """Give every user, disabled ones too."""
    items, following = cut(accounts.list_users(parts.engine), cursor, limit, lambda user: user.name)
    return Page(items=[UserItem(**_plain(parts, user)) for user in items], next=following)


@router.post(
    "/users",
    summary="Add a user",
    status_code=201,
    response_description="The user, with a password for one use.",
    responses=answers(401, 403, 409, 413, 422),
)
def add(parts: Parts, principal: UserKeeper, wish: NewUser) -> UserGiven:
    """Add a user with a one-time password, which the answer shows this once."""
    if accounts.find_user(parts.engine, wish.name) is not None:
        raise Problem("exists", what="user", id=wish.name)
    password = accounts.one_time_password()
    user = accounts.create_user(
        parts.engine,
        name=wish.name,
        password=password,
        access=wish.access,
        enterprise=wish.enterprise,
        now=parts.clock(),
        who=principal.name,
        must_change=True,
    )
    return UserGiven(**_plain(parts, user), one_time_password=password)


@router.patch(
    "/users/{name}",
    summary="Disable, enable or reset a user",
    response_description="The user as it is now.",
    responses=answers(401, 403, 404, 409, 413, 422),
)
def change(parts: Parts, principal: UserKeeper, name: str, wish: UserChange) -> UserGiven:
    """Change a user.  A disabled user's sessions are over at once; the last administrator stays."""
    _find(parts, name)
    now, password = parts.clock(), None
    if wish.disabled is True:
        _disable(parts, principal, name)
    elif wish.disabled is False:
        accounts.enable_user(parts.engine, name, now=now, who=principal.name)
    if wish.reset_password:
        password = accounts.one_time_password()
        accounts.set_password(parts.engine, name, password, now=now, who=principal.name, must_change=True)
    return UserGiven(**_plain(parts, _find(parts, name)), one_time_password=password)


@router.delete(
    "/users/{name}",
    summary="Disable a user",
    status_code=204,
    response_description="The user can no longer sign in.",
    responses=answers(401, 403, 404, 409, 422),
)
def disable(parts: Parts, principal: UserKeeper, name: str) -> Response:
    """Disable a user.  What was done under the name stays, so the name is never given again."""
    _find(parts, name)
    _disable(parts, principal, name)
    return Response(status_code=204)


def _disable(parts: Services, principal: Principal, name: str) -> None:
    try:
        accounts.disable_user(parts.engine, name, now=parts.clock(), who=principal.name)
    except accounts.AccountRefused as refused:
        raise Problem("conflict", refused=refused) from None


def _find(parts: Services, name: str) -> accounts.User:
    user = accounts.find_user(parts.engine, name)
    if user is None:
        raise Problem("no_such", what="user", id=name[:64])
    return user


def _plain(parts: Services, user: accounts.User) -> dict[str, Any]:
    return {
        "name": user.name,
        "access": user.access,
        "enterprise": user.enterprise,
        "must_change_password": user.must_change,
        "created_at": parts.local(user.created_at),
        "signed_in_at": parts.local(user.signed_in_at) if user.signed_in_at else None,
        "disabled_at": parts.local(user.disabled_at) if user.disabled_at else None,
    }

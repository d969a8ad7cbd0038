"""The one who asks."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import accounts
from api.answers import answers
from api.problem import Problem
from api.security import Someone, set_cookie, sign_in
from api.services import Parts
from park.principal import RIGHTS, Access, Principal, Right

router = APIRouter(tags=["session"])


class Me(BaseModel):
    """Who asks, and what they may."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "admin",
                    "access": "operator",
                    "enterprise": None,
                    "rights": ["keep_quarantine", "keep_registry", "see", "see_quarantine"],
                    "must_change_password": False,
                }
            ]
        }
    )

    name: str
    access: Access
    enterprise: str | None = Field(description="The only enterprise it sees; null: the whole park.")
    rights: list[Right]
    must_change_password: bool = Field(description="Nothing else is open before `PUT /me/password`.")


class NewPassword(BaseModel):
    """The present password and the new one."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"present": "k7mq-3vxe-9tdz-pa4h", "new": "correct horse battery"}]},
    )

    present: Annotated[str, Field(min_length=1, max_length=256)]
    new: Annotated[str, Field(min_length=1, max_length=256)]


def me_of(principal: Principal, *, must_change: bool = False) -> Me:
    """Write a principal."""
    return Me(
        name=principal.name,
        access=principal.access,
        enterprise=principal.enterprise,
        rights=sorted(RIGHTS[principal.access]),
        must_change_password=must_change,
    )


@router.get("/me", summary="Who am I?", response_description="The principal.", responses=answers(401, 403))
def me(caller: Someone) -> Me:
    """Say whom this key or session stands for, and what it may."""
    return me_of(caller.principal, must_change=caller.must_change)


@router.put(
    "/me/password",
    summary="Change my password",
    status_code=204,
    response_description="Changed; all other sessions of this user are over.",
    responses=answers(401, 403, 413, 422, 429),
)
def change_password(request: Request, parts: Parts, caller: Someone, passwords: NewPassword) -> Response:
    """Change the password of the one who is signed in; the present one must be given."""
    if caller.session is None:
        raise Problem("key_has_no_password")
    name = caller.principal.name
    sign_in(parts, name, passwords.present)
    if passwords.new == passwords.present:
        raise Problem("same_password")
    accounts.set_password(parts.engine, name, passwords.new, now=parts.clock(), who=name)
    _, token = sign_in(parts, name, passwords.new)
    response = Response(status_code=204)
    set_cookie(response, token, https=request.url.scheme == "https")
    return response

"""Signing in and out."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.answers import answers
from api.routes.me import Me, me_of
from api.security import Someone, end_session, set_cookie, sign_in
from api.services import Parts

router = APIRouter(tags=["session"])


class Credentials(BaseModel):
    """Name and password."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "admin", "password": "correct horse battery"}]}
    )

    name: Annotated[str, Field(min_length=1, max_length=64)]
    password: Annotated[str, Field(min_length=1, max_length=256)]


@router.post(
    "/session",
    summary="Sign in",
    status_code=201,
    response_description="A session began; its cookie is set for 12 hours.",
    responses=answers(401, 403, 413, 422, 429, 503),
    openapi_extra={"security": []},
)
def begin(request: Request, response: Response, parts: Parts, credentials: Credentials) -> Me:
    """Begin a session.  Five mistakes in a row lock the name for a while, longer each time."""
    user, token = sign_in(parts, credentials.name, credentials.password)
    set_cookie(response, token, https=request.url.scheme == "https")
    return me_of(user.principal, must_change=user.must_change)


@router.delete(
    "/session",
    summary="Sign out",
    status_code=204,
    response_description="The session is over.",
    responses=answers(401, 403),
)
def end(parts: Parts, caller: Someone) -> Response:
    """End the session of this cookie; asked with a key it changes nothing."""
    response = Response(status_code=204)
    if caller.session is not None:
        end_session(parts, caller.session, response)
    return response

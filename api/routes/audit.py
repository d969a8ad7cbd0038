"""What was done, by whom."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import audit
from api.answers import answers
from api.page import Cursor, Limit, Page
from api.security import Auditor
from api.services import Parts

router = APIRouter(tags=["audit"])


class AuditItem(BaseModel):
    """One thing that somebody did."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": 17,
                    "at": "2026-11-23T08:00:00+08:00",
                    "who": "admin",
                    "action": "meter.change",
                    "subject": "e01-main",
                    "before": {"period": "60s"},
                    "after": {"period": "15s"},
                }
            ]
        }
    )

    id: int
    at: datetime
    who: str = Field(description="A user's name, or `key:` and a key's.")
    action: str = Field(description="Noun and verb.")
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@router.get(
    "/audit",
    summary="What was done",
    response_description="Entries, the newest first.",
    responses=answers(401, 403, 422),
)
def entries(parts: Parts, _principal: Auditor, limit: Limit = 100, cursor: Cursor = None) -> Page[AuditItem]:
    """Give every write: who, when, from what to what.  Entries are never changed or deleted."""
    found, following = audit.entries(parts.engine, limit, cursor)
    items = [
        AuditItem(
            id=entry.id,
            at=parts.local(entry.at),
            who=entry.who,
            action=entry.action,
            subject=entry.subject,
            before=dict(entry.before) if entry.before is not None else None,
            after=dict(entry.after) if entry.after is not None else None,
        )
        for entry in found
    ]
    return Page(items=items, next=following)

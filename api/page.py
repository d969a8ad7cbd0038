"""Lists as they go over the wire: some items, and where the next ones begin."""

from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field

from api import cursor

T = TypeVar("T")

Cursor = Annotated[
    str | None, Query(max_length=300, description="The `next` of the page before; leave it out for the first page.")
]
Limit = Annotated[int, Query(ge=1, le=1_000, description="Most items on one page.")]


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    items: list[T]
    next: str | None = Field(default=None, description="Hand it back as `cursor` for the next page; null on the last.")


def cut(found: Sequence[T], after: str | None, limit: int, key: Callable[[T], str]) -> tuple[list[T], str | None]:
    """Cut one page out of a whole list in memory, in the order of `key`.  Raises Problem for a foreign cursor."""
    last = cursor.read(after)
    rest = [item for item in sorted(found, key=key) if last is None or key(item) > last]
    return rest[:limit], cursor.write(key(rest[limit - 1])) if len(rest) > limit else None

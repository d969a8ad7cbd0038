"""A reporting term as a request writes it."""

from typing import Annotated

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from park.term import Term, read


def read_term(value: object) -> Term:
    """Read a month, quarter, year, year to date or rolling twelve months."""
    if isinstance(value, Term):
        return value
    try:
        return read(str(value))
    except ValueError:
        raise PydanticCustomError("term", "{value} is no reporting term", {"value": str(value)[:60]}) from None


Period = Annotated[
    Term,
    PlainValidator(read_term),
    WithJsonSchema(
        {"type": "string", "examples": ["2026", "2026-Q3", "2026-10", "2026-10/ytd", "2026-10/r12"]},
    ),
]

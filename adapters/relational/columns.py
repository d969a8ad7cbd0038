"""Column types that mean the same in SQLite and PostgreSQL."""

from datetime import UTC, datetime

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, String, Text
from sqlalchemy.types import TypeDecorator

Id = String(64)
"""An id of the registry, see park.place.IDENTIFIER."""

Number = BigInteger().with_variant(Integer, "sqlite")
"""A row's own number.  SQLite counts up only what is called INTEGER; it is 64 bits there all the same."""

Name = Text()

Document = JSON(none_as_null=True)
"""Plain data whose inside no query looks at."""


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept and given back in UTC.  SQLite would drop the offset without a word."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # its form
        """Refuse a naive time: nobody knows when it was."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without offset: {value.isoformat()}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # its form
        """Say what was known when it was stored: UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

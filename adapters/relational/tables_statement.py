"""Economic statements, revised and never edited."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, String, Table, Text

from adapters.relational.columns import Document, Id, Instant
from adapters.relational.metadata import metadata

# Only added to: a trigger refuses changes.  Of an enterprise and term the row with the largest revision is in force.
# Writer: the API, and whoever imports at the command line.
statement = Table(
    "statement",
    metadata,
    Column("enterprise", Id, primary_key=True),
    Column("term", String(10), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("first_month", Integer, nullable=False),  # year * 12 + month − 1, to find the terms within a stretch
    Column("last_month", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("stated", Document, nullable=False),  # line → its digits as text, so that no database rounds them
    Column("who", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    CheckConstraint("revision > 0", name="revision"),
    Index(None, "last_month", "first_month"),
)

"""Virtual meters."""

from sqlalchemy import Boolean, CheckConstraint, Column, Integer, String, Table, Text

from adapters.relational.columns import Id, Instant
from adapters.relational.metadata import metadata

# Only added to: a trigger refuses changes.  Of an id the row with the largest revision is in force.  Writer: the API.
virtual_meter = Table(
    "virtual_meter",
    metadata,
    Column("id", Id, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("enterprise", Id, nullable=False),
    Column("carrier", String(32), nullable=False),
    Column("role", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("formula", Text, nullable=False),
    Column("since", String(7)),  # months, as 2026-10
    Column("until", String(7)),
    Column("withdrawn", Boolean, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    CheckConstraint("revision > 0", name="revision"),
)

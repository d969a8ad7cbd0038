"""Budgets of energy and carbon."""

from sqlalchemy import CheckConstraint, Column, Integer, String, Table, Text

from adapters.relational.columns import Id, Instant
from adapters.relational.metadata import metadata

# What an enterprise may use in a year.  Only added to: a trigger refuses changes.  Of an enterprise, year and kind the
# row with the largest revision is in force.  Writer: the API.
budget = Table(
    "budget",
    metadata,
    Column("enterprise", Id, primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(16), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("amount", Text),  # digits as text, so that no database rounds them; null where it was taken back
    Column("who", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    CheckConstraint("revision > 0", name="revision"),
)

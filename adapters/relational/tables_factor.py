"""Factors and policies that people add."""

from sqlalchemy import Boolean, Column, Date, Float, Integer, String, Table, Text

from adapters.relational.columns import Document, Id, Instant
from adapters.relational.metadata import metadata

# What people enter of factors beyond those that are shipped.  Only added to: of an entry the newest revision is in
# force, taking it back is one too, and a trigger refuses changes.  Writer: the API.
own_factor = Table(
    "own_factor",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("park", Id),
    Column("enterprise", Id),
    Column("factor_set", String(32), nullable=False),
    Column("key", Id, nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("value", Text, nullable=False),  # a Decimal as it was entered; no database of the two rounds a text
    Column("unit", String(32), nullable=False),
    Column("region", String(32), nullable=False),
    Column("data_year", Integer),
    Column("published", Date, nullable=False),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("source", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("inputs", Document, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
)

# What a park decided, one row a revision.  Only added to, too.  Writer: the API.
policy = Table(
    "policy",
    metadata,
    Column("park", Id, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("basis", String(16), nullable=False),
    Column("region", String(32), nullable=False),
    Column("fallback", Boolean, nullable=False),
    Column("sets", Document, nullable=False),
    Column("counted", Document, nullable=False),
    Column("self_generated", Boolean, nullable=False),
    Column("residual", String(32), nullable=False),
    Column("feed_water_kj_kg", Float, nullable=False),
    Column("final_coverage", Float, nullable=False),
    Column("losses", Document, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
)

"""The plan of the site: its picture, and where each meter's point is on it."""

from sqlalchemy import CheckConstraint, Column, Float, Integer, LargeBinary, String, Table, Text

from adapters.relational.columns import Id, Instant
from adapters.relational.metadata import metadata

# The picture; one row.  Writer: the API.
site_plan = Table(
    "site_plan",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("media", String(16), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

# Where a meter's point is.  One whose meter is gone is not shown.  Writer: the API.
plan_point = Table(
    "plan_point",
    metadata,
    Column("meter", Id, primary_key=True),
    Column("x", Float, nullable=False),  # shares of the picture, from its left and its top
    Column("y", Float, nullable=False),
    CheckConstraint("x >= 0 AND x <= 1 AND y >= 0 AND y <= 1", name="inside"),
)

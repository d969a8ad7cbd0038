"""What is entered rather than metered: fuels, process emissions, green power."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, String, Table, Text

from adapters.relational.columns import Id, Instant
from adapters.relational.metadata import metadata

# Only added to: a trigger refuses changes.  Of an enterprise, term and item the row with the largest revision is in
# force.  Writer: the API, and whoever imports at the command line.
activity = Table(
    "activity",
    metadata,
    Column("enterprise", Id, primary_key=True),
    Column("term", String(10), primary_key=True),
    Column("item", String(32), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("first_month", Integer, nullable=False),  # year * 12 + month − 1, to find the terms within a stretch
    Column("last_month", Integer, nullable=False),
    Column("amount", Text),  # its digits, so that no database rounds them; null where it is withdrawn
    Column("unit", String(16), nullable=False),
    Column("evidence", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    CheckConstraint("revision > 0", name="revision"),
    Index(None, "last_month", "first_month"),
)

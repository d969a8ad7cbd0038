"""Acceptances of devices as they were concluded.  Only added to."""

from sqlalchemy import Boolean, Column, String, Table, Text

from adapters.relational.columns import Document, Id, Instant, Number
from adapters.relational.metadata import metadata

# Writer: the API, and the command line beside it.
acceptance = Table(
    "acceptance",
    metadata,
    Column("id", Number, primary_key=True),
    Column("meter", Id, nullable=False, index=True),
    Column("enterprise", Id, nullable=False),  # the meter's then: it may move, the report does not
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("accepted", Boolean, nullable=False),
    Column("document", Document, nullable=False),
    Column("seal", String(64), nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

"""Which of several processes does a work that one alone may do."""

from sqlalchemy import Column, String, Table, Text

from adapters.relational.columns import Instant
from adapters.relational.metadata import metadata

# Who watches and reckons until when; one row for each such work.  Writer: the rules service.
rules_lease = Table(
    "rules_lease",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("holder", Text, nullable=False),  # empty where it was given back
    Column("until", Instant, nullable=False),
    Column("renewed", Instant, nullable=False),
)

"""Published figures, their revisions, and closed terms."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from adapters.relational.columns import Document, Id, Instant, Number
from adapters.relational.metadata import metadata

FIGURE = String(200)
TERM = String(11)

# What every figure was at each time it was said.  Revision 0 is of a running term and is kept in place; from 1 on they
# are published and only added to: a trigger refuses changes.  Writer: the rules service.
figure_revision = Table(
    "figure_revision",
    metadata,
    Column("figure", FIGURE, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("scope", String(16), nullable=False),
    Column("subject", Id, nullable=False),
    Column("park", Id, nullable=False),  # empty for an industry, which may stretch over several
    Column("indicator", String(48), nullable=False),
    Column("basis", String(16), nullable=False),  # empty where there is no electricity in it
    Column("term", TERM, nullable=False),
    Column("last_month", Integer, nullable=False),  # year * 12 + month − 1
    Column("at", Instant, nullable=False),
    Column("value", Float),
    Column("unit", String(24), nullable=False),
    Column("measured", Float, nullable=False),
    Column("estimated", Float, nullable=False),
    Column("state", String(16), nullable=False),
    Column("said", String(32), nullable=False),  # a print of value, coverage and state: another one is another revision
    Column("document", LargeBinary, nullable=False),  # the whole figure, inputs and all: JSON, deflated to a third
    Column("reasons", Document, nullable=False),  # why it differs from the revision before; empty for the first
    CheckConstraint("revision >= 0", name="revision"),
    Index(None, "term", "scope", "subject"),
    Index(None, "scope", "subject", "indicator", "last_month"),
)

# From what each term's figures were last made, so that a round knows whether anything changed.  Writer: the rules
# service.
figure_term = Table(
    "figure_term",
    metadata,
    Column("term", TERM, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("at", Instant, nullable=False),
)

# Terms that were closed for reports, and the revisions that stand in them.  Only added to.  Writer: the API.
closing = Table(
    "closing",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("park", Id, nullable=False),
    Column("term", TERM, nullable=False),
    Column("at", Instant, nullable=False),
    Column("who", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("forced", Text, nullable=False),  # the reason for closing against what stood in the way; empty where nothing
    Column("obstacles", Document, nullable=False),
    Column("digest", String(64), nullable=False),  # of everything that was frozen
    UniqueConstraint("park", "term"),
    sqlite_autoincrement=True,
)

closing_figure = Table(
    "closing_figure",
    metadata,
    Column("closing", Number, primary_key=True),
    Column("figure", FIGURE, primary_key=True),
    Column("revision", Integer, nullable=False),
)

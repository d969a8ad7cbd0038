"""Evaluation schemes and results, plan targets, projects.  Writer of each: the API; all are only added to."""

from sqlalchemy import Boolean, CheckConstraint, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from adapters.relational.columns import Document, Id, Instant, Name, Number
from adapters.relational.metadata import metadata

scheme = Table(
    "scheme",
    metadata,
    Column("id", Id, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("document", Document, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    CheckConstraint("revision > 0", name="revision"),
)

# What a person marked an enterprise with: an adder, a veto, an exclusion.  The newest row of a mark is in force.
evaluation_flag = Table(
    "evaluation_flag",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("scheme", Id, nullable=False),
    Column("term", String(16), nullable=False),
    Column("enterprise", Id, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("mark", Id, nullable=False),
    Column("standing", Boolean, nullable=False),  # false takes it back
    Column("who", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    Index(None, "scheme", "term"),
    sqlite_autoincrement=True,
)

# One run that was kept: the scheme and every quantity it was made of, so that it can be done again.
evaluation = Table(
    "evaluation",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("park", Id, nullable=False),
    Column("scheme", Id, nullable=False),
    Column("scheme_revision", Integer, nullable=False),
    Column("term", String(16), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("inputs", Document, nullable=False),
    Column("result", Document, nullable=False),
    Column("digest", String(64), nullable=False),  # of the inputs: the same again is no new revision
    Column("who", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    CheckConstraint("revision > 0", name="revision"),
    Index("uq_evaluation_park_scheme_term_revision", "park", "scheme", "term", "revision", unique=True),
    sqlite_autoincrement=True,
)

# The same results flat, one enterprise a row, for dashboards.
evaluation_result = Table(
    "evaluation_result",
    metadata,
    Column("evaluation", Number, ForeignKey("evaluation.id"), primary_key=True),
    Column("enterprise", Id, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("cohort", Id),
    Column("total", Float),
    Column("rank", Integer),
    Column("grade", String(1)),
)

plan_target = Table(
    "plan_target",
    metadata,
    Column("park", Id, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("item", String(64), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("goal", Text),  # digits as text, so that no database rounds them
    Column("benchmark", Text),
    Column("value", Text),
    Column("note", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Instant, nullable=False),
    CheckConstraint("revision > 0", name="revision"),
)

project = Table(
    "project",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("park", Id, nullable=False),
    Column("name", Name, nullable=False),
    Column("evaluation", Number, ForeignKey("evaluation.id"), nullable=False),  # whose enterprises it was held against
    Column("inputs", Document, nullable=False),
    Column("result", Document, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "park"),
    sqlite_autoincrement=True,
)

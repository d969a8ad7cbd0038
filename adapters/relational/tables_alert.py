"""Alerts as the rules service last knew them, their history, and who was told.

The rules service keeps these in a file of its own and copies them here; so each row comes again after trouble, and an
alert may be seconds older here than it is.  Rule ids are no longer than an id of the registry.
"""

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, String, Table, Text

from adapters.relational.columns import Id, Instant
from adapters.relational.metadata import metadata

PHASE = String(16)

# What each alert is now; one that was never more than calm has no row.  Writer: the rules service.
alert = Table(
    "alert",
    metadata,
    Column("rule", Id, primary_key=True),
    Column("meter", Id, primary_key=True),
    Column("episode", Integer, nullable=False),
    Column("phase", PHASE, nullable=False),
    Column("since", Instant, nullable=False),
    Column("raised_at", Instant),
    Column("severity", Integer, nullable=False),
    Column("metric", String(64), nullable=False),
    Column("value", Float),
    Column("why", String(16), nullable=False),
    Column("acknowledged_at", Instant),
    Column("acknowledged_by", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("assigned_to", Text, nullable=False),
    Column("shelved_until", Instant),
    Column("shelved_by", Text, nullable=False),
    Column("shelf_reason", Text, nullable=False),
    Column("escalated", Integer, nullable=False),
    Column("drill", Boolean, nullable=False),
    Column("change", BigInteger, nullable=False),  # the number of the last change that this row knows of
    Index(None, "phase", "severity"),
)

# Its history.  Only added to: a trigger refuses changes.  Writer: the rules service.
alert_change = Table(
    "alert_change",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("rule", Id, nullable=False),
    Column("meter", Id, nullable=False),
    Column("episode", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Column("known_at", Instant, nullable=False),
    Column("before", PHASE, nullable=False),
    Column("after", PHASE, nullable=False),
    Column("why", String(16), nullable=False),
    Column("metric", String(64), nullable=False),
    Column("value", Float),
    Column("severity", Integer, nullable=False),
    Column("who", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("until", Instant),
    Column("drill", Boolean, nullable=False),
    Column("action", BigInteger, nullable=False),  # what a person asked for in `alert_action`; 0 where nobody did
    Index(None, "rule", "meter", "id"),
    Index(None, "known_at"),
)

# Whom a change was told, or why not: every decision, and how far its delivery is.  Writer: the rules service.
notice = Table(
    "notice",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("change", BigInteger, nullable=False),
    Column("receiver", Id, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("due", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("sent", Instant),
    Column("document", Text, nullable=False),  # JSON of what is said; no query looks inside
    Index(None, "change"),
    Index(None, "receiver", "change"),
)

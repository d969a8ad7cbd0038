"""What people at the alarm desk decide: what they do to alerts, their rules, whom to tell, when not to.

The rules service reads it all and writes none of it but `alert_watch`, where it says how far it is.
"""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Index, Integer, String, Table, Text

from adapters.relational.columns import Document, Id, Instant, Number
from adapters.relational.metadata import metadata

# What people asked for, in the order of its numbers, which the rules service does each once.  Only added to: a trigger
# refuses changes.  Writer: the API.
alert_action = Table(
    "alert_action",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("who", Text, nullable=False),
    Column("rule", Id, nullable=False),
    Column("meter", Id, nullable=False),
    Column("deed", String(16), nullable=False),
    Column("note", Text, nullable=False),
    Column("until", Instant),
    Column("given_to", Text, nullable=False),
    Index(None, "rule", "meter", "id"),
    sqlite_autoincrement=True,
)

# Rules made in the console, as they were written.  Only added to; the largest revision is in force.  Writer: the API.
rule = Table(
    "rule",
    metadata,
    Column("id", Id, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("written", Text),  # YAML; null where it was withdrawn
    Column("who", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    CheckConstraint("revision > 0", name="revision"),
)

# What was changed about a rule, shipped or not, without rewriting it.  As above.  Writer: the API.
rule_overlay = Table(
    "rule_overlay",
    metadata,
    Column("rule", Id, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("document", Document, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    CheckConstraint("revision > 0", name="revision"),
)

# Whom to tell.  The API writes how to reach them and cannot read it.  Writer: the API.
receiver = Table(
    "receiver",
    metadata,
    Column("id", Id, primary_key=True),
    Column("document", Document, nullable=False),
    Column("address", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("reached", Boolean, nullable=False),  # whether an address is there
    Column("signed", Boolean, nullable=False),  # whether a secret is
)

# When work goes on somewhere.  Writer: the API.
maintenance = Table(
    "maintenance",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("begins", Instant, nullable=False),
    Column("ends", Instant, nullable=False, index=True),
    Column("scope", Document, nullable=False),
    Column("reason", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Instant, nullable=False),
    CheckConstraint("begins <= ends", name="order"),
    sqlite_autoincrement=True,
)

# Who is on duty when.  Writer: the API.
duty = Table(
    "duty",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("receiver", Id, nullable=False),
    Column("person", Text, nullable=False),
    Column("begins", Instant, nullable=False),
    Column("ends", Instant, nullable=False, index=True),
    CheckConstraint("begins < ends", name="order"),
    sqlite_autoincrement=True,
)

# What one shift told the next.  Only added to: a trigger refuses changes.  Writer: the API.
handover = Table(
    "handover",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("since", Instant, nullable=False),  # when the shift began
    Column("who", Text, nullable=False),
    Column("taken_by", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("state", Document, nullable=False),  # what was open and what had happened, as it stood
    sqlite_autoincrement=True,
)

# How far the rules service is; one row.  Writer: the rules service.
alert_watch = Table(
    "alert_watch",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("acted", BigInteger, nullable=False),  # the number of the last action it did or refused
    Column("rules", Integer, nullable=False),
    Column("meters", Integer, nullable=False),
    Column("heard", Instant),
    Column("behind_ms", BigInteger),
    Column("holder", Text, nullable=False),
)

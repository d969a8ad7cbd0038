"""The tables.  Each has one writer; what changes them is a migration, and a test holds the two together."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from adapters.relational.columns import Document, Id, Instant, Name, Number
from adapters.relational.metadata import metadata

# --- the registry; writer: registry_store -----------------------------------------------------------------------------

park = Table(
    "park",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Name, nullable=False),
    Column("name_en", Name, nullable=False),
    Column("position", Integer, nullable=False),  # its place in the registry's order
)

enterprise = Table(
    "enterprise",
    metadata,
    Column("id", Id, primary_key=True),
    Column("park", Id, ForeignKey("park.id"), nullable=False, index=True),
    Column("name", Name, nullable=False),
    Column("name_en", Name, nullable=False),
    Column("industry", String(8), nullable=False),
    Column("area_mu", Float),
    Column("contact", Name, nullable=False),
    Column("position", Integer, nullable=False),
)

meter = Table(
    "meter",
    metadata,
    Column("id", Id, primary_key=True),
    Column("enterprise", Id, ForeignKey("enterprise.id"), nullable=False, index=True),
    Column("medium", String(16), nullable=False),
    Column("role", String(16), nullable=False),
    Column("name", Name, nullable=False),
    Column("name_en", Name, nullable=False),
    Column("period_ms", BigInteger, nullable=False),
    Column("metrics", Document, nullable=False),
    Column("units", Document, nullable=False),
    Column("register_width", Float),
    Column("register_rated", Text, nullable=False),
    Column("codec", String(32), nullable=False),
    Column("options", Document, nullable=False),
    Column("position", Integer, nullable=False),
    CheckConstraint("period_ms > 0", name="period"),
)

multiplier = Table(
    "multiplier",
    metadata,
    Column("meter", Id, ForeignKey("meter.id", ondelete="CASCADE"), primary_key=True),
    Column("since", Instant, primary_key=True),
    Column("value", Float, nullable=False),
    CheckConstraint("value > 0", name="value"),
)

# How often something changed as a whole, so that another process can ask cheaply whether it did.
edition = Table(
    "edition",
    metadata,
    Column("subject", String(32), primary_key=True),
    Column("number", BigInteger, nullable=False),
)

# --- people and programs; writer: accounts ----------------------------------------------------------------------------

user = Table(
    "user",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("password_at", Instant, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("access", String(16), nullable=False),
    Column("enterprise", Id),
    Column("created_at", Instant, nullable=False),
    Column("signed_in_at", Instant),
    Column("disabled_at", Instant),
)

# Failed sign-ins by the name that was tried, whether or not there is such a user: a lock must not tell which exist.
sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Instant, nullable=False, index=True),
    Column("locked_until", Instant),
)

api_key = Table(
    "api_key",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("hint", String(8), nullable=False),  # its last letters, to tell keys apart by
    Column("access", String(16), nullable=False),
    Column("enterprise", Id),
    Column("created_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
)

# --- what was done; writers: whoever does it, in the same transaction -------------------------------------------------

audit = Table(
    "audit",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("who", Text, nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", Text, nullable=False),
    Column("before", Document),
    Column("after", Document),
    sqlite_autoincrement=True,  # a number is never given twice
)

# --- what was not let in; writer: the collector -----------------------------------------------------------------------

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("digest", LargeBinary(16), nullable=False, unique=True),
    Column("at", Instant, nullable=False),
    Column("reason", String(32), nullable=False),
    Column("meter", Id),
    Column("size", Integer, nullable=False),  # of the payload
    Column("weight", Integer, nullable=False),  # of the row, against the bound
    Column("topic", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),  # late, so that SQLite need not read past it
    Column("content_type", String(255)),
    Index(None, "at", "weight"),
    Index(None, "reason", "meter", "at", "size"),
    Index(None, "meter", "at"),
    sqlite_autoincrement=True,  # a deleted row's number must not name another row in a pending request
)

# What each meter published and what came of it.  Numbers may be written again from the spool's notes, which lead.
account = Table(
    "account",
    metadata,
    Column("meter", Id, primary_key=True),
    Column("since", Instant, nullable=False),
    Column("heard", Instant, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("unnumbered", BigInteger, nullable=False),
    Column("missing", BigInteger, nullable=False),
    Column("duplicates", BigInteger, nullable=False),
    Column("restarts", BigInteger, nullable=False),
    Column("held", BigInteger, nullable=False),
    Column("accepted", BigInteger, nullable=False),
    Column("refused", BigInteger, nullable=False),
    Column("stored", BigInteger, nullable=False),
    Column("gaps", Document, nullable=False),
    Column("doubles", Document, nullable=False),
)

# Writer: whoever asks inserts, the collector finishes.
replay_request = Table(
    "replay_request",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("who", Text, nullable=False),
    Column("reason", String(32)),
    Column("meter", Id),
    Column("ids", Document),
    Column("finished_at", Instant, index=True),
    Column("replayed", Integer),
    Column("refused_again", Integer),
    sqlite_autoincrement=True,
)

# --- where a server store keeps readings, and what is to be rolled up there -------------------------------------------

# The measurement and tags of a meter's readings from an instant on.  Only added to.  Writer: the collector.
home = Table(
    "home",
    metadata,
    Column("meter", Id, primary_key=True),
    Column("since", Instant, primary_key=True),
    Column("medium", String(16), nullable=False),
    Column("park", Id, nullable=False),
    Column("enterprise", Id, nullable=False),
)

# Meters and local days with late readings.  Writer: the collector notes, the rules service takes out what it has done.
rollup_due = Table(
    "rollup_due",
    metadata,
    Column("meter", Id, primary_key=True),
    Column("day", Instant, primary_key=True),
    Column("touched", BigInteger, nullable=False),  # how often, so that what came meanwhile is not taken out
)

# How far the slots are made.  Writer: the rules service.
rollup = Table(
    "rollup",
    metadata,
    Column("subject", String(32), primary_key=True),
    Column("until", Instant, nullable=False),
)

"""What the counter ledger keeps: epochs, suspicions, days and what is due."""

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, String, Table, Text, UniqueConstraint

from adapters.relational.columns import Document, Id, Instant, Number
from adapters.relational.metadata import metadata

METRIC = String(64)

# What people declare of a register, and decide about what was found.  Only added to: of an epoch the newest row is in
# force, and a trigger refuses changes.  Writer: the API.
epoch = Table(
    "epoch",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("meter", Id, nullable=False),
    Column("metric", METRIC, nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("standing", String(16), nullable=False),
    Column("closing", Float),  # as the display showed: counts, before any multiplier
    Column("opening", Float),
    Column("multiplier", Float),
    Column("width", Float),
    Column("note", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Index(None, "meter", "metric", "at", "kind", "id"),
    sqlite_autoincrement=True,  # the newest must have the largest
)

# What we found and nobody has decided yet, or somebody has: `epoch` knows.  Writer: the rules service.
suspicion = Table(
    "suspicion",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("meter", Id, nullable=False),
    Column("metric", METRIC, nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("before_at", Instant, nullable=False),
    Column("before_total", Float, nullable=False),
    Column("after_at", Instant, nullable=False),
    Column("after_total", Float, nullable=False),
    Column("booked", Float, nullable=False),  # meanwhile, in the register's unit
    Column("evidence", Document, nullable=False),
    Column("contested", Boolean, nullable=False),  # what a person said of it does not fit the samples
    Column("found_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),  # a later look did not find it any more
    UniqueConstraint("meter", "metric", "at", "kind"),
    Index(None, "withdrawn_at", "at"),
    sqlite_autoincrement=True,  # an address of one must never lead to another
)

# What a register did on each local day, and the marks between which it was reckoned.  Writer: the rules service.
ledger_day = Table(
    "ledger_day",
    metadata,
    Column("meter", Id, primary_key=True),
    Column("metric", METRIC, primary_key=True),
    Column("day", Instant, primary_key=True),
    Column("opening_ms", BigInteger),  # the last believed sample before the day; none before the first
    Column("opening_total", Float),
    Column("closing_ms", BigInteger),  # the last believed sample of the day, or before it
    Column("closing_total", Float),
    Column("firm_ms", BigInteger),  # the last believed sample that nothing later can refute
    Column("firm_total", Float),
    Column("undecided", Integer, nullable=False),  # samples at the end that the next may refute
    Column("booked", Float, nullable=False),  # by the steps that end in the day
    Column("estimated", Float, nullable=False),  # of what was booked
    Column("off", Float, nullable=False),  # booked less what closing and opening readings say: 0, or something is wrong
    Column("causes", Document, nullable=False),  # steps by cause
    Column("basis", String(32), nullable=False),  # of the register's facts and epochs it was reckoned with
    Index(None, "day"),
)

# How far each register or gauge is accounted for, and by which facts and epochs.  Writer: the rules service.
accounted = Table(
    "accounted",
    metadata,
    Column("meter", Id, primary_key=True),
    Column("metric", METRIC, primary_key=True),
    Column("until", Instant, nullable=False),
    Column("basis", String(32), nullable=False),
)

# Meters and local days with late readings.  Writer: the collector notes, the rules service takes out what it has done.
interval_due = Table(
    "interval_due",
    metadata,
    Column("meter", Id, primary_key=True),
    Column("day", Instant, primary_key=True),
    Column("touched", BigInteger, nullable=False),  # how often, so that what came meanwhile is not taken out
)

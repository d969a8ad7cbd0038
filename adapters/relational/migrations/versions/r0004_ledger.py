"""What the counter ledger keeps: epochs, suspicions, days and what is due."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.String(length=64)
INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER epoch_update BEFORE UPDATE ON epoch BEGIN SELECT RAISE(ABORT, 'epoch is append-only'); END",
        "CREATE TRIGGER epoch_delete BEFORE DELETE ON epoch BEGIN SELECT RAISE(ABORT, 'epoch is append-only'); END",
    ),
    "postgresql": (
        """CREATE FUNCTION epoch_append_only() RETURNS trigger LANGUAGE plpgsql
           AS $$ BEGIN
             RAISE EXCEPTION 'epoch is append-only' USING ERRCODE = 'integrity_constraint_violation';
           END $$""",
        """CREATE TRIGGER epoch_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON epoch
           FOR EACH STATEMENT EXECUTE FUNCTION epoch_append_only()""",
    ),
}


def upgrade() -> None:
    op.create_table(
        "epoch",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("meter", ID, nullable=False),
        sa.Column("metric", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.Column("closing", sa.Float(), nullable=True),
        sa.Column("opening", sa.Float(), nullable=True),
        sa.Column("multiplier", sa.Float(), nullable=True),
        sa.Column("width", sa.Float(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_epoch")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_epoch_meter_metric_at_kind_id"), "epoch", ["meter", "metric", "at", "kind", "id"], unique=False
    )
    op.create_table(
        "suspicion",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("meter", ID, nullable=False),
        sa.Column("metric", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("before_at", INSTANT, nullable=False),
        sa.Column("before_total", sa.Float(), nullable=False),
        sa.Column("after_at", INSTANT, nullable=False),
        sa.Column("after_total", sa.Float(), nullable=False),
        sa.Column("booked", sa.Float(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("contested", sa.Boolean(), nullable=False),
        sa.Column("found_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspicion")),
        sa.UniqueConstraint("meter", "metric", "at", "kind", name=op.f("uq_suspicion_meter_metric_at_kind")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_suspicion_withdrawn_at_at"), "suspicion", ["withdrawn_at", "at"], unique=False)
    op.create_table(
        "ledger_day",
        sa.Column("meter", ID, nullable=False),
        sa.Column("metric", ID, nullable=False),
        sa.Column("day", INSTANT, nullable=False),
        sa.Column("opening_ms", sa.BigInteger(), nullable=True),
        sa.Column("opening_total", sa.Float(), nullable=True),
        sa.Column("closing_ms", sa.BigInteger(), nullable=True),
        sa.Column("closing_total", sa.Float(), nullable=True),
        sa.Column("firm_ms", sa.BigInteger(), nullable=True),
        sa.Column("firm_total", sa.Float(), nullable=True),
        sa.Column("undecided", sa.Integer(), nullable=False),
        sa.Column("booked", sa.Float(), nullable=False),
        sa.Column("estimated", sa.Float(), nullable=False),
        sa.Column("off", sa.Float(), nullable=False),
        sa.Column("causes", sa.JSON(), nullable=False),
        sa.Column("basis", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("meter", "metric", "day", name=op.f("pk_ledger_day")),
    )
    op.create_index(op.f("ix_ledger_day_day"), "ledger_day", ["day"], unique=False)
    op.create_table(
        "accounted",
        sa.Column("meter", ID, nullable=False),
        sa.Column("metric", ID, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("basis", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("meter", "metric", name=op.f("pk_accounted")),
    )
    op.create_table(
        "interval_due",
        sa.Column("meter", ID, nullable=False),
        sa.Column("day", INSTANT, nullable=False),
        sa.Column("touched", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("meter", "day", name=op.f("pk_interval_due")),
    )
    op.bulk_insert(
        sa.table("edition", sa.column("subject", sa.String), sa.column("number", sa.BigInteger)),
        [{"subject": "epochs", "number": 0}],
    )
    for statement in APPEND_ONLY.get(op.get_bind().dialect.name, ()):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DELETE FROM edition WHERE subject = 'epochs'")
    op.drop_table("interval_due")
    op.drop_table("accounted")
    op.drop_index(op.f("ix_ledger_day_day"), table_name="ledger_day")
    op.drop_table("ledger_day")
    op.drop_index(op.f("ix_suspicion_withdrawn_at_at"), table_name="suspicion")
    op.drop_table("suspicion")
    op.drop_index(op.f("ix_epoch_meter_metric_at_kind_id"), table_name="epoch")
    op.drop_table("epoch")

    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION epoch_append_only()")

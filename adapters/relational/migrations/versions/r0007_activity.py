"""What is entered rather than metered: fuels, process emissions, green power."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

EDITION = sa.table("edition", sa.column("subject", sa.String), sa.column("number", sa.BigInteger))
SUBJECT = "activities"

APPEND_ONLY = {
    "sqlite": (
        """CREATE TRIGGER activity_update BEFORE UPDATE ON activity
           BEGIN SELECT RAISE(ABORT, 'activity is append-only'); END""",
        """CREATE TRIGGER activity_delete BEFORE DELETE ON activity
           BEGIN SELECT RAISE(ABORT, 'activity is append-only'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION activity_append_only() RETURNS trigger LANGUAGE plpgsql
           AS $$ BEGIN
             RAISE EXCEPTION 'activity is append-only' USING ERRCODE = 'integrity_constraint_violation';
           END $$""",
        """CREATE TRIGGER activity_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON activity
           FOR EACH STATEMENT EXECUTE FUNCTION activity_append_only()""",
    ),
}


def upgrade() -> None:
    op.create_table(
        "activity",
        sa.Column("enterprise", sa.String(length=64), nullable=False),
        sa.Column("term", sa.String(length=10), nullable=False),
        sa.Column("item", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("first_month", sa.Integer(), nullable=False),
        sa.Column("last_month", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Text(), nullable=True),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("revision > 0", name=op.f("ck_activity_revision")),
        sa.PrimaryKeyConstraint("enterprise", "term", "item", "revision", name=op.f("pk_activity")),
    )
    op.create_index(op.f("ix_activity_last_month_first_month"), "activity", ["last_month", "first_month"], unique=False)
    op.bulk_insert(EDITION, [{"subject": SUBJECT, "number": 0}])
    for statement in APPEND_ONLY.get(op.get_bind().dialect.name, ()):
        op.execute(statement)


def downgrade() -> None:
    op.execute(sa.delete(EDITION).where(EDITION.c.subject == SUBJECT))
    op.drop_index(op.f("ix_activity_last_month_first_month"), table_name="activity")
    op.drop_table("activity")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION activity_append_only()")

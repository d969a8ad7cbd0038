"""Economic statements, revised and never edited."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

EDITION = sa.table("edition", sa.column("subject", sa.String), sa.column("number", sa.BigInteger))
SUBJECT = "statements"

APPEND_ONLY = {
    "sqlite": (
        """CREATE TRIGGER statement_update BEFORE UPDATE ON statement
           BEGIN SELECT RAISE(ABORT, 'statement is append-only'); END""",
        """CREATE TRIGGER statement_delete BEFORE DELETE ON statement
           BEGIN SELECT RAISE(ABORT, 'statement is append-only'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION statement_append_only() RETURNS trigger LANGUAGE plpgsql
           AS $$ BEGIN
             RAISE EXCEPTION 'statement is append-only' USING ERRCODE = 'integrity_constraint_violation';
           END $$""",
        """CREATE TRIGGER statement_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON statement
           FOR EACH STATEMENT EXECUTE FUNCTION statement_append_only()""",
    ),
}


def upgrade() -> None:
    op.create_table(
        "statement",
        sa.Column("enterprise", sa.String(length=64), nullable=False),
        sa.Column("term", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("first_month", sa.Integer(), nullable=False),
        sa.Column("last_month", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("stated", sa.JSON(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("revision > 0", name=op.f("ck_statement_revision")),
        sa.PrimaryKeyConstraint("enterprise", "term", "revision", name=op.f("pk_statement")),
    )
    op.create_index(
        op.f("ix_statement_last_month_first_month"), "statement", ["last_month", "first_month"], unique=False
    )
    op.bulk_insert(EDITION, [{"subject": SUBJECT, "number": 0}])
    for statement in APPEND_ONLY.get(op.get_bind().dialect.name, ()):
        op.execute(statement)


def downgrade() -> None:
    op.execute(sa.delete(EDITION).where(EDITION.c.subject == SUBJECT))
    op.drop_index(op.f("ix_statement_last_month_first_month"), table_name="statement")
    op.drop_table("statement")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION statement_append_only()")

"""Budgets of energy and carbon."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "budget",
        sa.Column("enterprise", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("amount", sa.Text(), nullable=True),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("revision > 0", name=op.f("ck_budget_revision")),
        sa.PrimaryKeyConstraint("enterprise", "year", "kind", "revision", name=op.f("pk_budget")),
    )
    op.bulk_insert(
        sa.table("edition", sa.column("subject", sa.String), sa.column("number", sa.BigInteger)),
        [{"subject": "budgets", "number": 0}],
    )
    _keep(op.get_bind().dialect.name)


def downgrade() -> None:
    op.execute("DELETE FROM edition WHERE subject = 'budgets'")
    op.drop_table("budget")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION budget_append_only()")


def _keep(dialect: str) -> None:
    """Let the database itself refuse to change or delete a revision."""
    if dialect == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER budget_{verb.lower()} BEFORE {verb} ON budget "
                "BEGIN SELECT RAISE(ABORT, 'budget is append-only'); END"
            )
        return
    op.execute(
        """CREATE FUNCTION budget_append_only() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN
              RAISE EXCEPTION 'budget is append-only' USING ERRCODE = 'integrity_constraint_violation';
            END $$"""
    )
    op.execute(
        """CREATE TRIGGER budget_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON budget
            FOR EACH STATEMENT EXECUTE FUNCTION budget_append_only()"""
    )

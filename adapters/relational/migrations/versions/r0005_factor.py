"""Factors and policies that people add."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.String(length=64)
INSTANT = sa.DateTime(timezone=True)
TABLES = ("own_factor", "policy")


def upgrade() -> None:
    op.create_table(
        "own_factor",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("park", ID, nullable=True),
        sa.Column("enterprise", ID, nullable=True),
        sa.Column("factor_set", sa.String(length=32), nullable=False),
        sa.Column("key", ID, nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("region", sa.String(length=32), nullable=False),
        sa.Column("data_year", sa.Integer(), nullable=True),
        sa.Column("published", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", "revision", name=op.f("pk_own_factor")),
    )
    op.create_table(
        "policy",
        sa.Column("park", ID, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("basis", sa.String(length=16), nullable=False),
        sa.Column("region", sa.String(length=32), nullable=False),
        sa.Column("fallback", sa.Boolean(), nullable=False),
        sa.Column("sets", sa.JSON(), nullable=False),
        sa.Column("counted", sa.JSON(), nullable=False),
        sa.Column("self_generated", sa.Boolean(), nullable=False),
        sa.Column("residual", sa.String(length=32), nullable=False),
        sa.Column("feed_water_kj_kg", sa.Float(), nullable=False),
        sa.Column("final_coverage", sa.Float(), nullable=False),
        sa.Column("losses", sa.JSON(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("park", "revision", name=op.f("pk_policy")),
    )
    op.bulk_insert(
        sa.table("edition", sa.column("subject", sa.String), sa.column("number", sa.BigInteger)),
        [{"subject": "factors", "number": 0}, {"subject": "policies", "number": 0}],
    )
    for table in TABLES:
        _keep(table, op.get_bind().dialect.name)


def downgrade() -> None:
    op.execute("DELETE FROM edition WHERE subject IN ('factors', 'policies')")
    for table in reversed(TABLES):
        op.drop_table(table)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_append_only()")


def _keep(table: str, dialect: str) -> None:
    """Let the database itself refuse to change or delete a revision."""
    if dialect == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"""CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN
              RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation';
            END $$"""
    )
    op.execute(
        f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"""
    )

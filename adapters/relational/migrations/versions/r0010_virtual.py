"""Virtual meters."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.String(length=64)
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "virtual_meter",
        sa.Column("id", ID, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("enterprise", ID, nullable=False),
        sa.Column("carrier", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("formula", sa.Text(), nullable=False),
        sa.Column("since", sa.String(length=7), nullable=True),
        sa.Column("until", sa.String(length=7), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("revision > 0", name=op.f("ck_virtual_meter_revision")),
        sa.PrimaryKeyConstraint("id", "revision", name=op.f("pk_virtual_meter")),
    )
    op.bulk_insert(
        sa.table("edition", sa.column("subject", sa.String), sa.column("number", sa.BigInteger)),
        [{"subject": "virtual_meters", "number": 0}],
    )
    _keep(op.get_bind().dialect.name)


def downgrade() -> None:
    op.execute("DELETE FROM edition WHERE subject = 'virtual_meters'")
    op.drop_table("virtual_meter")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION virtual_meter_append_only()")


def _keep(dialect: str) -> None:
    """Let the database itself refuse to change or delete a revision."""
    if dialect == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER virtual_meter_{verb.lower()} BEFORE {verb} ON virtual_meter "
                "BEGIN SELECT RAISE(ABORT, 'virtual_meter is append-only'); END"
            )
        return
    op.execute(
        """CREATE FUNCTION virtual_meter_append_only() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN
              RAISE EXCEPTION 'virtual_meter is append-only' USING ERRCODE = 'integrity_constraint_violation';
            END $$"""
    )
    op.execute(
        """CREATE TRIGGER virtual_meter_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON virtual_meter
            FOR EACH STATEMENT EXECUTE FUNCTION virtual_meter_append_only()"""
    )

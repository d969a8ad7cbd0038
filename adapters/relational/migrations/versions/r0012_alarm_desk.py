"""What people at the alarm desk decide."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.String(length=64)
INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEPT = ("alert_action", "rule", "rule_overlay", "handover")
"""Those only added to."""

TABLES = (*KEPT, "receiver", "maintenance", "duty", "alert_watch")
SUBJECTS = ("rules", "receivers", "maintenance", "duty")
EVERY = "UPDATE OR DELETE OR TRUNCATE"


def upgrade() -> None:
    op.create_table(
        "alert_action",
        _number(),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("rule", ID, nullable=False),
        sa.Column("meter", ID, nullable=False),
        sa.Column("deed", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("until", INSTANT, nullable=True),
        sa.Column("given_to", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_action")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_alert_action_rule_meter_id"), "alert_action", ["rule", "meter", "id"])
    _revised("rule", "id", sa.Column("written", sa.Text(), nullable=True))
    _revised("rule_overlay", "rule", sa.Column("document", sa.JSON(), nullable=False))
    op.create_table(
        "receiver",
        sa.Column("id", ID, nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receiver")),
    )
    op.create_table(
        "maintenance",
        _number(),
        sa.Column("begins", INSTANT, nullable=False),
        sa.Column("ends", INSTANT, nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("begins <= ends", name=op.f("ck_maintenance_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenance")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_maintenance_ends"), "maintenance", ["ends"])
    op.create_table(
        "duty",
        _number(),
        sa.Column("receiver", ID, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("begins", INSTANT, nullable=False),
        sa.Column("ends", INSTANT, nullable=False),
        sa.CheckConstraint("begins < ends", name=op.f("ck_duty_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_duty_ends"), "duty", ["ends"])
    op.create_table(
        "handover",
        _number(),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "alert_watch",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("acted", sa.BigInteger(), nullable=False),
        sa.Column("rules", sa.Integer(), nullable=False),
        sa.Column("meters", sa.Integer(), nullable=False),
        sa.Column("heard", INSTANT, nullable=True),
        sa.Column("behind_ms", sa.BigInteger(), nullable=True),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_alert_watch")),
    )
    edition = sa.table("edition", sa.column("subject", sa.String), sa.column("number", sa.BigInteger))
    op.bulk_insert(edition, [{"subject": subject, "number": 0} for subject in SUBJECTS])
    for table in KEPT:
        for statement in _append_only(table):
            op.execute(statement)


def downgrade() -> None:
    op.execute("DELETE FROM edition WHERE subject IN ('rules', 'receivers', 'maintenance', 'duty')")
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for table in KEPT:
            op.execute(f"DROP FUNCTION {table}_append_only()")


def _number() -> sa.Column[Any]:
    return sa.Column("id", NUMBER, autoincrement=True, nullable=False)


def _revised(table: str, key: str, held: sa.Column[Any]) -> None:
    op.create_table(
        table,
        sa.Column(key, ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        held,
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("revision > 0", name=op.f(f"ck_{table}_revision")),
        sa.PrimaryKeyConstraint(key, "revision", name=op.f(f"pk_{table}")),
    )


def _append_only(table: str) -> tuple[str, ...]:
    """Refuse changes: what was decided stays as it was."""
    if op.get_bind().dialect.name == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        )
    refuse = f"RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation'"
    function = f"{table}_append_only()"
    return (
        f"CREATE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refuse}; END $$",
        f"CREATE TRIGGER {table}_append_only BEFORE {EVERY} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {function}",
    )

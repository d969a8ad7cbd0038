"""Alerts, their history and their notices."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.String(length=64)
INSTANT = sa.DateTime(timezone=True)
WORD = sa.String(length=16)


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("rule", ID, nullable=False),
        sa.Column("meter", ID, nullable=False),
        sa.Column("episode", sa.Integer(), nullable=False),
        sa.Column("phase", WORD, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("raised_at", INSTANT, nullable=True),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("metric", ID, nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("why", WORD, nullable=False),
        sa.Column("acknowledged_at", INSTANT, nullable=True),
        sa.Column("acknowledged_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("assigned_to", sa.Text(), nullable=False),
        sa.Column("shelved_until", INSTANT, nullable=True),
        sa.Column("shelved_by", sa.Text(), nullable=False),
        sa.Column("shelf_reason", sa.Text(), nullable=False),
        sa.Column("escalated", sa.Integer(), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("rule", "meter", name=op.f("pk_alert")),
    )
    op.create_index(op.f("ix_alert_phase_severity"), "alert", ["phase", "severity"])
    op.create_table(
        "alert_change",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("rule", ID, nullable=False),
        sa.Column("meter", ID, nullable=False),
        sa.Column("episode", sa.Integer(), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("known_at", INSTANT, nullable=False),
        sa.Column("before", WORD, nullable=False),
        sa.Column("after", WORD, nullable=False),
        sa.Column("why", WORD, nullable=False),
        sa.Column("metric", ID, nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("until", INSTANT, nullable=True),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("action", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_change")),
    )
    op.create_index(op.f("ix_alert_change_rule_meter_id"), "alert_change", ["rule", "meter", "id"])
    op.create_index(op.f("ix_alert_change_known_at"), "alert_change", ["known_at"])
    op.create_table(
        "notice",
        sa.Column("id", ID, nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.Column("receiver", ID, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("due", INSTANT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent", INSTANT, nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_change"), "notice", ["change"])
    op.create_index(op.f("ix_notice_receiver_change"), "notice", ["receiver", "change"])
    _keep(op.get_bind().dialect.name)


def downgrade() -> None:
    for table in ("notice", "alert_change", "alert"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION alert_change_append_only()")


def _keep(dialect: str) -> None:
    """Let the database itself refuse to change or delete what happened."""
    if dialect == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER alert_change_{verb.lower()} BEFORE {verb} ON alert_change "
                "BEGIN SELECT RAISE(ABORT, 'alert_change is append-only'); END"
            )
        return
    op.execute(
        """CREATE FUNCTION alert_change_append_only() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN
              RAISE EXCEPTION 'alert_change is append-only' USING ERRCODE = 'integrity_constraint_violation';
            END $$"""
    )
    op.execute(
        """CREATE TRIGGER alert_change_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON alert_change
            FOR EACH STATEMENT EXECUTE FUNCTION alert_change_append_only()"""
    )

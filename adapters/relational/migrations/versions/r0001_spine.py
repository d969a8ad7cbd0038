"""The registry, users and keys, audit, quarantine and its replays."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER audit_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END",
        "CREATE TRIGGER audit_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END",
    ),
    "postgresql": (
        """CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql
           AS $$ BEGIN
             RAISE EXCEPTION 'audit is append-only' USING ERRCODE = 'integrity_constraint_violation';
           END $$""",
        """CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
           FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()""",
    ),
}


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("hint", sa.String(length=8), nullable=False),
        sa.Column("access", sa.String(length=16), nullable=False),
        sa.Column("enterprise", sa.String(length=64), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_api_key")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_key_digest")),
    )
    op.create_table(
        "audit",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "edition",
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_edition")),
    )
    op.create_table(
        "park",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_park")),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("meter", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
        sa.UniqueConstraint("digest", name=op.f("uq_quarantine_digest")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_quarantine_at_weight"), "quarantine", ["at", "weight"], unique=False)
    op.create_index(op.f("ix_quarantine_meter_at"), "quarantine", ["meter", "at"], unique=False)
    op.create_index(
        op.f("ix_quarantine_reason_meter_at_size"), "quarantine", ["reason", "meter", "at", "size"], unique=False
    )
    op.create_table(
        "replay_request",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("meter", sa.String(length=64), nullable=True),
        sa.Column("ids", sa.JSON(), nullable=True),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("replayed", sa.Integer(), nullable=True),
        sa.Column("refused_again", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replay_request")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_replay_request_finished_at"), "replay_request", ["finished_at"], unique=False)
    op.create_table(
        "sign_in_failure",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.Column("locked_until", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sign_in_failure")),
    )
    op.create_index(op.f("ix_sign_in_failure_last_at"), "sign_in_failure", ["last_at"], unique=False)
    op.create_table(
        "user",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("password_at", INSTANT, nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("access", sa.String(length=16), nullable=False),
        sa.Column("enterprise", sa.String(length=64), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("signed_in_at", INSTANT, nullable=True),
        sa.Column("disabled_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_user")),
    )
    op.create_table(
        "enterprise",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("park", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("industry", sa.String(length=8), nullable=False),
        sa.Column("area_mu", sa.Float(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["park"], ["park.id"], name=op.f("fk_enterprise_park")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise")),
    )
    op.create_index(op.f("ix_enterprise_park"), "enterprise", ["park"], unique=False)
    op.create_table(
        "meter",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("enterprise", sa.String(length=64), nullable=False),
        sa.Column("medium", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("period_ms", sa.BigInteger(), nullable=False),
        sa.Column("metrics", sa.JSON(), nullable=False),
        sa.Column("units", sa.JSON(), nullable=False),
        sa.Column("register_width", sa.Float(), nullable=True),
        sa.Column("register_rated", sa.Text(), nullable=False),
        sa.Column("codec", sa.String(length=32), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("period_ms > 0", name=op.f("ck_meter_period")),
        sa.ForeignKeyConstraint(["enterprise"], ["enterprise.id"], name=op.f("fk_meter_enterprise")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meter")),
    )
    op.create_index(op.f("ix_meter_enterprise"), "meter", ["enterprise"], unique=False)
    op.create_table(
        "multiplier",
        sa.Column("meter", sa.String(length=64), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.CheckConstraint("value > 0", name=op.f("ck_multiplier_value")),
        sa.ForeignKeyConstraint(["meter"], ["meter.id"], name=op.f("fk_multiplier_meter"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("meter", "since", name=op.f("pk_multiplier")),
    )

    op.bulk_insert(
        sa.table("edition", sa.column("subject", sa.String), sa.column("number", sa.BigInteger)),
        [{"subject": "registry", "number": 0}],
    )
    for statement in APPEND_ONLY.get(op.get_bind().dialect.name, ()):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("multiplier")
    op.drop_index(op.f("ix_meter_enterprise"), table_name="meter")
    op.drop_table("meter")
    op.drop_index(op.f("ix_enterprise_park"), table_name="enterprise")
    op.drop_table("enterprise")
    op.drop_table("user")
    op.drop_index(op.f("ix_sign_in_failure_last_at"), table_name="sign_in_failure")
    op.drop_table("sign_in_failure")
    op.drop_index(op.f("ix_replay_request_finished_at"), table_name="replay_request")
    op.drop_table("replay_request")
    op.drop_index(op.f("ix_quarantine_reason_meter_at_size"), table_name="quarantine")
    op.drop_index(op.f("ix_quarantine_meter_at"), table_name="quarantine")
    op.drop_index(op.f("ix_quarantine_at_weight"), table_name="quarantine")
    op.drop_table("quarantine")
    op.drop_table("park")
    op.drop_table("edition")
    op.drop_table("audit")
    op.drop_table("api_key")

    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_append_only()")

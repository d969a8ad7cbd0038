"""Where a server store keeps each meter's readings, and what is to be rolled up there."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.String(length=64)
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "home",
        sa.Column("meter", ID, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("medium", sa.String(length=16), nullable=False),
        sa.Column("park", ID, nullable=False),
        sa.Column("enterprise", ID, nullable=False),
        sa.PrimaryKeyConstraint("meter", "since", name=op.f("pk_home")),
    )
    op.create_table(
        "rollup_due",
        sa.Column("meter", ID, nullable=False),
        sa.Column("day", INSTANT, nullable=False),
        sa.Column("touched", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("meter", "day", name=op.f("pk_rollup_due")),
    )
    op.create_table(
        "rollup",
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_rollup")),
    )


def downgrade() -> None:
    op.drop_table("rollup")
    op.drop_table("rollup_due")
    op.drop_table("home")

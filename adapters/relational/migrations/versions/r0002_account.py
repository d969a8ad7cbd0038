"""Every meter's account: published, received, let in, stored."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
COUNTS = (
    "received", "unnumbered", "missing", "duplicates", "restarts", "held", "accepted", "refused", "stored",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("meter", sa.String(length=64), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("heard", INSTANT, nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in COUNTS),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.Column("doubles", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("meter", name=op.f("pk_account")),
    )


def downgrade() -> None:
    op.drop_table("account")

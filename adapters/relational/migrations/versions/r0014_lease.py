"""Which rules process holds the watch."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "rules_lease",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("renewed", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_rules_lease")),
    )


def downgrade() -> None:
    op.drop_table("rules_lease")

"""What MQTT 5 said of a message's content is held with it: a replay reads it as it would have been read."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("quarantine", sa.Column("content_type", sa.String(length=255), nullable=True))


def downgrade() -> None:
    op.drop_column("quarantine", "content_type")

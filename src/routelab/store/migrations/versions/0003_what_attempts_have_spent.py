"""What an attempt has spent, also where its whole cost is unknown."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attempts", sa.Column("spent_usd", sa.Float(), nullable=False, server_default="0"))
    op.execute("UPDATE attempts SET spent_usd = coalesce(cost_usd, 0)")

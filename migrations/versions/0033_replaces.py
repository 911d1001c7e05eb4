"""Say of an addition which entry it stands in for, so that a narrowing is one change and not a removal beside an addition."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("change_log", sa.Column("replaces", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("change_log", "replaces")

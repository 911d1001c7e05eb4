"""Let a new report bring back a case that was put aside."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case", sa.Column("newest_report_then", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("case", "newest_report_then")

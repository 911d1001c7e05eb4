"""Find the reports whose text is too old to keep without reading the others."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_report_unshredded", "report", ["received_at"], postgresql_where=sa.text("sealed IS NOT NULL"))


def downgrade() -> None:
    op.drop_index("ix_report_unshredded", "report")

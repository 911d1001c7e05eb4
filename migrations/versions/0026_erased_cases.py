"""Let retention find the addresses that are overdue without reading every resource and case."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case", sa.Column("is_erased", sa.Boolean(), server_default="false", nullable=False))
    op.execute('UPDATE "case" SET is_erased = true FROM resource WHERE resource.id = resource_id AND resource.erased_at IS NOT NULL')
    kept = sa.text("closed_at IS NOT NULL AND NOT is_erased")
    op.create_index("ix_case_to_erase", "case", ["closed_at"], postgresql_where=kept)


def downgrade() -> None:
    op.drop_index("ix_case_to_erase", "case")
    op.drop_column("case", "is_erased")

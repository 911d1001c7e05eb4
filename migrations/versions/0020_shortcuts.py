"""Keep with each person whether single keys do something at the desk."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("shortcuts", sa.Boolean(), server_default="true", nullable=False))


def downgrade() -> None:
    op.drop_column("person", "shortcuts")

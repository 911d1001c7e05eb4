"""Say of a protected host why it is protected."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("known_host", sa.Column("protected_as", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("ck_known_host_protected_as_something"), "known_host", "protected_as IS NULL OR class = 'protected'")


def downgrade() -> None:
    op.drop_column("known_host", "protected_as")

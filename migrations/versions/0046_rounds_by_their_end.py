"""How the rounds of a day ended is found by their time: a round that was withdrawn has no decision."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_round_ended", "round", ["closed_at", "outcome"], postgresql_where=sa.text("closed_at IS NOT NULL"))


def downgrade() -> None:
    op.drop_index("ix_round_ended", table_name="round")

"""Let the overview find the oldest case of each lane of the desk, and drop its sample's index: that of the lots serves, and intake writes one less."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    op.drop_index("ix_case_sample", "case")
    op.drop_index("ix_case_oldest", "case")
    waits = sa.text("closed_at IS NULL AND parked_until IS NULL")
    op.create_index("ix_case_oldest", "case", ["desk_lane", "opened_at"], postgresql_where=waits)


def downgrade() -> None:
    op.drop_index("ix_case_oldest", "case")
    op.create_index("ix_case_oldest", "case", ["state", "lane", "opened_at"], postgresql_where=OPEN)
    op.create_index("ix_case_sample", "case", ["state", "lane", "reference"], postgresql_include=["opened_at"], postgresql_where=OPEN)

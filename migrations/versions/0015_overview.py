"""Let the overview find what it counts by an index, so that it costs the same however many cases wait."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    op.create_index("ix_case_oldest", "case", ["state", "lane", "opened_at"], postgresql_where=OPEN)
    op.create_index("ix_case_sample", "case", ["state", "lane", "reference"], postgresql_include=["opened_at"], postgresql_where=OPEN)
    op.create_index("ix_case_unread", "case", ["opened_at"], postgresql_where=sa.text("unread AND closed_at IS NULL"))
    op.create_index("ix_decision_time", "decision", ["decided_at", "outcome"])
    op.create_index("ix_listing_review", "listing", ["review_at"], postgresql_where=sa.text("ended_at IS NULL"))
    op.create_index("ix_message_questions", "message", ["at"], postgresql_where=sa.text("kind = 'question'"))
    op.create_index("ix_refused_assessment_time", "refused_assessment", ["made_at"])
    op.create_index("ix_release_time", "release", ["published_at"])


def downgrade() -> None:
    op.drop_index("ix_release_time", "release")
    op.drop_index("ix_refused_assessment_time", "refused_assessment")
    op.drop_index("ix_message_questions", "message")
    op.drop_index("ix_listing_review", "listing")
    op.drop_index("ix_decision_time", "decision")
    op.drop_index("ix_case_unread", "case")
    op.drop_index("ix_case_sample", "case")
    op.drop_index("ix_case_oldest", "case")

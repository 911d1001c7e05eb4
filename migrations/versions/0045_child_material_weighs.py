"""That somebody at the desk suspects sexual images of a child gives a case points of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

POINTS = 40
"""As policy.PRIORITY_CHILD_MATERIAL was then."""


def upgrade() -> None:
    op.add_column("case", sa.Column("child_material_told", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.execute(
        f"""
        UPDATE "case" SET child_material_told = true, priority = priority + {POINTS}
        FROM (
            SELECT DISTINCT case_id FROM (
                SELECT DISTINCT ON (case_id, who) case_id, answer FROM (
                    SELECT round.case_id, assessment.moderator_id AS who, assessment.made_at AS at,
                        assessment.answers ->> 'child_material' AS answer
                    FROM assessment JOIN round ON round.id = assessment.round_id
                    UNION ALL SELECT case_id, moderator_id, made_at, answers ->> 'child_material' FROM refused_assessment
                    UNION ALL SELECT case_id, recorded_by, recorded_at, child_material FROM referral
                    UNION ALL SELECT case_id, person_id, at, answer FROM child_material_said
                ) AS said WHERE answer IS NOT NULL
                ORDER BY case_id, who, at DESC, answer DESC
            ) AS newest WHERE answer = 'suspected'
        ) AS told
        WHERE told.case_id = "case".id AND "case".closed_at IS NULL
        """
    )


def downgrade() -> None:
    op.execute(f'UPDATE "case" SET priority = priority - {POINTS} WHERE child_material_told')
    op.drop_column("case", "child_material_told")

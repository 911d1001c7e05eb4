"""An own interest that was declared in an assessment binds, as one that was declared beside it always did."""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Who sits in the open round already answered otherwise since, and that seat stands.
    op.execute(
        """
        INSERT INTO stood_aside (case_id, person_id, at)
        SELECT refused.case_id, refused.moderator_id, min(refused.made_at)
        FROM refused_assessment AS refused
        WHERE refused.answers ->> 'conflict' = 'mine' AND NOT EXISTS (
            SELECT 1 FROM assessment JOIN round ON round.id = assessment.round_id
            WHERE round.case_id = refused.case_id AND round.closed_at IS NULL AND assessment.moderator_id = refused.moderator_id
        )
        GROUP BY refused.case_id, refused.moderator_id
        ON CONFLICT DO NOTHING
        """
    )


def downgrade() -> None:
    op.execute(
        """
        DELETE FROM stood_aside USING refused_assessment AS refused
        WHERE refused.case_id = stood_aside.case_id AND refused.moderator_id = stood_aside.person_id
        AND refused.made_at = stood_aside.at AND refused.answers ->> 'conflict' = 'mine'
        """
    )

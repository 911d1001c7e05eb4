"""The table refuses a seat to the senior who freed its round; where something leads is found by its address."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE FUNCTION refuse_a_freed_seat() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (
                SELECT FROM round JOIN takeover USING (case_id)
                WHERE round.id = NEW.round_id AND takeover.by_id = NEW.moderator_id AND takeover.at >= round.opened_at
            ) THEN
                RAISE EXCEPTION 'who took an open round from a colleague takes no seat in it' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    # The first seat opens the round, so whoever takes it took nothing from anybody's round.
    op.execute(
        "CREATE TRIGGER freed_seats_stay_free BEFORE INSERT ON assessment FOR EACH ROW WHEN (NEW.seat > 1)"
        " EXECUTE FUNCTION refuse_a_freed_seat()"
    )
    leads = sa.text("(value ->> 'to')")
    op.create_index("ix_observation_leads", "observation", [leads], postgresql_where=sa.text("value ->> 'to' <> ''"))


def downgrade() -> None:
    op.drop_index("ix_observation_leads", "observation")
    op.execute("DROP TRIGGER freed_seats_stay_free ON assessment")
    op.execute("DROP FUNCTION refuse_a_freed_seat")

"""The table too refuses a seat that lists to who refused the case before about the same resource, or one that joined this."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE OR REPLACE FUNCTION refuse_a_dependent_seat() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            bound bigint[];
        BEGIN
            IF EXISTS (
                SELECT FROM round JOIN case_report USING (case_id) JOIN report ON report.id = case_report.report_id
                WHERE round.id = NEW.round_id AND report.sender_id = NEW.moderator_id
            ) THEN
                RAISE EXCEPTION 'who sent a report of a case takes no seat in it' USING ERRCODE = 'check_violation';
            END IF;
            IF NEW.outcome NOT IN ('list', 'list_temporary') THEN
                RETURN NEW;
            END IF;
            WITH this AS (SELECT "case".id, resource_id FROM "case" JOIN round ON round.case_id = "case".id WHERE round.id = NEW.round_id),
            bound_here AS (
                SELECT id FROM this
                UNION ALL SELECT joined.id FROM this JOIN "case" AS joined ON joined.duplicate_of_id = this.id
                    JOIN resource AS its ON its.id = this.resource_id
                    JOIN resource AS theirs ON theirs.id = joined.resource_id AND theirs.host = its.host
                UNION ALL (
                    SELECT newest.id FROM (
                        SELECT earlier.id, earlier.state FROM this JOIN "case" AS earlier ON earlier.resource_id = this.resource_id
                        WHERE earlier.id < this.id AND earlier.state <> 'duplicate' ORDER BY earlier.id DESC LIMIT 1
                    ) AS newest WHERE newest.state NOT IN ('delisted', 'expired')
                )
            )
            SELECT array_agg(id) INTO bound FROM bound_here;
            IF EXISTS (
                SELECT FROM round AS earlier JOIN assessment ON assessment.round_id = earlier.id
                WHERE earlier.case_id = ANY (bound) AND earlier.id <> NEW.round_id AND assessment.moderator_id = NEW.moderator_id
                    AND earlier.outcome NOT IN ('withdrawn', 'more_evidence', 'duplicate')
            ) THEN
                RAISE EXCEPTION 'who decided on a case before takes no seat that lists it' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )


def downgrade() -> None:
    op.execute(
        """
        CREATE OR REPLACE FUNCTION refuse_a_dependent_seat() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (
                SELECT FROM round JOIN case_report USING (case_id) JOIN report ON report.id = case_report.report_id
                WHERE round.id = NEW.round_id AND report.sender_id = NEW.moderator_id
            ) THEN
                RAISE EXCEPTION 'who sent a report of a case takes no seat in it' USING ERRCODE = 'check_violation';
            END IF;
            IF NEW.outcome IN ('list', 'list_temporary') AND EXISTS (
                SELECT FROM round AS mine JOIN round AS earlier USING (case_id) JOIN assessment ON assessment.round_id = earlier.id
                WHERE mine.id = NEW.round_id AND earlier.id <> mine.id AND assessment.moderator_id = NEW.moderator_id
                    AND earlier.outcome NOT IN ('withdrawn', 'more_evidence')
            ) THEN
                RAISE EXCEPTION 'who decided on a case before takes no seat that lists it' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )

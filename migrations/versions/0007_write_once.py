"""Refuse changes to what is written once: assessments, decisions, the change log, releases, the audit record and its seals."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WRITTEN_ONCE = ("assessment", "decision", "change_log", "audit_record", "audit_seal")


def upgrade() -> None:
    op.execute(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is written once; rows are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'check_violation';
        END $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION refuse_release_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND OLD.written_at IS NULL AND (to_jsonb(NEW) - 'written_at') = (to_jsonb(OLD) - 'written_at') THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'a release is written once; only the time of its writing is added' USING ERRCODE = 'check_violation';
        END $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION refuse_listing_change() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            may_change text[] := ARRAY['ended_at', 'ended_because', 'released_in', 'withdrawn_in'];
        BEGIN
            IF (to_jsonb(NEW) - may_change) <> (to_jsonb(OLD) - may_change) THEN
                RAISE EXCEPTION 'a listing never changes what it covers; it ends, and another begins' USING ERRCODE = 'check_violation';
            END IF;
            IF OLD.ended_at IS NOT NULL AND (NEW.ended_at, NEW.ended_because) IS DISTINCT FROM (OLD.ended_at, OLD.ended_because) THEN
                RAISE EXCEPTION 'a listing that has ended never begins again' USING ERRCODE = 'check_violation';
            END IF;
            IF NEW.released_in IS DISTINCT FROM COALESCE(OLD.released_in, NEW.released_in)
                OR NEW.withdrawn_in IS DISTINCT FROM COALESCE(OLD.withdrawn_in, NEW.withdrawn_in) THEN
                RAISE EXCEPTION 'what a release said of a listing never changes' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    for table in WRITTEN_ONCE:
        op.execute(f"CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
        op.execute(f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")
    op.execute("CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON release FOR EACH ROW EXECUTE FUNCTION refuse_release_change()")
    op.execute("CREATE TRIGGER never_emptied BEFORE TRUNCATE ON release FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")
    op.execute("CREATE TRIGGER only_ends BEFORE UPDATE ON listing FOR EACH ROW EXECUTE FUNCTION refuse_listing_change()")


def downgrade() -> None:
    op.execute("DROP TRIGGER only_ends ON listing")
    op.execute("DROP TRIGGER never_emptied ON release")
    op.execute("DROP TRIGGER written_once ON release")
    for table in WRITTEN_ONCE:
        op.execute(f"DROP TRIGGER never_emptied ON {table}")
        op.execute(f"DROP TRIGGER written_once ON {table}")
    op.execute("DROP FUNCTION refuse_listing_change()")
    op.execute("DROP FUNCTION refuse_release_change()")
    op.execute("DROP FUNCTION refuse_change()")

"""Hold every outcome: cases that come back, referrals, temporary listings, duplicates; and keep reporters out of the seats by constraint."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OUTCOMES = ("list", "reject_lawful", "reject_scope", "reject_abuse", "not_listed", "withdrawn", "delist", "expired")
MORE_OUTCOMES = (
    *("list", "list_temporary", "takedown_only", "monitor", "more_evidence", "refer_police", "refer_hotline", "refer_support", "duplicate"),
    *("reject_lawful", "reject_scope", "reject_abuse", "not_listed", "withdrawn", "keep", "narrow", "delist", "expired"),
)
STATES = ("waiting", "proposed", "awaiting_third", "listed", "rejected", "not_listed", "delisted", "expired")
MORE_STATES = (
    *("waiting", "monitored", "awaiting_evidence", "takedown_asked", "on_hold", "proposed", "awaiting_third", "listed", "re_review"),
    *("suspended", "rejected", "referred", "duplicate", "removed_at_source", "not_listed", "delisted", "expired"),
)
OPEN = ("awaiting_third", "listed", "proposed", "waiting")
MORE_OPEN = (
    *("awaiting_evidence", "awaiting_third", "listed", "monitored", "on_hold", "proposed", "re_review", "suspended", "takedown_asked"),
    "waiting",
)
REVIEWABLE = ("awaiting_third", "proposed", "waiting")
MORE_REVIEWABLE = ("awaiting_third", "proposed", "re_review", "suspended", "waiting")
PARKED = ("awaiting_evidence", "monitored", "on_hold", "takedown_asked")
LISTS = "outcome IN ('list', 'list_temporary')"
NAMES_A_TARGET = "outcome IN ('list', 'list_temporary', 'narrow')"

MAY_CHANGE = "ARRAY['ended_at', 'ended_because', 'released_in', 'withdrawn_in']"
MAY_CHANGE_TOO = "ARRAY['ended_at', 'ended_because', 'released_in', 'withdrawn_in', 'review_at']"


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def upgrade() -> None:
    _rules(MORE_OUTCOMES, MORE_STATES, MORE_OPEN, MORE_REVIEWABLE)
    _replace("assessment", "listing_has_a_scope", f"({NAMES_A_TARGET}) = (scope IS NOT NULL)")
    _replace("assessment", "declares_independence", "outcome IN ('delist', 'narrow') OR sent_none_of_the_reports")
    _replace("decision", "listing_has_a_scope", f"({NAMES_A_TARGET}) = (scope IS NOT NULL)")
    _replace("decision", "listing_has_two_people", f"NOT ({LISTS}) OR second_id IS NOT NULL")
    for table in ("assessment", "decision"):
        op.create_check_constraint(op.f(f"ck_{table}_temporary_is_a_page"), table, "outcome <> 'list_temporary' OR scope = 'page'")
    _cases()
    _listings()
    _referrals()
    _emergencies()
    op.add_column("decision", sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False))
    op.add_column("observation", sa.Column("seen_by", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_observation_seen_by_person"), "observation", "person", ["seen_by"], ["id"])
    op.add_column("case_report", sa.Column("merged", sa.Boolean(), server_default="false", nullable=False))
    _what_may_change(MAY_CHANGE_TOO)
    _independence()


def downgrade() -> None:
    """Outcomes that the older rules do not know become their nearest: what was put aside waits again, what was closed is rejected."""
    op.execute("DROP TRIGGER seats_are_independent ON assessment")
    op.execute("DROP TRIGGER people_are_independent ON listing")
    op.execute("DROP FUNCTION refuse_a_dependent_seat()")
    op.execute("DROP FUNCTION refuse_a_dependent_listing()")
    _what_may_change(MAY_CHANGE)
    op.drop_column("case_report", "merged")
    op.drop_column("observation", "seen_by")
    op.drop_column("decision", "detail")
    op.drop_table("emergency_delisting")
    op.drop_table("referral")
    op.drop_index("uq_listing_temporary_once", "listing")
    op.drop_constraint(op.f("ck_listing_temporary_is_short"), "listing")
    op.drop_column("listing", "temporary")
    _cases_back()
    for table in ("assessment", "decision"):
        op.drop_constraint(op.f(f"ck_{table}_temporary_is_a_page"), table)
        op.drop_constraint(op.f(f"ck_{table}_listing_has_a_scope"), table)
    op.drop_constraint(op.f("ck_decision_listing_has_two_people"), "decision")
    op.drop_constraint(op.f("ck_assessment_declares_independence"), "assessment")
    for table in ("round", "assessment", "decision"):
        op.drop_constraint(op.f(f"ck_{table}_outcome_known"), table)
        _outcomes_back(table)
    _rules(OUTCOMES, STATES, OPEN, REVIEWABLE)
    op.create_check_constraint(op.f("ck_assessment_listing_has_a_scope"), "assessment", "(outcome = 'list') = (scope IS NOT NULL)")
    op.create_check_constraint(op.f("ck_assessment_declares_independence"), "assessment", "outcome = 'delist' OR sent_none_of_the_reports")
    op.create_check_constraint(op.f("ck_decision_listing_has_a_scope"), "decision", "(outcome = 'list') = (scope IS NOT NULL)")
    op.create_check_constraint(op.f("ck_decision_listing_has_two_people"), "decision", "outcome <> 'list' OR second_id IS NOT NULL")


def _replace(table: str, name: str, rule: str) -> None:
    # What the old rule took, the new one takes too; between the two nobody else sees the table.
    op.execute(f'-- squawk-ignore ban-drop-constraint\nALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS ck_{table}_{name}')
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)


def _rules(outcomes: tuple[str, ...], states: tuple[str, ...], opened: tuple[str, ...], reviewable: tuple[str, ...]) -> None:
    known = _one_of("outcome", outcomes)
    for table, rule in (("round", f"outcome IS NULL OR {known}"), ("assessment", known), ("decision", known)):
        _replace(table, "outcome_known", rule)
    _replace("case", "state_known", _one_of("state", states))
    _replace("case", "closed_has_its_time", f"({_one_of('state', opened)}) = (closed_at IS NULL)")
    _replace("case", "only_reviewable_is_held", f"holder_id IS NULL OR {_one_of('state', reviewable)}")


CASE_RULES = (
    ("a_date_has_its_reason", "(due_at IS NULL) = (due_for IS NULL)"),
    (
        "due_for_known",
        "due_for IS NULL OR due_for IN ('monitor', 'evidence', 'takedown', 'hold', 're_review', 'expiring', 'changed')",
    ),
    ("parked_has_its_date", f"NOT ({_one_of('state', PARKED)}) OR due_at IS NOT NULL"),
    ("a_duplicate_names_its_case", "(state = 'duplicate') = (duplicate_of_id IS NOT NULL)"),
    ("a_duplicate_is_of_another", "duplicate_of_id <> id"),
)


def _cases() -> None:
    op.add_column("case", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("case", sa.Column("due_for", sa.Text(), nullable=True))
    op.add_column("case", sa.Column("duplicate_of_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_case_duplicate_of_id_case"), "case", "case", ["duplicate_of_id"], ["id"])
    for name, rule in CASE_RULES:
        op.create_check_constraint(op.f(f"ck_case_{name}"), "case", rule)
    op.create_index("ix_case_due", "case", ["due_at"], postgresql_where=sa.text("due_at IS NOT NULL AND closed_at IS NULL"))
    op.create_index("ix_case_duplicate_of", "case", ["duplicate_of_id"], postgresql_where=sa.text("duplicate_of_id IS NOT NULL"))


def _cases_back() -> None:
    op.drop_index("ix_case_duplicate_of", "case")
    op.drop_index("ix_case_due", "case")
    for name, _rule in CASE_RULES:
        op.drop_constraint(op.f(f"ck_case_{name}"), "case")
    for name in ("state_known", "closed_has_its_time", "only_reviewable_is_held"):
        op.drop_constraint(op.f(f"ck_case_{name}"), "case")
    op.execute(f"UPDATE \"case\" SET state = 'waiting' WHERE {_one_of('state', PARKED)}")
    op.execute("UPDATE \"case\" SET state = 'listed', holder_id = NULL, lease_until = NULL WHERE state = 're_review'")
    op.execute("UPDATE \"case\" SET state = 'delisted', closed_at = now(), holder_id = NULL, lease_until = NULL WHERE state = 'suspended'")
    op.execute("UPDATE \"case\" SET state = 'rejected' WHERE state IN ('referred', 'duplicate', 'removed_at_source')")
    op.drop_constraint(op.f("fk_case_duplicate_of_id_case"), "case")
    for name in ("duplicate_of_id", "due_for", "due_at"):
        op.drop_column("case", name)


def _outcomes_back(table: str) -> None:
    """Written once, but for a step back to a schema that has no word for them."""
    once = table in ("assessment", "decision")
    # The other way round nothing of a decision is lost: its answers and its line of the record stay.
    if once:
        op.execute(f"ALTER TABLE {table} DISABLE TRIGGER written_once")
        op.execute(f"UPDATE {table} SET scope = NULL, target = NULL WHERE outcome = 'narrow'")
        op.execute(f"UPDATE {table} SET sent_none_of_the_reports = true WHERE outcome = 'narrow'" if table == "assessment" else "SELECT 1")
    op.execute(f"UPDATE {table} SET outcome = 'list' WHERE outcome = 'list_temporary'")
    op.execute(f"UPDATE {table} SET outcome = 'delist' WHERE outcome IN ('keep', 'narrow')")
    gone = "'takedown_only', 'monitor', 'more_evidence', 'refer_police', 'refer_hotline', 'refer_support', 'duplicate'"
    op.execute(f"UPDATE {table} SET outcome = 'reject_scope' WHERE outcome IN ({gone})")
    if once:
        op.execute(f"ALTER TABLE {table} ENABLE TRIGGER written_once")


def _listings() -> None:
    op.add_column("listing", sa.Column("temporary", sa.Boolean(), server_default="false", nullable=False))
    op.create_check_constraint(
        op.f("ck_listing_temporary_is_short"),
        "listing",
        "NOT temporary OR (scope = 'page'"
        " AND review_at <= starts_at + interval '72 hours' AND expires_at <= starts_at + interval '168 hours')",
    )
    op.create_index("uq_listing_temporary_once", "listing", ["scope", "target"], unique=True, postgresql_where=sa.text("temporary"))


def _referrals() -> None:
    op.create_table(
        "referral",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("their_reference", sa.Text(), server_default="", nullable=False),
        sa.Column("passed_on", sa.Text(), nullable=False),
        sa.Column("referred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.BigInteger(), nullable=False),
        sa.Column("hold_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hold_lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hold_lifted_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('police', 'hotline', 'support')", name=op.f("ck_referral_kind_known")),
        sa.CheckConstraint("referred_at <= recorded_at", name=op.f("ck_referral_referred_before_recorded")),
        sa.CheckConstraint("hold_until IS NULL OR kind = 'police'", name=op.f("ck_referral_only_police_hold")),
        sa.CheckConstraint("hold_until > recorded_at", name=op.f("ck_referral_a_hold_has_an_end")),
        sa.CheckConstraint("(hold_lifted_at IS NULL) = (hold_lifted_by IS NULL)", name=op.f("ck_referral_lifted_by_somebody")),
        sa.CheckConstraint("hold_lifted_at IS NULL OR hold_until IS NOT NULL", name=op.f("ck_referral_only_a_hold_is_lifted")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_referral_case_id_case")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_referral_recorded_by_person")),
        sa.ForeignKeyConstraint(["hold_lifted_by"], ["person.id"], name=op.f("fk_referral_hold_lifted_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("reference", name=op.f("uq_referral_reference")),
    )
    op.create_index(op.f("ix_referral_case_id"), "referral", ["case_id"])
    op.create_index(op.f("ix_referral_recorded_by"), "referral", ["recorded_by"])
    op.create_index(
        "ix_referral_hold", "referral", ["hold_until"], postgresql_where=sa.text("hold_until IS NOT NULL AND hold_lifted_at IS NULL")
    )


def _emergencies() -> None:
    op.create_table(
        "emergency_delisting",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("listing_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("delisted_by", sa.BigInteger(), nullable=False),
        sa.Column("delisted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by", sa.BigInteger(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("was_right", sa.Boolean(), nullable=True),
        sa.Column("review_note", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "reason IN ('wrong_target', 'too_wide', 'someone_at_risk', 'court_order', 'other')",
            name=op.f("ck_emergency_delisting_reason_known"),
        ),
        sa.CheckConstraint("review_due_at > delisted_at", name=op.f("ck_emergency_delisting_reviewed_after")),
        sa.CheckConstraint("reviewed_by <> delisted_by", name=op.f("ck_emergency_delisting_reviewed_by_another")),
        sa.CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by IS NULL) AND (reviewed_at IS NULL) = (was_right IS NULL)",
            name=op.f("ck_emergency_delisting_reviewed_whole"),
        ),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f("fk_emergency_delisting_listing_id_listing")),
        sa.ForeignKeyConstraint(["delisted_by"], ["person.id"], name=op.f("fk_emergency_delisting_delisted_by_person")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["person.id"], name=op.f("fk_emergency_delisting_reviewed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_delisting")),
        sa.UniqueConstraint("listing_id", name=op.f("uq_emergency_delisting_listing_id")),
    )
    op.create_index(op.f("ix_emergency_delisting_delisted_by"), "emergency_delisting", ["delisted_by"])
    op.create_index(
        "ix_emergency_delisting_to_review", "emergency_delisting", ["review_due_at"], postgresql_where=sa.text("reviewed_at IS NULL")
    )


def _what_may_change(columns: str) -> None:
    """The date of the re-review moves when somebody looks and keeps the listing; what it covers, and its end, never do."""
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION refuse_listing_change() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            may_change text[] := {columns};
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


def _independence() -> None:
    op.execute(
        """
        CREATE FUNCTION refuse_a_dependent_seat() RETURNS trigger LANGUAGE plpgsql AS $$
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
    op.execute(
        """
        CREATE FUNCTION refuse_a_dependent_listing() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (
                SELECT FROM case_report JOIN report ON report.id = case_report.report_id
                WHERE case_report.case_id = NEW.case_id AND report.sender_id IN (NEW.first_id, NEW.second_id, NEW.third_id)
            ) THEN
                RAISE EXCEPTION 'a listing rests on nobody who sent one of its reports' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute("CREATE TRIGGER seats_are_independent BEFORE INSERT ON assessment FOR EACH ROW EXECUTE FUNCTION refuse_a_dependent_seat()")
    op.execute("CREATE TRIGGER people_are_independent BEFORE INSERT ON listing FOR EACH ROW EXECUTE FUNCTION refuse_a_dependent_listing()")

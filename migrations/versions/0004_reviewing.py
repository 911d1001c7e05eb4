"""Rounds, assessments, refusals and decisions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "round",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('list', 'reject_lawful', 'reject_scope', 'reject_abuse', 'not_listed', 'withdrawn', 'delist', 'expired')",
            name=op.f("ck_round_outcome_known"),
        ),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_round_closed_has_its_outcome")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_round_case_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_round_case_id_number")),
    )
    op.create_index("uq_round_open", "round", ["case_id"], unique=True, postgresql_where=sa.text("closed_at IS NULL"))
    op.create_table(
        "assessment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("round_id", sa.BigInteger(), nullable=False),
        sa.Column("seat", sa.SmallInteger(), nullable=False),
        sa.Column("moderator_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sent_none_of_the_reports", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(outcome = 'list') = (scope IS NOT NULL)", name=op.f("ck_assessment_listing_has_a_scope")),
        sa.CheckConstraint("outcome = 'delist' OR sent_none_of_the_reports", name=op.f("ck_assessment_declares_independence")),
        sa.CheckConstraint(
            "outcome IN ('list', 'reject_lawful', 'reject_scope', 'reject_abuse', 'not_listed', 'withdrawn', 'delist', 'expired')",
            name=op.f("ck_assessment_outcome_known"),
        ),
        sa.CheckConstraint("role IN ('moderator', 'senior')", name=op.f("ck_assessment_role_reviews")),
        sa.CheckConstraint("scope IS NULL OR scope IN ('page', 'path', 'host', 'domain')", name=op.f("ck_assessment_scope_known")),
        sa.CheckConstraint("seat < 3 OR role = 'senior'", name=op.f("ck_assessment_third_seat_is_senior")),
        sa.CheckConstraint("(scope IS NULL) = (target IS NULL)", name=op.f("ck_assessment_scope_has_a_target")),
        sa.CheckConstraint("seat BETWEEN 1 AND 3", name=op.f("ck_assessment_seat_known")),
        sa.ForeignKeyConstraint(["moderator_id"], ["person.id"], name=op.f("fk_assessment_moderator_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_assessment_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("round_id", "moderator_id", name=op.f("uq_assessment_round_id_moderator_id")),
        sa.UniqueConstraint("round_id", "seat", name=op.f("uq_assessment_round_id_seat")),
    )
    op.create_index(op.f("ix_assessment_moderator_id"), "assessment", ["moderator_id"], unique=False)
    op.create_table(
        "refused_assessment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("seat", sa.SmallInteger(), nullable=False),
        sa.Column("moderator_id", sa.BigInteger(), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_refused_assessment_case_id_case")),
        sa.ForeignKeyConstraint(["moderator_id"], ["person.id"], name=op.f("fk_refused_assessment_moderator_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_assessment")),
    )
    op.create_index(op.f("ix_refused_assessment_moderator_id"), "refused_assessment", ["moderator_id"], unique=False)
    op.create_index(
        "ix_refused_assessment_newest", "refused_assessment", ["case_id", "moderator_id", sa.literal_column("made_at DESC")], unique=False
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("provision", sa.Text(), server_default="", nullable=False),
        sa.Column("territories", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("statement", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("second_id", sa.BigInteger(), nullable=True),
        sa.Column("third_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(outcome = 'list') = (scope IS NOT NULL)", name=op.f("ck_decision_listing_has_a_scope")),
        sa.CheckConstraint(
            "outcome <> 'list' OR NOT (scope IN ('host', 'domain')) OR third_id IS NOT NULL",
            name=op.f("ck_decision_wide_listing_has_three_people"),
        ),
        sa.CheckConstraint("outcome <> 'list' OR second_id IS NOT NULL", name=op.f("ck_decision_listing_has_two_people")),
        sa.CheckConstraint(
            "outcome IN ('list', 'reject_lawful', 'reject_scope', 'reject_abuse', 'not_listed', 'withdrawn', 'delist', 'expired')",
            name=op.f("ck_decision_outcome_known"),
        ),
        sa.CheckConstraint("scope IS NULL OR scope IN ('page', 'path', 'host', 'domain')", name=op.f("ck_decision_scope_known")),
        sa.CheckConstraint(
            "first_id <> second_id AND first_id <> third_id AND second_id <> third_id", name=op.f("ck_decision_people_are_different")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_decision_case_id_case")),
        sa.ForeignKeyConstraint(["first_id"], ["person.id"], name=op.f("fk_decision_first_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_decision_round_id_round")),
        sa.ForeignKeyConstraint(["second_id"], ["person.id"], name=op.f("fk_decision_second_id_person")),
        sa.ForeignKeyConstraint(["third_id"], ["person.id"], name=op.f("fk_decision_third_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("reference", name=op.f("uq_decision_reference")),
        sa.UniqueConstraint("round_id", name=op.f("uq_decision_round_id")),
    )
    op.create_index(op.f("ix_decision_case_id"), "decision", ["case_id"], unique=False)
    op.create_index(op.f("ix_decision_first_id"), "decision", ["first_id"], unique=False)
    op.create_index(op.f("ix_decision_second_id"), "decision", ["second_id"], unique=False)
    op.create_index(op.f("ix_decision_third_id"), "decision", ["third_id"], unique=False)


def downgrade() -> None:
    op.drop_table("decision")
    op.drop_table("refused_assessment")
    op.drop_table("assessment")
    op.drop_table("round")

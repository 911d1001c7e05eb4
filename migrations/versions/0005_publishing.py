"""Listings, releases, changes and consumers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "listing",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("territories", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=True),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("second_id", sa.BigInteger(), nullable=False),
        sa.Column("third_id", sa.BigInteger(), nullable=True),
        sa.Column("released_in", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_in", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("NOT (scope IN ('host', 'domain')) OR target !~ '^[0-9.]+$'", name=op.f("ck_listing_no_bare_address")),
        sa.CheckConstraint(
            "NOT (scope IN ('host', 'domain')) OR target ~ '^[a-z0-9_-]+(\\.[a-z0-9_-]+)+$'", name=op.f("ck_listing_wide_target_is_a_name")
        ),
        sa.CheckConstraint("NOT (scope IN ('host', 'domain')) OR third_id IS NOT NULL", name=op.f("ck_listing_wide_needs_a_third")),
        sa.CheckConstraint(
            "expires_at <= starts_at + CASE WHEN scope IN ('host', 'domain') THEN interval '2160 hours' ELSE interval '4320 hours' END",
            name=op.f("ck_listing_expiry_within_policy"),
        ),
        sa.CheckConstraint("scope <> 'domain' OR (domain IS NOT NULL AND target = domain)", name=op.f("ck_listing_domain_is_registrable")),
        sa.CheckConstraint("scope <> 'host' OR target IS DISTINCT FROM domain", name=op.f("ck_listing_registrable_host_is_a_domain")),
        sa.CheckConstraint("scope <> 'path' OR target LIKE 'http%://%/'", name=op.f("ck_listing_path_ends_in_a_slash")),
        sa.CheckConstraint("scope IN ('page', 'path', 'host', 'domain')", name=op.f("ck_listing_scope_known")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name=op.f("ck_listing_ended_has_its_cause")),
        sa.CheckConstraint("cardinality(territories) > 0", name=op.f("ck_listing_has_territories")),
        sa.CheckConstraint(
            "expires_at > starts_at AND review_at > starts_at AND review_at <= expires_at", name=op.f("ck_listing_times_in_order")
        ),
        sa.CheckConstraint(
            "second_id <> first_id AND third_id <> first_id AND third_id <> second_id", name=op.f("ck_listing_people_are_different")
        ),
        sa.CheckConstraint(
            "withdrawn_in IS NULL OR (released_in IS NOT NULL AND ended_at IS NOT NULL)", name=op.f("ck_listing_withdrawn_after_release")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_listing_case_id_case")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_listing_decision_id_decision")),
        sa.ForeignKeyConstraint(["first_id"], ["person.id"], name=op.f("fk_listing_first_id_person")),
        sa.ForeignKeyConstraint(["second_id"], ["person.id"], name=op.f("fk_listing_second_id_person")),
        sa.ForeignKeyConstraint(["third_id"], ["person.id"], name=op.f("fk_listing_third_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
        sa.UniqueConstraint("reference", name=op.f("uq_listing_reference")),
    )
    op.create_index(op.f("ix_listing_case_id"), "listing", ["case_id"], unique=False)
    op.create_index(op.f("ix_listing_decision_id"), "listing", ["decision_id"], unique=False)
    op.create_index("ix_listing_expiry", "listing", ["expires_at"], unique=False, postgresql_where=sa.text("ended_at IS NULL"))
    op.create_index(op.f("ix_listing_first_id"), "listing", ["first_id"], unique=False)
    op.create_index(
        "ix_listing_living", "listing", [sa.literal_column("starts_at DESC")], unique=False, postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_index(op.f("ix_listing_second_id"), "listing", ["second_id"], unique=False)
    op.create_index(op.f("ix_listing_third_id"), "listing", ["third_id"], unique=False)
    op.create_index(
        "ix_listing_to_add", "listing", ["id"], unique=False, postgresql_where=sa.text("released_in IS NULL AND ended_at IS NULL")
    )
    op.create_index(
        "ix_listing_to_remove",
        "listing",
        ["id"],
        unique=False,
        postgresql_where=sa.text("released_in IS NOT NULL AND withdrawn_in IS NULL AND ended_at IS NOT NULL"),
    )
    op.create_index("uq_listing_living_target", "listing", ["scope", "target"], unique=True, postgresql_where=sa.text("ended_at IS NULL"))
    op.create_table(
        "release",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("added", sa.BigInteger(), nullable=False),
        sa.Column("removed", sa.BigInteger(), nullable=False),
        sa.Column("seal_digest", sa.LargeBinary(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "valid_until > published_at AND valid_until <= published_at + interval '24 hours'", name=op.f("ck_release_valid_a_day_at_most")
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_release_number_positive")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_release")),
    )
    op.create_index("ix_release_unwritten", "release", ["number"], unique=False, postgresql_where=sa.text("written_at IS NULL"))
    op.create_table(
        "change_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("release_number", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("listing_reference", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("territories", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("because", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("action IN ('add', 'remove')", name=op.f("ck_change_log_action_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_log")),
    )
    op.create_index("ix_change_log_release", "change_log", ["release_number", "id"], unique=False)
    op.create_table(
        "consumer",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), server_default="", nullable=False),
        sa.Column("address_formats", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consumer")),
        sa.UniqueConstraint("name", name=op.f("uq_consumer_name")),
        sa.UniqueConstraint("reference", name=op.f("uq_consumer_reference")),
    )
    op.create_table(
        "consumer_token",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("consumer_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("octet_length(digest) = 32", name=op.f("ck_consumer_token_is_a_digest")),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_consumer_token_consumer_id_consumer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consumer_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_consumer_token_digest")),
    )
    op.create_index(op.f("ix_consumer_token_consumer_id"), "consumer_token", ["consumer_id"], unique=False)


def downgrade() -> None:
    op.drop_table("consumer_token")
    op.drop_table("consumer")
    op.drop_table("change_log")
    op.drop_table("release")
    op.drop_table("listing")

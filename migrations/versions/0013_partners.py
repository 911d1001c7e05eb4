"""Accredited partners who send many reports, and the keys that make a repeated request one."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _partners()
    _requests()
    _uploads()
    op.add_column("case", sa.Column("from_partner", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("report", sa.Column("partner_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_report_partner_id_partner"), "report", "partner", ["partner_id"], ["id"])
    op.create_index("ix_report_partner_id", "report", ["partner_id"], postgresql_where=sa.text("partner_id IS NOT NULL"))


def downgrade() -> None:
    op.drop_index("ix_report_partner_id", "report")
    op.drop_constraint(op.f("fk_report_partner_id_partner"), "report")
    op.drop_column("report", "partner_id")
    op.drop_column("case", "from_partner")
    for table in ("upload", "request_key", "partner_token", "partner"):
        op.drop_table(table)


def _partners() -> None:
    op.create_table(
        "partner",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspended_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("name", name=op.f("uq_partner_name")),
        sa.UniqueConstraint("reference", name=op.f("uq_partner_reference")),
    )
    op.create_table(
        "partner_token",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("octet_length(digest) = 32", name=op.f("ck_partner_token_is_a_digest")),
        sa.CheckConstraint("cardinality(scopes) > 0", name=op.f("ck_partner_token_has_scopes")),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_partner_token_times_in_order")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_partner_token_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_partner_token_digest")),
    )
    op.create_index(op.f("ix_partner_token_partner_id"), "partner_token", ["partner_id"])


def _requests() -> None:
    op.create_table(
        "request_key",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("body_digest", sa.LargeBinary(), nullable=False),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("octet_length(digest) = 32 AND octet_length(body_digest) = 32", name=op.f("ck_request_key_are_digests")),
        sa.CheckConstraint("date_trunc('hour', kept_until, 'UTC') = kept_until", name=op.f("ck_request_key_kept_to_the_hour")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_request_key")),
    )
    op.create_index("ix_request_key_kept_until", "request_key", ["kept_until"])


def _uploads() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=False),
        sa.Column("ticket_digest", sa.LargeBinary(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("refused", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("results", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("octet_length(ticket_digest) = 32", name=op.f("ck_upload_ticket_is_a_digest")),
        sa.CheckConstraint("0 <= done AND done <= rows AND refused <= done", name=op.f("ck_upload_counts_in_order")),
        sa.CheckConstraint("(finished_at IS NULL) = (sealed IS NOT NULL)", name=op.f("ck_upload_nothing_lies_about_when_finished")),
        sa.CheckConstraint("(finished_at IS NULL) = (results IS NULL)", name=op.f("ck_upload_finished_has_its_results")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_upload_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint("reference", name=op.f("uq_upload_reference")),
        sa.UniqueConstraint("ticket_digest", name=op.f("uq_upload_ticket_digest")),
    )
    op.create_index(op.f("ix_upload_partner_id"), "upload", ["partner_id"])
    op.create_index("ix_upload_created_at", "upload", ["created_at"])

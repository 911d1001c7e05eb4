"""Resources, cases and the sealed reports that name them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "resource",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=True),
        sa.Column("domain", sa.Text(), nullable=True),
        sa.Column("first_reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource")),
        sa.UniqueConstraint("kind", "canonical", name=op.f("uq_resource_kind_canonical")),
    )
    op.create_index(op.f("ix_resource_domain"), "resource", ["domain"], unique=False)
    op.create_index(op.f("ix_resource_host"), "resource", ["host"], unique=False)
    op.create_table(
        "case",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("danger_now", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("holder_id", sa.BigInteger(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(state IN ('awaiting_third', 'listed', 'proposed', 'waiting')) = (closed_at IS NULL)", name=op.f("ck_case_closed_has_its_time")
        ),
        sa.CheckConstraint(
            "holder_id IS NULL OR state IN ('awaiting_third', 'proposed', 'waiting')", name=op.f("ck_case_only_reviewable_is_held")
        ),
        sa.CheckConstraint("lane IN ('standard', 'slow')", name=op.f("ck_case_lane_known")),
        sa.CheckConstraint(
            "state IN ('waiting', 'proposed', 'awaiting_third', 'listed', 'rejected', 'not_listed', 'delisted', 'expired')",
            name=op.f("ck_case_state_known"),
        ),
        sa.CheckConstraint("(holder_id IS NULL) = (lease_until IS NULL)", name=op.f("ck_case_a_holder_has_a_lease")),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name=op.f("fk_case_holder_id_person")),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_case_resource_id_resource")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
        sa.UniqueConstraint("reference", name=op.f("uq_case_reference")),
    )
    op.create_index("ix_case_holder", "case", ["holder_id"], unique=False, postgresql_where=sa.text("holder_id IS NOT NULL"))
    op.create_index("ix_case_leases", "case", ["lease_until"], unique=False, postgresql_where=sa.text("holder_id IS NOT NULL"))
    op.create_index(
        "ix_case_queue",
        "case",
        ["state", sa.literal_column("priority DESC"), "opened_at", "id"],
        unique=False,
        postgresql_where=sa.text("holder_id IS NULL AND closed_at IS NULL"),
    )
    op.create_index("ix_case_resource_id", "case", ["resource_id"], unique=False)
    op.create_index("ix_case_state_opened", "case", ["state", sa.literal_column("opened_at DESC")], unique=False)
    op.create_index("uq_case_open_resource", "case", ["resource_id"], unique=True, postgresql_where=sa.text("closed_at IS NULL"))
    op.create_table(
        "report",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("danger_now", sa.Boolean(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("receipt_digest", sa.LargeBinary(), nullable=False),
        sa.Column("sender_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("category IN ('sexual', 'labour', 'child', 'moved', 'unsure')", name=op.f("ck_report_category_known")),
        sa.CheckConstraint("date_trunc('hour', received_at, 'UTC') = received_at", name=op.f("ck_report_received_to_the_hour")),
        sa.CheckConstraint("lane IN ('standard', 'slow')", name=op.f("ck_report_lane_known")),
        sa.CheckConstraint("octet_length(receipt_digest) = 32", name=op.f("ck_report_receipt_is_a_digest")),
        sa.ForeignKeyConstraint(["sender_id"], ["person.id"], name=op.f("fk_report_sender_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("receipt_digest", name=op.f("uq_report_receipt_digest")),
        sa.UniqueConstraint("reference", name=op.f("uq_report_reference")),
    )
    op.create_index(op.f("ix_report_sender_id"), "report", ["sender_id"], unique=False)
    op.create_table(
        "report_key",
        sa.Column("report_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("shredded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(wrapped IS NULL) = (shredded_at IS NOT NULL)", name=op.f("ck_report_key_shredded_or_wrapped")),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_report_key")),
    )
    op.create_table(
        "case_report",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("report_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_report_case_id_case")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_case_report_report_id_report")),
        sa.PrimaryKeyConstraint("case_id", "report_id", name=op.f("pk_case_report")),
    )
    op.create_index(op.f("ix_case_report_report_id"), "case_report", ["report_id"], unique=False)


def downgrade() -> None:
    op.drop_table("case_report")
    op.drop_table("report_key")
    op.drop_table("report")
    op.drop_table("case")
    op.drop_table("resource")

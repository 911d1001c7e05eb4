"""What is known of a resource: notices, observations, known hosts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("sent_at <= recorded_at", name=op.f("ck_notice_sent_before_recorded")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_notice_case_id_case")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_notice_recorded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_case_id"), "notice", ["case_id"], unique=False)
    op.create_index(op.f("ix_notice_recorded_by"), "notice", ["recorded_by"], unique=False)
    op.create_table(
        "observation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("resource_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_observation_resource_id_resource")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
    )
    op.create_index("ix_observation_newest", "observation", ["resource_id", "kind", sa.literal_column("observed_at DESC")], unique=False)
    op.create_table(
        "known_host",
        sa.Column("host", sa.Text(collation="C"), nullable=False),
        sa.Column("class", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("rank IS NULL OR rank > 0", name=op.f("ck_known_host_rank_positive")),
        sa.PrimaryKeyConstraint("host", "class", "source", name=op.f("pk_known_host")),
    )
    op.create_index("ix_known_host_below", "known_host", [sa.literal_column("reverse(host)")], unique=False)


def downgrade() -> None:
    op.drop_table("known_host")
    op.drop_table("observation")
    op.drop_table("notice")

"""The write-once record and its seals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_record",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_record")),
    )
    op.create_index("ix_audit_record_subject", "audit_record", ["subject", "id"], unique=False)
    op.create_table(
        "audit_seal",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("rows", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("last_row", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cardinality(rows) > 0", name=op.f("ck_audit_seal_seals_something")),
        sa.CheckConstraint("octet_length(digest) = 32 AND octet_length(previous) = 32", name=op.f("ck_audit_seal_digests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("previous", name=op.f("uq_audit_seal_previous")),
    )
    op.create_index(op.f("ix_audit_seal_last_row"), "audit_seal", ["last_row"], unique=False)


def downgrade() -> None:
    op.drop_table("audit_seal")
    op.drop_table("audit_record")

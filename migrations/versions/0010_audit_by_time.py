"""Show the record in the order of its times: the order of its keys would narrow when a report came."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_record_time", "audit_record", ["at", "id"])


def downgrade() -> None:
    op.drop_index("ix_audit_record_time", "audit_record")

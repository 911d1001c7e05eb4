"""Keep keyed marks of what a report's text names, so that near cases can be shown as related."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_mark",
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("report_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mark", "report_id", name=op.f("pk_report_mark")),
    )
    op.create_index("ix_report_mark_report_id", "report_mark", ["report_id"])
    op.add_column("report", sa.Column("text_signature", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("report", "text_signature")
    op.drop_table("report_mark")

"""Note the first free cases of a whole lane in one row: a claim reads a few rows, where it looked up each sum of points."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # No case hangs on the notes that go: the next claim looks from the first case on.
    op.execute("-- squawk-ignore ban-drop-table\nDROP TABLE queue_mark")
    op.create_table(
        "queue_mark",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("priority", sa.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("queued_at", sa.ARRAY(sa.DateTime(timezone=True)), nullable=False),
        sa.Column("case_id", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("walked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_mark")),
    )
    op.create_index("ix_queue_mark_newest", "queue_mark", ["lane", sa.text("id DESC")])


def downgrade() -> None:
    op.drop_table("queue_mark")
    op.create_table(
        "queue_mark",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("walked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_mark")),
    )
    op.create_index("ix_queue_mark_newest", "queue_mark", ["lane", "priority", sa.text("id DESC")])

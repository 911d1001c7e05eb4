"""Cases that a senior took from the person who held them: who, from whom, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "takeover",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("from_id", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("because IN ('asked', 'away', 'urgent')", name=op.f("ck_takeover_reason_known")),
        sa.CheckConstraint("from_id <> by_id", name=op.f("ck_takeover_two_people")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_takeover_by_id_person")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_takeover_case_id_case")),
        sa.ForeignKeyConstraint(["from_id"], ["person.id"], name=op.f("fk_takeover_from_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takeover")),
    )
    op.create_index(op.f("ix_takeover_by_id"), "takeover", ["by_id"])
    op.create_index(op.f("ix_takeover_case_id"), "takeover", ["case_id"])
    op.create_index("ix_takeover_told", "takeover", ["from_id", "at"])


def downgrade() -> None:
    op.drop_table("takeover")

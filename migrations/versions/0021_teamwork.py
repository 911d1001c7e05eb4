"""Notes between moderators, and who stands aside from a case."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_note",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("char_length(text) BETWEEN 1 AND 2000", name=op.f("ck_case_note_text_within_limit")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_case_note_author_id_person")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_note_case_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_note")),
    )
    op.create_index(op.f("ix_case_note_author_id"), "case_note", ["author_id"])
    op.create_index("ix_case_note_case_id", "case_note", ["case_id", "id"])
    op.create_table(
        "stood_aside",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("because", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_stood_aside_case_id_case")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_stood_aside_person_id_person")),
        sa.PrimaryKeyConstraint("case_id", "person_id", name=op.f("pk_stood_aside")),
    )
    op.create_index(op.f("ix_stood_aside_person_id"), "stood_aside", ["person_id"])


def downgrade() -> None:
    op.drop_table("stood_aside")
    op.drop_table("case_note")

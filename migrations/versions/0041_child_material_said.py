"""What somebody says of sexual images of a child apart from any decision: it binds who comes after."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "child_material_said",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("answer IN ('no', 'suspected')", name=op.f("ck_child_material_said_answer_known")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_child_material_said_case_id_case")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_child_material_said_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_material_said")),
    )
    op.create_index(op.f("ix_child_material_said_case_id"), "child_material_said", ["case_id"])
    op.create_index(op.f("ix_child_material_said_person_id"), "child_material_said", ["person_id"])


def downgrade() -> None:
    op.drop_table("child_material_said")

"""Since when somebody holds a case, so that one claim cannot be lengthened for ever."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case", sa.Column("held_since", sa.DateTime(timezone=True), nullable=True))
    # When it was claimed is not known of what is held at this moment: it is held from now.
    op.execute('UPDATE "case" SET held_since = now() WHERE holder_id IS NOT NULL')
    op.create_check_constraint(op.f("ck_case_a_holder_has_a_beginning"), "case", "holder_id IS NULL OR held_since IS NOT NULL")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_case_a_holder_has_a_beginning"), "case")
    op.drop_column("case", "held_since")

"""Hold back what may not go out, or by which the list would grow too fast, until two people let it go."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TABLE = "held_entry"
CHECKS = {
    "because_known": "because IN ('unfit', 'growth')",
    "first_key_is_whole": "(first_id IS NULL) = (first_at IS NULL) AND (first_id IS NULL) = (why = '')",
    "second_key_is_whole": "(second_id IS NULL) = (let_go_at IS NULL)",
    "two_people": "second_id IS NULL OR (first_id IS NOT NULL AND second_id <> first_id)",
    "keys_in_order": "let_go_at >= first_at",
    "only_growth_is_let_go": "because = 'growth' OR first_id IS NULL",
    "only_unfit_becomes_fit": "fit_at IS NULL OR because = 'unfit'",
}


def upgrade() -> None:
    op.add_column("release", sa.Column("grown", sa.BigInteger(), server_default="0", nullable=False))
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("listing_id", sa.BigInteger(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("numbers", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=True),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("second_id", sa.BigInteger(), nullable=True),
        sa.Column("let_go_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fit_at", sa.DateTime(timezone=True), nullable=True),
        *(sa.CheckConstraint(check, name=op.f(f"ck_{TABLE}_{name}")) for name, check in CHECKS.items()),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f(f"fk_{TABLE}_listing_id_listing")),
        sa.ForeignKeyConstraint(["first_id"], ["person.id"], name=op.f(f"fk_{TABLE}_first_id_person")),
        sa.ForeignKeyConstraint(["second_id"], ["person.id"], name=op.f(f"fk_{TABLE}_second_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index(f"uq_{TABLE}_listing_id", TABLE, ["listing_id"], unique=True, postgresql_where=sa.text("fit_at IS NULL"))
    op.create_index(f"ix_{TABLE}_waiting", TABLE, ["listing_id"], postgresql_where=sa.text("let_go_at IS NULL AND fit_at IS NULL"))
    for column in ("first_id", "second_id"):
        op.create_index(op.f(f"ix_{TABLE}_{column}"), TABLE, [column])


def downgrade() -> None:
    op.drop_table(TABLE)
    op.drop_column("release", "grown")

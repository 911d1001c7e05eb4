"""A network's word that a listing is wrong, and the urgent look that it opens."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

TABLE = "false_positive"
BEFORE = ("monitor", "evidence", "takedown", "hold", "re_review", "expiring", "changed")
CHECKS = {
    "why_within_limit": "char_length(why) <= 2000",
    "contact_within_limit": "char_length(contact) <= 200",
    "times_in_order": "review_due_at > asked_at",
}


def _due_for(known: tuple[str, ...]) -> None:
    words = ", ".join(f"'{word}'" for word in known)
    op.execute('-- squawk-ignore ban-drop-constraint\nALTER TABLE "case" DROP CONSTRAINT IF EXISTS ck_case_due_for_known')
    op.create_check_constraint(op.f("ck_case_due_for_known"), "case", f"due_for IS NULL OR due_for IN ({words})")


def upgrade() -> None:
    _due_for((*BEFORE, "disputed"))
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("consumer_id", sa.BigInteger(), nullable=False),
        sa.Column("listing_id", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), server_default="", nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_due_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.CheckConstraint(check, name=op.f(f"ck_{TABLE}_{name}")) for name, check in CHECKS.items()),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f(f"fk_{TABLE}_consumer_id_consumer")),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f(f"fk_{TABLE}_listing_id_listing")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("consumer_id", "listing_id", name=op.f(f"uq_{TABLE}_consumer_id_listing_id")),
        sa.UniqueConstraint("reference", name=op.f(f"uq_{TABLE}_reference")),
    )
    op.create_index(op.f(f"ix_{TABLE}_listing_id"), TABLE, ["listing_id"])
    op.create_index(f"ix_{TABLE}_newest", TABLE, ["consumer_id", "id"])


def downgrade() -> None:
    op.drop_table(TABLE)
    # What was called wrong is due for a look all the same.
    disputed = "UPDATE \"case\" SET due_for = 're_review', priority = priority - 40 WHERE due_for = 'disputed'"
    op.execute(sa.text(disputed))
    _due_for(BEFORE)

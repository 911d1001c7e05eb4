"""Let two people allow the list to grow faster for a day, after a delay."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLE = "growth_permission"
CHECKS = {
    "two_people": "second_id <> first_id",
    "second_key_is_whole": "(second_id IS NULL) = (agreed_at IS NULL) AND (second_id IS NULL) = (starts_at IS NULL)"
    " AND (second_id IS NULL) = (ends_at IS NULL)",
    "keys_in_order": "agreed_at >= asked_at",
    "delay_is_kept": "starts_at >= agreed_at + interval '24 hours'",
    "ends_by_itself": "ends_at > starts_at AND ends_at <= starts_at + interval '24 hours'",
    "entries_within_policy": "entries > 0 AND entries <= 5000",
    "taken_back_by_somebody": "(taken_back_at IS NULL) = (taken_back_by IS NULL)",
}
PEOPLE = ("first_id", "second_id", "taken_back_by")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_id", sa.BigInteger(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.BigInteger(), nullable=True),
        *(sa.CheckConstraint(check, name=op.f(f"ck_{TABLE}_{name}")) for name, check in CHECKS.items()),
        *(sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_{TABLE}_{column}_person")) for column in PEOPLE),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("reference", name=op.f(f"uq_{TABLE}_reference")),
    )
    for column in PEOPLE:
        op.create_index(op.f(f"ix_{TABLE}_{column}"), TABLE, [column])
    op.create_index(f"ix_{TABLE}_standing", TABLE, ["asked_at"], postgresql_where=sa.text("taken_back_at IS NULL"))


def downgrade() -> None:
    op.drop_table(TABLE)

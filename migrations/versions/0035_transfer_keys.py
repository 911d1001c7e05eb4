"""Keys by which consumers take the list as a zone, and their secrets, apart."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

TABLE = "consumer_transfer_key"
CHECKS = {
    "name_is_a_label": "name ~ '^[a-z0-9-]{1,63}$'",
    "algorithm_known": "algorithm IN ('hmac-sha256', 'hmac-sha384', 'hmac-sha512')",
    "few_are_notified": "cardinality(notify) <= 8",
    "notify_are_addresses": "array_to_string(notify, ' ') ~ '^[0-9a-f.:@ ]*$'",
    "times_in_order": "revoked_at >= created_at",
}


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("consumer_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("notify", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        *(sa.CheckConstraint(check, name=op.f(f"ck_{TABLE}_{name}")) for name, check in CHECKS.items()),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f(f"fk_{TABLE}_consumer_id_consumer")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("name", name=op.f(f"uq_{TABLE}_name")),
    )
    op.create_index(op.f(f"ix_{TABLE}_consumer_id"), TABLE, ["consumer_id"])
    op.create_index(f"ix_{TABLE}_living", TABLE, ["consumer_id"], postgresql_where=sa.text("revoked_at IS NULL"))
    op.create_table(
        "transfer_secret",
        sa.Column("transfer_key_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("desk_key", sa.Text(), nullable=True),
        sa.Column("shredded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(wrapped IS NULL) = (shredded_at IS NOT NULL)", name=op.f("ck_transfer_secret_shredded_or_wrapped")),
        sa.PrimaryKeyConstraint("transfer_key_id", name=op.f("pk_transfer_secret")),
        schema="sealed_keys",
    )


def downgrade() -> None:
    op.drop_table("transfer_secret", schema="sealed_keys")
    op.drop_table(TABLE)

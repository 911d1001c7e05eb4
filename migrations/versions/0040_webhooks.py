"""Addresses of networks that are told what left the list, and how each message fares."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

HOOK, DELIVERY = "webhook", "webhook_delivery"
HOOK_CHECKS = {
    "url_within_limit": "char_length(url) <= 500",
    "url_is_plain": "url ~ '^https?://[!-~]+$'",
    "told_up_to_a_serial": "told_up_to >= 0",
    "disabled_has_its_cause": "(disabled_at IS NULL) = (disabled_because IS NULL)",
    "cause_known": "disabled_because IN ('failing', 'gone')",
    "times_in_order": "ended_at >= created_at",
}
DELIVERY_CHECKS = {
    "range_whole": "(since IS NULL) = (serial IS NULL)",
    "range_in_order": "since < serial AND since >= 0",
    "attempts_counted": "attempts >= 0",
    "waits_or_ended": "num_nonnulls(next_at, delivered_at, given_up_at) = 1",
    "status_known": "status BETWEEN 100 AND 599",
    "one_outcome": "status IS NULL OR fault IS NULL OR fault = 'status'",
}


def _time(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _table(name: str, *columns: sa.Column[object], checks: dict[str, str], parent: str) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column(f"{parent}_id", sa.BigInteger(), nullable=False),
        *columns,
        *(sa.CheckConstraint(check, name=op.f(f"ck_{name}_{rule}")) for rule, check in checks.items()),
        sa.ForeignKeyConstraint([f"{parent}_id"], [f"{parent}.id"], name=op.f(f"fk_{name}_{parent}_id_{parent}")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("reference", name=op.f(f"uq_{name}_reference")),
    )


def upgrade() -> None:
    _table(
        HOOK,
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("told_up_to", sa.BigInteger(), nullable=False),
        _time("created_at", nullable=False),
        _time("disabled_at"),
        sa.Column("disabled_because", sa.Text(), nullable=True),
        _time("ended_at"),
        checks=HOOK_CHECKS,
        parent="consumer",
    )
    op.create_index(f"ix_{HOOK}_living", HOOK, ["consumer_id"], postgresql_where=sa.text("ended_at IS NULL"))
    _table(
        DELIVERY,
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("serial", sa.BigInteger(), nullable=True),
        _time("made_at", nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        *(_time(name) for name in ("tried_at", "next_at", "delivered_at", "given_up_at")),
        sa.Column("status", sa.BigInteger(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        checks=DELIVERY_CHECKS,
        parent=HOOK,
    )
    op.create_index(f"ix_{DELIVERY}_newest", DELIVERY, [f"{HOOK}_id", "id"])
    op.create_index(f"ix_{DELIVERY}_waiting", DELIVERY, ["next_at"], postgresql_where=sa.text("next_at IS NOT NULL"))


def downgrade() -> None:
    op.drop_table(DELIVERY)
    op.drop_table(HOOK)

"""Give the desk lanes, explained points, a place that a claim finds at once, parked cases, and each person lanes of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

FREE = "holder_id IS NULL AND closed_at IS NULL AND parked_until IS NULL"
PLACE = ["desk_lane", sa.text("priority DESC"), "queued_at", "id"]
DESK_LANE = (
    "CASE WHEN state = 'waiting' THEN CASE WHEN danger_now THEN 'danger' WHEN category = 'child' THEN 'minors' ELSE lane END"
    " WHEN state = 'proposed' THEN 'second' WHEN state = 'awaiting_third' THEN 'third' ELSE state END"
)


def upgrade() -> None:
    op.drop_index("ix_case_queue", "case")
    for name in ("channels", "stage_points", "age_points"):
        op.add_column("case", sa.Column(name, sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("case", sa.Column("was_held", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("case", sa.Column("parked_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("case", sa.Column("parked_because", sa.Text(), nullable=True))
    op.add_column("case", sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True))
    op.execute('UPDATE "case" SET queued_at = opened_at, was_held = holder_id IS NOT NULL')
    # No server runs before the migrations have ended, so nobody waits while the table is read.
    op.execute('-- squawk-ignore adding-not-nullable-field\nALTER TABLE "case" ALTER COLUMN queued_at SET NOT NULL')
    op.add_column("case", sa.Column("desk_lane", sa.Text(), sa.Computed(DESK_LANE, persisted=True), nullable=False))
    _rules()
    _marks()
    op.add_column("person", sa.Column("lanes", sa.ARRAY(sa.Text()), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "lanes")
    op.drop_table("queue_mark")
    for name in ("ix_case_parked", "ix_case_draw", "ix_case_returned", "ix_case_fresh"):
        op.drop_index(name, "case")
    for name in ("parked_waits_and_is_free", "parked_has_its_reason"):
        op.drop_constraint(op.f(f"ck_case_{name}"), "case")
    for name in ("desk_lane", "queued_at", "parked_because", "parked_until", "was_held", "age_points", "stage_points", "channels"):
        op.drop_column("case", name)
    op.create_index(
        "ix_case_queue",
        "case",
        ["state", sa.text("priority DESC"), "opened_at", "id"],
        postgresql_where=sa.text("holder_id IS NULL AND closed_at IS NULL"),
    )


def _rules() -> None:
    for name, rule in (
        ("parked_has_its_reason", "(parked_until IS NULL) = (parked_because IS NULL)"),
        ("parked_waits_and_is_free", "parked_until IS NULL OR (state = 'waiting' AND holder_id IS NULL)"),
    ):
        op.create_check_constraint(op.f(f"ck_case_{name}"), "case", rule)
    op.create_index("ix_case_fresh", "case", PLACE, postgresql_where=sa.text(f"{FREE} AND NOT was_held"))
    op.create_index("ix_case_returned", "case", PLACE, postgresql_where=sa.text(f"{FREE} AND was_held"))
    op.create_index("ix_case_draw", "case", ["desk_lane", "reference"], postgresql_where=sa.text(FREE))
    op.create_index("ix_case_parked", "case", ["parked_until"], postgresql_where=sa.text("parked_until IS NOT NULL"))


def _marks() -> None:
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

"""Who suspects sexual images of a child says so with any referral, and from any seat; what is suspected ends in no other way."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

SUSPECTED = "COALESCE(answers ->> 'child_material' = 'suspected', false)"
# Referrals of before may have gone to the police alone. Nothing else ever said of a seat that such images are suspected.
SEATS = (
    (
        "later_seats_judge_a_proposal",
        "seat = 1 OR outcome IN ('list', 'list_temporary', 'reject_lawful', 'reject_scope', 'reject_abuse', 'refer_hotline')",
    ),
    ("later_seats_refer_what_they_suspect", f"seat = 1 OR outcome <> 'refer_hotline' OR {SUSPECTED}"),
    ("what_is_suspected_is_referred", f"NOT {SUSPECTED} OR outcome IN ('refer_police', 'refer_hotline', 'refer_support')"),
)


def upgrade() -> None:
    op.add_column("referral", sa.Column("child_material", sa.Text(), nullable=True))
    known = "child_material IS NULL OR child_material IN ('no', 'suspected')"
    op.create_check_constraint(op.f("ck_referral_child_material_known"), "referral", known)
    for name, rule in SEATS:
        op.create_check_constraint(op.f(f"ck_assessment_{name}"), "assessment", rule)


def downgrade() -> None:
    for name, _rule in SEATS:
        op.drop_constraint(op.f(f"ck_assessment_{name}"), "assessment")
    op.drop_constraint(op.f("ck_referral_child_material_known"), "referral")
    op.drop_column("referral", "child_material")

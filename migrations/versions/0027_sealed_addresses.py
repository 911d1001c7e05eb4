"""Seal the address of what may be sexual images of a child, keep when a hotline's receipt came, and let papers about it be emptied."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

NO_ADDRESS = (
    "sealed_at IS NULL AND erased_at IS NULL"
    " OR host IS NULL AND domain IS NULL AND canonical ~ '^(sealed|erased):[0-9a-f]{8}-[0-9a-f-]{27}$'"
)
RECEIPT_RULES = (
    ("only_hotlines_give_receipts", "receipt_at IS NULL OR kind = 'hotline'"),
    (
        "receipt_whole",
        "(receipt_at IS NULL) = (receipt_recorded_at IS NULL) AND (receipt_at IS NULL) = (receipt_recorded_by IS NULL)",
    ),
    ("receipt_after_referral", "receipt_at >= referred_at"),
    ("receipt_before_recorded", "receipt_at <= receipt_recorded_at"),
)
PAPERS = ("assessment", "decision")


def upgrade() -> None:
    op.add_column("resource", sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f("ck_resource_no_address_is_left"), "resource", NO_ADDRESS)
    _receipts()
    _sealed()
    op.execute(REFUSE_BUT_EMPTYING)
    for table in PAPERS:
        _guard(table, "refuse_change_but_emptying")


def downgrade() -> None:
    """What is sealed for a hotline is destroyed: the older rules know no way to keep it."""
    for table in PAPERS:
        _guard(table, "refuse_change")
    op.execute("DROP FUNCTION refuse_change_but_emptying()")
    op.drop_table("address_key", schema="sealed_keys")
    op.drop_table("sealed_address")
    op.drop_index("ix_referral_no_receipt", "referral")
    for name, _rule in RECEIPT_RULES:
        op.drop_constraint(op.f(f"ck_referral_{name}"), "referral")
    for name in ("receipt_recorded_by", "receipt_recorded_at", "receipt_at"):
        op.drop_column("referral", name)
    op.execute(
        "UPDATE resource SET canonical = replace(canonical, 'sealed:', 'erased:'), erased_at = sealed_at"
        " WHERE sealed_at IS NOT NULL AND erased_at IS NULL"
    )
    op.execute('UPDATE "case" SET is_erased = true FROM resource WHERE resource.id = resource_id AND resource.erased_at IS NOT NULL')
    op.drop_constraint(op.f("ck_resource_no_address_is_left"), "resource")
    op.drop_column("resource", "sealed_at")


def _receipts() -> None:
    op.add_column("referral", sa.Column("receipt_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("referral", sa.Column("receipt_recorded_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("referral", sa.Column("receipt_recorded_by", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_referral_receipt_recorded_by_person"), "referral", "person", ["receipt_recorded_by"], ["id"])
    for name, rule in RECEIPT_RULES:
        op.create_check_constraint(op.f(f"ck_referral_{name}"), "referral", rule)
    waits = sa.text("kind = 'hotline' AND receipt_at IS NULL")
    op.create_index("ix_referral_no_receipt", "referral", ["referred_at"], postgresql_where=waits)


def _sealed() -> None:
    op.create_table(
        "sealed_address",
        sa.Column("resource_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("referral_id", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_sealed_address_referral_id_referral")),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_sealed_address_resource_id_resource")),
        sa.PrimaryKeyConstraint("resource_id", name=op.f("pk_sealed_address")),
    )
    op.create_index(op.f("ix_sealed_address_referral_id"), "sealed_address", ["referral_id"])
    op.create_table(
        "address_key",
        sa.Column("resource_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("desk_key", sa.Text(), nullable=True),
        sa.Column("shredded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(wrapped IS NULL) = (shredded_at IS NOT NULL)", name=op.f("ck_address_key_shredded_or_wrapped")),
        sa.PrimaryKeyConstraint("resource_id", name=op.f("pk_address_key")),
        schema="sealed_keys",
    )


def _guard(table: str, function: str) -> None:
    op.execute(f"DROP TRIGGER written_once ON {table}")
    op.execute(f"CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()")


# Of what is sealed or was, words may go and nothing may come: a paper becomes the one that says nothing, but for what it said of a child
# and declared, which stays as it was. What an empty paper holds is written out: a later question needs a later function.
REFUSE_BUT_EMPTYING = """
    CREATE FUNCTION refuse_change_but_emptying() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        old_row jsonb := to_jsonb(OLD);
        new_row jsonb;
        may_change text[] := ARRAY['target', 'answers', 'findings', 'statement', 'detail'];
        stays text[] := ARRAY['under_18', 'child_material', 'sent_none_of_the_reports'];
        no_statement jsonb := '{"facts": "", "legal_ground": "", "explanation": ""}';
        no_answers jsonb := '{"target": null, "territories": [], "provision": "", "evidence": [], "narrower_tried": {}, "lifeline": "",
                "conflict": "none", "conflict_note": "", "statement": ["", "", ""], "expires_after": null, "review_after": null,
                "note": "", "facilitation": "", "adult_service": false, "sample_pages": null, "sample_unrelated": null,
                "sample_is_all": false, "hacked": false, "shows_a_person": false, "wants_third": false, "still_there": null,
                "protected_as": null, "explained": {}, "indicators": []}';
        about bigint;
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            new_row := to_jsonb(NEW);
            about := COALESCE((old_row->>'case_id')::bigint, (SELECT case_id FROM round WHERE id = (old_row->>'round_id')::bigint));
            IF (new_row - may_change) = (old_row - may_change)
                AND EXISTS (SELECT FROM "case" JOIN resource ON resource.id = resource_id WHERE "case".id = about AND sealed_at IS NOT NULL)
                AND (new_row->>'target' IS NULL) = (old_row->>'target' IS NULL)
                AND COALESCE(new_row->>'target' ~ '^sealed:[0-9a-f-]{36}$', true)
                AND COALESCE(new_row->'findings', '[]') = '[]'
                AND COALESCE(new_row->'detail', '{}') = '{}'
                AND COALESCE(new_row->'statement', no_statement) = no_statement
                AND COALESCE((new_row->'answers') - stays, no_answers) = no_answers
                AND NOT EXISTS (
                    SELECT FROM unnest(stays) AS name
                    WHERE COALESCE(new_row->'answers'->name, 'null') <> COALESCE(old_row->'answers'->name, 'null')
                )
            THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION '% is written once; rows are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END $$
    """

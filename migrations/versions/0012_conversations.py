"""Let a reporter and the desk write to each other, sealed; keep the contact apart from the rest, and the keys apart from both."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _keys()
    _reports()
    _messages()
    op.add_column("case", sa.Column("unread", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("case", sa.Column("read_up_to", sa.BigInteger(), nullable=True))
    op.add_column("resource", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("resource", "erased_at")
    op.drop_column("case", "read_up_to")
    op.drop_column("case", "unread")
    op.drop_table("message")
    op.drop_index("ix_report_contact", "report")
    for name in ("withdrawn_to_the_hour", "withdrawn_is_empty", "both_recipients_or_none"):
        op.drop_constraint(op.f(f"ck_report_{name}"), "report")
    for name in ("withdrawn_at", "receipt_recipient", "recipient", "contact"):
        op.drop_column("report", name)
    op.drop_table("contact_key", schema="sealed_keys")
    op.drop_column("report_key", "desk_key", schema="sealed_keys")
    op.execute("ALTER TABLE sealed_keys.report_key SET SCHEMA public")
    op.execute("DROP SCHEMA sealed_keys")


def _keys() -> None:
    op.execute("CREATE SCHEMA sealed_keys")
    # Server and worker start after the migrations, so no client finds the table moved away.
    op.execute("-- squawk-ignore ban-set-schema\nALTER TABLE report_key SET SCHEMA sealed_keys")
    op.add_column("report_key", sa.Column("desk_key", sa.Text(), nullable=True), schema="sealed_keys")
    op.create_table(
        "contact_key",
        sa.Column("report_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("desk_key", sa.Text(), nullable=True),
        sa.Column("shredded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(wrapped IS NULL) = (shredded_at IS NOT NULL)", name=op.f("ck_contact_key_shredded_or_wrapped")),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_contact_key")),
        schema="sealed_keys",
    )


def _reports() -> None:
    op.add_column("report", sa.Column("contact", sa.LargeBinary(), nullable=True))
    op.add_column("report", sa.Column("recipient", sa.Text(), nullable=True))
    op.add_column("report", sa.Column("receipt_recipient", sa.Text(), nullable=True))
    op.add_column("report", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    for name, rule in (
        ("both_recipients_or_none", "(recipient IS NULL) = (receipt_recipient IS NULL)"),
        ("withdrawn_is_empty", "withdrawn_at IS NULL OR (sealed IS NULL AND contact IS NULL AND recipient IS NULL)"),
        ("withdrawn_to_the_hour", "date_trunc('hour', withdrawn_at, 'UTC') = withdrawn_at"),
    ):
        op.create_check_constraint(op.f(f"ck_report_{name}"), "report", rule)
    op.create_index("ix_report_contact", "report", ["id"], postgresql_where=sa.text("contact IS NOT NULL"))


def _messages() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("answers_id", sa.BigInteger(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('question', 'answer', 'addition')", name=op.f("ck_message_kind_known")),
        sa.CheckConstraint("(kind = 'answer') = (answers_id IS NOT NULL)", name=op.f("ck_message_an_answer_has_its_question")),
        sa.CheckConstraint("(kind = 'addition') = (case_id IS NULL)", name=op.f("ck_message_questions_have_a_case")),
        sa.CheckConstraint("date_trunc('hour', at, 'UTC') = at", name=op.f("ck_message_at_to_the_hour")),
        sa.ForeignKeyConstraint(["answers_id"], ["message.id"], name=op.f("fk_message_answers_id_message")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_message_case_id_case")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_message_report_id_report")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("answers_id", name=op.f("uq_message_answers_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_message_reference")),
    )
    op.create_index(op.f("ix_message_case_id"), "message", ["case_id"])
    op.create_index("ix_message_report", "message", ["report_id", "id"])

"""Let networks sign up, sign in to pages of their own, hold several tokens, and see what they carry."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

CONSUMER_TEXTS = ("contact_name", "territory", "software")
CONSUMER_LISTS = ("formats", "allowed_networks")
WHEN = sa.DateTime(timezone=True)
WORDS = postgresql.ARRAY(sa.Text())


def upgrade() -> None:
    for name in CONSUMER_TEXTS:
        op.add_column("consumer", sa.Column(name, sa.Text(), server_default="", nullable=False))
    for name in CONSUMER_LISTS:
        op.add_column("consumer", sa.Column(name, WORDS, server_default="{}", nullable=False))
    op.create_check_constraint(op.f("ck_consumer_few_networks"), "consumer", "cardinality(allowed_networks) <= 100")
    op.add_column("consumer_token", sa.Column("reference", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False))
    op.create_index("uq_consumer_token_reference", "consumer_token", ["reference"], unique=True)
    op.add_column("consumer_token", sa.Column("label", sa.Text(), server_default="", nullable=False))
    op.add_column("consumer_token", sa.Column("scopes", WORDS, nullable=True))
    op.create_check_constraint(op.f("ck_consumer_token_has_scopes"), "consumer_token", "cardinality(scopes) > 0")
    _applications()
    _keys()
    _sign_ins()
    _pulls()


def _table(name: str, *columns: sa.Column, checks: dict[str, str], to: dict[str, str], unique: str) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        *columns,
        *(sa.CheckConstraint(check, name=op.f(f"ck_{name}_{short}")) for short, check in checks.items()),
        *(sa.ForeignKeyConstraint([one], [f"{other}.id"], name=op.f(f"fk_{name}_{one}_{other}")) for one, other in to.items()),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint(unique, name=op.f(f"uq_{name}_{unique}")),
    )


def _applications() -> None:
    texts = ("organisation", "contact_name", "contact_email", "territory", "software")
    _table(
        "consumer_application",
        sa.Column("reference", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.Column("formats", WORDS, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_at", WHEN, nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("consumer_id", sa.BigInteger(), nullable=True),
        checks={
            "outcome_known": "outcome IN ('approved', 'declined')",
            "decided_whole": "(outcome IS NULL) = (decided_at IS NULL) AND (outcome IS NULL) = (decided_by_id IS NULL)",
            "approved_has_its_consumer": "(outcome IS NOT DISTINCT FROM 'approved') = (consumer_id IS NOT NULL)",
            "declined_has_its_reason": "outcome IS DISTINCT FROM 'declined' OR reason <> ''",
            "times_in_order": "decided_at >= created_at",
        },
        to={"decided_by_id": "person", "consumer_id": "consumer"},
        unique="reference",
    )
    waiting = sa.text("outcome IS NULL")
    op.create_index("ix_consumer_application_waiting", "consumer_application", ["created_at"], postgresql_where=waiting)
    for column in ("decided_by_id", "consumer_id"):
        op.create_index(op.f(f"ix_consumer_application_{column}"), "consumer_application", [column])


def _keys() -> None:
    _table(
        "consumer_key",
        sa.Column("consumer_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("expires_at", WHEN, nullable=True),
        sa.Column("ended_at", WHEN, nullable=True),
        checks={
            "is_a_digest": "octet_length(digest) = 32",
            "kind_known": "kind IN ('invitation', 'key')",
            "an_invitation_expires": "(kind = 'invitation') = (expires_at IS NOT NULL)",
            "times_in_order": "expires_at > created_at AND ended_at >= created_at",
        },
        to={"consumer_id": "consumer"},
        unique="digest",
    )
    op.create_index(op.f("ix_consumer_key_consumer_id"), "consumer_key", ["consumer_id"])
    living = sa.text("ended_at IS NULL")
    op.create_index("uq_consumer_key_living", "consumer_key", ["consumer_id", "kind"], unique=True, postgresql_where=living)


def _sign_ins() -> None:
    _table(
        "consumer_sign_in",
        sa.Column("consumer_id", sa.BigInteger(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("seen_at", WHEN, nullable=False),
        sa.Column("ends_at", WHEN, nullable=False),
        sa.Column("ended_at", WHEN, nullable=True),
        checks={
            "is_a_digest": "octet_length(token_digest) = 32",
            "times_in_order": "ends_at > created_at AND seen_at >= created_at",
        },
        to={"consumer_id": "consumer"},
        unique="token_digest",
    )
    living = sa.text("ended_at IS NULL")
    op.create_index("ix_consumer_sign_in_living", "consumer_sign_in", ["consumer_id"], postgresql_where=living)
    op.create_index("ix_consumer_sign_in_ends_at", "consumer_sign_in", ["ends_at"])


def _pulls() -> None:
    op.create_table(
        "consumer_pull",
        sa.Column("token_id", sa.BigInteger(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("pulled_at", WHEN, nullable=False),
        sa.CheckConstraint("serial > 0", name=op.f("ck_consumer_pull_serial_positive")),
        sa.ForeignKeyConstraint(["token_id"], ["consumer_token.id"], name=op.f("fk_consumer_pull_token_id_consumer_token")),
        sa.PrimaryKeyConstraint("token_id", "file", name=op.f("pk_consumer_pull")),
    )


def downgrade() -> None:
    for table in ("consumer_pull", "consumer_sign_in", "consumer_key", "consumer_application"):
        op.drop_table(table)
    for column in ("scopes", "label", "reference"):
        op.drop_column("consumer_token", column)
    op.drop_constraint(op.f("ck_consumer_few_networks"), "consumer")
    for column in (*CONSUMER_LISTS, *CONSUMER_TEXTS):
        op.drop_column("consumer", column)

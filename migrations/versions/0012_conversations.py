"""Let a reporter and the desk write to each other, sealed; keep the contact apart from the rest."""

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

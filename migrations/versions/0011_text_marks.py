"""Keep keyed marks of what a report's text names, so that near cases can be shown as related."""

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

"""Find a listing by its host, its domain or its target without reading them all."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("host", "domain", "target"):
        op.create_index(op.f(f"ix_listing_{name}"), "listing", [name])


def downgrade() -> None:
    for name in ("target", "domain", "host"):
        op.drop_index(op.f(f"ix_listing_{name}"), "listing")

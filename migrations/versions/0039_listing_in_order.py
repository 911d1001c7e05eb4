"""The order of a release as an index, so that a part of the list is read without the rest of it."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

IN_ORDER = (
    "translate(reverse(host), '.'::text, chr(1)) COLLATE \"C\"",
    "(NOT (scope = ANY (ARRAY['host'::text, 'domain'::text])))",
    'target COLLATE "C"',
    'scope COLLATE "C"',
)


def upgrade() -> None:
    # On a list of a million this takes some seconds, in which nothing can be listed: no need for CONCURRENTLY.
    in_force = sa.text("released_in IS NOT NULL AND withdrawn_in IS NULL")
    op.create_index("ix_listing_in_order", "listing", [sa.text(expression) for expression in IN_ORDER], postgresql_where=in_force)


def downgrade() -> None:
    op.drop_index("ix_listing_in_order", table_name="listing")

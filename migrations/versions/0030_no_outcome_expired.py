"""No round ends as "expired": a listing's time runs out without anybody, and what nobody decided is no decision."""

from collections.abc import Iterator

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

OUTCOMES = (
    *("list", "list_temporary", "takedown_only", "monitor", "more_evidence", "refer_police", "refer_hotline", "refer_support", "duplicate"),
    *("reject_lawful", "reject_scope", "reject_abuse", "not_listed", "withdrawn", "keep", "narrow", "delist"),
)


def upgrade() -> None:
    # Nothing ever wrote it, so no row is in the way.
    for statement in _rules(OUTCOMES):
        op.execute(statement)


def downgrade() -> None:
    for statement in _rules((*OUTCOMES, "expired")):
        op.execute(statement)


def _rules(outcomes: tuple[str, ...]) -> Iterator[str]:
    """Between the two statements for a table nobody else sees it."""
    known = f"outcome IN ({', '.join(repr(outcome) for outcome in outcomes)})"
    for table, rule in (("round", f"outcome IS NULL OR {known}"), ("assessment", known), ("decision", known)):
        name = f"ck_{table}_outcome_known"
        yield f"-- squawk-ignore ban-drop-constraint\nALTER TABLE {table} DROP CONSTRAINT {name}"
        yield f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule})"

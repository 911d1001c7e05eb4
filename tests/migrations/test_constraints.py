"""What the rules say, the tables say too: for each constraint a copy of a good row that breaks it, and it alone."""

import pytest
from sqlalchemy import CheckConstraint, text
from sqlalchemy.exc import IntegrityError

from moderation.models import (
    Base,
)
from tests.migrations.broken_cases import BROKEN_CASES
from tests.migrations.broken_lists import BROKEN_LISTS
from tests.migrations.conditions import ANY, FRESH, KEY, OPEN, PAGE, UNFIT, WAITING
from tests.migrations.good_rows import tell

BROKEN = BROKEN_CASES | BROKEN_LISTS

SOMEBODY_ELSE = "SELECT min(id) FROM person WHERE id NOT IN (SELECT moderator_id FROM assessment WHERE round_id = good.round_id)"
ONCE = [
    ("uq_case_open_resource", "case", WAITING, FRESH),
    ("uq_listing_living_target", "listing", PAGE, FRESH),
    ("uq_held_entry_listing_id", "held_entry", UNFIT, {"id": "-1"}),
    ("uq_round_open", "round", OPEN, {"id": "-1", "number": "9"}),
    ("uq_assessment_round_id_seat", "assessment", ANY, {"id": "-1", "moderator_id": f"({SOMEBODY_ELSE})"}),
    ("uq_assessment_round_id_moderator_id", "assessment", "seat = 1", {"id": "-1", "seat": "3", "role": "'senior'"}),
    ("uq_decision_round_id", "decision", ANY, FRESH),
    ("uq_audit_seal_previous", "audit_seal", ANY, {"id": "-1"}),
    ("uq_report_receipt_digest", "report", ANY, FRESH),
    ("uq_resource_kind_canonical", "resource", ANY, {"id": "-1"}),
    ("uq_person_email", "person", ANY, FRESH),
    ("uq_false_positive_consumer_id_listing_id", "false_positive", ANY, FRESH),
    ("uq_consumer_key_living", "consumer_key", KEY, {"id": "-1", "digest": "sha256(good.digest)"}),
]


@pytest.fixture(scope="module")
def story(shared_database):
    """A good row in each table that has a constraint, and a listing of each scope; built once, for no test leaves anything in it."""
    with shared_database.sessions() as session:
        tell(session)
        yield session
        session.rollback()


def broken_by(session, table, which, changes):
    """The constraint that refuses a copy of a good row with these changes, "" where it is taken."""
    schema = next(known for known in Base.metadata.tables.values() if known.name == table)
    place, written = schema.fullname.replace(".", '"."'), [column.name for column in schema.columns if column.computed is None]
    pairs = ", ".join(f"'{column}', {value}" for column, value in changes.items())
    copy = f'SELECT jsonb_populate_record(good, jsonb_build_object({pairs})) AS made FROM "{place}" AS good WHERE {which} LIMIT 1'
    copied = f"({', '.join(written)}) OVERRIDING SYSTEM VALUE SELECT {', '.join(f'(made).{name}' for name in written)} FROM ({copy}) AS one"
    attempt = session.begin_nested()
    try:
        stored = session.execute(text(f'INSERT INTO "{place}" {copied}'))
        assert stored.rowcount == 1, "there was no such row to copy"
    except IntegrityError as refused:
        return refused.orig.diag.constraint_name
    finally:
        attempt.rollback()
    return ""


@pytest.mark.parametrize(
    ("table", "name", "which", "changes"),
    [
        pytest.param(table, name, which, changes, id=f"{table} {name} {' '.join(changes)} {which}")
        for table, cases in BROKEN.items()
        for name, which, changes in cases
    ],
)
def test_a_row_that_breaks_a_rule_is_refused(story, table, name, which, changes):
    assert broken_by(story, table, which, changes) == f"ck_{table}_{name}"


@pytest.mark.parametrize(("constraint", "table", "which", "changes"), ONCE, ids=[constraint for constraint, *_ in ONCE])
def test_what_can_be_there_once_is_there_once(story, constraint, table, which, changes):
    assert broken_by(story, table, which, changes) == constraint


def test_every_check_of_the_schema_is_broken_here_once():
    checks = {
        (table.name, str(check.name).removeprefix(f"ck_{table.name}_"))
        for table in Base.metadata.tables.values()
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    }
    assert checks == {(table, name) for table, cases in BROKEN.items() for name, _, _ in cases}


def test_an_ended_listing_makes_room_for_another_of_the_same_target(story):
    ended = {**FRESH, "ended_at": "now()", "ended_because": "'expired'"}
    assert broken_by(story, "listing", PAGE, ended) == ""

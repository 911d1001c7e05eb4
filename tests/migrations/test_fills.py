"""A migration that fills a new column finds in old rows what the verbs write there from then on."""

from datetime import timedelta

import pytest
from alembic import command
from sqlalchemy import select

from app import schema
from moderation import reviewing
from moderation.models import Case
from tests import builders
from tests.builders import NOON
from tests.verbs.suspicions import NO, SUSPECTED, suspects

pytestmark = pytest.mark.long


def weights(database):
    """Of each open case, by its reference: whether a suspicion weighs in it, and its points."""
    query = select(Case.reference, Case.child_material_told, Case.priority).where(Case.closed_at.is_(None))
    with database.reading() as session:
        return {row.reference: tuple(row)[1:] for row in session.execute(query)}


def test_old_suspicions_weigh_as_new_ones_do_until_who_had_them_says_no(database, database_url):
    with database.transaction() as session:
        amira, luis = builders.person(session), builders.person(session)
        attempt, plain, withdrawn, calm = (builders.case(session, f"https://{name}.test/offer") for name in "abcd")
        suspects(session, attempt, amira)
        # One says no since; the other's suspicion weighs on.
        for who in (amira, luis):
            reviewing.say_child_material(session, plain.reference, SUSPECTED, by=who, at=NOON)
            reviewing.say_child_material(session, withdrawn.reference, SUSPECTED, by=who, at=NOON)
        reviewing.say_child_material(session, plain.reference, NO, by=amira, at=NOON + timedelta(hours=1))
        for who in (amira, luis):
            reviewing.say_child_material(session, withdrawn.reference, NO, by=who, at=NOON + timedelta(hours=1))
        told = {found.reference: found in (attempt, plain) for found in (attempt, plain, withdrawn, calm)}
    written = weights(database)
    assert {reference: weighs for reference, (weighs, _) in written.items()} == told
    database.engine.dispose()
    command.downgrade(schema.configuration(database_url), "0044")
    with database.reading() as session:
        before = dict(session.execute(select(Case.reference, Case.priority)).all())
    assert {reference: points - before[reference] for reference, (_, points) in written.items()} == {
        reference: 40 if weighs else 0 for reference, (weighs, _) in written.items()
    }
    database.engine.dispose()
    schema.upgrade(database_url)
    assert weights(database) == written

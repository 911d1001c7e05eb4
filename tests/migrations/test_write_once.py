"""Triggers keep what is written once, whoever asks; a listing can only end."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from moderation import audit, publishing
from moderation.models import Base, Listing
from moderation.vocabulary import Scope
from tests import builders
from tests.builders import NOON

WRITTEN_ONCE = ("assessment", "decision", "change_log", "audit_record", "audit_seal", "release")
ENDED = {"ended_at": NOON, "ended_because": "delisted"}


@pytest.fixture
def story(session):
    """A listing of a whole domain, released and sealed."""
    builders.listed(session, "https://www.jobs.test/offer/7", Scope.DOMAIN)
    publishing.release(session, at=NOON)
    audit.seal(session, at=NOON)
    return session


def refusal(session, statement: str, **values) -> str:
    """What the database says to this, "" where it obeys."""
    try:
        with session.begin_nested():
            session.execute(text(statement), values)
    except IntegrityError as refused:
        return refused.orig.diag.message_primary
    return ""


@pytest.mark.parametrize("act", ["DELETE FROM {}", "TRUNCATE {} CASCADE"], ids=["delete", "truncate"])
def test_no_row_of_it_is_ever_deleted(story, act):
    assert [table for table in WRITTEN_ONCE if "written once" not in refusal(story, act.format(table))] == []


@pytest.mark.parametrize("table", WRITTEN_ONCE)
def test_no_column_of_it_is_ever_changed(story, table):
    # A release takes the time of its writing first.
    story.execute(text("UPDATE release SET written_at = now()"))
    columns = [column.name for column in Base.metadata.tables[table].columns if not column.identity]
    assert [name for name in columns if "written once" not in refusal(story, f"UPDATE {table} SET {name} = {name}")] == []


def test_the_time_of_a_releases_writing_is_added_once(story):
    assert refusal(story, "UPDATE release SET written_at = :at", at=NOON) == ""
    assert "written once" in refusal(story, "UPDATE release SET written_at = NULL")


def test_nothing_else_of_a_release_changes_with_the_time_of_its_writing(story):
    assert "written once" in refusal(story, "UPDATE release SET written_at = :at, entries = 0", at=NOON)


@pytest.mark.parametrize(
    "change",
    [
        "scope = 'host', target = 'www.jobs.test'",
        "host = 'www.jobs.test'",
        "territories = ARRAY['FR', 'DE', 'AT']",
        "expires_at = expires_at - interval '1 day'",
        "starts_at = starts_at - interval '1 day'",
        "first_id = third_id, third_id = first_id",
        "category = 'child'",
        "reference = gen_random_uuid()",
    ],
)
def test_a_listing_never_changes_what_it_covers(story, change):
    assert "never changes what it covers" in refusal(story, f"UPDATE listing SET {change}")


@pytest.mark.parametrize("change", ["ended_at = NULL, ended_because = NULL", "ended_at = now()", "ended_because = 'expired'"])
def test_a_listing_that_has_ended_never_begins_again(story, change):
    assert refusal(story, "UPDATE listing SET ended_at = :ended_at, ended_because = :ended_because", **ENDED) == ""
    assert "never begins again" in refusal(story, f"UPDATE listing SET {change}")


@pytest.mark.parametrize(
    "change", ["released_in = 2", "released_in = NULL, withdrawn_in = NULL", "withdrawn_in = 3", "withdrawn_in = NULL"]
)
def test_what_a_release_said_of_a_listing_never_changes(story, change):
    listing = story.scalars(select(Listing)).one()
    story.execute(text("UPDATE listing SET ended_at = :ended_at, ended_because = :ended_because, withdrawn_in = 2"), ENDED)
    assert listing.released_in == 1
    assert "never changes" in refusal(story, f"UPDATE listing SET {change}")

"""Triggers keep what is written once, whoever asks; a listing can only end."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from moderation import audit, publishing
from moderation.models import Assessment, Base, Listing
from moderation.reviewing import papers
from moderation.vocabulary import Answers, ChildMaterial, Conflict, Scope
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


@pytest.fixture
def sealed(story):
    """The same, of which the address is sealed since."""
    story.execute(text("UPDATE resource SET sealed_at = now(), canonical = 'sealed:' || gen_random_uuid(), host = NULL, domain = NULL"))
    return story


# As the story's seats answered of a child.
NO_ANSWERS = papers.answers_as_json(Answers(sent_none_of_the_reports=True, child_material=ChildMaterial.NO, conflict=Conflict.NONE))
LINES = ("note", "facilitation", "lifeline", "conflict_note")
WORDS = [("assessment", {"answers": {**NO_ANSWERS, name: "He lives here."}}) for name in LINES]
NOTHING_SAID = {"facts": "", "legal_ground": "", "explanation": ""}


def emptying(session, table, **changes) -> str:
    """What the database says to emptying a paper of this table, with these changes to how that is done."""
    of_table = {"assessment": {"answers": NO_ANSWERS, "findings": []}, "decision": {"statement": NOTHING_SAID, "detail": {}}}[table]
    model = Base.metadata.tables[table]
    values = {"target": f"sealed:{uuid.uuid4()}", **of_table, **changes}
    try:
        with session.begin_nested():
            session.execute(update(model).values(values))
    except IntegrityError as refused:
        return refused.orig.diag.message_primary
    return ""


@pytest.mark.parametrize("table", ["assessment", "decision"])
def test_papers_are_emptied_where_the_address_is_sealed_and_nowhere_else(sealed, table):
    assert emptying(sealed, table) == ""
    sealed.execute(text("UPDATE resource SET sealed_at = NULL"))
    assert "written once" in emptying(sealed, table)


@pytest.mark.long
@pytest.mark.parametrize(
    ("table", "changes"),
    [
        ("assessment", {"target": "jobs.test"}),
        ("assessment", {"outcome": "list_temporary", "scope": "page"}),
        ("assessment", {"moderator_id": 1, "seat": 1}),
        ("assessment", {"findings": [{"safeguard": "RS01"}]}),
        *WORDS,
        ("assessment", {"answers": {**NO_ANSWERS, "target": ["page", "https://jobs.test/"]}}),
        ("assessment", {"answers": {**NO_ANSWERS, "evidence": [["act", "He lives here.", "report", True, "none"]]}}),
        ("assessment", {"answers": {**NO_ANSWERS, "statement": ["He lives here.", "", ""]}}),
        ("assessment", {"answers": {**NO_ANSWERS, "explained": {"RS22": "He lives here."}}}),
        ("assessment", {"answers": {**NO_ANSWERS, "narrower_tried": {"page": "He lives here."}}}),
        ("assessment", {"target": "sealed:He lives here."}),
        ("assessment", {"answers": {**NO_ANSWERS, "provision": "He lives here."}}),
        ("assessment", {"answers": {**NO_ANSWERS, "territories": ["He lives here."]}}),
        ("assessment", {"answers": {**NO_ANSWERS, "indicators": ["He lives here."]}}),
        ("assessment", {"answers": {**NO_ANSWERS, "protected_as": "speech"}}),
        ("assessment", {"answers": {**NO_ANSWERS, "child_material": "suspected"}}),
        ("assessment", {"answers": {**NO_ANSWERS, "under_18": not NO_ANSWERS["under_18"]}}),
        ("assessment", {"answers": {**NO_ANSWERS, "sent_none_of_the_reports": "He lives here."}}),
        ("assessment", {"answers": {**NO_ANSWERS, "more": "He lives here."}}),
        ("assessment", {"answers": {name: kept for name, kept in NO_ANSWERS.items() if name != "note"}}),
        ("decision", {"target": "sealed:He lives here."}),
        ("decision", {"statement": {**NOTHING_SAID, "more": "He lives here."}}),
        ("decision", {"statement": {"more": ""}}),
        ("decision", {"statement": "He lives here."}),
        ("decision", {"target": "jobs.test"}),
        ("decision", {"decided_at": NOON + timedelta(days=1)}),
        ("decision", {"statement": {**NOTHING_SAID, "facts": "He lives here."}}),
        ("decision", {"detail": {"passed_on": "The address."}}),
    ],
)
def test_nothing_else_comes_into_a_paper_that_is_emptied(sealed, table, changes):
    assert "written once" in emptying(sealed, table, **changes)


def test_what_is_suspected_stays_in_a_paper_that_is_emptied(sealed):
    kept = dict(sealed.scalars(select(Assessment.answers).limit(1)).one())
    assert emptying(sealed, "assessment", answers=papers.emptied(kept)) == ""
    assert "written once" in emptying(sealed, "assessment", answers={**NO_ANSWERS, "child_material": None})


def test_the_time_of_a_releases_writing_is_added_once(story):
    assert refusal(story, "UPDATE release SET written_at = :at", at=NOON) == ""
    assert "written once" in refusal(story, "UPDATE release SET written_at = NULL")


def test_nothing_else_of_a_release_changes_with_the_time_of_its_writing(story):
    assert "written once" in refusal(story, "UPDATE release SET written_at = :at, entries = 0", at=NOON)


@pytest.mark.long
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

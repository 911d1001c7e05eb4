"""No note and no closing sentence keeps a phone number or an address of a person, as no evidence does (RS18)."""

import pytest

from moderation import queue, reviewing
from moderation.errors import InvalidAnswer
from moderation.vocabulary import ChildMaterial, Outcome, Presence
from tests import builders
from tests.builders import NOON
from tests.verbs.queued import TOMORROW

NUMBER = "Call +33 6 12 34 56 78, she knows the house."


@pytest.fixture
def amira(session):
    return builders.person(session)


def refused(field, act, *given, **named):
    with pytest.raises(InvalidAnswer) as found:
        act(*given, **named)
    assert set(found.value.faults) == {field}
    return found.value.faults[field]


@pytest.mark.parametrize("text", [NUMBER, "Write to nina@house.example, she knows."])
def test_a_note_between_colleagues_keeps_none(session, amira, text):
    case = builders.case(session)
    told = refused("note_text", reviewing.write_note, session, case.reference, text, by=amira, at=NOON)
    assert "[" in told
    assert "12 34" not in told
    reviewing.write_note(session, case.reference, "Call [phone], she knows the house.", by=amira, at=NOON)


@pytest.mark.parametrize("outcome", [Outcome.REJECT_LAWFUL, Outcome.MORE_EVIDENCE, Outcome.REJECT_ABUSE])
def test_no_sentence_that_closes_a_case_or_puts_it_aside_keeps_one(session, amira, outcome):
    fields = {"where": "The register of companies.", "back_at": TOMORROW} if outcome is Outcome.MORE_EVIDENCE else {}
    case = builders.case(session)
    refused("note", builders.concluded, session, case, amira, outcome, note=NUMBER, **fields)


def test_what_was_misused_keeps_none(session, amira):
    refused("misuse", builders.concluded, session, builders.case(session), amira, Outcome.REJECT_ABUSE, misuse=NUMBER)


def test_nor_does_a_later_seats_no(session, amira):
    case = builders.case(session)
    builders.propose(session, case, builders.person(session))
    builders.claimed(session, case, amira)
    given = {"by": amira, "at": NOON, "version": case.version, "sent_none_of_the_reports": True}
    refused("note", reviewing.disagree, session, case.reference, Outcome.REJECT_LAWFUL, NUMBER, **given)


def test_nor_do_a_look_a_delisting_and_what_a_parked_case_waits_for(session, amira):
    listing = builders.listed(session).listing
    refused("because", reviewing.delist, session, listing, NUMBER, by=amira, at=NOON)
    other = builders.case(session, "https://other.test/").reference
    refused("look_note", reviewing.record_look, session, other, Presence.SAME, NUMBER, by=amira, at=NOON)
    refused("because", queue.park, session, other, until=TOMORROW, because=NUMBER, by=amira, at=NOON)


def test_the_number_that_the_case_is_about_may_be_named(session, amira):
    case = builders.case(session, "+33 6 12 34 56 78")
    reviewing.write_note(session, case.reference, "Call +33 6 12 34 56 78 is what the adverts say.", by=amira, at=NOON)


def test_what_is_sealed_with_a_referral_may_name_whom_the_hotline_must_know(session, amira):
    case = builders.case(session, "https://files.test/x", category="child")
    builders.sealed_away(session, case, amira, note=NUMBER, passed_on=NUMBER, child_material=ChildMaterial.SUSPECTED)
    assert case.state == "referred"

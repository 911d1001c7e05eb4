"""Colleagues at one case: what they may tell each other while seats are blind, who can be handed a case, and who stands aside."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from moderation import queue, reviewing
from moderation.errors import HeldByAnother, IllegalTransition, InvalidAnswer, NotAllowed, NotFound, NotIndependent
from moderation.models import AuditRecord, Person
from moderation.states import State
from moderation.vocabulary import Outcome, Role, Scope
from tests import builders
from tests.builders import NOON


def reference_of(session, actor):
    return session.scalar(select(Person.reference).where(Person.id == actor.person_id))


def notes_of(session, case, by):
    view = reviewing.view(session, case.reference, by=by, at=NOON)
    return [note.text for note in view.notes], view.notes_hidden


def test_a_note_reaches_whoever_works_on_the_case_next(session):
    case, mary, omar = builders.case(session), builders.person(session, name="Mary"), builders.person(session)
    reviewing.write_note(session, case.reference, "The host answers faster by telephone.", by=mary, at=NOON)
    assert notes_of(session, case, omar) == (["The host answers faster by telephone."], 0)


def test_a_note_by_who_proposed_is_kept_from_the_blind_seats_until_theirs_is_stored(session):
    case, first, second, third = (
        builders.case(session, "https://jobs.test/offer/7"),
        builders.person(session),
        builders.person(session),
        builders.person(session, Role.SENIOR),
    )
    wide = builders.answers(builders.target("https://jobs.test/offer/7", Scope.DOMAIN))
    reviewing.write_note(session, case.reference, "I think this is clear.", by=first, at=NOON)
    builders.propose(session, case, first, wide)
    assert notes_of(session, case, second) == ([], 1)
    builders.confirm(session, case, second, wide)
    assert notes_of(session, case, second) == (["I think this is clear."], 0)
    assert notes_of(session, case, third) == ([], 1)


@pytest.mark.parametrize("text", ["", "   ", "x" * 2_001])
def test_an_empty_or_endless_note_is_refused(session, text):
    case, mary = builders.case(session), builders.person(session)
    with pytest.raises(InvalidAnswer):
        reviewing.write_note(session, case.reference, text, by=mary, at=NOON)


def test_an_auditor_writes_no_notes(session):
    case, auditor = builders.case(session), builders.person(session, Role.AUDITOR)
    with pytest.raises(NotAllowed):
        reviewing.write_note(session, case.reference, "Hello.", by=auditor, at=NOON)


def test_a_case_is_handed_to_a_colleague_who_holds_it_from_then_on(session):
    case, mary, omar = builders.case(session), builders.person(session), builders.person(session)
    builders.claimed(session, case, mary)
    reviewing.hand_over(session, case.reference, reference_of(session, omar), by=mary, at=NOON)
    assert (case.holder_id, case.lease_until) == (omar.person_id, NOON + timedelta(minutes=30))
    told = session.scalars(select(AuditRecord).where(AuditRecord.action == "case handed over")).one()
    assert told.detail == {"to": omar.label}


def test_nobody_hands_over_a_case_that_a_colleague_holds(session):
    case, mary, omar = builders.case(session), builders.person(session), builders.person(session, Role.SENIOR)
    builders.claimed(session, case, mary)
    with pytest.raises(HeldByAnother):
        reviewing.hand_over(session, case.reference, reference_of(session, omar), by=omar, at=NOON)


def test_a_senior_gives_out_a_case_that_nobody_holds_but_a_moderator_does_not(session):
    case, mary, senior = builders.case(session), builders.person(session), builders.person(session, Role.SENIOR)
    with pytest.raises(HeldByAnother):
        reviewing.hand_over(session, case.reference, reference_of(session, senior), by=mary, at=NOON)
    reviewing.hand_over(session, case.reference, reference_of(session, mary), by=senior, at=NOON)
    assert case.holder_id == mary.person_id


def test_the_proposer_is_never_handed_the_second_seat(session):
    case, first, second = builders.case(session), builders.person(session), builders.person(session)
    builders.propose(session, case, first)
    builders.claimed(session, case, second)
    with pytest.raises(NotIndependent):
        reviewing.hand_over(session, case.reference, reference_of(session, first), by=second, at=NOON)


def test_who_was_disabled_is_handed_nothing(session):
    case, mary, gone = builders.case(session), builders.person(session), builders.person(session)
    session.get(Person, gone.person_id).disabled_at = NOON
    builders.claimed(session, case, mary)
    with pytest.raises(NotFound):
        reviewing.hand_over(session, case.reference, reference_of(session, gone), by=mary, at=NOON)
    with pytest.raises(NotFound):
        reviewing.hand_over(session, case.reference, uuid.uuid4(), by=mary, at=NOON)


def test_only_colleagues_who_may_take_the_seat_are_named(session):
    case, first, second = builders.case(session), builders.person(session), builders.person(session, name="Second")
    builders.person(session, name="Third")
    builders.person(session, Role.AUDITOR, name="Auditor")
    builders.propose(session, case, first)
    builders.claimed(session, case, second)
    view = reviewing.view(session, case.reference, by=second, at=NOON)
    assert {one.name for one in view.colleagues} == {"Third"}


def test_the_moderator_who_works_for_a_rival_stands_aside_and_a_colleague_takes_the_case(session):
    """Vignette V20."""
    case, rival, colleague = builders.case(session, "https://agency.test/"), builders.person(session), builders.person(session)
    builders.claimed(session, case, rival)
    reviewing.stand_aside(session, case.reference, "I work for another agency.", by=rival, at=NOON)
    assert (case.holder_id, case.state) == (None, State.WAITING)
    with pytest.raises(NotIndependent, match="declared an interest"):
        queue.claim(session, case.reference, by=rival, at=NOON)
    with pytest.raises(NotIndependent):
        reviewing.hand_over(
            session, builders.claimed(session, case, colleague).reference, reference_of(session, rival), by=colleague, at=NOON
        )
    assert case.holder_id == colleague.person_id


def test_why_somebody_stands_aside_stays_out_of_the_record(session):
    case, rival = builders.case(session), builders.person(session)
    reviewing.stand_aside(session, case.reference, "My brother runs it.", by=rival, at=NOON)
    told = session.scalars(select(AuditRecord).where(AuditRecord.action == "stood aside")).one()
    assert "brother" not in str(told.detail)


def test_who_sits_in_the_round_does_not_stand_aside_from_it(session):
    case, first = builders.case(session), builders.person(session)
    builders.propose(session, case, first)
    with pytest.raises(IllegalTransition):
        reviewing.stand_aside(session, case.reference, "", by=first, at=NOON)


def test_each_step_of_the_ladder_tells_what_else_it_would_hit(session):
    case, mary = builders.case(session, "https://jobs.test/offer/7"), builders.person(session)
    for other in ("https://jobs.test/offer/8", "https://jobs.test/about", "https://www.jobs.test/", "https://other.test/"):
        builders.report(session, other)
    lawful, omar = builders.case(session, "https://jobs.test/news/1"), builders.person(session)
    builders.claimed(session, lawful, omar)
    rejection = {"by": omar, "at": NOON, "version": lawful.version, "sent_none_of_the_reports": True}
    reviewing.reject(session, lawful.reference, Outcome.REJECT_LAWFUL, "The page is a news article.", **rejection)
    rungs = {
        rung.target.scope: (rung.also_reported, rung.also_rejected)
        for rung in reviewing.view(session, case.reference, by=mary, at=NOON).rungs
    }
    assert rungs == {Scope.PAGE: (0, 0), Scope.PATH: (1, 0), Scope.DOMAIN: (4, 1)}

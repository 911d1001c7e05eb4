"""Colleagues at one case: what they may tell each other while seats are blind, who can be handed a case, and who stands aside."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from moderation import queue, reviewing
from moderation.errors import HeldByAnother, IllegalTransition, InvalidAnswer, NotAllowed, NotFound, NotIndependent
from moderation.models import AuditRecord, Case, Listing, Person
from moderation.states import State
from moderation.vocabulary import Conclusion, Outcome, Presence, Role, Scope
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


def test_every_colleague_is_named_and_why_one_cannot_take_the_case_is_not(session):
    """Else whoever holds a case could find out by trying who proposed, who stands aside, and who sent a report."""
    case, first, second = builders.case(session), builders.person(session, name="First"), builders.person(session, name="Second")
    aside = builders.person(session, name="Aside")
    builders.person(session, Role.AUDITOR, name="Auditor")
    reviewing.stand_aside(session, case.reference, "", by=aside, at=NOON)
    builders.propose(session, case, first)
    builders.claimed(session, case, second)
    view = reviewing.view(session, case.reference, by=second, at=NOON)
    assert {one.name for one in view.colleagues} == {"First", "Aside"}
    said = set()
    for one in view.colleagues:
        with pytest.raises(NotIndependent) as refusal:
            reviewing.hand_over(session, case.reference, one.reference, by=second, at=NOON)
        said.add(str(refusal.value))
    assert len(said) == 1


def test_a_senior_who_proposed_cannot_choose_who_reviews_her_proposal(session):
    case, senior, friend = builders.case(session), builders.person(session, Role.SENIOR), builders.person(session)
    builders.propose(session, case, senior)
    with pytest.raises(NotIndependent):
        reviewing.hand_over(session, case.reference, reference_of(session, friend), by=senior, at=NOON)
    assert case.holder_id is None


def test_who_stands_aside_does_so_from_every_case_on_the_same_resource(session):
    old, rival, honest = builders.case(session, "https://agency.test/"), builders.person(session), builders.person(session)
    reviewing.stand_aside(session, old.reference, "", by=rival, at=NOON)
    builders.claimed(session, old, honest)
    rejection = {"by": honest, "at": NOON, "version": old.version, "sent_none_of_the_reports": True}
    reviewing.reject(session, old.reference, Outcome.REJECT_LAWFUL, "An agency like any other.", **rejection)
    new = builders.case(session, "https://agency.test/")
    assert new.id != old.id
    with pytest.raises(NotIndependent, match="declared an interest"):
        queue.claim(session, new.reference, by=rival, at=NOON)


def test_words_beside_a_look_or_a_notice_by_a_seat_wait_for_the_blind_ones_too(session):
    case, first, second = builders.case(session), builders.person(session), builders.person(session)
    builders.propose(session, case, first)
    reviewing.record_look(session, case.reference, Presence.SAME, "Please agree with me.", by=first, at=NOON)
    reviewing.record_notice(session, case.reference, "agree with me", "please", NOON, by=first, at=NOON)
    for reader, reads in ((second, False), (first, True)):
        view = reviewing.view(session, case.reference, by=reader, at=NOON)
        looks = reviewing.standing(session, case.reference, hidden=view.kept_from, at=NOON).looks
        told = " ".join([*(one.recipient + one.proof for one in view.notices), *(one.note for one in looks)])
        assert ("gree with me" in told) is reads
        assert (len(view.notices), looks[0].presence) == (2, Presence.SAME)


def test_notes_of_who_took_a_proposal_back_wait_for_the_seats_of_the_next(session):
    case, first, second, third = builders.case(session), builders.person(session), builders.person(session), builders.person(session)
    builders.propose(session, case, first)
    reviewing.withdraw(session, case.reference, by=first, at=NOON)
    reviewing.write_note(session, case.reference, "I would list it.", by=first, at=NOON)
    assert notes_of(session, case, second) == (["I would list it."], 0)
    builders.propose(session, case, second)
    assert notes_of(session, case, third) == ([], 1)


def test_who_stands_aside_neither_looks_nor_delists(session):
    decided = builders.listed(session)
    listing = session.scalars(select(Listing).where(Listing.reference == decided.listing)).one()
    case, rival = session.get(Case, listing.case_id), builders.person(session)
    reviewing.stand_aside(session, case.reference, "", by=rival, at=NOON)
    with pytest.raises(NotIndependent):
        reviewing.record_look(session, case.reference, Presence.CHANGED, by=rival, at=NOON)
    with pytest.raises(NotIndependent):
        reviewing.delist(session, listing.reference, "It is nothing but an agency.", by=rival, at=NOON)
    assert listing.ended_at is None


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


def concluded(session, case, by, outcome, **fields):
    builders.claimed(session, case, by)
    told = Conclusion(outcome=outcome, note="Looked at with care.", sent_none_of_the_reports=True, **fields)
    return reviewing.conclude(session, case.reference, told, by=by, at=NOON, version=case.version)


def test_a_proposal_that_was_taken_back_is_not_read_while_the_case_is_put_aside(session):
    case, first, second = builders.case(session), builders.person(session), builders.person(session)
    builders.propose(session, case, first)
    reviewing.withdraw(session, case.reference, by=first, at=NOON)
    concluded(session, case, first, Outcome.MONITOR, back_at=NOON + timedelta(days=3))
    seen = {one: [each.outcome for each in reviewing.view(session, case.reference, by=one, at=NOON).assessments] for one in (first, second)}
    assert seen == {first: [Outcome.LIST, Outcome.MONITOR], second: [Outcome.MONITOR]}


def test_no_report_is_buried_in_a_closed_case_about_something_else(session):
    closed, mary = builders.case(session, "https://old.test/offer"), builders.person(session)
    concluded(session, closed, mary, Outcome.REJECT_LAWFUL)
    case = builders.case(session, "https://danger.test/offer")
    with pytest.raises(InvalidAnswer):
        concluded(session, case, mary, Outcome.DUPLICATE, duplicate_of=str(closed.reference))
    assert case.state == State.WAITING


def test_a_case_that_was_put_aside_comes_back_when_reports_join_it(session):
    # Older than what was put aside, so that nothing about it is news but the joining.
    older = builders.case(session, "https://new.test/offer")
    aside, mary = builders.case(session, "https://aside.test/offer"), builders.person(session)
    concluded(session, aside, mary, Outcome.MONITOR, back_at=NOON + timedelta(days=30))
    concluded(session, older, mary, Outcome.DUPLICATE, duplicate_of=str(aside.reference))
    reviewing.bring_back(session, at=NOON + timedelta(minutes=1))
    assert aside.state == State.WAITING

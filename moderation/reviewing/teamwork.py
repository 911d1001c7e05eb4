"""Colleagues at one case: notes to each other, handing it over. Decides nothing about the case."""

from collections.abc import Set
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from moderation import audit, cases, facts, holding, independence, policy, states
from moderation.errors import HeldByAnother, IllegalTransition, InvalidAnswer, NotAllowed, NotFound, NotIndependent, Refusal
from moderation.models import Assessment, Case, CaseNote, Person, Round
from moderation.reviewing.seen import Colleague, NoteSeen
from moderation.vocabulary import N_, REVIEWING_ROLES, Actor, Notice, Outcome, Role


def write_note(session: Session, reference: UUID, text: str, *, by: Actor, at: datetime) -> None:
    """Leave a note for whoever works on the case; it never changes again.

    Raises:
        NotAllowed, NotFound; InvalidAnswer: nothing written, or too much.
    """
    _require_reviewer(by)
    case = cases.fetch(session, reference, lock=True)
    cases.require_address(case)
    words = text.strip()
    if not words or len(words) > policy.CASE_NOTE_LIMIT:
        limit = N_("Write a note of at most 2,000 characters.")
        raise InvalidAnswer({"note_text": limit if words else N_("Write the note first.")})
    if named := facts.people_named({"note_text": words}, case):
        raise InvalidAnswer(named)
    session.add(CaseNote(case_id=case.id, author_id=by.person_id, text=words, at=at))
    session.flush()
    audit.record(session, actor=by, action="note written", subject=f"case:{case.reference}", at=at)


def notes(session: Session, case: Case, *, hidden: Set[int]) -> tuple[tuple[NoteSeen, ...], int]:
    """The newest notes, oldest first, and how many are `hidden`, as `kept_from` tells: a note may say what its author concluded."""
    query = select(CaseNote, Person.name).join(Person, Person.id == CaseNote.author_id).where(CaseNote.case_id == case.id)
    rows = session.execute(query.order_by(CaseNote.id.desc()).limit(policy.CASE_NOTES_SHOWN)).all()
    shown = [row for row in rows if row.CaseNote.author_id not in hidden]
    seen = tuple(NoteSeen(author=row.name, text=row.CaseNote.text, at=row.CaseNote.at) for row in reversed(shown))
    return seen, len(rows) - len(shown)


def kept_from(session: Session, case: Case, *, by: Actor) -> frozenset[int]:
    """Whose words a person may not read yet: while a round is open, those of all who proposed here, until they sit themselves."""
    query = select(Assessment.moderator_id, Round.closed_at).join(Round, Round.id == Assessment.round_id)
    loose = or_(Round.closed_at.is_(None), Round.outcome.in_((Outcome.WITHDRAWN, Outcome.MORE_EVIDENCE)))
    rows = session.execute(query.where(Round.case_id == case.id, loose)).all()
    sitting = {row.moderator_id for row in rows if row.closed_at is None}
    if not sitting or by.person_id in sitting:
        return frozenset()
    return frozenset(row.moderator_id for row in rows)


def notices(session: Session, case: Case, *, hidden: Set[int]) -> tuple[Notice, ...]:
    """The case's notices. One whose words are `hidden` has only its times, and names nobody."""
    seen = facts.notices(session, case.id)
    return tuple(replace(one, recipient="", proof="") if one.recorded_by in hidden else one for one in seen)


def hand_over(session: Session, reference: UUID, to: UUID, *, by: Actor, at: datetime) -> None:
    """Give the case one holds to a colleague who may take its seat; a senior may give any case that nobody is working on.

    Raises:
        NotAllowed, NotFound, HeldByAnother; NotIndependent: that colleague may not take this seat, or the giver took part.
    """
    _require_reviewer(by)
    receiver = _colleague(session, to)
    case = cases.fetch(session, reference, lock=True)
    if case.state not in states.REVIEWABLE:
        raise IllegalTransition(N_("This case waits for nobody, so there is nobody to give it to."))
    is_free = case.holder_id is None or independence.lease_has_ended(case, at)
    if case.holder_id != by.person_id and not (by.role is Role.SENIOR and is_free):
        raise HeldByAnother(
            N_("You can hand over a case that you hold. Claim it first; a senior can also give out cases that nobody holds.")
        )
    bound = independence.took_part(case.id, by.person_id), independence.sent_a_report(case.id, by.person_id)
    if session.scalar(select(or_(*bound))):
        # Else a proposer could choose who reviews her proposal.
        raise NotIndependent(N_("You took part in this case or stand aside from it, so you cannot choose who takes it next."))
    try:
        independence.require_seat(session, case, by=receiver)
        if case.holder_id != receiver.person_id:
            holding.require_room(session, receiver.person_id, most=policy.HANDED_OVER_MOST)
    except Refusal as refusal:
        # Not why: who sits here, stands aside or reported it is nobody's to find out by trying.
        raise NotIndependent(N_("This colleague cannot take this case. Choose another one.")) from refusal
    holding.hold(session, case, receiver.person_id, at=at)
    audit.record(session, actor=by, action="case handed over", subject=f"case:{case.reference}", at=at, detail={"to": receiver.label})


def _colleague(session: Session, reference: UUID) -> Actor:
    """A person who still works here, their row held before any case: see `holding`."""
    query = select(Person).where(Person.reference == reference, Person.disabled_at.is_(None)).with_for_update(key_share=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound(N_("There is no such colleague any more. Choose another one."))
    return Actor(person_id=found.id, role=Role(found.role), name=found.name)


def colleagues(session: Session, case: Case, *, by: Actor) -> tuple[Colleague, ...]:
    """Everyone else of the role that the case's seat asks for, by name. Who may not take it is not told: that would name who sits here."""
    if case.state not in states.REVIEWABLE:
        return ()
    roles = (Role.SENIOR,) if states.SEATS[states.State(case.state)] == 3 else tuple(REVIEWING_ROLES)
    query = select(Person.reference, Person.name, Person.role).where(
        Person.role.in_(roles), Person.disabled_at.is_(None), Person.id != by.person_id
    )
    return tuple(Colleague(reference=row.reference, name=row.name, role=row.role) for row in session.execute(query.order_by(Person.name)))


def _require_reviewer(by: Actor) -> None:
    if by.role not in REVIEWING_ROLES:
        raise NotAllowed(N_("Your role does not review cases."))

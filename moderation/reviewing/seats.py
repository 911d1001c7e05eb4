"""The seats of a round: propose, confirm, disagree, withdraw. Every safeguard runs again at each seat that would list."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from moderation import audit, cases, facts, growth, holding, independence, listings, policy, safeguards, states, suspicion
from moderation.errors import DeclarationMissing, HeldByAnother, IllegalTransition, InvalidAnswer, NotAllowed, NotIndependent, NotOnLadder
from moderation.listings import Terms
from moderation.models import Case, RefusedAssessment, Round
from moderation.reviewing import agreeing, outcomes, papers, returning, standing_aside, suspecting
from moderation.reviewing.outcomes import Decided
from moderation.states import Action
from moderation.vocabulary import (
    LISTS,
    N_,
    REJECTIONS,
    Actor,
    Answers,
    ChildMaterial,
    Conflict,
    Finding,
    Outcome,
    Proposed,
    Refused,
    Scope,
    too_little,
)

NOT_FOR_A_WEEK = {"target": N_("Only a single page can be listed for a week. Choose the page, or propose a listing with all its time.")}


def propose(
    session: Session, reference: UUID, answers: Answers, *, outcome: Outcome = Outcome.LIST, by: Actor, at: datetime, version: int
) -> Proposed | Refused:
    """Take the first seat: propose a listing, for a week only where `outcome` says so. Of a case that is listed: propose to renew it.

    Raises:
        IllegalTransition, HeldByAnother, Stale, NotIndependent, NotAllowed, DeclarationMissing, NotOnLadder, AlreadyListed.
    """
    case, seat = seated(session, reference, by=by, at=at, version=version)
    if seat != 1:
        raise IllegalTransition(N_("A listing is proposed already; this case waits for another person's own assessment."))
    outcomes.require_may_open(session, case, by=by)
    answers = _for_its_time(session, answers, outcome)
    findings = _examine(session, case, answers, seat=seat, by=by, at=at)
    if safeguards.blocks(findings):
        return refuse(session, case, answers, findings, seat=seat, by=by, at=at)
    round_ = outcomes.open_round(session, case, at=at)
    assessment = outcomes.take_seat(session, round_, seat, outcome, answers=answers, findings=findings, by=by, at=at)
    cases.advance(session, case, Action.PROPOSE, by=by, at=at, detail={"round": round_.number})
    needs_third = agreeing.asks_for_third(findings, answers, agreeing.target_of(answers))
    return Proposed(assessment_id=assessment.id, findings=findings, needs_third=needs_third)


def confirm(
    session: Session, reference: UUID, answers: Answers, *, outcome: Outcome = Outcome.LIST, by: Actor, at: datetime, version: int
) -> Proposed | Refused | Decided:
    """Take the second or third seat and conclude, on one's own, that this should be listed.

    Returns `Proposed` where a third, senior seat is still needed, `Decided` where the round closed: listed at the narrowest target
    that the seats named, or not listed where they have no territory in common.

    Raises:
        as `propose`.
    """
    case, seat = seated(session, reference, by=by, at=at, version=version)
    if seat == 1:
        raise IllegalTransition(N_("Nobody has proposed to list this yet, so there is nothing to confirm."))
    growth.in_turn(session)
    answers = _for_its_time(session, answers, outcome)
    findings = _examine(session, case, answers, seat=seat, by=by, at=at)
    if safeguards.blocks(findings):
        return refuse(session, case, answers, findings, seat=seat, by=by, at=at)
    round_ = outcomes.the_open_round(session, case)
    assessment = outcomes.take_seat(session, round_, seat, outcome, answers=answers, findings=findings, by=by, at=at)
    seats = outcomes.seats_of(session, round_)
    terms = agreeing.agreed(seats)
    if terms is None:
        return _not_listed(session, case, round_, {"because": "no territory in common"}, by=by, at=at)
    if seat == 2 and agreeing.need_third(seats, terms):
        cases.advance(session, case, Action.PASS_ON, by=by, at=at, detail={"round": round_.number})
        return Proposed(assessment_id=assessment.id, findings=findings, needs_third=True)
    return _list(session, case, round_, terms, by=by, at=at)


def disagree(
    session: Session,
    reference: UUID,
    outcome: Outcome,
    note: str,
    *,
    by: Actor,
    at: datetime,
    version: int,
    sent_none_of_the_reports: bool,
    child_material: ChildMaterial | None = None,
) -> Decided:
    """Take the second or third seat and conclude that this should not be listed: that settles it. What is for a hotline: `conclude`.

    Raises:
        as `propose`, and InvalidAnswer.
    """
    case, seat = seated(session, reference, by=by, at=at, version=version)
    require_later_seat(seat)
    if not sent_none_of_the_reports:
        raise DeclarationMissing(N_("Tick that you sent none of this case's reports. If you sent one, hand the case back."))
    found = faults_of_no(session, case, outcome, note, child_material, by=by)
    if found:
        raise InvalidAnswer(found)
    answers = Answers(note=note.strip(), child_material=child_material, sent_none_of_the_reports=True)
    round_ = outcomes.the_open_round(session, case)
    outcomes.take_seat(session, round_, seat, outcome, answers=answers, findings=(), by=by, at=at)
    return _not_listed(session, case, round_, {"outcome": outcome}, by=by, at=at)


def withdraw(session: Session, reference: UUID, *, by: Actor, at: datetime) -> None:
    """Take back one's own proposal while it is not decided; the case waits again, as if new.

    Raises:
        NotAllowed: somebody else proposed it. IllegalTransition: nothing is proposed. HeldByAnother: a colleague is at it.
    """
    case = cases.fetch(session, reference, lock=True)
    if independence.seat_of(case) == 1:
        raise IllegalTransition(N_("Nothing is proposed in this case, so there is nothing to withdraw."))
    round_ = outcomes.the_open_round(session, case)
    if outcomes.seats_of(session, round_)[0].moderator_id != by.person_id:
        raise NotAllowed(N_("Only the person who proposed the listing can withdraw it."))
    if case.holder_id not in (None, by.person_id) and not independence.lease_has_ended(case, at):
        # Else a proposer could wait for the reviewer of her choice, and throw away the work of any other.
        raise HeldByAnother(N_("A colleague is working on this case now, so it cannot be withdrawn. Their own assessment will settle it."))
    outcomes.close_round(session, round_, Outcome.WITHDRAWN, at=at)
    living = listings.living(session, case)
    action = Action.WITHDRAW_RENEWAL if living else Action.WITHDRAW
    due = returning.due_of(living, at) if living else None
    cases.advance(session, case, action, by=by, at=at, detail={"round": round_.number}, due=due)


def seated(session: Session, reference: UUID, *, by: Actor, at: datetime, version: int) -> tuple[Case, int]:
    """The case, locked, and the seat of it that this person holds as they last saw it.

    Raises:
        IllegalTransition, HeldByAnother, Stale, NotIndependent, NotAllowed.
    """
    holding.lock_person(session, by.person_id)
    case = cases.fetch(session, reference, lock=True)
    seat = independence.require_seat(session, case, by=by)
    cases.require_held(case, by=by, at=at, version=version)
    return case, seat


def _examine(session: Session, case: Case, answers: Answers, *, seat: int, by: Actor, at: datetime) -> tuple[Finding, ...]:
    if suspecting.must_refer(session, case, answers.child_material, by=by):
        # This alone: whatever else is missing would send people to look.
        return (safeguards.SUSPECTED_CHILD,)
    if answers.conflict is Conflict.MINE:
        # Whatever else they leave out is for a colleague to say.
        return (safeguards.OWN_INTEREST,)
    if not answers.sent_none_of_the_reports:
        raise DeclarationMissing(N_("Tick that you sent none of this case's reports. If you sent one, hand the case back."))
    faults = unsaid(session, case, answers, Outcome.LIST, by=by)
    target = answers.target
    if faults or target is None:
        raise InvalidAnswer(faults)
    if target not in facts.resource_of(case.resource).ladder:
        raise NotOnLadder(N_("This case cannot be listed at that target. Choose one of the steps that the page offers."))
    listings.require_free(session, target, case=case)
    return safeguards.run(facts.gather(session, case, answers, seat=seat, by=by, at=at))


def unsaid(session: Session, case: Case, answers: Answers, outcome: Outcome, *, by: Actor) -> dict[str, str]:
    """What an assessment leaves out that every check would need, by field."""
    target = {"target": N_("Choose how much to list.")} if answers.target is None else {}
    if outcome is Outcome.LIST_TEMPORARY and (answers.target is None or answers.target.scope is not Scope.PAGE):
        target = NOT_FOR_A_WEEK
    return target | suspecting.unanswered(session, case, answers.child_material, by=by)


def refuse(session: Session, case: Case, answers: Answers, findings: Sequence[Finding], *, seat: int, by: Actor, at: datetime) -> Refused:
    """Keep the attempt with all that was written: nothing is lost, and what safeguards refuse can be counted.

    An interest of one's own that was declared with it binds for good, whatever else stood in the way.
    """
    refusal = RefusedAssessment(
        case_id=case.id,
        seat=seat,
        moderator_id=by.person_id,
        answers=papers.answers_as_json(answers),
        findings=papers.findings_as_json(findings),
        made_at=at,
    )
    session.add(refusal)
    holding.lengthen(case, at=at)
    session.flush()
    if answers.child_material is not None:
        suspecting.weigh(session, case, at=at)
    if answers.conflict is Conflict.MINE:
        standing_aside.declare(session, case, answers.conflict_note, by=by, at=at)
    refused = Refused(refusal_id=refusal.id, findings=tuple(findings))
    detail = {"seat": seat, "safeguards": [finding.safeguard for finding in refused.blocking]}
    audit.record(session, actor=by, action="assessment refused", subject=f"case:{case.reference}", at=at, detail=detail)
    return refused


def keep_suspicion(session: Session, reference: UUID, *, by: Actor, at: datetime) -> None:
    """Keep that this person suspects sexual images of a child, where what they sent was refused for its form: it binds who comes after.

    What they had written before stays beside it. Nothing happens where they do not hold the case, or said so last already.
    """
    case = cases.fetch(session, reference, lock=True)
    is_at_work = case.holder_id == by.person_id and case.state in states.REVIEWABLE
    if not is_at_work or suspicion.said_last(session, case, by=by) is ChildMaterial.SUSPECTED:
        return
    mine = RefusedAssessment.case_id == case.id, RefusedAssessment.moderator_id == by.person_id
    newest = session.scalar(select(RefusedAssessment.answers).where(*mine).order_by(RefusedAssessment.made_at.desc()).limit(1))
    answers = replace(papers.answers_from_json(newest) if newest else Answers(), child_material=ChildMaterial.SUSPECTED)
    refuse(session, case, answers, (safeguards.SUSPECTED_CHILD,), seat=independence.seat_of(case), by=by, at=at)


def _for_its_time(session: Session, answers: Answers, outcome: Outcome) -> Answers:
    """The answers, with the times of a temporary listing where that is proposed: they are not for a seat to choose."""
    if outcome not in LISTS:
        raise InvalidAnswer({"outcome": N_("Choose to list it, or to list one page for a week.")})
    if outcome is Outcome.LIST:
        return answers
    if answers.target is None or answers.target.scope is not Scope.PAGE:
        raise InvalidAnswer(NOT_FOR_A_WEEK)
    listings.require_first_time(session, answers.target)
    return timed(answers, outcome)


def timed(answers: Answers, outcome: Outcome) -> Answers:
    """The answers, with the times that a temporary listing has whatever they say."""
    if outcome is not Outcome.LIST_TEMPORARY:
        return answers
    return replace(answers, expires_after=policy.TEMPORARY_LIFETIME, review_after=policy.TEMPORARY_REVIEW)


def _list(session: Session, case: Case, round_: Round, terms: Terms, *, by: Actor, at: datetime) -> Decided:
    _require_independent_still(session, case, round_)
    old = listings.living(session, case, lock=True)
    if old is not None:
        listings.end(session, old, because="renewed", by=by, at=at)
    cases.advance(session, case, Action.CONFIRM, by=by, at=at, detail={"round": round_.number})
    outcome = Outcome.LIST_TEMPORARY if terms.temporary else Outcome.LIST
    return outcomes.decide(session, case, round_, outcome, terms=terms, by=by, at=at)


def _require_independent_still(session: Session, case: Case, round_: Round) -> None:
    """Refuse what somebody sits in who has since sent a report, or stands aside since another case's reports joined this one."""
    people = [seat.moderator_id for seat in outcomes.seats_of(session, round_)]
    if session.scalar(select(or_(*(independence.sent_a_report(case.id, person) for person in people)))):
        raise NotIndependent(
            N_("Since then one of this case's reports came from the account of somebody who sits in this round, so it cannot list.")
        )
    if session.scalar(select(or_(*(independence.stood_aside(case.id, person) for person in people)))):
        raise NotIndependent(
            N_("Since then a case joined this one from which somebody in this round stands aside, so it cannot list. Do not agree to it.")
        )


def _not_listed(session: Session, case: Case, round_: Round, detail: Mapping[str, Any], *, by: Actor, at: datetime) -> Decided:
    old = listings.living(session, case, lock=True)
    if old is not None:
        # Where people disagree nothing is listed, and so nothing stays.
        listings.end(session, old, because="not renewed", by=by, at=at)
    cases.advance(session, case, Action.DISAGREE, by=by, at=at, detail={"round": round_.number, **detail})
    return outcomes.decide(session, case, round_, Outcome.NOT_LISTED, by=by, at=at)


def require_later_seat(seat: int) -> None:
    """Refuse to disagree where nobody has said anything yet.

    Raises:
        IllegalTransition
    """
    if seat == 1:
        raise IllegalTransition(N_("Nobody has proposed to list this yet. Reject the case instead."))


def faults_of_no(
    session: Session, case: Case, outcome: Outcome, note: str, child_material: ChildMaterial | None, *, by: Actor
) -> dict[str, str]:
    """What a later seat's conclusion not to list lacks, by field."""
    faults = suspecting.faults(session, case, child_material, outcome, by=by)
    if outcome not in REJECTIONS:
        faults["outcome"] = N_("Choose why this should not be listed.")
    if lack := too_little(note, least=policy.NOTE_LEAST, nothing=N_("Write a sentence that says why, for whoever reads this case next.")):
        faults["note"] = lack
    return faults | facts.people_named({"note": note}, case)

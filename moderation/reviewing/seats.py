"""The seats of a round: propose, confirm, disagree, withdraw, reject. Every safeguard runs again at each seat that would list."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from moderation import audit, cases, facts, independence, listings, policy, safeguards
from moderation.errors import DeclarationMissing, HeldByAnother, IllegalTransition, InvalidAnswer, NotAllowed, NotOnLadder
from moderation.listings import Terms
from moderation.models import Assessment, Case, RefusedAssessment
from moderation.reviewing import outcomes, papers
from moderation.reviewing.outcomes import Decided
from moderation.states import Action
from moderation.vocabulary import N_, REJECTIONS, Actor, Answers, Finding, Outcome, Proposed, Refused, Scope, Target


def propose(session: Session, reference: UUID, answers: Answers, *, by: Actor, at: datetime, version: int) -> Proposed | Refused:
    """Take the first seat: propose a listing.

    Raises:
        IllegalTransition, HeldByAnother, Stale, NotIndependent, NotAllowed, DeclarationMissing, NotOnLadder, AlreadyListed.
    """
    case, seat = _seated(session, reference, by=by, at=at, version=version)
    if seat != 1:
        raise IllegalTransition(N_("A listing is proposed already; this case waits for another person's own assessment."))
    findings = _examine(session, case, answers, seat=seat, by=by, at=at)
    if safeguards.blocks(findings):
        return _refuse(session, case, answers, findings, seat=seat, by=by, at=at)
    round_ = outcomes.open_round(session, case, at=at)
    assessment = outcomes.take_seat(session, round_, seat, Outcome.LIST, answers=answers, findings=findings, by=by, at=at)
    cases.advance(session, case, Action.PROPOSE, by=by, at=at, detail={"round": round_.number})
    needs_third = safeguards.needs_third(findings, _target(answers))
    return Proposed(assessment_id=assessment.id, findings=findings, needs_third=needs_third)


def confirm(session: Session, reference: UUID, answers: Answers, *, by: Actor, at: datetime, version: int) -> Proposed | Refused | Decided:
    """Take the second or third seat and conclude, on one's own, that this should be listed.

    Returns `Proposed` where a third, senior seat is still needed, `Decided` where the round closed: listed at the narrowest target
    that the seats named, or not listed where they have no territory in common.

    Raises:
        as `propose`.
    """
    case, seat = _seated(session, reference, by=by, at=at, version=version)
    if seat == 1:
        raise IllegalTransition(N_("Nobody has proposed to list this yet, so there is nothing to confirm."))
    findings = _examine(session, case, answers, seat=seat, by=by, at=at)
    if safeguards.blocks(findings):
        return _refuse(session, case, answers, findings, seat=seat, by=by, at=at)
    round_ = outcomes.the_open_round(session, case)
    assessment = outcomes.take_seat(session, round_, seat, Outcome.LIST, answers=answers, findings=findings, by=by, at=at)
    seats = outcomes.seats_of(session, round_)
    terms = _agreed(seats)
    if terms is None:
        cases.advance(session, case, Action.DISAGREE, by=by, at=at, detail={"round": round_.number, "because": "no territory in common"})
        return outcomes.decide(session, case, round_, Outcome.NOT_LISTED, by=by, at=at)
    if seat == 2 and _needs_third(seats, terms):
        cases.advance(session, case, Action.PASS_ON, by=by, at=at, detail={"round": round_.number})
        return Proposed(assessment_id=assessment.id, findings=findings, needs_third=True)
    cases.advance(session, case, Action.CONFIRM, by=by, at=at, detail={"round": round_.number})
    return outcomes.decide(session, case, round_, Outcome.LIST, terms=terms, by=by, at=at)


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
) -> Decided:
    """Take the second or third seat and conclude that this should not be listed: that settles it.

    Raises:
        as `propose`, and InvalidAnswer.
    """
    case, seat = _seated(session, reference, by=by, at=at, version=version)
    if seat == 1:
        raise IllegalTransition(N_("Nobody has proposed to list this yet. Reject the case instead."))
    answers = _plain_answers(outcome, note, sent_none_of_the_reports)
    round_ = outcomes.the_open_round(session, case)
    outcomes.take_seat(session, round_, seat, outcome, answers=answers, findings=(), by=by, at=at)
    cases.advance(session, case, Action.DISAGREE, by=by, at=at, detail={"round": round_.number, "outcome": outcome})
    return outcomes.decide(session, case, round_, Outcome.NOT_LISTED, by=by, at=at)


def reject(
    session: Session,
    reference: UUID,
    outcome: Outcome,
    note: str,
    *,
    by: Actor,
    at: datetime,
    version: int,
    sent_none_of_the_reports: bool,
) -> Decided:
    """Close a case without listing. One person is enough: the way out is cheaper than the way in.

    Raises:
        as `propose`, and InvalidAnswer.
    """
    case, seat = _seated(session, reference, by=by, at=at, version=version)
    if seat != 1:
        raise IllegalTransition(N_("A listing is proposed already. If you think it should not be listed, say so in your own assessment."))
    answers = _plain_answers(outcome, note, sent_none_of_the_reports)
    round_ = outcomes.open_round(session, case, at=at)
    outcomes.take_seat(session, round_, seat, outcome, answers=answers, findings=(), by=by, at=at)
    cases.advance(session, case, Action.REJECT, by=by, at=at, detail={"round": round_.number, "outcome": outcome})
    return outcomes.decide(session, case, round_, outcome, by=by, at=at)


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
    cases.advance(session, case, Action.WITHDRAW, by=by, at=at, detail={"round": round_.number})


def _seated(session: Session, reference: UUID, *, by: Actor, at: datetime, version: int) -> tuple[Case, int]:
    case = cases.fetch(session, reference, lock=True)
    seat = independence.require_seat(session, case, by=by)
    cases.require_held(case, by=by, at=at, version=version)
    return case, seat


def _examine(session: Session, case: Case, answers: Answers, *, seat: int, by: Actor, at: datetime) -> tuple[Finding, ...]:
    if not answers.sent_none_of_the_reports:
        raise DeclarationMissing(N_("Tick that you sent none of this case's reports. If you sent one, hand the case back."))
    target = answers.target
    if target is None:
        raise InvalidAnswer({"target": N_("Choose how much to list.")})
    if target not in facts.resource_of(case.resource).ladder:
        raise NotOnLadder(N_("This case cannot be listed at that target. Choose one of the steps that the page offers."))
    listings.require_free(session, target)
    return safeguards.run(facts.gather(session, case, answers, seat=seat, by=by, at=at))


def _refuse(session: Session, case: Case, answers: Answers, findings: Sequence[Finding], *, seat: int, by: Actor, at: datetime) -> Refused:
    # Kept with all that was written: nothing is lost, and what safeguards refuse can be counted.
    refusal = RefusedAssessment(
        case_id=case.id,
        seat=seat,
        moderator_id=by.person_id,
        answers=papers.answers_as_json(answers),
        findings=papers.findings_as_json(findings),
        made_at=at,
    )
    session.add(refusal)
    case.lease_until = at + policy.LEASE
    session.flush()
    refused = Refused(refusal_id=refusal.id, findings=tuple(findings))
    detail = {"seat": seat, "safeguards": [finding.safeguard for finding in refused.blocking]}
    audit.record(session, actor=by, action="assessment refused", subject=f"case:{case.reference}", at=at, detail=detail)
    return refused


def _agreed(seats: Sequence[Assessment]) -> Terms | None:
    """What the seats have in common: the narrowest target, the shortest times, the shared territories (None where there are none)."""
    answers = [papers.answers_from_json(seat.answers) for seat in seats]
    shared = set.intersection(*(set(one.territories) for one in answers))
    if not shared:
        return None
    target = min((_target(one) for one in answers), key=_narrowness)
    return Terms(
        target=target,
        territories=tuple(sorted(shared)),
        # A wider seat's shorter limit binds too, so the least is within policy for the narrowest target.
        expires_after=min(one.expires_after for one in answers if one.expires_after is not None),
        review_after=min(one.review_after for one in answers if one.review_after is not None),
    )


def _narrowness(target: Target) -> tuple[int, int]:
    """Sorts the targets of one resource's ladder, narrowest first: of two paths the longer covers less."""
    return target.scope.width, -len(target.text) if target.scope is Scope.PATH else 0


def _needs_third(seats: Sequence[Assessment], terms: Terms) -> bool:
    return any(safeguards.needs_third(papers.findings_from_json(seat.findings), terms.target) for seat in seats)


def _target(answers: Answers) -> Target:
    if answers.target is None:
        raise InvalidAnswer({"target": N_("Choose how much to list.")})
    return answers.target


def _plain_answers(outcome: Outcome, note: str, sent_none_of_the_reports: bool) -> Answers:
    if not sent_none_of_the_reports:
        raise DeclarationMissing(N_("Tick that you sent none of this case's reports. If you sent one, hand the case back."))
    faults = {}
    if outcome not in REJECTIONS:
        faults["outcome"] = N_("Choose why this should not be listed.")
    if len(note.strip()) < policy.NOTE_LEAST:
        faults["note"] = N_("Write a sentence that says why, for whoever reads this case next.")
    if faults:
        raise InvalidAnswer(faults)
    return Answers(note=note.strip(), sent_none_of_the_reports=True)

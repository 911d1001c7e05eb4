"""A second look at what is listed: keep it, or list less of it. Keeping renews nothing: a listing's end never moves."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from moderation import cases, facts, independence, listings, policy, safeguards, states
from moderation.errors import DeclarationMissing, IllegalTransition, InvalidAnswer, NotAllowed, NotOnLadder
from moderation.listings import Terms
from moderation.models import Case, Listing
from moderation.reviewing import agreeing, delisting, outcomes, seats, suspecting
from moderation.reviewing.outcomes import Decided
from moderation.states import Action, State
from moderation.vocabulary import N_, REVIEWING_ROLES, Actor, Answers, ComesBack, Finding, Outcome, Refused, Scope, Target, too_little


def keep(
    session: Session,
    reference: UUID,
    note: str,
    review_after: timedelta | None,
    *,
    by: Actor,
    at: datetime,
    version: int,
    sent_none_of_the_reports: bool,
) -> Decided | Refused:
    """Leave a listing as it is until its next re-review. What the facts alone say against its target today refuses that.

    Raises:
        IllegalTransition, HeldByAnother, Stale, NotIndependent, NotAllowed, DeclarationMissing, InvalidAnswer.
    """
    case, seat = seats.seated(session, reference, by=by, at=at, version=version)
    listing = require_kept(session, case)
    if not sent_none_of_the_reports:
        raise DeclarationMissing(N_("Tick that you sent none of this case's reports. If you sent one, hand the case back."))
    suspecting.require_nothing(session, case, by=by)
    faults = faults_of_keeping(case, listing, note, review_after)
    if faults or review_after is None:
        raise InvalidAnswer(faults)
    review_at = min(at + review_after, listing.expires_at)
    findings = _today(session, case, listing, by=by, at=at)
    answers = Answers(note=note.strip(), sent_none_of_the_reports=True)
    if safeguards.blocks(findings):
        return seats.refuse(session, case, answers, findings, seat=seat, by=by, at=at)
    round_ = outcomes.open_round(session, case, at=at)
    outcomes.take_seat(session, round_, seat, Outcome.KEEP, answers=answers, findings=findings, by=by, at=at)
    listing.review_at = review_at
    cases.advance(session, case, Action.KEEP, by=by, at=at, detail={"round": round_.number, "review_at": review_at.isoformat()})
    return outcomes.decide(session, case, round_, Outcome.KEEP, detail={"back_at": review_at.isoformat()}, by=by, at=at)


def require_kept(session: Session, case: Case) -> Listing:
    """The listing, locked, that a second look may leave as it is.

    Raises:
        IllegalTransition
    """
    listing = listings.living(session, case, lock=True)
    if case.state != State.RE_REVIEW or listing is None:
        raise IllegalTransition(N_("Nothing is listed here that could be kept. Look at the case again."))
    if case.due_for == ComesBack.EXPIRING:
        raise IllegalTransition(N_("This listing ends within days, so it is not kept but renewed: propose it anew, or let it end."))
    return listing


def narrow(session: Session, listing_reference: UUID, target: Target, because: str, *, by: Actor, at: datetime) -> Decided:
    """List less than before, at once and alone: the wider listing ends, and a narrower one begins for no longer than the wider had left.

    Raises:
        NotAllowed, NotFound, NotIndependent, InvalidAnswer, NotOnLadder, AlreadyListed; IllegalTransition: it has ended already.
    """
    if by.role not in REVIEWING_ROLES:
        raise NotAllowed(N_("Your role does not change what is listed."))
    case, old = delisting.locked(session, listing_reference)
    independence.require_no_report(session, case, by=by)
    states.after(State(case.state), Action.NARROW)
    if case.state == State.RE_REVIEW:
        # Narrowing then is the second look too, and that is for somebody who took no part.
        independence.require_seat(session, case, by=by)
    suspecting.require_nothing(session, case, by=by)
    nothing = N_("Write a sentence that says why less of it should be listed; the owner may read it.")
    if lack := too_little(because, least=policy.NOTE_LEAST, nothing=nothing):
        raise InvalidAnswer({"because": lack})
    if named := facts.people_named({"because": because}, case):
        raise InvalidAnswer(named)
    if target not in facts.resource_of(case.resource).ladder:
        raise NotOnLadder(N_("This case cannot be listed at that target. Choose one of the steps that the page offers."))
    if agreeing.narrowness(target) >= agreeing.narrowness(Target(Scope(old.scope), old.target)):
        raise NotOnLadder(N_("That is not narrower than what is listed. Listing more needs a new round."))
    listings.require_free(session, target)
    people = [person for person in (old.first_id, old.second_id, old.third_id) if person is not None]
    terms = _shorter(old, target, at=at)
    round_ = outcomes.open_round(session, case, at=at)
    answers = Answers(target=target, note=because.strip())
    outcomes.take_seat(session, round_, 1, Outcome.NARROW, answers=answers, findings=(), by=by, at=at)
    listings.end(session, old, because="narrowed", by=by, at=at)
    cases.advance(session, case, Action.NARROW, by=by, at=at, detail={"round": round_.number, "target": target.text})
    return outcomes.decide(session, case, round_, Outcome.NARROW, terms=terms, people=people, by=by, at=at)


def faults_of_keeping(case: Case, listing: Listing, note: str, review_after: timedelta | None) -> dict[str, str]:
    """What keeps a listing from being kept, by field."""
    found = facts.people_named({"note": note}, case)
    if lack := too_little(note, least=policy.NOTE_LEAST, nothing=N_("Write in a sentence what you saw, and why it should stay.")):
        found["note"] = lack
    most = policy.TEMPORARY_REVIEW if listing.temporary else policy.REVIEW_AFTER[Scope(listing.scope)]
    if review_after is None or not timedelta(0) < review_after <= most:
        found["review_after"] = N_("Choose when somebody looks again: at least a day, and no longer than the page says.")
    return found


def _today(session: Session, case: Case, listing: Listing, *, by: Actor, at: datetime) -> tuple[Finding, ...]:
    resource = facts.resource_of(case.resource)
    target = Target(Scope(listing.scope), listing.target)
    known = facts.known_for_ladder(session, resource).get(target, ())
    seen = facts.about_target(session, resource, Answers(target=target), known, seat=1, by=by, at=at)
    return safeguards.run(seen, safeguards=safeguards.FROM_FACTS)


def _shorter(old: Listing, target: Target, *, at: datetime) -> Terms:
    left = min(old.expires_at - at, policy.LISTING_LIFETIME[target.scope])
    until_review = old.review_at - at
    if until_review <= timedelta(0):
        until_review = policy.REVIEW_AFTER[target.scope]
    # A temporary listing is a page: nothing is narrower, so none is ever narrowed.
    return Terms(
        target=target,
        territories=tuple(old.territories),
        expires_after=left,
        review_after=min(until_review, left, policy.REVIEW_AFTER[target.scope]),
    )

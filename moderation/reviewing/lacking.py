"""All that is wrong with a form which cannot be taken as it was sent, at once: the verbs stop at the first thing. Decides nothing.

Where the checks are asked, the attempt is kept as any that they refuse: nobody tries out unseen which check would say what.
Each takes the case as its verb does, so that whoever may not act is told that and nothing else; each is work, which lengthens a lease.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from moderation import facts, holding, safeguards
from moderation.models import Case
from moderation.reviewing import closing, keeping, outcomes, referring, sealing_away, seats, suspecting
from moderation.vocabulary import Actor, Answers, ChildMaterial, Conclusion, Finding, Outcome


class Lacking(NamedTuple):
    """What an assessment leaves out, by field, and what the checks say of the rest."""

    faults: Mapping[str, str]
    findings: tuple[Finding, ...]
    is_kept: bool
    """Whether the checks were asked, and so the attempt is stored."""


def in_assessment(
    session: Session, reference: UUID, answers: Answers, *, outcome: Outcome, by: Actor, at: datetime, version: int
) -> Lacking:
    """What an assessment leaves out, and what every check says of the rest, with which it is kept.

    Raises:
        IllegalTransition, HeldByAnother, Stale, NotIndependent, NotAllowed.
    """
    case, seat = seats.seated(session, reference, by=by, at=at, version=version)
    if seat == 1:
        outcomes.require_may_open(session, case, by=by)
    _count_as_work(session, case, at=at)
    # This alone, where such images are suspected: whatever else is missing would send people to look.
    if suspecting.must_refer(session, case, answers.child_material, by=by):
        return Lacking({}, (safeguards.SUSPECTED_CHILD,), is_kept=False)
    if asked := suspecting.unanswered(session, case, answers.child_material, by=by):
        return Lacking(asked, (), is_kept=False)
    given = seats.timed(answers, outcome)
    findings = safeguards.run(facts.gather(session, case, given, seat=seat, by=by, at=at))
    seats.refuse(session, case, given, findings, seat=seat, by=by, at=at)
    return Lacking(seats.unsaid(session, case, answers, outcome, by=by), findings, is_kept=True)


def in_conclusion(
    session: Session, reference: UUID, given: Conclusion, *, goes_on: bool, by: Actor, at: datetime, version: int
) -> Mapping[str, str]:
    """What one person's conclusion lacks; where the case `goes_on`, what its referral does.

    Raises:
        as `closing.conclude`, but for what it tells.
    """
    if sealing_away.is_asked_for(given) and not goes_on:
        case, _seat = closing.seated_or_listed(session, reference, by=by, at=at, version=version)
    else:
        case, seat = seats.seated(session, reference, by=by, at=at, version=version)
        if not goes_on:
            closing.require_first_seat(seat)
    _count_as_work(session, case, at=at)
    if goes_on:
        return referring.faults(given, at=at)
    closing.require_may_conclude(session, case, given.outcome, by=by)
    return closing.faults_of(session, case, given, by=by, at=at)


def in_disagreement(
    session: Session,
    reference: UUID,
    outcome: Outcome,
    note: str,
    child_material: ChildMaterial | None,
    *,
    by: Actor,
    at: datetime,
    version: int,
) -> Mapping[str, str]:
    """What a later seat's conclusion not to list lacks.

    Raises:
        as `seats.disagree`, but for what it tells.
    """
    case, seat = seats.seated(session, reference, by=by, at=at, version=version)
    seats.require_later_seat(seat)
    _count_as_work(session, case, at=at)
    return seats.faults_of_no(session, case, outcome, note, child_material, by=by)


def in_keeping(
    session: Session, reference: UUID, note: str, review_after: timedelta | None, *, by: Actor, at: datetime, version: int
) -> Mapping[str, str]:
    """What keeps a listing from being kept.

    Raises:
        as `keeping.keep`, but for what it tells.
    """
    case, _seat = seats.seated(session, reference, by=by, at=at, version=version)
    listing = keeping.require_kept(session, case)
    suspecting.require_nothing(session, case, by=by)
    _count_as_work(session, case, at=at)
    return keeping.faults_of_keeping(case, listing, note, review_after)


def _count_as_work(session: Session, case: Case, *, at: datetime) -> None:
    holding.lengthen(case, at=at)
    session.flush()

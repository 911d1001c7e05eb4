"""What one person may see of one case: puts together what the rooms beside it show (see `case_view`). Changes nothing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from moderation import cases, facts, holding, independence, leaving
from moderation.errors import NotAllowed, Refusal
from moderation.models import Assessment, Case, Person, Round
from moderation.reviewing import concluded, evidence, outcomes, suspecting, teamwork
from moderation.reviewing.case_view import AmongColleagues, CaseItself, CaseView, HeldBy
from moderation.states import State
from moderation.vocabulary import N_, REVIEWING_ROLES, Actor, Category, Lane, Resource, Role


def view(session: Session, reference: UUID, *, by: Actor, at: datetime, history_page: int = 1) -> CaseView:
    """The case as this person may see it; of its history the newest acts, or an older page of them.

    Raises:
        NotFound; NotAllowed: the role does not review.
    """
    if by.role not in REVIEWING_ROLES:
        raise NotAllowed(N_("Your role does not review cases."))
    case = cases.fetch(session, reference)
    resource = facts.resource_of(case.resource)
    return CaseView.of(
        _itself(case, resource),
        _held_by(session, case, by=by),
        evidence.seen(session, case, resource, by=by, at=at),
        concluded.seen(session, case, by=by, at=at, history_page=history_page),
        _among_colleagues(session, case, by=by),
    )


def _itself(case: Case, resource: Resource) -> CaseItself:
    return CaseItself(
        reference=case.reference,
        resource=resource,
        state=State(case.state),
        lane=Lane(case.lane),
        category=Category(case.category),
        danger_now=case.danger_now,
        child_material_told=case.child_material_told,
        from_partner=case.from_partner,
        priority=case.priority,
        channels=case.channels,
        stage_points=case.stage_points,
        age_points=case.age_points,
        due_for=case.due_for,
        opened_at=case.opened_at,
        version=case.version,
    )


def _held_by(session: Session, case: Case, *, by: Actor) -> HeldBy:
    seat, why_not = _seat(session, case, by=by)
    return HeldBy(
        is_mine=case.holder_id is not None and case.holder_id == by.person_id,
        holder_name=session.scalar(select(Person.name).where(Person.id == case.holder_id)) if case.holder_id else None,
        lease_until=case.lease_until,
        is_last_lease=holding.is_last_lease(case),
        seat=seat,
        may_act=seat is not None and not why_not,
        why_not=why_not,
        is_for_a_senior=seat == 1 and outcomes.is_for_a_senior(session, case, by=by),
        somebody_left=case.state in (State.PROPOSED, State.AWAITING_THIRD) and leaving.somebody_left(session, case),
        is_my_proposal=_is_my_proposal(session, case, by=by),
    )


def _among_colleagues(session: Session, case: Case, *, by: Actor) -> AmongColleagues:
    hidden = teamwork.kept_from(session, case, by=by)
    notes, notes_hidden = teamwork.notes(session, case, hidden=hidden)
    return AmongColleagues(
        notices=teamwork.notices(session, case, hidden=hidden),
        notes=notes,
        notes_hidden=notes_hidden,
        kept_from=hidden,
        colleagues=teamwork.colleagues(session, case, by=by) if case.holder_id == by.person_id or by.role is Role.SENIOR else (),
        a_colleague_suspects=case.closed_at is None and suspecting.a_colleague_does(session, case, by=by),
    )


def _seat(session: Session, case: Case, *, by: Actor) -> tuple[int | None, str]:
    try:
        return independence.require_seat(session, case, by=by), ""
    except Refusal as refusal:
        return None, str(refusal)


def _is_my_proposal(session: Session, case: Case, *, by: Actor) -> bool:
    if case.state not in (State.PROPOSED, State.AWAITING_THIRD):
        return False
    proposer = (
        select(Assessment.moderator_id)
        .join(Round, Round.id == Assessment.round_id)
        .where(Round.case_id == case.id, Round.closed_at.is_(None), Assessment.seat == 1)
    )
    return session.scalar(proposer) == by.person_id

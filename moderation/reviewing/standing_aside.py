"""Who declares an interest of their own leaves the case to others, for good: nothing that they answer later brings them back (RS21)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from moderation import audit, cases, policy
from moderation.errors import IllegalTransition, NotAllowed
from moderation.models import Assessment, Case, Round, StoodAside
from moderation.vocabulary import N_, REVIEWING_ROLES, Actor


def stand_aside(session: Session, reference: UUID, because: str, *, by: Actor, at: datetime) -> None:
    """Declare an interest of one's own: the case goes back to the queue and is never offered to this person again.

    Raises:
        NotAllowed, NotFound; IllegalTransition: they sit in its open round already.
    """
    if by.role not in REVIEWING_ROLES:
        raise NotAllowed(N_("Your role does not review cases."))
    case = cases.fetch(session, reference, lock=True)
    sits = exists().where(
        Assessment.round_id == Round.id, Round.case_id == case.id, Round.closed_at.is_(None), Assessment.moderator_id == by.person_id
    )
    if session.scalar(select(sits)):
        raise IllegalTransition(N_("You sit in this case already. Withdraw your proposal first, or tell a senior."))
    declare(session, case, because, by=by, at=at)


def declare(session: Session, case: Case, because: str, *, by: Actor, at: datetime) -> None:
    """Write down the interest of who takes no seat in this case, and let go what they hold of it. The caller holds the case's row."""
    row = {"case_id": case.id, "person_id": by.person_id, "because": because.strip()[: policy.CASE_NOTE_LIMIT], "at": at}
    session.execute(insert(StoodAside.table()).values(row).on_conflict_do_nothing())
    if case.holder_id == by.person_id:
        case.holder_id = None
        case.lease_until = None
    session.flush()
    audit.record(session, actor=by, action="stood aside", subject=f"case:{case.reference}", at=at)

"""Who said that sexual images of a child are suspected ends the case with a hotline, or leaves it to others, whom it binds."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from moderation import audit, cases, suspicion
from moderation.errors import IllegalTransition, NotAllowed
from moderation.models import Case, ChildMaterialSaid
from moderation.vocabulary import N_, REFERRALS, REVIEWING_ROLES, Actor, ChildMaterial, Outcome


def faults(session: Session, case: Case, answer: ChildMaterial | None, outcome: Outcome, *, by: Actor) -> dict[str, str]:
    """Why this person's conclusion, which seals nothing, would leave in clear what they suspect; empty where they suspect nothing.

    `answer` is what they say with it; where that is None, what they said last in this case counts.
    """
    if not must_refer(session, case, answer, by=by):
        return unanswered(session, case, answer, by=by)
    if outcome in REFERRALS:
        return {
            "child_material": N_(
                "Sexual images of a child are suspected, and only a referral to a hotline seals the address. Tick “Only write it down” "
                "for this one, then close the case as “Refer to a hotline”; where the police are your country’s hotline, name them there."
            )
        }
    return {
        "child_material": N_(
            "You answered that sexual images of a child are suspected. Close the case as “Refer to a hotline”, so that its address is "
            "sealed; if you do not suspect them, answer “No” here."
        )
    }


def must_refer(session: Session, case: Case, answer: ChildMaterial | None, *, by: Actor) -> bool:
    """Whether this person suspects such images: what they say now counts, and where they say nothing, what they said last in this case."""
    return (answer or suspicion.said_last(session, case, by=by)) is ChildMaterial.SUSPECTED


def require_nothing(session: Session, case: Case, *, by: Actor) -> None:
    """Refuse what would leave the address in clear, or have somebody look at it, to who suspects such images, and to who does not say.

    Raises:
        IllegalTransition
    """
    if suspicion.said_last(session, case, by=by) is ChildMaterial.SUSPECTED:
        raise IllegalTransition(
            N_(
                "You answered in this case that sexual images of a child are suspected. Refer it to a hotline: that seals the address and "
                "takes it off the list. If you do not suspect them any more, leave this to a colleague."
            )
        )
    if unanswered(session, case, None, by=by):
        raise IllegalTransition(
            N_(
                "A colleague answered that sexual images of a child are suspected here. "
                "Say first, at the top of the case, what you suspect."
            )
        )


def say(session: Session, reference: UUID, answer: ChildMaterial, *, by: Actor, at: datetime) -> None:
    """Say whether one suspects such images, apart from any decision.

    Raises:
        NotAllowed, NotFound; IllegalTransition: the address is sealed already, or the case is closed.
    """
    if by.role not in REVIEWING_ROLES:
        raise NotAllowed(N_("Your role does not review cases."))
    case = cases.fetch(session, reference, lock=True)
    cases.require_address(case)
    if case.closed_at is not None:
        raise IllegalTransition(N_("This case is decided; there is nothing left to review in it."))
    session.add(ChildMaterialSaid(case_id=case.id, person_id=by.person_id, answer=answer, at=at))
    session.flush()
    weigh(session, case, at=at)
    audit.record(session, actor=by, action="child material answered", subject=f"case:{case.reference}", at=at)


def weigh(session: Session, case: Case, *, at: datetime) -> None:
    """Let the case stand in the queue where its last answers put it. The caller holds the case's row, and has stored a new answer."""
    told = session.scalar(select(suspicion.a_colleague_does(case.id, None)))
    cases.set_child_material(session, case, told=bool(told), at=at)


def unanswered(session: Session, case: Case, answer: ChildMaterial | None, *, by: Actor) -> dict[str, str]:
    """Why somebody must say for themselves whether they suspect such images: a colleague did, and left the case to others."""
    if answer or suspicion.said_last(session, case, by=by) or not a_colleague_does(session, case, by=by):
        return {}
    return {
        "child_material": N_(
            "A colleague answered that sexual images of a child are suspected here. Answer this for yourself, from what the reports say; "
            "if you are not sure, they are suspected."
        )
    }


def a_colleague_does(session: Session, case: Case, *, by: Actor) -> bool:
    """Whether the last answer of anybody else in this case was that such images are suspected."""
    return bool(session.scalar(select(suspicion.a_colleague_does(case.id, by.person_id))))

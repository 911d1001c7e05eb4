"""Who said that sexual images of a child are suspected ends the case with a hotline, or leaves it to others. Reads; writes nothing."""

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from moderation.errors import IllegalTransition
from moderation.models import Assessment, Case, ReferralRow, RefusedAssessment, Round
from moderation.vocabulary import N_, REFERRALS, Actor, ChildMaterial, Outcome


def faults(session: Session, case: Case, answer: ChildMaterial | None, outcome: Outcome, *, by: Actor) -> dict[str, str]:
    """Why this person's conclusion, which seals nothing, would leave in clear what they suspect; empty where they suspect nothing.

    `answer` is what they say with it; where that is None, what they said last in this case counts.
    """
    if (answer or said_last(session, case, by=by)) is not ChildMaterial.SUSPECTED:
        return {}
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


def require_nothing(session: Session, case: Case, *, by: Actor) -> None:
    """Refuse whoever suspects such images what would leave the address in clear, or would have them look at it.

    Raises:
        IllegalTransition
    """
    if said_last(session, case, by=by) is ChildMaterial.SUSPECTED:
        raise IllegalTransition(
            N_(
                "You answered in this case that sexual images of a child are suspected. Refer it to a hotline: that seals the address and "
                "takes it off the list. If you do not suspect them any more, leave this to a colleague."
            )
        )


def said_last(session: Session, case: Case, *, by: Actor) -> ChildMaterial | None:
    """What this person last answered in this case, in a seat, in an attempt that was refused, or with a referral; None where nothing."""
    seat, refused = Assessment.answers["child_material"].astext, RefusedAssessment.answers["child_material"].astext
    seats = select(Assessment.made_at.label("at"), seat.label("answer")).join(Round, Round.id == Assessment.round_id)
    said = union_all(
        seats.where(Round.case_id == case.id, Assessment.moderator_id == by.person_id, seat.is_not(None)),
        select(RefusedAssessment.made_at, refused).where(
            RefusedAssessment.case_id == case.id, RefusedAssessment.moderator_id == by.person_id, refused.is_not(None)
        ),
        select(ReferralRow.recorded_at, ReferralRow.child_material).where(
            ReferralRow.case_id == case.id, ReferralRow.recorded_by == by.person_id, ReferralRow.child_material.is_not(None)
        ),
    ).subquery()
    # Of two answers of the same moment the graver one counts.
    answer = session.scalar(select(said.c.answer).order_by(said.c.at.desc(), said.c.answer.desc()).limit(1))
    return ChildMaterial(answer) if answer else None

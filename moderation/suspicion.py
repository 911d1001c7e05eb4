"""Who answered in a case that sexual images of a child are suspected. Reads; what follows from it is for `reviewing.suspecting`."""

from sqlalchemy import ColumnElement, SQLColumnExpression, Subquery, and_, exists, literal, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from moderation.models import Assessment, Case, ChildMaterialSaid, ReferralRow, RefusedAssessment, Round
from moderation.vocabulary import Actor, ChildMaterial


def a_colleague_does(case_id: int | SQLColumnExpression[int], person_id: int | None) -> ColumnElement[bool]:
    """SQL: the last answer of anybody else in this case was that such images are suspected; of anybody, where that is nobody."""
    said = _said(case_id)
    last = select(said.c.answer).where(said.c.who != person_id).ext(distinct_on(said.c.who))
    newest = last.order_by(said.c.who, said.c.at.desc(), said.c.answer.desc()).subquery()
    return exists(select(literal(1)).select_from(newest).where(newest.c.answer == ChildMaterial.SUSPECTED))


def is_told(person_id: int | None) -> ColumnElement[bool]:
    """SQL, of a row of `case`: while the case is open, everybody who reviews is told that a colleague does, blind seats too (0025)."""
    return and_(Case.closed_at.is_(None), a_colleague_does(Case.id, person_id))


def said_last(session: Session, case: Case, *, by: Actor) -> ChildMaterial | None:
    """What this person last answered in this case, in a seat, in an attempt that was refused, or with a referral; None where nothing."""
    said = _said(case.id)
    # Of two answers of the same moment the graver one counts.
    mine = select(said.c.answer).where(said.c.who == by.person_id).order_by(said.c.at.desc(), said.c.answer.desc()).limit(1)
    answer = session.scalar(mine)
    return ChildMaterial(answer) if answer else None


def _said(case_id: int | SQLColumnExpression[int]) -> Subquery:
    """SQL: who answered what, and when; of the case's row that the statement around it has, where this is a column of it."""
    seat, refused = Assessment.answers["child_material"].astext, RefusedAssessment.answers["child_material"].astext
    seats = select(Assessment.moderator_id.label("who"), Assessment.made_at.label("at"), seat.label("answer"))
    attempts = select(RefusedAssessment.moderator_id, RefusedAssessment.made_at, refused)
    referred = select(ReferralRow.recorded_by, ReferralRow.recorded_at, ReferralRow.child_material)
    plainly = select(ChildMaterialSaid.person_id, ChildMaterialSaid.at, ChildMaterialSaid.answer)
    parts = (
        seats.join(Round, Round.id == Assessment.round_id).where(Round.case_id == case_id, seat.is_not(None)),
        attempts.where(RefusedAssessment.case_id == case_id, refused.is_not(None)),
        referred.where(ReferralRow.case_id == case_id, ReferralRow.child_material.is_not(None)),
        plainly.where(ChildMaterialSaid.case_id == case_id),
    )
    return union_all(*(part.correlate(Case) for part in parts)).subquery()

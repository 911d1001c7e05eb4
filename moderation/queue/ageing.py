"""Adds points for age, each night, and sums up anew what no longer fits the numbers of policy. Moves nothing within its points."""

from datetime import datetime

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from moderation import cases, policy
from moderation.models import Case
from moderation.states import State
from moderation.urgency import sum_of_points

BATCH = 2_000
"""Cases in one transaction: reports that join them wait no longer than that takes."""


def grow_older(session: Session, *, after: int = 0, at: datetime) -> int | None:
    """Give the next cases after this key the points of their age; returns the last key looked at, None when there are no more."""
    points = _by_age(at)
    looked_at = select(Case.id).where(Case.id > after).order_by(Case.id).limit(BATCH).cte("looked_at")
    is_stale = or_(Case.age_points != points, Case.priority != sum_of_points(points))
    waiting = (Case.id.in_(select(looked_at.c.id)), Case.state == State.WAITING, is_stale)
    # What comes to other points comes last among those who have them: so do claims find it (`walking`). Who is busy with a case
    # meets it again tomorrow.
    cases.adjust(session, select(Case.id).where(*waiting), {"age_points": points, "priority": sum_of_points(points), "queued_at": at})
    last: int | None = session.scalar(select(func.max(looked_at.c.id)))
    return last


def _by_age(at: datetime) -> ColumnElement[int]:
    return case(*((Case.opened_at <= at - age, points) for age, points in reversed(policy.PRIORITY_BY_AGE)), else_=0)

"""The cases, listings and changes behind a figure. Leaves out what somebody who may yet take a seat must not know."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, cast, func, select
from sqlalchemy.orm import Session

from moderation import listings, policy, states
from moderation.models import Case, ChangeLog, Listing, RefusedAssessment, Release, ResourceRow, Round
from moderation.overview.selecting import DAY, Overdue, is_of_listings, keys_of
from moderation.vocabulary import Effect, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """One thing that a figure counts. `case` is None where what is left of it names no case."""

    kind: str
    what: str
    at: datetime
    case: UUID | None = None
    scope: str = ""
    """Set where it is a listing, whose target `what` then is."""


def overdue_things(session: Session, what: Overdue, *, at: datetime) -> tuple[Behind, ...]:
    """The longest overdue, at most as many as one page shows."""
    found = keys_of(what, at=at).limit(policy.OVERVIEW_SHOWN).subquery()
    if is_of_listings(what):
        query = (
            select(Listing, Case.reference, listings.shown_target().label("target"), found.c.since)
            .join(found, found.c.id == Listing.id)
            .join(Case, Case.id == Listing.case_id)
        )
        rows = session.execute(query.order_by(found.c.since))
        return tuple(
            Behind(kind=row.Listing.kind, what=row.target, at=row.since, case=row.reference, scope=row.Listing.scope) for row in rows
        )
    return _cases(session, _with_resource(found.c.since.label("moment")).join(found, found.c.id == Case.id).order_by(found.c.since))


def decided_cases(session: Session, outcome: Outcome | None, *, day: datetime) -> tuple[Behind, ...]:
    """Cases whose round ended that day, by this outcome or any, the latest first.

    Those that wait again are left out: who takes a seat next judges without knowing how others did.
    """
    query = _with_resource(Round.closed_at.label("moment")).join(Round, Round.case_id == Case.id)
    query = query.where(Round.closed_at >= day, Round.closed_at < day + DAY, _no_seat_is_open())
    if outcome is not None:
        query = query.where(Round.outcome == outcome)
    return _cases(session, query.order_by(Round.closed_at.desc()))


def refused_cases(session: Session, safeguard: str, *, since: datetime) -> tuple[Behind, ...]:
    """Cases in which the safeguard refused an attempt, the latest first; without those that wait for a seat, as in `decided_cases`."""
    newest = (
        select(RefusedAssessment.case_id, RefusedAssessment.made_at, RefusedAssessment.findings)
        .where(RefusedAssessment.made_at >= since)
        .order_by(RefusedAssessment.made_at.desc())
        .limit(policy.OVERVIEW_REFUSALS)
        .subquery()
    )
    refused = newest.c.findings.contains([{"safeguard": safeguard, "effect": str(Effect.BLOCK)}])
    query = _with_resource(newest.c.made_at.label("moment")).join(newest, newest.c.case_id == Case.id).where(refused, _no_seat_is_open())
    return _cases(session, query.order_by(newest.c.made_at.desc()))


def released_changes(session: Session, action: str, *, day: datetime) -> tuple[Behind, ...]:
    """What that day's releases added or removed (`add`, `remove`), the latest first."""
    query = (
        select(ChangeLog, func.coalesce(listings.shown_target(), ChangeLog.target).label("target"), Release.published_at)
        .join(Release, Release.number == ChangeLog.release_number)
        .outerjoin(Listing, Listing.reference == cast(ChangeLog.listing_reference, Uuid))
        .where(Release.published_at >= day, Release.published_at < day + DAY, ChangeLog.action == action)
        .order_by(Release.published_at.desc(), ChangeLog.id)
        .limit(policy.OVERVIEW_SHOWN)
    )
    return tuple(
        Behind(kind=row.ChangeLog.kind, what=row.target, at=row.published_at, scope=row.ChangeLog.scope) for row in session.execute(query)
    )


def _with_resource(moment: Any) -> Select[Any]:  # noqa: ANN401 - any column of a time
    return select(Case.reference, ResourceRow.kind, ResourceRow.canonical, moment).join(ResourceRow, ResourceRow.id == Case.resource_id)


def _no_seat_is_open() -> Any:  # noqa: ANN401 - a condition
    return Case.state.not_in([str(state) for state in sorted(states.REVIEWABLE)])


def _cases(session: Session, query: Select[Any]) -> tuple[Behind, ...]:
    rows = session.execute(query.limit(policy.OVERVIEW_SHOWN))
    return tuple(Behind(kind=row.kind, what=row.canonical, at=row.moment, case=row.reference) for row in rows)
